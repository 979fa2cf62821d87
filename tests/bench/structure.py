"""What structure a text has, counted by others than Causeway: pandoc's reading of Markdown, Textile and wiki markup, and the
JSON of ADF. A piece of structure is its kind with the text it holds, so that it counts as kept only with its text."""
import collections
import html
import json
import re

KINDS = ("heading", "list item", "nested list item", "task item", "table cell", "code block", "its language", "inline code", "quote", "link", "image",
         "strong", "emphasis", "strike", "super- and subscript", "line break", "rule", "panel", "block that folds", "mention", "word")

SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u2060": "", "\u200b": "", "\u00a0": " "})
EMPTY_MARK = re.compile(r"</?(?:details|summary|notextile)[^>]*>")


PANEL = re.compile(r"\{(?:info|note|tip|warning)(?::[^}\n]*)?\}")
ALERT = re.compile(r"^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\] ", re.I)
ESCAPE = re.compile(r"\\([^\w\s])")


def plain(text):
    """Without what pandoc's readers of wiki markup and Textile leave of the markup: escapes, entities, empty marks."""
    text = ESCAPE.sub(r"\1", html.unescape(EMPTY_MARK.sub("", text)))
    return " ".join(text.translate(SAME).replace("…", "...").split())


def address(target):
    """In Textile an address ends before the bracket that closes what it stands in, which pandoc does not know."""
    target = html.unescape(EMPTY_MARK.sub("", target.removeprefix("mailto:")))
    return target.rstrip(").,") if target.count(")") > target.count("(") else target.rstrip(".,")


def readable(name, text):
    """As pandoc can read it: it needs a last line end, and knows only one of Jira's panels."""
    if name == "jira-wiki":
        text = PANEL.sub("{panel}", text)
    return text + "\n"


class Count:
    def __init__(self):
        self.pieces = collections.Counter()

    def add(self, kind, *what):
        self.pieces[(kind, *what)] += 1

    def words(self, text):
        for word in re.findall(r"\w+", html.unescape(text).translate(SAME)):
            self.pieces[("word", word)] += 1

    def item(self, depth, first, task):
        self.add("list item" if depth == 1 else "nested list item", first)
        if task is not None:
            self.add("task item", task, first)

    def code(self, language, text):
        self.add("code block", "\n".join(line.rstrip() for line in text.strip("\n").split("\n")))
        if language:
            self.add("its language", language.lower())
        self.words(text)


# pandoc

