#include "agent/reconcile/text.hpp"

#include <gtest/gtest.h>

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
