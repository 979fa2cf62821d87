#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

class JiraComments : public OnCloud {
 protected:
  const std::string key = jira.file("INIT", "A title", "text");
  const std::string path = "/issue/" + key + "/comment";
};

// MrRefactoring/jira.js, issueComments.test.ts.
TEST_F(JiraComments, AreMadeReplacedListedAndDeleted) {
  const http::Response made = post(path, R"({"body":)" + adf("one") + "}");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(at(made, "/author/accountId"), "712020:syncuser");
  clock.advance(1min);
  const http::Response edited = put(path + "/" + at(made, "/id"), R"({"body":)" + adf("two") + "}");
  EXPECT_EQ(at(edited, "/body/content/0/content/0/text"), "two");
  EXPECT_NE(at(edited, "/updated"), at(edited, "/created"));
  EXPECT_EQ(at(edited, "/renderedBody"), "absent");
  jira.comment(key, "three");
  EXPECT_EQ(at(get(path), "/total"), "2");
  EXPECT_EQ(at(get(path + "?orderBy=-created"), "/comments/0/body/content/0/content/0/text"), "three");
  EXPECT_EQ(at(get(path + "?startAt=1&maxResults=1&expand=renderedBody"), "/comments/0/renderedBody"), "<p>three</p>");
  EXPECT_EQ(del(path + "/" + at(made, "/id")).status, 204);
  EXPECT_EQ(get(path + "/" + at(made, "/id")).status, 404);
  EXPECT_EQ(at(get(path), "/total"), "1");
}

TEST_F(JiraComments, AreRefusedWhenEmptyTooLongOrTooMany) {
  EXPECT_EQ(post(path, R"({"properties":[]})").status, 400);
  EXPECT_EQ(post(path, R"({"body":)" + adf(std::string(32'768, 'x')) + "}").status, 400);
  jira.change([](State& state) { state.settings.limits.comments = 1; });
  EXPECT_EQ(post(path, R"({"body":)" + adf("one") + "}").status, 201);
  EXPECT_EQ(post(path, R"({"body":)" + adf("two") + "}").status, 413);  // "Transition issue": per-issue caps
  be("visitor");
  EXPECT_EQ(post(path, R"({"body":)" + adf("x") + "}").status, 403);
}

// Facts A6: a restricted comment is absent to others, the integration's account too.
TEST_F(JiraComments, OfARoleOrGroupAreAbsentToOthers) {
  const Number staff = jira.comment(key, "staff", "maintainer", {.role = "Administrators"});
  jira.comment(key, "developers", "maintainer", {.role = "Developers"});
  jira.comment(key, "group", "maintainer", {.group = "jira-developers"});
  EXPECT_EQ(at(get(path), "/total"), "2");
  EXPECT_EQ(at(get(path), "/comments/0/visibility/value"), "Developers");
  EXPECT_EQ(at(get(path), "/comments/0/visibility/identifier"), "10003");
  EXPECT_EQ(get(path + "/" + std::to_string(staff)).status, 404);
  EXPECT_EQ(at(get("/issue/" + key), "/fields/comment/total"), "2");
  EXPECT_EQ(post(path, R"({"body":)" + adf("x") + R"(,"visibility":{"type":"role","value":"Developers"}})").status,
            201);
  EXPECT_EQ(post(path, R"({"body":)" + adf("x") + R"(,"visibility":{"type":"role","value":"Administrators"}})").status,
            400);
  be("reporter");
  EXPECT_EQ(at(get(path), "/total"), "0");
  const http::Response list = post("/comment/list", R"({"ids":[)" + std::to_string(staff) + "]}");
  EXPECT_EQ(at(list, "/total"), "0");
}

// gh atlassian/atlassian-mcp-server/issues/139, gh jenkinsci/jira-plugin/issues/375.
TEST_F(JiraComments, AreInternalByAPropertyAndJsdPublicIsReadOnly) {
  const std::string ticket = jira.file("DESK", "Help", "text", "customer");
  const std::string desk = "/issue/" + ticket + "/comment";
  const http::Response note = post(
      desk, R"({"body":)" + adf("x") + R"(,"properties":[{"key":"sd.public.comment","value":{"internal":true}}]})");
  EXPECT_EQ(at(note, "/jsdPublic"), "false");
  EXPECT_EQ(at(post(desk, R"({"body":)" + adf("x") + R"(,"jsdPublic":false})"), "/jsdPublic"), "true");
  EXPECT_EQ(at(post(desk, R"({"body":)" + adf("x") + R"(,"visibility":{"type":"role","value":"Service Desk Team"}})"),
               "/jsdPublic"),
            "true");
  EXPECT_EQ(at(get(desk + "?expand=properties"), "/comments/0/properties/0/value/internal"), "true");
  EXPECT_EQ(at(get(desk), "/comments/0/properties"), "absent");
  const std::string property = "/comment/" + at(note, "/id") + "/properties/sd.public.comment";
  EXPECT_EQ(at(get(property), "/value/internal"), "true");
  EXPECT_EQ(put(property, R"({"internal":false})").status, 200);
  EXPECT_EQ(at(get(desk + "/" + at(note, "/id")), "/jsdPublic"), "true");
}

TEST_F(JiraComments, OfOthersAreNotOursToEdit) {
  const std::string one = path + "/" + std::to_string(jira.comment(key, "text", "reporter"));
  EXPECT_EQ(put(one, R"({"body":)" + adf("x") + "}").status, 400);
  EXPECT_EQ(del(one).status, 400);
  be("maintainer");
  EXPECT_EQ(put(one, R"({"body":)" + adf("x") + "}").status, 200);
  EXPECT_EQ(at(get(one), "/author/displayName"), "Rita Reporter");
  EXPECT_EQ(at(get(one), "/updateAuthor/displayName"), "Mary Maintainer");
}

// dac profile-visibility: e-mail absent unless shown; people who left stay as authors.
TEST_F(JiraComments, NameTheirAuthorAsFarAsTheProfileAllows) {
  jira.comment(key, "text", "visitor");
  jira.comment(key, "text", "leaver");
  const http::Response list = get(path);
  EXPECT_THAT(column(list, "/comments", "author/emailAddress"), ElementsAre("absent", "leaver@example.com"));
  EXPECT_THAT(column(list, "/comments", "author/displayName"), ElementsAre("Victor Visitor", "Former user"));
  EXPECT_THAT(column(list, "/comments", "author/active"), ElementsAre("true", "false"));
}

}  // namespace
}  // namespace causeway::fakes::jira