class PandocCount(Count):
    CONTAINERS = {"Strong": "strong", "Emph": "emphasis", "Strikeout": "strike", "Superscript": "super- and subscript", "Subscript": "super- and subscript"}
    TASKS = {"☐": False, "☒": True, "[ ]": False, "[x]": True}

    def text(self, inlines):
        out = []
        for node in inlines:
            kind, content = node["t"], node.get("c")
            if kind == "Str":
                out.append(content)
            elif kind in ("Space", "SoftBreak", "LineBreak"):
                out.append(" ")
            elif kind in ("Code", "Math", "RawInline"):
                out.append("" if kind == "RawInline" else content[1])
            elif kind in ("Link", "Span"):
                out.append(self.text(content[1]))
            elif kind in ("Quoted", "Cite"):
                out.append('"' + self.text(content[1]) + '"')
            elif kind in self.CONTAINERS or kind in ("Underline", "SmallCaps"):
                out.append(self.text(content))
        return "".join(out)

    @staticmethod
    def with_code(inlines):
        """`<code>` in Textile is inline code, which pandoc leaves as HTML."""
        out, inside = [], None
        for node in inlines:
            raw = node["c"][1] if node["t"] == "RawInline" else ""
            if raw == "<code>" and inside is None:
                inside = []
            elif raw == "</code>" and inside is not None:
                out.append({"t": "Code", "c": [["", [], []], PandocCount().text(inside)]})
                inside = None
            else:
                (out if inside is None else inside).append(node)
        return out + (inside or [])

    def inlines(self, inlines):
        for node in self.with_code(inlines):
            kind, content = node["t"], node.get("c")
            if kind in self.CONTAINERS:
                if plain(self.text(content)):
                    self.add(self.CONTAINERS[kind], plain(self.text(content)))
                self.inlines(content)
            elif kind == "Code":
                self.add("inline code", plain(content[1]))
            elif kind == "Link":
                if "user-account" in content[0][1]:
                    self.add("mention", content[2][0].lstrip("~"))
                else:
                    self.add("link", address(content[2][0]), plain(self.text(content[1])))
                self.inlines(content[1])
            elif kind == "Image":
                self.add("image", address(content[2][0]))
            elif kind == "LineBreak":
                self.add("line break")
            elif kind in ("Span", "Quoted"):
                self.inlines(content[1])
            elif kind in ("Underline", "SmallCaps"):
                self.inlines(content)

    def block_text(self, blocks):
        out = []
        for block in blocks:
            kind, content = block["t"], block.get("c")
            if kind in ("Para", "Plain"):
                out.append(self.text(content))
            elif kind == "Header":
                out.append(self.text(content[2]))
            elif kind == "CodeBlock":
                out.append(content[1])
            elif kind == "BulletList":
                out.extend(self.block_text(item) for item in content)
            elif kind == "OrderedList":
                out.extend(self.block_text(item) for item in content[1])
            elif kind in ("BlockQuote",):
                out.append(self.block_text(content))
            elif kind == "Div":
                out.append(self.block_text(content[1]))
        return " ".join(out)

    def list(self, items, depth):
        for blocks in items:
            first = plain(self.text(blocks[0]["c"])) if blocks and blocks[0]["t"] in ("Para", "Plain") else ""
            task = None
            for mark, done in self.TASKS.items():
                if first.startswith(mark + " "):
                    first, task = first[len(mark) + 1:], done
            self.item(depth, first, task)
            self.blocks(blocks, depth)

    def paragraph(self, inlines, depth):
        """Redmine quotes with `>` at the start of each line, which pandoc's Textile takes for text."""
        if inlines and inlines[0] == {"t": "Str", "c": ">"}:
            lines, kept = [[]], []
            for node in inlines:
                lines.append([]) if node["t"] in ("LineBreak", "SoftBreak") else lines[-1].append(node)
            for line in lines:
                said = [node for node in line if node not in ({"t": "Str", "c": ">"}, {"t": "Space"} if len(line) < 3 else None)]
                kept.extend([*([{"t": "LineBreak"}] if kept and said and kept[-1]["t"] != "Space" else []), *(said or [{"t": "Space"}])])
            self.add("quote", plain(self.text(kept)))
            inlines = kept
        self.words(self.text(inlines))
        self.inlines(inlines)

    def blocks(self, blocks, depth=0):
        for block in blocks:
            kind, content = block["t"], block.get("c")
            if kind in ("Para", "Plain"):
                self.paragraph(content, depth)
            elif kind == "Header":
                self.add("heading", content[0], plain(self.text(content[2])))
                self.words(self.text(content[2]))
                self.inlines(content[2])
            elif kind == "CodeBlock":
                self.code_block(content)
            elif kind == "BulletList":
                self.list(content, depth + 1)
            elif kind == "OrderedList":
                self.list(content[1], depth + 1)
            elif kind == "BlockQuote":
                text = plain(self.block_text(content))
                self.add("panel" if ALERT.match(text) else "quote", ALERT.sub("", text))
                self.blocks(content, depth)
            elif kind == "HorizontalRule":
                self.add("rule")
            elif kind == "Table":
                self.table(content)
            elif kind == "Div":
                if "panel" in content[0][1]:
                    self.add("panel", plain(self.block_text(content[1])))
                self.blocks(content[1], depth)
            elif kind == "RawBlock" and content[1].startswith("<details"):
                self.add("block that folds")

    def code_block(self, content):
        language, text = (content[0][1] or [""])[0], content[1]
        wrapped = re.fullmatch(r'\s*<code(?: class="([^"]*)")?>\n?(.*?)</code>\s*', text, re.S)  # Redmine's way in Textile
        if wrapped:
            language, text = wrapped[1] or "", unescaped(wrapped[2])
        self.code(language, text)

    def table(self, content):
        head, bodies = content[3], content[4]
        rows = [(row, True) for row in head[1]]
        for body in bodies:
            rows += [(row, False) for row in [*body[2], *body[3]]]
        for row, is_head in rows:
            for cell in row[1]:
                text = plain(self.block_text(cell[4]))
                if text:
                    self.add("table cell", is_head, text)
                self.blocks(cell[4], 1)


