// Many conversions in one run: standard input has lines `from TAB to TAB file TAB file to write`, jira-wiki and adf only.
// What cannot be converted is written as an empty file.
const fs = require("fs");
const { WikiMarkupTransformer } = require("@atlaskit/editor-wikimarkup-transformer");
const { JSONTransformer } = require("@atlaskit/editor-json-transformer");

const wiki = new WikiMarkupTransformer();
const json = new JSONTransformer();

for (const line of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [from, to, input, output] = line.split("\t");
  let text = "";
  try {
    const native = fs.readFileSync(input, "utf8");
    const document = from === "adf" ? json.parse(JSON.parse(native)) : wiki.parse(native);
    text = to === "adf" ? JSON.stringify(json.encode(document)) : wiki.encode(document);
  } catch (error) {
    console.error(`${input}: ${error.message}`.slice(0, 200));
  }
  fs.writeFileSync(output, text);
}
