#include <fmt/format.h>
#include <gtest/gtest.h>

#include <numeric>

#include "adapters/github/adapter.hpp"
#include "adapters/jira/adapter.hpp"
#include "adapters/jira/envelope.hpp"
#include "adapters/redmine/adapter.hpp"
#include "agent/policy/privacy.hpp"
#include "tests/contract/subject.hpp"
#include "tests/fakes/github/github.hpp"
#include "tests/fakes/github/transport.hpp"
#include "tests/fakes/jira/contract.hpp"
#include "tests/fakes/jira/jira.hpp"
#include "tests/fakes/jira/transport.hpp"
#include "tests/fakes/redmine/redmine.hpp"
#include "tests/fakes/redmine/transport.hpp"
#include "tests/fakes/tracker/memory_tracker.hpp"

namespace causeway::contract {
namespace {

template <class Counts>
std::size_t sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0},
                         [](std::size_t total, const auto& entry) { return total + entry.second; });
}

std::int64_t number(const NativeId& id) { return std::stoll(id.value); }
NativeId native(std::int64_t id) { return NativeId{std::to_string(id)}; }

class Memory final : public Subject {
 public:
  [[nodiscard]] Adapter& adapter() override { return tracker_; }
  void forget() override {}
  NativeId open(const std::string& title, const std::string& body) override {
    Ticket ticket;
    ticket.title = title;
    ticket.body = body;
    ticket.status = "open";
    ticket.visibility = Visibility::open;
    return tracker_.open(std::move(ticket));
  }
  void retitle(const NativeId& ticket, const std::string& title) override {
    tracker_.edit(ticket, [&](Ticket& one) { one.title = title; });
  }
  NativeId comment(const NativeId& ticket, const std::string& text) override { return tracker_.comment(ticket, text); }
  void edit_comment(const NativeId& ticket, const NativeId& comment, const std::string& text) override {
    tracker_.edit_comment(ticket, comment, text);
  }
  void remove(const NativeId& ticket) override { tracker_.remove(ticket); }
  void hide(const NativeId& ticket) override {
    tracker_.edit(ticket, [](Ticket& one) { one.visibility = Visibility::restricted; });
  }
  [[nodiscard]] std::string closed_status() const override { return "completed"; }
  [[nodiscard]] std::string stored_body(const NativeId& ticket) const override {
    return tracker_.look(ticket).ticket.body;
  }
  [[nodiscard]] std::size_t tickets() const override { return tracker_.all().size(); }
  [[nodiscard]] std::size_t requests() const override { return tracker_.requests(); }

 private:
  static Capabilities capabilities() {
    Capabilities can;
    can.labels = true;
    can.milestone = true;
    can.priority = true;
    can.twin_link = true;
    can.private_comments = true;
    return can;
  }
  fakes::MemoryTracker tracker_{TrackerId{"tracker"}, capabilities(), clock};
};

class OnRedmine final : public WebSubject {
 public:
  OnRedmine() { forget(); }
  [[nodiscard]] Adapter& adapter() override { return *adapter_; }
  void forget() override { adapter_ = make(key_); }
  NativeId open(const std::string& title, const std::string& body) override {
    return native(redmine_.open("alpha", title, body));
  }
  void retitle(const NativeId& ticket, const std::string& title) override {
    redmine_.edit(number(ticket), [&](fakes::redmine::Attributes& issue) { issue.subject = title; }, "agent");
  }
  NativeId comment(const NativeId& ticket, const std::string& text) override {
    return native(redmine_.note(number(ticket), text, "agent"));
  }
  void edit_comment(const NativeId& /*ticket*/, const NativeId& comment, const std::string& text) override {
    redmine_.edit_note(number(comment), text);
  }
  void remove(const NativeId& ticket) override { redmine_.remove(number(ticket)); }
  void hide(const NativeId& ticket) override {
    redmine_.edit(number(ticket), [](fakes::redmine::Attributes& issue) { issue.is_private = true; }, "lead");
  }
  [[nodiscard]] std::string closed_status() const override { return "Closed"; }
  [[nodiscard]] std::string stored_body(const NativeId& ticket) const override {
    const auto issue = redmine_.look(number(ticket));
    return issue ? issue->description : "";
  }
  [[nodiscard]] std::size_t tickets() const override { return redmine_.all().size(); }
  [[nodiscard]] std::size_t requests() const override { return sum(redmine_.requests()); }
  void trouble(const fakes::Trouble& trouble) override { redmine_.trouble(trouble); }
  void no_trouble() override { redmine_.no_trouble(); }
  [[nodiscard]] Adapter& intruder() override {
    intruder_ = make(false_key_);
    return *intruder_;
  }
  [[nodiscard]] std::vector<std::string> secrets() const override { return {key_, false_key_}; }
  bool attach(const NativeId& ticket, const std::string& file, const std::string& content) override {
    redmine_.attach(number(ticket), file, content, "agent");
    return true;
  }

