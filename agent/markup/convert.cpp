#include "agent/markup/convert.hpp"

#include <algorithm>
#include <array>

#include "agent/markup/adf/reader.hpp"
#include "agent/markup/adf/shown.hpp"
#include "agent/markup/adf/writer.hpp"
#include "agent/markup/jira_wiki/reader.hpp"
#include "agent/markup/jira_wiki/writer.hpp"
#include "agent/markup/markdown/reader.hpp"
#include "agent/markup/markdown/writer.hpp"
#include "agent/markup/textile/reader.hpp"
#include "agent/markup/textile/writer.hpp"
#include "agent/markup/utf8.hpp"

namespace causeway::markup {
namespace {

struct Codec {
  Document (*read)(std::string_view text);
  Rendered (*write)(const Document& document);
};

template <Format format>
constexpr Codec markdown_codec{[](std::string_view text) { return markdown::read(format, text); },
                               [](const Document& document) { return markdown::write(format, document); }};

struct Row {
  Format format = Format::github;
  Codec codec;
};

/// The registry: one row per format, in any order.
constexpr std::array codecs{
    Row{Format::github, markdown_codec<Format::github>}, Row{Format::textile, Codec{textile::read, textile::write}},
    Row{Format::redmine_markdown, markdown_codec<Format::redmine_markdown>},
    Row{Format::jira_wiki, Codec{jira_wiki::read, jira_wiki::write}}, Row{Format::adf, Codec{adf::read, adf::write}}};

constexpr const Codec& codec_of(Format format) {
  return std::ranges::find(codecs, format, &Row::format)->codec;  // there is one, see below
}

static_assert(std::ranges::all_of(all_formats, [](Format format) {
  return std::ranges::find(codecs, format, &Row::format) != codecs.end();
}));

}  // namespace

Document parse(Format format, std::string_view native) {
  const bool controls = has_controls(native);
  if (!controls && is_clean(native)) return codec_of(format).read(native);
  std::string text = canonical(format, native);
  if (controls) std::erase_if(text, is_control);
  return codec_of(format).read(text);
}

Rendered render(Format format, const Document& document) {
  Document changed;
  const Document* ready = &document;
  if (format != Format::adf && adf::needs_showing(document)) {
    changed = adf::shown(document, adf::Which::all);
    ready = &changed;
  }
  if (!is_jira(format) && adf::has_names(*ready)) {
    changed = adf::with_names(*ready);
    ready = &changed;
  }
  Rendered rendered = codec_of(format).write(*ready);
  for (const std::string& loss : ready->losses)
    if (std::ranges::find(rendered.losses, loss) == rendered.losses.end()) rendered.losses.push_back(loss);
  return rendered;
}

}  // namespace causeway::markup
