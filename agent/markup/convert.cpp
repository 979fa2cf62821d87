#include "agent/markup/convert.hpp"

#include <array>

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

/// The registry: one row per format, in the order of Format.
constexpr std::array<Codec, all_formats.size()> codecs{
    markdown_codec<Format::github>, Codec{textile::read, textile::write}, markdown_codec<Format::redmine_markdown>};

const Codec& codec_of(Format format) { return codecs.at(static_cast<std::size_t>(format)); }

}  // namespace

Document parse(Format format, std::string_view native) {
  if (is_clean(native)) return codec_of(format).read(native);
  return codec_of(format).read(canonical(format, native));
}

Rendered render(Format format, const Document& document) { return codec_of(format).write(document); }

}  // namespace causeway::markup
