#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

http::Headers multipart(bool checked = true) {
  http::Headers headers{{"Content-Type", "multipart/form-data; boundary=mark"}};
  if (checked) headers.emplace_back("X-Atlassian-Token", "no-check");
  return headers;
}

std::string form(const std::vector<std::pair<std::string, std::string>>& files, const std::string& name = "file") {
  std::string body;
  for (const auto& [file, content] : files) {
    body += "--mark\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file +
            "\"\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n";
  }
  return body + "--mark--\r\n";
}

class JiraFiles : public OnCloud {
 protected:
  const std::string key = jira.file("INIT", "A title", "text");
  const std::string path = "/issue/" + key + "/attachments";
};

// MrRefactoring/jira.js, issueAttachments.test.ts: an array, ids as text here and as a number there.
TEST_F(JiraFiles, GoUpAsAListAndHaveTheirIdAsTextOrNumber) {
  const http::Response up = ask(http::Method::post, path, form({{"a.txt", "one\r\ntwo"}, {"b.txt", ""}}), multipart());
  ASSERT_EQ(up.status, 200) << up.body;
  EXPECT_THAT(column(up, "", "filename"), ElementsAre("a.txt", "b.txt"));
  EXPECT_EQ(at(up, "/0/size"), "8");
  EXPECT_THAT(up.body, HasSubstr("\"id\":\"10001\""));
  EXPECT_THAT(get("/attachment/10001").body, HasSubstr("\"id\":10001"));
  EXPECT_EQ(at(get("/issue/" + key), "/fields/attachment/0/mimeType"), "text/plain");
  EXPECT_EQ(del("/attachment/10002").status, 204);
  EXPECT_EQ(get("/attachment/10002").status, 404);
}

TEST_F(JiraFiles, AreRefusedWithoutTheHeaderTheRightNameOrRoom) {
  EXPECT_EQ(ask(http::Method::post, path, form({{"a.txt", "x"}}), multipart(false)).status, 403);
  EXPECT_EQ(ask(http::Method::post, path, form({{"a.txt", "x"}}, "attachment"), multipart()).status, 400);
  jira.change([](State& state) { state.settings.limits.attachments = 0; });
  EXPECT_EQ(ask(http::Method::post, path, form({{"a.txt", "x"}}), multipart()).status, 413);
}

// Jira Cloud REST, "Get attachment content": 303 to a signed address of another host.
TEST_F(JiraFiles, ComeFromAnotherHostThatMustNotSeeOurCredential) {
  const std::string id = std::to_string(jira.attach(key, "a b.txt", "content"));
  const http::Response redirect = get("/attachment/content/" + id);
  EXPECT_EQ(redirect.status, 303);
  const std::string elsewhere{redirect.header("Location")};
  EXPECT_THAT(elsewhere, testing::StartsWith("http://media.jira.test/file/"));
  EXPECT_EQ(get(elsewhere).status, 400);
  EXPECT_EQ(jira.leaked_credentials(), 1U);
  credential.clear();
  EXPECT_EQ(get(elsewhere).body, "content");
  EXPECT_EQ(get("http://media.jira.test/file/" + id + "/binary?token=0").status, 403);
  EXPECT_EQ(get("/attachment/content/" + id).status, 404);
  be("syncuser");
  EXPECT_EQ(get("/attachment/content/" + id + "?redirect=false").body, "content");
  const http::Response some =
      ask(http::Method::get, "/attachment/content/" + id + "?redirect=false", {}, {{"Range", "bytes=1-3"}});
  EXPECT_EQ(some.status, 206);
  EXPECT_EQ(some.body, "ont");
}

class JiraFilesOnDataCenter : public OnDataCenter {};

// gh sooperset/mcp-atlassian/issues/1634: some versions send tokens to the login page.
TEST_F(JiraFilesOnDataCenter, LieUnderSecureWhereATokenMayNotHelp) {
  const std::string key = jira.file("INIT", "A title", "text");
  const std::string id = std::to_string(jira.attach(key, "a.txt", "content"));
  const std::string address = at(get("/attachment/" + id), "/content");
  EXPECT_EQ(address, "http://jira.test/jira/secure/attachment/" + id + "/a.txt");
  EXPECT_EQ(get(address).body, "content");
  jira.change([](State& state) { state.settings.downloads_need_cookie = true; });
  const http::Response login = get(address);
  EXPECT_EQ(login.status, 302);
  EXPECT_THAT(std::string{login.header("Location")}, HasSubstr("/login.jsp"));
}

}  // namespace
}  // namespace causeway::fakes::jira
