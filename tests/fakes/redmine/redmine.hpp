#pragma once
/// A Redmine in memory: the stand-in for tests, the simulator, the benchmarks, and the demo without Redmine. It
/// remembers, and it is as unpleasant as the real one: tests/real runs one list of checks against both.
///
/// Besides Redmine's own addresses it answers `/_standin/…`, through which a test acts as a person or makes trouble,
/// and shows plain pages of the issue list and of an issue.
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/model/time.hpp"
#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/redmine/query.hpp"
#include "tests/fakes/redmine/state.hpp"

namespace causeway::fakes::redmine {

using fakes::Request;
using fakes::Response;
using fakes::Trouble;

/// A small world: two projects, people of each role, some fields.
[[nodiscard]] State sample_world();
/// The world that tests/redmine/seed.rb makes on a real Redmine.
[[nodiscard]] State seeded_world();

/// Any thread.
class Redmine {
 public:
  /// Borrows the clock.
  explicit Redmine(const Clock& clock, State state = sample_world()) : clock_(clock), state_(std::move(state)) {}

  [[nodiscard]] Response handle(const Request& request);

  // As a person in the browser: no rights are asked for, what happens is what the browser's forms do.
  Number open(const std::string& project, const std::string& subject, const std::string& description,
              const std::string& login = "reporter", bool is_private = false);
  Number note(Number issue, const std::string& text, const std::string& login = "developer", bool is_private = false);
  /// Changes fields, with the journal that the change makes and the stamp it sets.
  void edit(Number issue, const std::function<void(Attributes&)>& change, const std::string& login = "developer");
  void edit_note(Number journal, const std::string& text, std::optional<bool> is_private = std::nullopt);
  void attach(Number issue, const std::string& name, const std::string& content,
              const std::string& login = "developer");
  void remove(Number issue);
  /// Anything else, under the lock: settings, roles, names, relations.
  void change(const std::function<void(State&)>& change);
  [[nodiscard]] std::optional<Issue> look(Number issue) const;
  [[nodiscard]] std::vector<Number> all() const;
  [[nodiscard]] State state() const;

  void trouble(Trouble trouble);
  void no_trouble();
  /// Requests so far, by "PUT /issues/{id}".
  [[nodiscard]] std::map<std::string, std::size_t> requests() const;
  void forget_requests();

 private:
  struct Call;
  Response answer(const Request& request);
  Response route(Call& call);
  Response answer_issues(Call& call);
  Response answer_issue(Call& call, Number id);
  Response put_issue(Call& call, Issue& issue);
  Response answer_journal(Call& call, Number id);
  Response answer_user(Call& call);
  Response answer_project(Call& call);
  Response answer_upload(Call& call);
  Response answer_file(Call& call);
  Response answer_control(Call& call);
  Response answer_page(Call& call);
  Response list_page(Call& call, const Project* project);
  Response issue_page(Call& call, const Issue& issue);
  /// Who asks: by key, else nobody. nullptr: X-Redmine-Switch-User names nobody.
  const User* who_asks(const Call& call);
  Microseconds now();
  [[nodiscard]] Number user_of(const std::string& login) const;
  Number note_locked(Number issue, const std::string& text, const std::string& login, bool is_private);
  void edit_locked(Number issue, const std::function<void(Attributes&)>& change, const std::string& login);
  void attach_locked(Number issue, const std::string& name, const std::string& content, const std::string& login);
  Number open_locked(const std::string& project, const std::string& subject, const std::string& description,
                     const std::string& login, bool is_private);

  const Clock& clock_;
  mutable std::mutex mutex_;  ///< guards everything below
  State state_;
  Microseconds last_stamp_ = 0;
  std::vector<Trouble> troubles_;
  std::map<std::string, std::size_t> requests_;
  Number sessions_ = 0;
};

}  // namespace causeway::fakes::redmine
