#include "agent/markup/convert.hpp"

#include <fmt/ranges.h>

#include <cstdio>

#include "agent/cli/commands.hpp"
#include "agent/cli/output.hpp"

namespace causeway::cli {
namespace {

std::string read_standard_input() {
  std::string text;
  std::array<char, 65536> buffer{};
  while (true) {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stdin);
    text.append(buffer.data(), count);
    if (count < buffer.size()) return text;
  }
}

}  // namespace

ExitCode convert(const CommonOptions& common, const ConvertOptions& options) {
  const auto from = markup::parse_format_name(options.from);
  const auto to = markup::parse_format_name(options.to);
  std::vector<std::string_view> names;
  for (const markup::Format format : markup::all_formats) names.push_back(markup::name(format));
  for (const auto& [word, format] : {std::pair{options.from, from}, std::pair{options.to, to}}) {
    if (!format)
      complain(fmt::format("convert: there is no format \"{}\"; there are {}", word, fmt::join(names, ", ")));
  }
  if (!from || !to) return usage;
  markup::Document document = markup::parse(*from, markup::canonical(*from, read_standard_input()));
  if (options.neutralize) document = markup::neutralize(std::move(document), *to);
  const markup::Rendered rendered = markup::render(*to, document);
  if (common.json) {
    Json json;
    json.begin_object();
    json.member("text", rendered.text);
    json.key("losses");
    json.begin_array();
    for (const std::string& loss : rendered.losses) json.text(loss);
    json.end_array();
    json.end_object();
    print_line(json.take());
    return done;
  }
  std::fwrite(rendered.text.data(), 1, rendered.text.size(), stdout);
  for (const std::string& loss : rendered.losses) complain("lost: " + printable(loss));
  return done;
}

}  // namespace causeway::cli