 private:
  std::unique_ptr<Adapter> make(const std::string& key) {
    redmine::RedmineOptions options;
    options.id = TrackerId{"tracker"};
    options.url = "http://redmine.test";
    options.project = "alpha";
    options.format = markup::Format::textile;
    options.fields = {{"labels", "Labels"}, {"twin", "Community issue"}};
    return std::make_unique<redmine::RedmineAdapter>(options, transport_, http::Secret{key}, clock);
  }
  const std::string key_ = std::string(40, 'e'), false_key_ = std::string(40, 'z');
  fakes::redmine::Redmine redmine_{clock, fakes::redmine::seeded_world()};
  fakes::redmine::DirectTransport transport_{redmine_, "http://redmine.test"};
  std::unique_ptr<Adapter> adapter_, intruder_;
};

class OnGitHub final : public WebSubject {
 public:
  OnGitHub() { forget(); }
  [[nodiscard]] Adapter& adapter() override { return *adapter_; }
  void forget() override { adapter_ = make(token_); }
  NativeId open(const std::string& title, const std::string& body) override {
    return native(github_.open(repository_, title, body));
  }
  void retitle(const NativeId& ticket, const std::string& title) override {
    fakes::github::Change change;
    change.title = title;
    github_.edit(repository_, number(ticket), change);
  }
  NativeId comment(const NativeId& ticket, const std::string& text) override {
    return native(github_.comment(repository_, number(ticket), text));
  }
  void edit_comment(const NativeId& /*ticket*/, const NativeId& comment, const std::string& text) override {
    github_.edit_comment(number(comment), text);
  }
  void remove(const NativeId& ticket) override { github_.remove(repository_, number(ticket)); }
  void hide(const NativeId& /*ticket*/) override {
    github_.change([&](fakes::github::State& state) {
      for (auto& [id, repository] : state.repositories) {
        if (repository.name == "widgets") repository.is_private = true;
      }
    });
    clock.advance(1h);  // the repository's visibility is looked at again after a while, and before each write
  }
  [[nodiscard]] std::string closed_status() const override { return "closed"; }
  [[nodiscard]] std::string stored_body(const NativeId& ticket) const override {
    const auto issue = github_.look(repository_, number(ticket));
    return issue ? issue->body.value_or("") : "";
  }
  [[nodiscard]] std::size_t tickets() const override { return github_.all(repository_).size(); }
  [[nodiscard]] std::size_t requests() const override { return sum(github_.requests()); }
  void trouble(const fakes::Trouble& trouble) override { github_.trouble(trouble); }
  void no_trouble() override { github_.no_trouble(); }
  [[nodiscard]] Adapter& intruder() override {
    intruder_ = make(false_token_);
    return *intruder_;
  }
  [[nodiscard]] std::vector<std::string> secrets() const override { return {token_, false_token_}; }
  bool attach(const NativeId& /*ticket*/, const std::string& /*file*/, const std::string& /*content*/) override {
    return false;
  }

 private:
  std::unique_ptr<Adapter> make(const std::string& token) {
    github::GitHubOptions options;
    options.id = TrackerId{"tracker"};
    options.url = "http://github.test";
    options.repository = repository_;
    return std::make_unique<github::GitHubAdapter>(options, transport_, http::Secret{token}, clock);
  }
  const std::string repository_ = "acme/widgets", false_token_ = "ghp_nobodysToken";
  const std::string token_ = fakes::github::token_of("syncuser");
  fakes::github::GitHub github_{clock};
  fakes::github::DirectTransport transport_{github_, "http://github.test"};
  std::unique_ptr<Adapter> adapter_, intruder_;
};

