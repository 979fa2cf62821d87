#include "agent/reconcile/text.hpp"

#include "agent/markup/convert.hpp"

namespace causeway::reconcile {
namespace {

/// Kept free for attribution and marker, which the adapter puts around the text.
constexpr std::size_t envelope_bytes_max = 1024;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Crossed cross_text(const View& from, const View& to, std::string_view text, std::string_view full_text) {
  const std::string revived = markup::revive(markup::canonical(from.format, text));
  auto rendered = markup::render(to.format, markup::neutralize(markup::parse(from.format, revived), to.format));
  const std::size_t bytes_max =
      to.body_bytes_max > 2 * envelope_bytes_max ? to.body_bytes_max - envelope_bytes_max : to.body_bytes_max / 2;
  Crossed crossed{std::move(rendered.text), std::move(rendered.losses)};
  if (crossed.text.size() > bytes_max) {
    auto cut = markup::cut_to_limit(to.format, crossed.text, bytes_max, full_text);
    if (cut.was_cut)
      crossed.losses.push_back(fmt::format("text cut from {} to {} bytes", crossed.text.size(), cut.text.size()));
    crossed.text = std::move(cut.text);
  }
  return crossed;
}

std::string cross_title(const View& to, std::string_view title) {
  std::string line;
  line.reserve(title.size());
  std::size_t characters = 0;
  std::size_t keep = std::string::npos;  // where to cut to leave room for the ellipsis
  for (const char byte : title) {
    const bool starts_character = (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    if (starts_character) {
      ++characters;
      if (characters == to.title_characters_max) keep = line.size();
      if (characters > to.title_characters_max) return line.substr(0, keep) + "…";
    }
    line.push_back(byte == '\n' || byte == '\r' || byte == '\0' ? ' ' : byte);
  }
  return line;
}

namespace {

using markup::Document;
using markup::Kind;

/// A format whose text is a tree has no first line in its bytes: the first paragraph's stands for it.
std::optional<std::string> behind_command(markup::Format format, std::string_view native, std::string_view command) {
  const Document document = markup::parse(format, native);
  if (document.size() < 2 || document.nodes[0].kind != Kind::paragraph) return std::nullopt;
  const Document::Index end = document.nodes[0].end;
  std::string first_line;
  Document::Index at = 1;
  while (at < end && document.nodes[at].kind == Kind::text) first_line += document.text(document.nodes[at++]);
  const bool breaks =
      at < end && (document.nodes[at].kind == Kind::hard_break || document.nodes[at].kind == Kind::soft_break);
  if (trim(first_line) != command || (at < end && !breaks)) return std::nullopt;
  // Nodes [first, last) go; those that enclose them end earlier.
  const Document::Index first = breaks ? 1 : 0;
  const Document::Index last = breaks ? at + 1 : end;
  Document rest;
  rest.source = document.source;
  rest.bytes = document.bytes;
  for (Document::Index i = 0; i < document.size(); ++i) {
    if (i >= first && i < last) continue;
    rest.nodes.push_back(document.nodes[i]);
    if (rest.nodes.back().end >= last) rest.nodes.back().end -= last - first;
  }
  if (rest.nodes.empty()) return std::nullopt;
  return markup::render(format, rest).text;
}

}  // namespace

std::optional<std::string> selected_text(const CommentRule& rule, const Comment& comment, markup::Format format) {
  if (!rule.mirrored) return std::nullopt;
  if (rule.open_only && comment.visibility != Visibility::open) return std::nullopt;
  if (rule.command.empty()) return comment.body;
  if (format == markup::Format::adf) return behind_command(format, comment.body, rule.command);
  const std::string_view body = comment.body;
  const std::size_t line_end = body.find('\n');
  if (trim(body.substr(0, line_end)) != rule.command) return std::nullopt;
  std::string_view rest = line_end == std::string_view::npos ? std::string_view{} : body.substr(line_end + 1);
  while (!rest.empty() && (rest.front() == '\n' || rest.front() == '\r')) rest.remove_prefix(1);
  if (rest.empty()) return std::nullopt;
  return std::string{rest};
}

}  // namespace causeway::reconcile
