#include "mappings/mapping.hpp"

#include <gtest/gtest.h>

namespace causeway {
namespace {

const ValueTable statuses{
    {{"open", "New"}, {"open", "In Progress"}, {"completed", "Closed"}, {"not_planned", "Rejected"}}};

TEST(ValueTable, TranslatesByTheFirstRow) {
  EXPECT_EQ(statuses.translate(Side::left, "open"), "New");
  EXPECT_EQ(statuses.translate(Side::right, "In Progress"), "open");
  EXPECT_EQ(statuses.translate(Side::right, "Feedback"), std::nullopt);
}

TEST(ValueTable, KnowsWhatMeansTheSame) {
  EXPECT_TRUE(statuses.equivalent("open", "In Progress"));
  EXPECT_FALSE(statuses.equivalent("completed", "New"));
}

TEST(ValueTable, ListsEachValueOnce) {
  EXPECT_EQ(statuses.values(Side::left), (std::vector<std::string>{"open", "completed", "not_planned"}));
}

TEST(Mapping, LeavesPeopleUntouchedThatItDoesNotKnow) {
  Mapping mapping;
  mapping.people = ValueTable{{{"alice", "a.lice"}}};
  EXPECT_EQ(translate(mapping, Field::assignee, Side::left, "alice"),
            std::optional<std::optional<std::string>>{"a.lice"});
  EXPECT_EQ(translate(mapping, Field::assignee, Side::left, "stranger"), std::nullopt);
}

TEST(Mapping, TakesMilestonesAsTheyAreUnlessThereIsATable) {
  Mapping mapping;
  EXPECT_EQ(*translate(mapping, Field::milestone, Side::left, "1.0"), "1.0");
  mapping.milestones = ValueTable{{{"1.0", "R1"}}};
  EXPECT_EQ(*translate(mapping, Field::milestone, Side::left, "1.0"), "R1");
  EXPECT_EQ(translate(mapping, Field::milestone, Side::left, "2.0"), std::nullopt);
}

TEST(Mapping, IgnoresLabelsOnBothSides) {
  Mapping mapping;
  mapping.labels = ValueTable{{{"bug", "Defect"}}};
  mapping.labels_ignored = {"wontfix"};
  EXPECT_EQ(translate_label(mapping, Side::left, "bug"), "Defect");
  EXPECT_EQ(translate_label(mapping, Side::right, "Defect"), "bug");
  EXPECT_EQ(translate_label(mapping, Side::left, "ui"), "ui");
  EXPECT_EQ(translate_label(mapping, Side::left, "wontfix"), std::nullopt);
}

TEST(Flow, GoesWhereItSays) {
  EXPECT_TRUE(flows_to(Flow::both, Side::left));
  EXPECT_TRUE(flows_to(Flow::to_right, Side::right));
  EXPECT_FALSE(flows_to(Flow::to_right, Side::left));
  EXPECT_FALSE(flows_to(Flow::none, Side::left));
}

}  // namespace
}  // namespace causeway