class OnJira final : public WebSubject {
 public:
  explicit OnJira(jira::Deployment deployment) : deployment_(deployment) { forget(); }
  /// Every exchange has to be one that the vendor's document knows. Answers that were made to be trouble need not.
  ~OnJira() override {
    for (const std::string& one : judge_.request_violations())
      ADD_FAILURE() << "asked what Jira does not know: " << one;
    if (troubled_) return;
    for (const std::string& one : judge_.answer_violations()) ADD_FAILURE() << "answered as Jira does not: " << one;
  }
  OnJira(const OnJira&) = delete;
  OnJira& operator=(const OnJira&) = delete;
  OnJira(OnJira&&) = delete;
  OnJira& operator=(OnJira&&) = delete;
  [[nodiscard]] Adapter& adapter() override { return *adapter_; }
  void forget() override { adapter_ = make(token_); }
  NativeId open(const std::string& title, const std::string& body) override {
    fakes::jira::Form form;
    form.type = "Task";
    return native_id(jira_.file("INIT", title, body, "reporter", form));
  }
  void retitle(const NativeId& ticket, const std::string& title) override {
    fakes::jira::Form form;
    form.summary = title;
    jira_.edit(key(ticket), form);
  }
  NativeId comment(const NativeId& ticket, const std::string& text) override {
    return native(jira_.comment(key(ticket), text));
  }
  void edit_comment(const NativeId& /*ticket*/, const NativeId& comment, const std::string& text) override {
    jira_.edit_comment(number(comment), text);
  }
  void remove(const NativeId& ticket) override { jira_.remove(key(ticket)); }
  void hide(const NativeId& ticket) override { jira_.set_security(key(ticket), "Staff only"); }
  [[nodiscard]] std::string closed_status() const override { return "Done"; }
  [[nodiscard]] std::string in_markup(const std::string& words) const override {
    return deployment_ == jira::Deployment::cloud ? jira::as_document(words) : words;
  }
  [[nodiscard]] std::set<std::string> fields_of_status() const override { return {"resolution"}; }
  [[nodiscard]] std::string stored_body(const NativeId& ticket) const override {
    const auto issue = jira_.look(number(ticket));
    return issue ? issue->description : "";
  }
  [[nodiscard]] std::size_t tickets() const override { return jira_.all("INIT").size(); }
  [[nodiscard]] std::size_t requests() const override { return sum(jira_.requests()); }
  void trouble(const fakes::Trouble& trouble) override {
    troubled_ = true;
    jira_.trouble(trouble);
  }
  void no_trouble() override { jira_.no_trouble(); }
  [[nodiscard]] Adapter& intruder() override {
    intruder_ = make(false_token_);
    return *intruder_;
  }
  [[nodiscard]] std::vector<std::string> secrets() const override { return {token_, false_token_}; }
  bool attach(const NativeId& ticket, const std::string& file, const std::string& content) override {
    jira_.attach(key(ticket), file, content);
    return true;
  }

 private:
  [[nodiscard]] std::string key(const NativeId& ticket) const {
    const auto issue = jira_.look(number(ticket));
    return issue ? issue->key : "";
  }
  [[nodiscard]] NativeId native_id(const std::string& key) const { return native(jira_.look(key)->id); }
  std::unique_ptr<Adapter> make(const std::string& token) {
    const bool cloud = deployment_ == jira::Deployment::cloud;
    jira::JiraOptions options;
    options.id = TrackerId{"tracker"};
    options.deployment = deployment_;
    options.url = url_;
    options.project = "INIT";
    options.issue_type = "Task";
    options.private_comments = {jira::PrivateComments::Kind::role, "Developers"};
    options.listing_lag = cloud ? 60s : 15s;
    jira::Credential credential = jira::AccessToken{http::Secret{token}};
    if (cloud) credential = jira::UserToken{"syncuser@example.com", http::Secret{token}};
    return std::make_unique<jira::JiraAdapter>(options, judge_, std::move(credential), clock);
  }
  const jira::Deployment deployment_;
  const std::string url_ = deployment_ == jira::Deployment::cloud ? "http://jira.test" : "http://jira.test/jira";
  bool troubled_ = false;
  const std::string token_ = "token-syncuser", false_token_ = "token-of-nobody";
  fakes::jira::Jira jira_{
      clock, deployment_ == jira::Deployment::cloud ? fakes::jira::cloud_world() : fakes::jira::data_center_world()};
  fakes::jira::DirectTransport transport_{jira_, "http://jira.test"};
  fakes::jira::ContractChecker judge_{
      transport_,
      deployment_ == jira::Deployment::cloud ? fakes::jira::Deployment::cloud : fakes::jira::Deployment::data_center,
      url_};
  std::unique_ptr<Adapter> adapter_, intruder_;
};

}  // namespace

