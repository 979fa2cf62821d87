#include "tests/fuzz/properties.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "tests/unit/adf/adf_schema.hpp"

namespace causeway::fuzz {
namespace {

using markup::Document;
using markup::Format;
using markup::Kind;
using markup::Node;

bool is_sound(const Document& document) {
  std::vector<Document::Index> ends{document.size()};
  for (Document::Index index = 0; index < document.size(); ++index) {
    const Node& node = document.nodes[index];
    while (ends.back() <= index) ends.pop_back();
    if (node.end <= index || node.end > ends.back()) return false;
    ends.push_back(node.end);
    for (const markup::Span span : {node.text, node.target, node.title})
      if (std::size_t{span.begin} + span.size > document.bytes.size()) return false;
  }
  return true;
}

/// In Jira the key of an issue is a link and no more: it tells nobody and leaves no trace.
bool has_live(const Document& document) {
  return std::ranges::any_of(document.nodes, [](const Node& node) {
    return node.kind == Kind::mention || (node.kind == Kind::reference && !is_jira(node.source));
  });
}

/// The same number for the same text, and a different one for almost any other.
std::size_t mixed(std::string_view text) { return std::hash<std::string_view>{}(text); }

/// The schema's validator takes ten times as long as everything else together, so one text in eight is shown to it.
void check_schema(std::string_view adf) {
  if (adf.empty() || mixed(adf) % 8 != 0) return;
  const std::string violation = markup::schema_violation(adf);
  must(violation.empty(), "what is written as ADF follows its schema: " + violation, adf);
}

void check_canonical(Format format, std::string_view native) {
  const std::string once = canonical(format, native);
  must(canonical(format, once) == once, "a canonical text is canonical", once);
  if (format == Format::adf && !once.empty() && mixed(once) % 8 == 0 && markup::schema_violation(native).empty())
    check_schema(once);
}

/// The limit is anywhere between nothing and a little more than the text, but the same for the same text.
void check_cut(Format format, std::string_view text) {
  const std::size_t bytes_max = mixed(text) % (text.size() + text.size() / 8 + 1);
  const markup::Cut cut = cut_to_limit(format, text, bytes_max, "the whole text");
  must(cut.text.size() <= bytes_max, "a cut text is within the limit", text);
  must(cut.was_cut == (text.size() > bytes_max), "a text is cut when it is too long, and only then", text);
  if (format == Format::adf) check_schema(cut.text);
}

void check_target(const Document& document, Format target) {
  const std::string where = " (as " + std::string{name(target)} + ")";
  const std::string written = render(target, document).text;
  const Document read = parse(target, written);
  must(is_sound(read), "the tree is whole", written);
  const std::string again = render(target, read).text;
  must(parse(target, again) == read, "what is written is read the same again" + where, written);
  check_canonical(target, written);
  if (target == Format::adf) check_schema(written);

  const std::string quiet = render(target, neutralize(document, target)).text;
  must(!has_live(parse(target, quiet)), "what was neutralized is dead" + where, quiet);
  if (target == Format::adf) check_schema(quiet);
  check_cut(target, canonical(target, quiet));
}

}  // namespace

void must(bool kept, std::string_view promise, std::string_view text) {
  if (kept) return;
  std::fprintf(stderr, "\nBROKEN: %.*s\n----\n%.*s\n----\n", static_cast<int>(promise.size()), promise.data(),
               static_cast<int>(text.size()), text.data());
  std::abort();
}

void check_text(Format format, std::string_view native) {
  check_canonical(format, native);
  const Document document = parse(format, native);
  must(is_sound(document), "the tree is whole", native);
  for (const Format target : markup::all_formats) check_target(document, target);
}

}  // namespace causeway::fuzz