def unescaped(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


# ADF

class AdfCount(Count):
    MARKS = {"strong": "strong", "em": "emphasis", "strike": "strike", "subsup": "super- and subscript", "code": "inline code"}

    def text(self, node):
        if node["type"] in ("mention", "emoji", "status"):
            attributes = node.get("attrs", {})
            return attributes.get("text") or attributes.get("shortName") or ""
        if node["type"] == "hardBreak":
            return " "
        joint = "" if node["type"] in ("paragraph", "heading", "codeBlock", "taskItem") else " "
        return node.get("text", "") + joint.join(self.text(child) for child in node.get("content", []))

    def inlines(self, nodes):
        """Neighbours with the same mark are one piece."""
        for mark, kind in self.MARKS.items():
            run = ""
            for node in [*nodes, {"type": "end"}]:
                if any(found["type"] == mark for found in node.get("marks", [])):
                    run += self.text(node)
                elif run:
                    self.add(kind, plain(run))
                    run = ""
        target, run = None, ""
        for node in [*nodes, {"type": "end"}]:
            link = next((mark["attrs"].get("href") for mark in node.get("marks", []) if mark["type"] == "link"), None)
            if link != target and target is not None:
                self.add("link", address(target), plain(run))
                run = ""
            target = link
            run += self.text(node) if link is not None else ""
        for node in nodes:
            attributes = node.get("attrs", {})
            if node["type"] == "hardBreak":
                self.add("line break")
            elif node["type"] == "mention":
                self.add("mention", attributes.get("id"))
            elif node["type"] == "inlineCard":
                self.add("link", address(attributes.get("url", "")), plain(attributes.get("url", "")))
            elif node["type"] == "mediaInline":
                self.add("image", attributes.get("url") or attributes.get("id"))
        self.words("".join(self.text(node) for node in nodes))

    def block(self, node, depth=0):
        kind, attributes, content = node["type"], node.get("attrs", {}), node.get("content", [])
        if kind in ("paragraph", "heading", "taskItem", "decisionItem"):
            if kind == "heading":
                self.add("heading", attributes.get("level"), plain(self.text(node)))
            if kind == "taskItem":
                self.item(depth, plain(self.text(node)), attributes.get("state") == "DONE")
            self.inlines(content)
            return
        if kind == "codeBlock":
            self.code(attributes.get("language") or "", self.text(node))
            return
        if kind == "listItem":
            self.item(depth, plain(self.text(content[0])) if content and content[0]["type"] == "paragraph" else "", None)
        elif kind in ("tableCell", "tableHeader") and plain(self.text(node)):
            self.add("table cell", kind == "tableHeader", plain(self.text(node)))
        elif kind == "blockquote":
            self.add("quote", plain(self.text(node)))
        elif kind == "panel":
            self.add("panel", plain(self.text(node)))
        elif kind in ("expand", "nestedExpand"):
            self.add("block that folds")
        elif kind == "rule":
            self.add("rule")
        elif kind == "media":
            self.add("image", attributes.get("url") or attributes.get("id"))
        deeper = kind in ("bulletList", "orderedList", "taskList", "tableCell", "tableHeader")
        for child in content:
            self.block(child, depth + deeper)


def of_pandoc(text):
    count = PandocCount()
    if text:
        count.blocks(json.loads(text)["blocks"])
    return count.pieces


def of_adf(text):
    count = AdfCount()
    if text:
        count.block(json.loads(text))
    return count.pieces


def kept(before, after):
    """Kind → (how many pieces there were, how many of them there still are)."""
    found = {}
    for piece, number in before.items():
        were, are = found.get(piece[0], (0, 0))
        found[piece[0]] = (were + number, are + min(number, after.get(piece, 0)))
    return found
