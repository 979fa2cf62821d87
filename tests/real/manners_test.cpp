/// Redmine's own manners, without the adapter: what the stand-in must play as the real one does.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/real/place.hpp"

namespace causeway::real {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class RedmineManners : public RedmineChecks {
 protected:
  [[nodiscard]] std::int64_t total(const std::string& query, const Somebody& who) const {
    const http::Response response = who.send(http::Method::get, "/issues.json?project_id=" + project + query);
    const auto page = redmine::read_issues(response.body);
    if (!page) throw std::runtime_error(fmt::format("HTTP {}: {}", response.status, response.body));
    return page->total;
  }
};

TEST_P(RedmineManners, StoresAPrivateNotePubliclyForWhoMayNotMakeOne) {
  const Number id = reporter.open(project, "Crash");
  ASSERT_EQ(agent.put(id, R"("notes":"internal","private_notes":true)"), 204);
  EXPECT_FALSE(admin.look(id).journals->front().is_private);
}

TEST_P(RedmineManners, SaysYesToAForbiddenStatusAndKeepsTheNote) {
  const Number id = reporter.open(project, "Crash");
  ASSERT_EQ(agent.put(id, R"("status_id":6,"notes":"done")"), 204);
  const redmine::Issue issue = admin.look(id);
  EXPECT_EQ(issue.status.name, "New");
  EXPECT_EQ(issue.journals->front().notes, "done");
}

TEST_P(RedmineManners, AnswersAStaleLockWithAnEmptyListOfErrors) {
  const Number id = reporter.open(project, "Crash");
  ASSERT_EQ(lead.put(id, R"("subject":"Burns")"), 204);
  const http::Response response = lead.send(http::Method::put, fmt::format("/issues/{}.json", id),
                                            R"({"issue":{"lock_version":0,"subject":"Other"}})");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body, R"({"errors":[]})");
  EXPECT_EQ(lead.look(id).subject, "Burns");
}

TEST_P(RedmineManners, ListsOpenIssuesOnlyUnlessAskedForAll) {
  const Number id = reporter.open(project, "Crash");
  reporter.open(project, "Burns");
  ASSERT_EQ(lead.put(id, R"("status_id":5)"), 204);
  EXPECT_EQ(total("", lead), 1);
  EXPECT_EQ(total("&status_id=%2A", lead), 2);
}

TEST_P(RedmineManners, IgnoresFiltersItDoesNotKnow) {
  reporter.open(project, "Crash");
  EXPECT_EQ(total("&no_such_filter=1&cf_999=x", lead), 1);
}

TEST_P(RedmineManners, RefusesTimesWithAFraction) {
  reporter.open(project, "Crash");
  const http::Response response =
      lead.send(http::Method::get, "/issues.json?updated_on=%3E%3D2026-11-23T02:34:33.5Z&project_id=" + project);
  EXPECT_EQ(response.status, 422);
}

TEST_P(RedmineManners, StoresDescriptionsWithCarriageReturnsAndNotesAsTheyCame) {
  const Number id = reporter.open(project, "Crash", "one\ntwo\r\nthree");
  lead.note(id, "one\ntwo");
  const redmine::Issue issue = lead.look(id);
  EXPECT_EQ(issue.description, "one\r\ntwo\r\nthree");
  EXPECT_EQ(issue.journals->front().notes, "one\ntwo");
}

TEST_P(RedmineManners, SplitsAPrivateNoteFromTheChangesBesideIt) {
  const Number id = reporter.open(project, "Crash");
  ASSERT_EQ(lead.put(id, R"("subject":"Burns","notes":"internal","private_notes":true)"), 204);
  const redmine::Issue issue = lead.look(id);
  ASSERT_THAT(*issue.journals, SizeIs(2));
  EXPECT_EQ(issue.journals->at(0).is_private + issue.journals->at(1).is_private, 1);
}

TEST_P(RedmineManners, RefusesWhatCannotBeStored) {
  const auto post = [&](const std::string& body, const std::string& type = "application/json") {
    return lead.send(http::Method::post, "/issues.json", body, type);
  };
  const http::Response blank =
      post(fmt::format(R"({{"issue":{{"project_id":{},"subject":""}}}})", json_string(project)));
  EXPECT_EQ(blank.status, 422);
  EXPECT_EQ(blank.body, R"({"errors":["Subject cannot be blank"]})");
  EXPECT_EQ(post(R"({"issue":)").status, 400);
  EXPECT_EQ(lead.send(http::Method::post, "/uploads.json?filename=a.txt", "text", "text/plain").status, 406);
  const Number id = reporter.open(project, "Crash");
  EXPECT_EQ(lead.put(id, R"("priority_id":999)"), 422);
  EXPECT_EQ(reporter.edit_note(lead.note(id, "note"), "mine"), 403);
  EXPECT_EQ(lead.edit_note(999'999, "nobody's"), 404);
  EXPECT_EQ(reporter.send(http::Method::del, fmt::format("/issues/{}.json", id)).status, 403);
}

TEST_P(RedmineManners, HidesFieldsFromRolesThatMayNotSeeThem) {
  const Number id = lead.open(project, "Crash");
  ASSERT_EQ(lead.put(id, fmt::format(R"("custom_fields":[{{"id":{},"value":"s3cret"}}])", field("Secret"))), 204);
  EXPECT_NE(redmine::custom_value(lead.look(id), "Secret"), nullptr);
  EXPECT_EQ(redmine::custom_value(agent.look(id), "Secret"), nullptr);
}

TEST_P(RedmineManners, RefusesToSwitchToNobody) {
  const auto answered = [&](const Somebody& who, const std::string& login) {
    return who.send(http::Method::get, "/users/current.json", {}, {}, {{"X-Redmine-Switch-User", login}});
  };
  EXPECT_EQ(answered(admin, "nobody-of-that-name").status, 412);
  EXPECT_THAT(answered(admin, "lead").body, HasSubstr("\"login\":\"lead\""));
  EXPECT_THAT(answered(agent, "lead").body, HasSubstr("\"login\":\"agent\""));
}

TEST_P(RedmineManners, MovesTheStampEvenForAPutThatChangesNothing) {
  const Number id = reporter.open(project, "Crash");
  const Instant before = lead.look(id).updated;
  const Instant patience = place.clock().now() + 600s;
  while (lead.look(id).updated == before && place.clock().now() < patience) {
    place.pass(1s);
    ASSERT_EQ(lead.put(id, R"("subject":"Crash")"), 204);
  }
  EXPECT_GT(lead.look(id).updated, before);
  EXPECT_THAT(*lead.look(id).journals, testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(, RedmineManners, testing::Values(Kind::stand_in, Kind::textile, Kind::common_mark),
                         [](const auto& kind) { return name(kind.param); });

}  // namespace
}  // namespace causeway::real
