/// What people do in the browser, and what tests look at.
#include "tests/fakes/github/github.hpp"

namespace causeway::fakes::github {

Number GitHub::open(const std::string& repository, const std::string& title, const std::optional<std::string>& body,
                    const std::string& login, const std::vector<std::string>& labels) {
  const std::scoped_lock lock{mutex_};
  Repository* found = find_repository(state_, repository);
  if (found == nullptr) return 0;
  Issue& issue = add_issue(state_, *found, user_of(state_, login), 0, title, body, now());
  if (!labels.empty()) attach_labels(state_, *found, issue, labels, issue.user, now());
  return issue.number;
}

Number GitHub::open_pull_request(const std::string& repository, const std::string& title, const std::string& body,
                                 const std::string& login) {
  const std::scoped_lock lock{mutex_};
  Repository* found = find_repository(state_, repository);
  if (found == nullptr) return 0;
  Issue& issue = add_issue(state_, *found, user_of(state_, login), 0, title, body, now());
  issue.pull_request = true;
  return issue.number;
}

void GitHub::edit(const std::string& repository, Number issue, const Change& change, const std::string& login) {
  const std::scoped_lock lock{mutex_};
  Repository* found = nullptr;
  Issue* edited = find(repository, issue, found);
  if (edited != nullptr) apply(state_, *found, *edited, change, user_of(state_, login), now());
}

Number GitHub::comment(const std::string& repository, Number issue, const std::string& body, const std::string& login) {
  const std::scoped_lock lock{mutex_};
  Repository* found = nullptr;
  Issue* commented = find(repository, issue, found);
  if (commented == nullptr) return 0;
  return add_comment(state_, *found, *commented, user_of(state_, login), 0, body, now()).id;
}

void GitHub::edit_comment(Number comment, const std::string& body) {
  const std::scoped_lock lock{mutex_};
  Repository* found = repository_of_comment(state_, comment);
  if (found != nullptr) set_comment(state_, *found, found->comments.at(comment), body, now());
}

void GitHub::remove_comment(Number comment) {
  const std::scoped_lock lock{mutex_};
  Repository* found = repository_of_comment(state_, comment);
  if (found != nullptr) drop_comment(*found, comment);
}

void GitHub::minimize(Number comment, const std::string& reason) {
  const std::scoped_lock lock{mutex_};
  Repository* found = repository_of_comment(state_, comment);
  if (found == nullptr) return;
  found->comments.at(comment).minimized = reason.empty() ? std::nullopt : std::optional{reason};
}

void GitHub::label(const std::string& repository, Number issue, const std::string& name, const std::string& login) {
  const std::scoped_lock lock{mutex_};
  Repository* found = nullptr;
  Issue* labelled = find(repository, issue, found);
  if (labelled != nullptr) attach_labels(state_, *found, *labelled, {name}, user_of(state_, login), now());
}

void GitHub::unlabel(const std::string& repository, Number issue, const std::string& name, const std::string& login) {
  const std::scoped_lock lock{mutex_};
  Repository* found = nullptr;
  Issue* labelled = find(repository, issue, found);
  if (labelled == nullptr) return;
  const Label* known = find_label(*found, name);
  if (known != nullptr) detach_label(state_, *found, *labelled, known->id, user_of(state_, login), now());
}

void GitHub::close(const std::string& repository, Number issue, const std::string& reason, const std::string& login) {
  edit(repository, issue, {.closed = true, .state_reason = reason}, login);
}

void GitHub::reopen(const std::string& repository, Number issue, const std::string& login) {
  edit(repository, issue, {.closed = false}, login);
}

void GitHub::lock(const std::string& repository, Number issue, const std::optional<std::string>& reason) {
  const std::scoped_lock lock{mutex_};
  Repository* found = nullptr;
  Issue* locked = find(repository, issue, found);
  if (locked != nullptr) set_lock(state_, *found, *locked, true, reason, user_of(state_, "maintainer"), now());
}

void GitHub::unlock(const std::string& repository, Number issue) {
  const std::scoped_lock lock{mutex_};
  Repository* found = nullptr;
  Issue* locked = find(repository, issue, found);
  if (locked != nullptr) {
    set_lock(state_, *found, *locked, false, std::nullopt, user_of(state_, "maintainer"), now());
  }
}

void GitHub::remove(const std::string& repository, Number issue) {
  const std::scoped_lock lock{mutex_};
  if (Repository* found = find_repository(state_, repository)) drop_issue(*found, issue);
}

Number GitHub::transfer(const std::string& repository, Number issue, const std::string& target) {
  const std::scoped_lock lock{mutex_};
  Repository* from = find_repository(state_, repository);
  Repository* to = find_repository(state_, target);
  if (from == nullptr || to == nullptr || from == to) return 0;
  return transfer_issue(state_, *from, issue, *to, user_of(state_, "maintainer"), now());
}

void GitHub::rename_repository(const std::string& repository, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  if (Repository* found = find_repository(state_, repository)) github::rename_repository(state_, *found, name);
}

void GitHub::remove_repository(const std::string& repository) {
  const std::scoped_lock lock{mutex_};
  const Repository* found = find_repository(state_, repository);
  if (found == nullptr) return;
  const Number id = found->id;
  std::erase_if(state_.names, [&](const auto& entry) { return entry.second == id; });
  state_.repositories.erase(id);
}

void GitHub::rename_label(const std::string& repository, const std::string& name, const std::string& to) {
  const std::scoped_lock lock{mutex_};
  Repository* found = find_repository(state_, repository);
  const Label* known = found == nullptr ? nullptr : find_label(*found, name);
  if (known != nullptr) github::rename_label(*found, found->labels.at(known->id), to);
}

void GitHub::remove_label(const std::string& repository, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  Repository* found = find_repository(state_, repository);
  const Label* known = found == nullptr ? nullptr : find_label(*found, name);
  if (known != nullptr) drop_label(*found, known->id);
}

Number GitHub::open_milestone(const std::string& repository, const std::string& title) {
  const std::scoped_lock lock{mutex_};
  Repository* found = find_repository(state_, repository);
  if (found == nullptr) return 0;
  return add_milestone(state_, *found, title, user_of(state_, "maintainer"), now()).number;
}

void GitHub::remove_user(const std::string& login) {
  const std::scoped_lock lock{mutex_};
  drop_user(state_, user_of(state_, login));
}

void GitHub::register_app(Number app, const std::string& public_key_pem) {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.apps.find(app);
  if (found != state_.apps.end()) found->second.public_key = public_key_pem;
}

void GitHub::add_token(const std::string& token, const std::string& login, std::optional<Seconds> lifetime) {
  const std::scoped_lock lock{mutex_};
  Token made;
  made.user = user_of(state_, login);
  if (lifetime) made.expires = now() + *lifetime;
  made.salt = ++tokens_made_;
  state_.tokens[token] = made;
}

void GitHub::expire_tokens(Number installation) {
  const std::scoped_lock lock{mutex_};
  for (auto& [text, token] : state_.tokens) {
    if (token.installation == installation) token.expires = now();
  }
}

void GitHub::change(const std::function<void(State&)>& change) {
  const std::scoped_lock lock{mutex_};
  change(state_);
}

std::optional<Issue> GitHub::look(const std::string& repository, Number issue) const {
  const std::scoped_lock lock{mutex_};
  const auto name = state_.names.find(lower(repository));
  if (name == state_.names.end()) return std::nullopt;
  const auto& issues = state_.repositories.at(name->second).issues;
  const auto found = issues.find(issue);
  return found == issues.end() ? std::nullopt : std::optional{found->second};
}

std::vector<Comment> GitHub::comments(const std::string& repository, Number issue) const {
  const std::scoped_lock lock{mutex_};
  std::vector<Comment> list;
  const auto name = state_.names.find(lower(repository));
  if (name == state_.names.end()) return list;
  const Repository& found = state_.repositories.at(name->second);
  const auto at = found.issues.find(issue);
  if (at == found.issues.end()) return list;
  for (const Number id : at->second.comments) list.push_back(found.comments.at(id));
  return list;
}

std::vector<Number> GitHub::all(const std::string& repository) const {
  const std::scoped_lock lock{mutex_};
  std::vector<Number> numbers;
  const auto name = state_.names.find(lower(repository));
  if (name == state_.names.end()) return numbers;
  for (const auto& [number, issue] : state_.repositories.at(name->second).issues) numbers.push_back(number);
  return numbers;
}

State GitHub::state() const {
  const std::scoped_lock lock{mutex_};
  return state_;
}

void GitHub::trouble(Trouble trouble) {
  const std::scoped_lock lock{mutex_};
  troubles_.push_back(std::move(trouble));
}

void GitHub::no_trouble() {
  const std::scoped_lock lock{mutex_};
  troubles_.clear();
}

std::map<std::string, std::size_t> GitHub::requests() const {
  const std::scoped_lock lock{mutex_};
  return requests_;
}

void GitHub::forget_requests() {
  const std::scoped_lock lock{mutex_};
  requests_.clear();
}

}  // namespace causeway::fakes::github
