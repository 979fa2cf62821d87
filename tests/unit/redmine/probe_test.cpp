#include <gmock/gmock.h>

#include "tests/unit/redmine/fixture.hpp"

namespace causeway::redmine {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

using RedmineProbe = OnStandIn;

auto finding(const std::string& place, const std::string& what) {
  return AllOf(Field(&Finding::place, place), Field(&Finding::what, HasSubstr(what)));
}

Needs everything() {
  Needs needs;
  needs.statuses = {{"New", "m/1"}, {"Closed", "m/2"}};
  needs.priorities = {{"High", "m/3"}};
  needs.private_comments = true;
  return needs;
}

TEST_F(RedmineProbe, FindsNothingWrongWhereAllIsWell) {
  redmine.open("alpha", "ticket", "");
  const auto account = adapter().probe(everything());
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_THAT(account->findings, IsEmpty());
  EXPECT_EQ(account->login, "syncuser");
  EXPECT_THAT(account->facts, Contains(Pair("roles", "Manager")));
  EXPECT_THAT(account->facts, Contains(Pair("text_format", "redmine-markdown")));
}

TEST_F(RedmineProbe, SendsOnlyReadings) {
  redmine.open("alpha", "ticket", "");
  ASSERT_TRUE(adapter(default_options(), admin_key).probe(everything()));
  for (const auto& [request, count] : redmine.requests()) EXPECT_THAT(request, testing::StartsWith("GET "));
}

TEST_F(RedmineProbe, TellsADeadKeyFromAGoodOne) {
  const auto account = adapter(default_options(), std::string(40, 'z')).probe(everything());
  ASSERT_TRUE(account);
  EXPECT_THAT(account->findings, Contains(finding("trackers/queue/token", "key is not accepted")));
}

TEST_F(RedmineProbe, FindsAWrongProject) {
  RedmineOptions options = default_options();
  options.project = "gamma";
  const auto account = adapter(options).probe(everything());
  ASSERT_TRUE(account);
  EXPECT_THAT(account->findings, Contains(finding("trackers/queue/project", "\"gamma\" cannot be read")));
}

TEST_F(RedmineProbe, FindsEveryMissingRightAtOnce) {
  redmine.change([](stand_in::State& state) {
    auto& permissions = state.roles.at(3).permissions;
    for (const char* right :
         {"add_issues", "edit_issue_notes", "edit_own_issue_notes", "set_notes_private", "view_private_notes"}) {
      permissions.erase(right);
    }
  });
  const auto account = adapter().probe(everything());
  ASSERT_TRUE(account);
  for (const char* right : {"add_issues", "edit_issue_notes", "set_notes_private", "view_private_notes"}) {
    EXPECT_THAT(account->findings, Contains(finding("trackers/queue/token", right)));
  }
}

TEST_F(RedmineProbe, NamesWhatIsWantedAndNotThereWithItsPlace) {
  RedmineOptions options = default_options();
  options.fields = {{"labels", "Lables"}};
  options.create = {{"tracker", "Suport"}, {"Nonsense", "1"}};
  Needs needs = everything();
  needs.statuses.push_back({"Closd", "routes/widget/mapping/status"});
  needs.priorities.push_back({"Hihg", "routes/widget/mapping/priority"});
  needs.people.push_back({"developer", "people/0"});
  const auto account = adapter(options).probe(needs);
  ASSERT_TRUE(account);
  EXPECT_THAT(account->findings, Contains(finding("routes/widget/mapping/status", "did you mean \"Closed\"?")));
  EXPECT_THAT(account->findings, Contains(finding("routes/widget/mapping/priority", "did you mean \"High\"?")));
  EXPECT_THAT(account->findings, Contains(finding("trackers/queue/fields/labels", "no custom field \"Lables\"")));
  EXPECT_THAT(account->findings, Contains(finding("trackers/queue/create/tracker", "did you mean \"Support\"?")));
  EXPECT_THAT(account->findings, Contains(finding("trackers/queue/create/Nonsense", "no custom field")));
  EXPECT_THAT(account->findings, Contains(finding("people/0", "Developer Test")));
}

TEST_F(RedmineProbe, FindsAStatusThatTheWorkflowNeverReaches) {
  for (stand_in::Number status = 1; status <= 6; ++status) {
    const auto id = redmine.open("alpha", "ticket", "");
    redmine.edit(id, [&](stand_in::Attributes& issue) { issue.status = status; });
  }
  redmine.change([](stand_in::State& state) {
    std::erase_if(state.workflow, [](const stand_in::Transition& step) { return std::get<3>(step) == 5; });
  });
  RedmineOptions options = default_options();
  options.create["tracker"] = "Bug";
  const auto account = adapter(options).probe(everything());
  ASSERT_TRUE(account);
  EXPECT_THAT(account->findings, ElementsAre(AllOf(finding("m/2", "no way was seen from \"New\" to \"Closed\""),
                                                   Field(&Finding::weight, Finding::Weight::error))));
}

TEST_F(RedmineProbe, TellsWhereTheWorkflowIsNotKnownAndWarnsOfNothing) {
  const auto empty = adapter().probe(everything());
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->findings, IsEmpty());
  EXPECT_THAT(
      empty->facts,
      Contains(Pair("workflow", AllOf(HasSubstr("not known from New"), HasSubstr("whether Closed can be reached")))));
  redmine.open("alpha", "ticket", "");
  const auto filled = adapter().probe(everything());
  ASSERT_TRUE(filled);
  EXPECT_THAT(filled->findings, IsEmpty());
  EXPECT_THAT(filled->facts, Contains(Pair("workflow", Not(HasSubstr("whether")))));
}

