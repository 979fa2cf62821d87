#include "tests/unit/jira/fixture.hpp"

namespace causeway::jira {
namespace {

class JiraWriting : public OnStandIn {
 protected:
  static CreateTicket wish(const std::string& title = "Crash") {
    CreateTicket create;
    create.ticket.title = title;
    create.ticket.body = text("It crashes");
    create.ticket.visibility = Visibility::open;
    create.attribution = {"alice", "acme/widget#12", "https://github.com/acme/widget/issues/12"};
    return create;
  }
  static EditTicket set(Field field, std::optional<std::string> value) {
    EditTicket edit;
    edit.set[field] = std::move(value);
    return edit;
  }
  static std::string person(const std::string& name) { return cloud() ? "712020:" + name : name; }
  static JiraOptions with_role() {
    JiraOptions options = default_options();
    options.private_comments = {PrivateComments::Kind::role, "Developers"};
    return options;
  }
};

TEST_P(JiraWriting, CreatesWithEverythingInOneRequestAndTheMarkAsProperty) {
  CreateTicket create = wish("Crash\nat start");
  create.ticket.priority = "High";
  create.ticket.assignee = person("maintainer");
  create.ticket.milestone = "2.0";
  create.ticket.labels = {"bug", "ui"};
  const Receipt receipt = must_apply(adapter(), intent(create));
  const stand_in::Issue made = look(receipt.written);
  EXPECT_EQ(made.summary, "Crash at start");
  EXPECT_EQ(made.priority, "2");
  EXPECT_EQ(made.labels, (std::vector<std::string>{"bug", "ui"}));
  EXPECT_EQ(made.fix_versions.size(), 1U);
  EXPECT_THAT(made.properties.at("causeway"), HasSubstr("0123456789abcdef0123"));
  EXPECT_THAT(made.description, HasSubstr("github.com/acme/widget/issues/12"));
  EXPECT_EQ(sent("POST"), 1U);
  EXPECT_EQ(sent("PUT"), 0U);
  EXPECT_THAT(receipt.losses, IsEmpty());
  ASSERT_TRUE(receipt.shown);
  EXPECT_EQ(receipt.shown->status, "To Do");
}

TEST_P(JiraWriting, KnowsWhatANewIssueBeginsWithAfterTheFirst) {
  JiraAdapter& writer = adapter();
  const Receipt first = must_apply(writer, intent(wish()));
  const std::size_t before = sent();
  const Receipt second = must_apply(writer, intent(wish("another")));
  EXPECT_EQ(sent() - before, 1U);
  ASSERT_TRUE(second.shown);
  EXPECT_EQ(second.shown->status, "To Do");
  EXPECT_EQ(second.shown->priority, must_fetch(writer, second.written).ticket.priority);
  EXPECT_EQ(second.shown->title, "another");
  clock.advance(1h);
  must_apply(writer, intent(wish()));
  EXPECT_GT(sent() - before, 3U);
}

TEST_P(JiraWriting, GivesRequiredFieldsTheirValueAndSaysWhenOneIsMissing) {
  JiraOptions options = default_options();
  options.issue_type = "Bug";
  const auto refused = adapter(options).apply(intent(wish()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::rejected);
  EXPECT_THAT(refused.error().message, HasSubstr("Severity"));
  EXPECT_THAT(refused.error().message, HasSubstr("create"));
  options.create = {{"Severity", "High"}, {"Components", "Pump, Valve"}, {"No such field", "x"}};
  const Receipt receipt = must_apply(adapter(options), intent(wish()));
  EXPECT_THAT(look(receipt.written).custom.at("customfield_10050"), HasSubstr("10202"));
  ASSERT_THAT(receipt.losses, SizeIs(testing::Ge(1U)));
  EXPECT_THAT(receipt.losses.front(), HasSubstr("No such field"));
}

TEST_P(JiraWriting, OpensAnIssueOfTheTypeThatTheRouteChose) {
  CreateTicket create = wish();
  create.ticket.fields = {{"type", "Bug"}, {"Severity", "Low"}};
  const Receipt receipt = must_apply(adapter(), intent(create));
  EXPECT_EQ(look(receipt.written).type, "10001");
  EXPECT_THAT(receipt.losses, IsEmpty());
}

TEST_P(JiraWriting, OneBadFieldDoesNotKeepANewTicketFromArriving) {
  CreateTicket create = wish();
  create.ticket.assignee = person("leaver");
  create.ticket.priority = "Nonsense";
  create.ticket.milestone = "9.9";
  create.ticket.labels = {"good first issue", "bug"};
  const Receipt receipt = must_apply(adapter(), intent(create));
  EXPECT_EQ(look(receipt.written).summary, "Crash");
  EXPECT_EQ(look(receipt.written).labels, std::vector<std::string>{"bug"});
  EXPECT_THAT(receipt.dropped, testing::UnorderedElementsAre(Field::assignee, Field::priority, Field::milestone));
  EXPECT_THAT(receipt.dropped_labels, ElementsAre("good first issue"));
  EXPECT_THAT(receipt.losses, SizeIs(4));
}

TEST_P(JiraWriting, OneBadFieldDoesNotKeepTheOthersFromBeingChanged) {
  const NativeId id = open();
  EditTicket edit = set(Field::title, "another");
  edit.set[Field::assignee] = person("leaver");
  edit.labels_add = {"ui"};
  const Receipt receipt = must_apply(adapter(), intent(edit, id));
  EXPECT_EQ(look(id).summary, "another");
  EXPECT_EQ(look(id).labels, std::vector<std::string>{"ui"});
  EXPECT_THAT(receipt.dropped, ElementsAre(Field::assignee));
  ASSERT_THAT(receipt.losses, SizeIs(1));
  EXPECT_THAT(receipt.losses[0], HasSubstr("assignee"));
}

TEST_P(JiraWriting, ATextThatIsTooLongIsRefusedAfterTheRestIsWritten) {
  const NativeId id = open();
  EditTicket edit = set(Field::body, text(std::string(40'000, 'x')));
  edit.set[Field::title] = "another";
  const auto refused = adapter().apply(intent(edit, id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::rejected);
  EXPECT_THAT(refused.error().message, HasSubstr("description"));
  EXPECT_EQ(look(id).summary, "another");
}

TEST_P(JiraWriting, LabelsAndVersionsOfOthersStay) {
  const NativeId id = open();
  jira.set_labels(key_of(id), {"theirs", "old"});
  jira.change([&](stand_in::State& state) { state.issues.at(std::stoll(id.value)).fix_versions = {"10500"}; });
  JiraAdapter& writer = adapter();
  EditTicket edit;
  edit.labels_add = {"ours"};
  edit.labels_remove = {"old"};
  edit.set[Field::milestone] = "2.0";
  must_apply(writer, intent(edit, id));
  EXPECT_THAT(look(id).labels, testing::UnorderedElementsAre("theirs", "ours"));
  EXPECT_EQ(must_fetch(writer, id).ticket.milestone, "2.0");
  must_apply(writer, intent(set(Field::milestone, std::nullopt), id));
  EXPECT_THAT(look(id).fix_versions, IsEmpty());
}

TEST_P(JiraWriting, ClearsWhatIsCleared) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  must_apply(writer, intent(set(Field::assignee, person("maintainer")), id));
  EXPECT_FALSE(look(id).assignee.empty());
  EditTicket edit = set(Field::assignee, std::nullopt);
  edit.set[Field::body] = "";
  must_apply(writer, intent(edit, id));
  EXPECT_TRUE(look(id).assignee.empty());
  EXPECT_TRUE(look(id).description.empty());
}

TEST_P(JiraWriting, TriesOnceMoreWhenTwoWritersMetAndThenLooksAgain) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  must_fetch(writer, id);
  jira.change([](stand_in::State& state) { state.settings.updates_conflict = true; });
  const std::size_t before = sent();
  const auto refused = writer.apply(intent(set(Field::title, "another"), id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::stale);
  EXPECT_EQ(sent() - before, 2U);
}

TEST_P(JiraWriting, PutsTheTwinAmongTheLinksOnce) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  EditTicket edit;
  edit.twin_url = "https://github.com/acme/widget/issues/12";
  must_apply(writer, intent(edit, id));
  must_apply(writer, intent(edit, id));
  ASSERT_THAT(look(id).links, SizeIs(1));
  EXPECT_THAT(look(id).links[0].json, HasSubstr("acme"));
  EXPECT_TRUE(writer.capabilities().twin_link);
}

TEST_P(JiraWriting, NamesAnIssueByItsKeyAndFindsItWithoutOne) {
  const NativeId id = open();
  JiraAdapter& reader = adapter();
  EXPECT_EQ(reader.url_of(id), default_options().url + "/issues/?jql=id%3D" + id.value);
  must_fetch(reader, id);
  EXPECT_EQ(reader.url_of(id), default_options().url + "/browse/" + key_of(id));
}

TEST_P(JiraWriting, ARestrictedCommentIsForTheRoleAndStaysSo) {
  const NativeId id = open();
  JiraAdapter& writer = adapter(with_role());
  const Receipt receipt = must_apply(writer, intent(AddComment{text("internal"), {}, Visibility::restricted}, id));
  auto comments = jira.comments(key_of(id));
  ASSERT_THAT(comments, SizeIs(1));
  ASSERT_TRUE(comments[0].visibility);
  EXPECT_EQ(comments[0].visibility->value, "Developers");
  EXPECT_THAT(comments[0].properties.at("causeway"), HasSubstr("0123456789abcdef0123"));
  // A PUT that does not name the restriction takes it off.
  must_apply(
      writer,
      intent(EditComment{receipt.written, text("better"), {}, Marker{"0123456789abcdef0123"}, Visibility::restricted},
             id));
  must_apply(
      writer,
      intent(EditComment{receipt.written, text("best"), {}, Marker{"0123456789abcdef0123"}, Visibility::open}, id));
  comments = jira.comments(key_of(id));
  ASSERT_TRUE(comments[0].visibility);
  EXPECT_THAT(comments[0].body, HasSubstr("best"));
}

TEST_P(JiraWriting, PrivateWordsGoNowhereWhereTheyWouldBeRead) {
  const NativeId id = open();
  const auto expect_no_permission = [&](JiraAdapter& writer, const Operation& operation) {
    const auto refused = writer.apply(intent(operation, operation.index() == 0 ? NativeId{} : id));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::rejected);
    EXPECT_TRUE(refused.error().message.starts_with("permission:")) << refused.error().message;
  };
  const AddComment internal{text("internal"), {}, Visibility::restricted};
  expect_no_permission(adapter(), internal);
  JiraOptions options = default_options();
  options.private_comments = {PrivateComments::Kind::internal, ""};  // no service project
  expect_no_permission(adapter(options), internal);
  options.private_comments = {PrivateComments::Kind::role, "Administrators"};  // we are none
  expect_no_permission(adapter(options), internal);
  const auto comment = jira.comment(key_of(id), "public", "syncuser");
  expect_no_permission(adapter(with_role()),
                       EditComment{NativeId{std::to_string(comment)}, "x", {}, {}, Visibility::restricted});
  CreateTicket hidden = wish();
  hidden.ticket.visibility = Visibility::restricted;
  expect_no_permission(adapter(), hidden);
  EXPECT_THAT(jira.comments(key_of(id)), SizeIs(1));
  EXPECT_THAT(jira.all("INIT"), SizeIs(1));
  options.create = {{"security", "Staff only"}};
  const Receipt receipt = must_apply(adapter(options), intent(hidden));
  EXPECT_EQ(look(receipt.written).security, "10300");
}

TEST_P(JiraWriting, AnInternalNoteOfAServiceProjectIsProvedToBeOne) {
  const NativeId id = id_of(jira.file("DESK", "Help", "please"));
  JiraOptions options = default_options();
  options.project = "DESK";
  options.issue_type = "Support";
  options.private_comments = {PrivateComments::Kind::internal, ""};
  JiraAdapter& writer = adapter(options);
  must_apply(writer, intent(AddComment{text("among us"), {}, Visibility::restricted}, id));
  ASSERT_THAT(jira.comments(key_of(id)), SizeIs(1));
  EXPECT_THAT(jira.comments(key_of(id))[0].properties.at("sd.public.comment"), HasSubstr("true"));
  EXPECT_EQ(must_fetch(writer, id).comments.at(0).visibility, Visibility::restricted);
  // A Jira that takes the note and drops what makes it internal.
  struct Careless final : http::Transport {
    explicit Careless(http::Transport& real) : inner(real) {}
    Result<http::Response> send(const http::Request& request) override {
      http::Request changed = request;
      const std::size_t at = changed.body.find("sd.public.comment");
      if (at != std::string::npos) changed.body.replace(at, 17, "another.property.");
      return inner.send(changed);
    }
    http::Transport& inner;
  } careless{transport};
  JiraAdapter unlucky{options, careless, credential(), clock};
  const auto refused = unlucky.apply(intent(AddComment{text("among us, again"), {}, Visibility::restricted}, id));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("taken off again"));
  EXPECT_THAT(jira.comments(key_of(id)), SizeIs(1));
}

TEST_P(JiraWriting, ACommentThatIsGoneIsStaleToEditAndDoneToRemove) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  const NativeId comment = must_apply(writer, intent(AddComment{text("words"), {}, Visibility::open}, id)).written;
  jira.delete_comment(std::stoll(comment.value));
  const auto edited = writer.apply(intent(EditComment{comment, text("better"), {}, {}, Visibility::open}, id));
  ASSERT_FALSE(edited);
  EXPECT_EQ(edited.error().fault, Fault::stale);
  EXPECT_TRUE(writer.apply(intent(RemoveComment{comment}, id)));
}

TEST_P(JiraWriting, PutsFilesThereWithTheirCommentOnce) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  AddComment comment{text("with a log"), {}, Visibility::open};
  comment.files = {{NativeId{"1"}, "log \"a\".txt", "", 0}, {NativeId{"2"}, "--causeway.bin", "", 0}};
  Intent wish = intent(comment, id);
  wish.contents = {"line\r\n--causeway\r\n", std::string(70'000, '\0')};
  must_fetch(writer, id);
  const std::size_t before = sent();
  const Receipt receipt = must_apply(writer, wish);
  EXPECT_EQ(sent() - before, writer.requests_for(comment));
  ASSERT_THAT(receipt.files, SizeIs(2));
  ASSERT_THAT(look(id).attachments, SizeIs(2));
  const Snapshot ticket = must_fetch(writer, id);
  ASSERT_THAT(ticket.attachments, SizeIs(2));
  EXPECT_TRUE(ticket.attachments[0].ours);
  std::string got;
  ASSERT_TRUE(writer.download(ticket.attachments[0], [&](std::string_view piece) {
    got += piece;
    return true;
  }));
  EXPECT_EQ(got, wish.contents[0]);
  // As if the comment's answer had been lost.
  jira.delete_comment(std::stoll(receipt.written.value));
  Intent again = intent(comment, id);
  again.contents = wish.contents;
  must_apply(writer, again);
  EXPECT_THAT(look(id).attachments, SizeIs(2));
  jira.attach(key_of(id), "theirs.txt", "12345");
  EXPECT_FALSE(must_fetch(writer, id).attachments[2].ours);
}

TEST_P(JiraWriting, KeepsTheFilesOfAPrivateCommentBack) {
  const NativeId id = open();
  AddComment comment{text("internal"), {}, Visibility::restricted};
  comment.files = {{NativeId{"1"}, "secret.txt", "", 0}};
  Intent wish = intent(comment, id);
  wish.contents = {"secret"};
  const Receipt receipt = must_apply(adapter(with_role()), wish);
  EXPECT_THAT(look(id).attachments, IsEmpty());
  ASSERT_THAT(receipt.losses, SizeIs(1));
  EXPECT_THAT(receipt.losses[0], HasSubstr("secret.txt"));
}

TEST_P(JiraWriting, AFileThatIsNotTakenDoesNotKeepTheWordsBack) {
  jira.change([](stand_in::State& state) { state.settings.limits.attachments = 0; });
  const NativeId id = open();
  AddComment comment{text("with a log"), {}, Visibility::open};
  comment.files = {{NativeId{"1"}, "log.txt", "", 0}};
  Intent wish = intent(comment, id);
  wish.contents = {"line"};
  const Receipt receipt = must_apply(adapter(), wish);
  EXPECT_THAT(receipt.losses, SizeIs(1));
  EXPECT_THAT(jira.comments(key_of(id)), SizeIs(1));
}

TEST_P(JiraWriting, AFileOfTheSameNameAndSizeIsNotTakenForTheOneToPutThere) {
  const NativeId id = open();
  AddComment comment{text("with a log"), {}, Visibility::open};
  comment.files = {{NativeId{"1"}, "log.txt", "", 4}};
  Intent wish = intent(comment, id);
  wish.contents = {"new!"};
  jira.attach(key_of(id), "log.txt", "old.", "syncuser");
  const Receipt receipt = must_apply(adapter(), wish);
  ASSERT_THAT(look(id).attachments, SizeIs(2));
  ASSERT_THAT(receipt.files, SizeIs(1));
  EXPECT_EQ(receipt.files[0].id.value, std::to_string(look(id).attachments[1]));
  EXPECT_THAT(receipt.losses, IsEmpty());
}

TEST_P(JiraWriting, AFileThatCannotBeComparedNowIsNotPutThereTwice) {
  const NativeId id = open();
  AddComment comment{text("with a log"), {}, Visibility::open};
  comment.files = {{NativeId{"1"}, "log.txt", "", 4}};
  Intent wish = intent(comment, id);
  wish.contents = {"line"};
  jira.attach(key_of(id), "log.txt", "line", "syncuser");
  for (const int status : {503, 403}) {
    Altered hindered{transport, [&](const http::Request& request, http::Response& response) {
                       if (request.url.find("/attachment/") == std::string::npos) return;
                       response = http::Response{};
                       response.status = status;
                     }};
    JiraAdapter writer{default_options(), hindered, credential(), clock};
    const auto receipt = writer.apply(wish);
    EXPECT_THAT(look(id).attachments, SizeIs(1)) << status;
    if (status == 503) {
      ASSERT_FALSE(receipt);
      EXPECT_EQ(receipt.error().fault, Fault::transient);
    } else {
      ASSERT_TRUE(receipt) << receipt.error().message;
      ASSERT_THAT(receipt->losses, SizeIs(1));
      EXPECT_THAT(receipt->losses[0], HasSubstr("log.txt"));
    }
  }
}

TEST_P(JiraWriting, AFileThatArrivesInAnotherSizeIsKeptAndTold) {
  const NativeId id = open();
  AddComment comment{text("with a log"), {}, Visibility::open};
  comment.files = {{NativeId{"1"}, "log.txt", "", 4}};
  Intent wish = intent(comment, id);
  wish.contents = {"line"};
  Altered scanned{transport, [](const http::Request& request, http::Response& response) {
                    const std::size_t at = response.body.find(R"("size":4)");
                    if (request.method == http::Method::post && at != std::string::npos) response.body[at + 7] = '3';
                  }};
  JiraAdapter writer{default_options(), scanned, credential(), clock};
  const Receipt receipt = must_apply(writer, wish);
  EXPECT_THAT(jira.comments(key_of(id)), SizeIs(1));
  ASSERT_THAT(receipt.losses, SizeIs(1));
  EXPECT_THAT(receipt.losses[0], HasSubstr("log.txt"));
  ASSERT_THAT(receipt.files, SizeIs(1));
  EXPECT_EQ(receipt.files[0].id.value, std::to_string(look(id).attachments.at(0)));
}

TEST_P(JiraWriting, WhereFilesWereNotTakenTheOthersKeepTheirPlaces) {
  const NativeId id = open();
  AddComment comment{text("with logs"), {}, Visibility::open};
  comment.files = {{NativeId{"1"}, "large.bin", "", 5}, {NativeId{"2"}, "log.txt", "", 4}};
  Intent wish = intent(comment, id);
  wish.contents = {"large", "line"};
  jira.trouble({.method = "POST", .status = 413, .times = 1});
  const Receipt receipt = must_apply(adapter(), wish);
  ASSERT_THAT(look(id).attachments, SizeIs(1));
  EXPECT_THAT(receipt.losses, SizeIs(1));
  ASSERT_THAT(receipt.files, SizeIs(2));
  EXPECT_TRUE(receipt.files[0].id.empty());
  EXPECT_EQ(receipt.files[1].id.value, std::to_string(look(id).attachments[0]));
  EXPECT_TRUE(receipt.files[1].ours);
}

TEST_P(JiraWriting, OneIssuesLimitIsNotTheTrackers) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  must_fetch(writer, id);
  for (const auto& [reason, reach] : {std::pair{"jira-per-issue-on-write", Reach::ticket},
                                      {"jira-burst-based", Reach::tracker},
                                      {"jira-quota-global-based", Reach::tracker},
                                      {"", Reach::tracker}}) {
    jira.limit({reason, "PUT", {}, 0, 1, 5000});
    const auto refused = writer.apply(intent(set(Field::title, "another"), id));
    ASSERT_FALSE(refused) << reason;
    EXPECT_EQ(refused.error().fault, Fault::rate_limited) << reason;
    // Data Center gives no reason, and means the account on that node.
    EXPECT_EQ(refused.error().reach, cloud() ? reach : Reach::tracker) << reason;
    EXPECT_EQ(refused.error().retry_after, 5s) << reason;
    EXPECT_TRUE(writer.apply(intent(set(Field::title, "another"), id)));
  }
}

TEST_P(JiraWriting, TooManyCommentsAreARefusalOfThisTicketOnly) {
  jira.change([](stand_in::State& state) { state.settings.limits.comments = 0; });
  const auto refused = adapter().apply(intent(AddComment{text("words"), {}, Visibility::open}, open()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::rejected);
  EXPECT_EQ(refused.error().reach, Reach::ticket);
}

INSTANTIATE_TEST_SUITE_P(, JiraWriting, testing::Values(Deployment::cloud, Deployment::data_center), deployment_name);

}  // namespace
}  // namespace causeway::jira