std::string name(Kind kind) {
  switch (kind) {
    case Kind::memory:
      return "Memory";
    case Kind::redmine:
      return "Redmine";
    case Kind::github:
      return "GitHub";
    case Kind::jira_cloud:
      return "JiraCloud";
    case Kind::jira_data_center:
      return "JiraDataCenter";
  }
  return {};
}

std::unique_ptr<WebSubject> make_web_subject(Kind kind) {
  if (kind == Kind::redmine) return std::make_unique<OnRedmine>();
  if (kind == Kind::jira_cloud) return std::make_unique<OnJira>(jira::Deployment::cloud);
  if (kind == Kind::jira_data_center) return std::make_unique<OnJira>(jira::Deployment::data_center);
  return std::make_unique<OnGitHub>();
}

std::unique_ptr<Subject> make_subject(Kind kind) {
  if (kind == Kind::memory) return std::make_unique<Memory>();
  return make_web_subject(kind);
}

Cleared cleared(Operation operation) {
  const auto gate = policy::PrivacyGate::make({});
  if (!gate) throw std::runtime_error(gate.error().message);
  auto verdict = gate->review(Step{std::move(operation), {}},
                              policy::Crossing{TrackerRole::queue, Visibility::open, true, true, true});
  if (!verdict) throw std::runtime_error(verdict.error().explanation);
  return *std::move(verdict);
}

Marker fresh_marker() {
  static std::uint64_t last = 0xbeef0000;
  return Marker{fmt::format("{:020x}", ++last)};
}

CreateTicket sample(const std::string& title, const std::string& body) {
  CreateTicket wish;
  wish.ticket.title = title;
  wish.ticket.body = body;
  wish.ticket.visibility = Visibility::open;
  wish.attribution = {"alice", "acme/other#12", "https://tracker.test/acme/other/12"};
  return wish;
}

Receipt Contract::apply(const Intent& intent) {
  auto receipt = subject_.adapter().apply(intent);
  if (!receipt) throw std::runtime_error("apply: " + receipt.error().message);
  return *std::move(receipt);
}

Receipt Contract::create(const CreateTicket& wish, const Marker& marker) { return apply(intent(wish, {}, marker)); }

Snapshot Contract::fetch(const NativeId& id) {
  auto snapshot = subject_.adapter().fetch(ref(id));
  if (!snapshot) throw std::runtime_error("fetch: " + snapshot.error().message);
  return *std::move(snapshot);
}

std::optional<Receipt> Contract::find(const NativeId& near, const Marker& marker, Instant not_before) {
  auto found = subject_.adapter().find(ref(near), marker, not_before);
  if (!found) throw std::runtime_error("find: " + found.error().message);
  return *std::move(found);
}

Round Contract::round(Cursor& start, const std::function<void()>& between) {
  Round result;
  std::map<NativeId, std::size_t> ticket_page, comment_page;
  const auto read = [&](const Cursor& cursor) {
    auto page = subject_.adapter().changes(cursor);
    if (!page) throw std::runtime_error("changes: " + page.error().message);
    ++result.pages;
    for (const CommentSeen& seen : page->comments) {
      comment_page[seen.ticket.id] = result.pages;
      result.comments.push_back(seen.ticket.id.value + ": " + seen.comment.body);
    }
    for (const Snapshot& ticket : page->tickets) {
      ticket_page[ticket.ref.id] = result.pages;
      result.tickets[ticket.ref.id.value] = ticket;
    }
    if (between) between();
    return *std::move(page);
  };
  std::optional<Cursor> next = start;
  while (next) {
    const ChangePage page = read(*next);
    for (const Cursor& beside : page.beside) read(beside);
    if (page.watermark) start = *page.watermark;
    next = page.then;
  }
  for (const auto& [ticket, page] : comment_page) {
    const auto shown = ticket_page.find(ticket);
    if (shown == ticket_page.end() || shown->second < page) result.comments_in_time = false;
  }
  return result;
}

void Contract::settle(Cursor& start) {
  for (int rounds = 0; rounds < 20; ++rounds) {
    subject_.clock.advance(5min);
    const Cursor before = start;
    const Round seen = round(start);
    if (start == before && rounds > 0) return;
  }
  ADD_FAILURE() << "never settled";
}

}  // namespace causeway::contract