TEST_F(RedmineProbe, FindsAnotherTextFormatThanTheConfiguredOne) {
  redmine.open("alpha", "ticket", "");
  redmine.change([](stand_in::State& state) { state.settings.text_formatting = "textile"; });
  const auto account = adapter().probe(everything());
  ASSERT_TRUE(account);
  EXPECT_THAT(account->findings, Contains(finding("trackers/queue/format", "Redmine's texts are textile")));
}

TEST_F(RedmineProbe, FindsARequiredFieldWithoutAValueWhereItMayAsk) {
  redmine.change([](stand_in::State& state) { state.custom_fields.at(2).required = true; });
  const auto by_admin = adapter(default_options(), admin_key).probe(everything());
  ASSERT_TRUE(by_admin);
  EXPECT_THAT(by_admin->findings, Contains(finding("trackers/queue/create", "\"External ID\" is required")));
  const auto by_member = adapter().probe(everything());
  ASSERT_TRUE(by_member);
  EXPECT_THAT(by_member->facts, Contains(Pair("required fields", HasSubstr("unknown"))));
}

TEST_F(RedmineProbe, FindsASwitchUserThatTheKeyCannotBe) {
  RedmineOptions options = default_options();
  options.switch_user = "manager";
  const auto account = adapter(options).probe(everything());
  ASSERT_TRUE(account);
  EXPECT_THAT(account->findings, Contains(finding("trackers/queue/switch_user", "not an administrator's")));
  options.switch_user = "nobody";
  const auto unknown = adapter(options, admin_key).probe(everything());
  ASSERT_TRUE(unknown);
  EXPECT_THAT(unknown->findings, Contains(finding("trackers/queue/switch_user", "unknown or locked")));
}

TEST_F(RedmineProbe, TellsNoSecretFromAnswersThatHoldOne) {
  // /users/current.json shows the key to its owner.
  const auto account = adapter(default_options(), admin_key).probe(everything());
  ASSERT_TRUE(account);
  for (const auto& [name, fact] : account->facts) EXPECT_THAT(fact, Not(HasSubstr(admin_key)));
  for (const Finding& one : account->findings) EXPECT_THAT(one.what + one.remedy, Not(HasSubstr(admin_key)));
}

}  // namespace
}  // namespace causeway::redmine
