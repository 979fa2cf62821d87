#pragma once
/// How one side's text becomes the other side's text.
#include <string>
#include <string_view>
#include <vector>

#include "agent/reconcile/reconcile.hpp"

namespace causeway::reconcile {

struct Crossed {
  std::string text;
  std::vector<std::string> losses;
};

/// Body or comment text in the target's markup: marks of an earlier crossing revived, mentions and references made dead
/// (rule 5), cut to what the target holds with `full_text` saying where the rest is (rule 6).
[[nodiscard]] Crossed cross_text(const View& from, const View& to, std::string_view text, std::string_view full_text);

/// A title is plain text on every tracker: one line, cut to what the target holds.
[[nodiscard]] std::string cross_title(const View& to, std::string_view title);

/// The text a comment would have on the other side, still in its own markup; nullopt: the rule does not mirror it.
[[nodiscard]] std::optional<std::string> selected_text(const CommentRule& rule, const Comment& comment,
                                                       markup::Format format = markup::Format::github);

}  // namespace causeway::reconcile
