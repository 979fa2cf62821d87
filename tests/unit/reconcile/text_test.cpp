#include "agent/reconcile/text.hpp"

#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::reconcile {
namespace {

TEST(CrossTitle, IsOneLine) {
  View view;
  EXPECT_EQ(cross_title(view, "two\nlines"), "two lines");
}

TEST(CrossTitle, IsCutByCharactersNotBytes) {
  View view;
  view.title_characters_max = 3;
  EXPECT_EQ(cross_title(view, "äöü"), "äöü");
  EXPECT_EQ(cross_title(view, "äöüß"), "äö…");
}

TEST(SelectedText, TakesTheCommandOff) {
  const CommentRule rule{true, true, "/community"};
  Comment comment;
  comment.visibility = Visibility::open;
  comment.body = "/community\r\n\r\nhello";
  EXPECT_EQ(selected_text(rule, comment), "hello");
  comment.body = "hello\n/community";
  EXPECT_EQ(selected_text(rule, comment), std::nullopt) << "only the first line counts";
  comment.body = "/community please";
  EXPECT_EQ(selected_text(rule, comment), std::nullopt) << "the word stands alone on its line";
  comment.body = "/community";
  EXPECT_EQ(selected_text(rule, comment), std::nullopt) << "there is nothing to say";
}

TEST(SelectedText, TakesTheCommandOffATextThatIsATree) {
  const CommentRule rule{true, true, "/community"};
  const auto document = [](const std::string& content) {
    return R"({"version":1,"type":"doc","content":[)" + content + "]}";
  };
  const auto selected = [&](const std::string& content) {
    Comment comment;
    comment.visibility = Visibility::open;
    comment.body = document(content);
    const auto text = selected_text(rule, comment, markup::Format::adf);
    return text ? markup::canonical(markup::Format::adf, *text) : "nothing";
  };
  const std::string hello = R"({"type":"paragraph","content":[{"type":"text","text":"hello"}]})";
  const std::string wanted = markup::canonical(markup::Format::adf, document(hello));
  const std::string command = R"({"type":"text","text":"/community"})";
  EXPECT_EQ(selected(R"({"type":"paragraph","content":[)" + command + "]}," + hello), wanted);
  EXPECT_EQ(selected(R"({"type":"paragraph","content":[)" + command +
                     R"(,{"type":"hardBreak"},{"type":"text","text":"hello"}]})"),
            wanted);
  EXPECT_EQ(selected(hello + R"(,{"type":"paragraph","content":[)" + command + "]}"), "nothing");
  EXPECT_EQ(selected(R"({"type":"paragraph","content":[)" + command + "]}"), "nothing");
  EXPECT_EQ(selected(R"({"type":"paragraph","content":[{"type":"text","text":"/community please"}]},)" + hello),
            "nothing");
}

TEST(SelectedText, NeverTakesWhatNotEverybodyMayRead) {
  CommentRule rule;
  Comment comment;
  comment.body = "secret";
  EXPECT_EQ(comment.visibility, Visibility::restricted) << "unknown means private";
  EXPECT_EQ(selected_text(rule, comment), std::nullopt);
  comment.visibility = Visibility::open;
  EXPECT_EQ(selected_text(rule, comment), "secret");
  rule.mirrored = false;
  EXPECT_EQ(selected_text(rule, comment), std::nullopt);
}

}  // namespace
}  // namespace causeway::reconcile
