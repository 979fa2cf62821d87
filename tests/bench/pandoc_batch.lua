-- Many conversions in one run of pandoc: PANDOC_JOBS names a file with lines `from TAB to TAB file TAB file to write`.
-- What cannot be read is written as an empty file.
local function contents(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

function Pandoc(document)
  for line in io.lines(os.getenv("PANDOC_JOBS")) do
    local from, to, input, output = line:match("^(.-)\t(.-)\t(.-)\t(.-)$")
    local done, text = pcall(function() return pandoc.write(pandoc.read(contents(input), from), to) end)
    local file = assert(io.open(output, "wb"))
    file:write(done and text or "")
    file:close()
  end
  return document
end
