#include "tests/unit/fakes_github/fixture.hpp"

namespace causeway::fakes::github {
namespace {

const http::Headers good_headers{{"User-Agent", "test"},
                                 {"Accept", "application/vnd.github+json"},
                                 {"X-GitHub-Api-Version", "2022-11-28"},
                                 {"Content-Type", "application/json"}};

std::string without(std::string text, const std::string& part) {
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return at == std::string::npos ? text : text.erase(at, part.size());
}

class GitHubContract : public OnGitHub {
 protected:
  std::string good_issue() {
    github.open("acme/widgets", "A title", "text", "visitor", {"bug"});
    return get(issues_path + "/1").body;
  }
  static std::vector<std::string> answer(const std::string& body, int status = 200) {
    return Contract::instance().check_answer("GET", issues_path + "/1", status, body);
  }
};

TEST_F(GitHubContract, AcceptsAnIssueAndRefusesOneWithoutItsNumber) {
  const std::string body = good_issue();
  EXPECT_THAT(answer(body), IsEmpty());
  EXPECT_THAT(answer(without(body, "\"number\":1,")), ElementsAre(HasSubstr("'required'")));
}

TEST_F(GitHubContract, RefusesAnIssueWithATextWhereANumberBelongs) {
  std::string body = good_issue();
  body.replace(body.find("\"comments\":0"), 12, "\"comments\":\"0\"");
  EXPECT_THAT(answer(body), ElementsAre(HasSubstr("'type'")));
}

TEST_F(GitHubContract, RefusesATimeThatIsNone) {
  std::string body = good_issue();
  body.replace(body.find("2026-11-23T08:00:00Z"), 20, "yesterday");
  EXPECT_THAT(answer(body), ElementsAre(HasSubstr("'pattern'")));
}

TEST_F(GitHubContract, RefusesAnUnknownReasonDeepInside) {
  std::string body = good_issue();
  body.replace(body.find("\"state_reason\":null"), 19, "\"state_reason\":\"tired\"");
  EXPECT_THAT(answer(body), ElementsAre(HasSubstr("state_reason")));
}

TEST_F(GitHubContract, LooksIntoComponentsOfComponents) {
  const std::string body = good_issue();
  EXPECT_THAT(answer(without(body, "\"login\":\"visitor\",")), ElementsAre(HasSubstr("'required'")));
}

TEST_F(GitHubContract, RefusesStatusesAndBodiesThatCannotBe) {
  EXPECT_THAT(answer("{}", 418), ElementsAre(HasSubstr("418 is no answer")));
  EXPECT_THAT(answer("<html>", 200), ElementsAre(HasSubstr("no JSON")));
  EXPECT_THAT(answer("{}", 304), ElementsAre(HasSubstr("has a body")));
}

TEST(GitHubContractRequests, RefusesFieldsParametersAndPathsThatGitHubDoesNotKnow) {
  const Contract& contract = Contract::instance();
  const auto check = [&](const char* method, const std::string& target, const std::string& body) {
    return contract.check_request(method, target, good_headers, body);
  };
  EXPECT_THAT(check("POST", issues_path, R"({"title":"x","labels":["a"],"milestone":null})"), IsEmpty());
  EXPECT_THAT(check("POST", issues_path, R"({"title":"x","colour":"red"})"),
              ElementsAre(HasSubstr("'additionalProperties'")));
  EXPECT_THAT(check("POST", issues_path, R"({"body":"x"})"), ElementsAre(HasSubstr("'required'")));
  EXPECT_THAT(check("POST", issues_path, ""), ElementsAre(HasSubstr("no body")));
  EXPECT_THAT(check("PATCH", issues_path + "/1", R"({"state":"done"})"), ElementsAre(HasSubstr("'enum'")));
  EXPECT_THAT(check("POST", issues_path + "/1/labels", R"({"labels":["a"]})"), IsEmpty());
  EXPECT_THAT(check("GET", issues_path + "?state=all&since=2026-11-23T08:00:00Z&per_page=100", ""), IsEmpty());
  EXPECT_THAT(check("GET", issues_path + "?state=any", ""), ElementsAre(HasSubstr("'any' is none")));
  EXPECT_THAT(check("GET", issues_path + "?limit=5", ""), ElementsAre(HasSubstr("no parameter 'limit'")));
  EXPECT_THAT(check("GET", issues_path + "?per_page=200", ""), ElementsAre(HasSubstr("between 1 and 100")));
  EXPECT_THAT(check("GET", issues_path + "?since=now", ""), ElementsAre(HasSubstr("no time")));
  EXPECT_THAT(check("GET", "/repositories/5/issues?page=2", ""), IsEmpty());
  EXPECT_THAT(check("GET", "/repos/acme/widgets/tickets", ""), ElementsAre(HasSubstr("there is no GET")));
  EXPECT_THAT(check("GET", issues_path, "{}"), ElementsAre(HasSubstr("must be no body")));
  EXPECT_THAT(contract.check_request("GET", issues_path, {}, ""),
              ElementsAre(HasSubstr("User-Agent"), HasSubstr("Accept"), HasSubstr("X-GitHub-Api-Version")));
}

TEST_F(GitHubContract, IsHeldOverTrafficAndRemembersWhatBrokeIt) {
  breaks_requests = breaks_answers = true;
  github.open("acme/widgets", "A title", "text");
  get(issues_path);
  EXPECT_THAT(checker.violations(), IsEmpty());
  post(issues_path, R"({"title":"x","colour":"red"})");
  EXPECT_THAT(checker.request_violations(), ElementsAre(HasSubstr("POST /repos/acme/widgets/issues: the body")));
  github.trouble({.kind = Trouble::Kind::html});
  get(issues_path);
  EXPECT_THAT(checker.answer_violations(), ElementsAre(HasSubstr("the answer is no JSON")));
  EXPECT_EQ(checker.checked(), 3U);
}

}  // namespace
}  // namespace causeway::fakes::github
