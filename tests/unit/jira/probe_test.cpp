#include "tests/unit/jira/fixture.hpp"

namespace causeway::jira {
namespace {

class JiraProbe : public OnStandIn {
 protected:
  /// "place: what" of each finding.
  std::vector<std::string> findings(const JiraOptions& options, const Needs& needs = {}, Credential as = credential()) {
    const Result<Account> account = adapter(options, std::move(as)).probe(needs);
    if (!account) {
      ADD_FAILURE() << account.error().message;
      return {};
    }
    facts = account->facts;
    login = account->login;
    std::vector<std::string> texts;
    for (const Finding& finding : account->findings) {
      EXPECT_FALSE(finding.remedy.empty()) << finding.what;
      texts.push_back(finding.place + ": " + finding.what);
    }
    return texts;
  }
  std::map<std::string, std::string> facts;
  std::string login;
};

TEST_P(JiraProbe, HasNothingToSayOfWhatIsInOrder) {
  open();
  Needs needs;
  needs.statuses = {{"To Do", "a"}, {"Done", "b"}};
  needs.priorities = {{"High", "c"}};
  needs.labels = {{"bug", "d"}};
  needs.people = {{cloud() ? "712020:maintainer" : "maintainer", "e"}};
  needs.fields = {{"type", "f"}};
  EXPECT_THAT(findings(default_options(), needs), IsEmpty());
  EXPECT_THAT(facts.at("version"), HasSubstr(cloud() ? "Cloud" : "10."));
  EXPECT_THAT(facts.at("project"), HasSubstr("Initech"));
  EXPECT_THAT(login, HasSubstr("syncuser"));
  EXPECT_EQ(sent("POST") + sent("PUT") + sent("DELETE"), 0U);
}

TEST_P(JiraProbe, TellsAllProblemsAtOnce) {
  JiraOptions options = default_options();
  options.issue_type = "Bug";
  options.fields = {{"twin", "Twin"}};
  options.create = {{"Colour", "red"}};
  options.private_comments = {PrivateComments::Kind::internal, ""};
  Needs needs;
  needs.statuses = {{"Dne", "routes/x/mapping/status"}};
  needs.priorities = {{"Urgent", "routes/x/mapping/priority"}};
  needs.labels = {{"good first issue", "routes/x/mapping/labels"}};
  needs.fields = {{"Severity", "routes/x/mirror_when/fields"}};
  needs.people = {{"nobody", "people/0"}};
  needs.private_comments = true;
  const std::vector<std::string> found = findings(options, needs);
  for (const char* part :
       {"routes/x/mapping/status: Jira has no status \"Dne\"",
        "routes/x/mapping/priority: Jira has no priority \"Urgent\"", "routes/x/mapping/labels: \"good first issue\"",
        "routes/x/mirror_when/fields: the field \"Severity\" is not among", "people/0: \"nobody\"",
        "trackers/queue/fields/twin: Jira has no field \"Twin\"",
        "trackers/queue/create: the field \"Severity\" is required", "trackers/queue/create/Colour: ",
        "trackers/queue/private_comments: Jira has internal notes in service projects only"}) {
    EXPECT_THAT(found, testing::Contains(HasSubstr(part)));
  }
  EXPECT_THAT(found, SizeIs(9));
}

TEST_P(JiraProbe, TellsTheOtherDeployment) {
  JiraOptions options = default_options();
  options.deployment = cloud() ? Deployment::data_center : Deployment::cloud;
  const std::vector<std::string> found = findings(options);
  ASSERT_FALSE(found.empty());
  EXPECT_THAT(found.front(), HasSubstr("trackers/queue/deployment: this is Jira"));
}

TEST_P(JiraProbe, TellsAnAddressWithoutItsContextPath) {
  if (cloud()) return;
  JiraOptions options = default_options();
  options.url = origin;
  const std::vector<std::string> found = findings(options);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0], HasSubstr("trackers/queue/url"));
  EXPECT_THAT(found[0], HasSubstr("context path"));
}

TEST_P(JiraProbe, TellsWhatTheAccountMayNot) {
  Credential visitor = AccessToken{http::Secret{"token-visitor"}};
  if (cloud()) visitor = UserToken{"visitor@example.com", http::Secret{"token-visitor"}};
  const std::vector<std::string> found = findings(default_options(), {}, visitor);
  EXPECT_THAT(found, testing::Contains(HasSubstr("CREATE_ISSUES")));
  EXPECT_THAT(found, testing::Contains(HasSubstr("ADD_COMMENTS")));
  EXPECT_THAT(found, Not(testing::Contains(HasSubstr("BROWSE_PROJECTS"))));
}

TEST_P(JiraProbe, TellsAProjectThatIsNotThere) {
  JiraOptions options = default_options();
  options.project = "NOPE";
  const std::vector<std::string> found = findings(options);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0], HasSubstr("trackers/queue/project"));
}

TEST_P(JiraProbe, TellsATypeThatTheProjectDoesNotOffer) {
  JiraOptions options = default_options();
  options.issue_type = "Tsk";
  EXPECT_THAT(findings(options), testing::Contains(HasSubstr("did you mean \"Task\"?")));
}

TEST_P(JiraProbe, TellsAStatusThatNoWayLeadsTo) {
  for (const char* status : {"To Do", "In Progress", "In Review", "Done"}) jira.transition(key_of(open()), status);
  Needs needs;
  needs.statuses = {{"Done", "routes/x/mapping/status"}};
  EXPECT_THAT(findings(default_options(), needs), IsEmpty());
  jira.change([](stand_in::State& state) {
    for (stand_in::Transition& step : state.workflows.at("software")) step.hidden = step.hidden || step.to == "10103";
  });
  EXPECT_THAT(findings(default_options(), needs), testing::Contains(HasSubstr("no way was seen to \"Done\"")));
}

INSTANTIATE_TEST_SUITE_P(, JiraProbe, testing::Values(Deployment::cloud, Deployment::data_center), deployment_name);

}  // namespace
}  // namespace causeway::jira
