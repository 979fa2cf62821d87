#include "tests/fakes/redmine/redmine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "tests/fakes/redmine/call.hpp"

namespace causeway::fakes::redmine {
namespace {

std::string decode_base64(std::string_view text) {
  std::string decoded;
  unsigned bits = 0;
  int count = 0;
  for (const char letter : text) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t value = alphabet.find(letter);
    if (value == std::string_view::npos) break;
    bits = bits << 6U | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      decoded += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
  }
  return decoded;
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

/// "/issues/{id}" of "/issues/12".
std::string template_of(const std::vector<std::string>& parts) {
  if (parts.empty()) return "/";
  std::string text;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const bool below_project = parts[0] == "projects" && at == 1;
    const bool file_name = parts[0] == "attachments" && at == 3;
    if (file_name) {
      text += "/{name}";
    } else {
      text += below_project || is_number(parts[at]) ? "/{id}" : "/" + parts[at];
    }
  }
  return text;
}

}  // namespace

Response json_answer(int status, std::string body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(body), false, {}};
}

Response empty_answer(int status) { return {status, {}, {}, false, {}}; }

Response html_answer(int status, std::string body) {
  return {status, {{"Content-Type", "text/html; charset=utf-8"}}, std::move(body), false, {}};
}

Response denied(const User& user) {
  Response response = json_answer(user.anonymous ? 401 : 403, "");
  if (user.anonymous) response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Redmine API\"");
  return response;
}

std::optional<Number> as_number(std::string_view text) {
  Number number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Number> number_of(const rapidjson::Value& value) {
  if (value.IsInt64()) return value.GetInt64();
  if (!value.IsString()) return std::nullopt;
  Number number = 0;
  std::from_chars(value.GetString(), value.GetString() + value.GetStringLength(), number);
  return number;
}

std::string text_of(const rapidjson::Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return {};
}

Microseconds Redmine::now() {
  const Microseconds clock =
      std::chrono::duration_cast<std::chrono::microseconds>(clock_.now().time_since_epoch()).count();
  last_stamp_ = std::max(clock, last_stamp_ + 1);  // no two requests are ever handled in one microsecond
  return last_stamp_;
}

const User* Redmine::who_asks(const Call& call) {
  const User* nobody = &state_.users.at(state_.anonymous);
  if (!state_.settings.rest_enabled) return nobody;  // a key opens pages, too
  std::string key{call.request.header("X-Redmine-API-Key")};
  if (key.empty()) {
    if (const std::string* parameter = part(call.query, "key")) key = *parameter;
  }
  if (const std::string_view basic = call.request.header("Authorization"); key.empty() && basic.starts_with("Basic ")) {
    const std::string pair = decode_base64(basic.substr(6));
    key = pair.substr(0, pair.find(':'));
  }
  if (key.empty()) return nobody;
  const User* user = nobody;
  for (const auto& [id, candidate] : state_.users) {
    if (candidate.key == key && !candidate.locked && !candidate.anonymous) user = &candidate;
  }
  const std::string_view other = call.request.header("X-Redmine-Switch-User");
  if (other.empty() || !user->admin) return user;
  for (const auto& [id, candidate] : state_.users) {
    if (!candidate.anonymous && same_name(candidate.login, other)) return candidate.locked ? nullptr : &candidate;
  }
  return nullptr;
}

Response Redmine::handle(const Request& request) {
  const std::scoped_lock lock{mutex_};
  return answer(request);
}

Response Redmine::answer(const Request& request) {
  // Puma refuses addresses with characters that should have been encoded.
  if (request.target.find_first_of("<>|\"^`{} ") != std::string::npos) {
    return {400, {{"Content-Type", "text/plain"}}, "Bad Request", false, {}};
  }
  const std::size_t question = request.target.find('?');
  Call call{request, url_decoded(request.target.substr(0, question)), {}, {}, false, nullptr, {}, {}};
  if (question != std::string::npos) call.query = parse_query(std::string_view{request.target}.substr(question + 1));
  if (call.path.ends_with(".json")) {
    call.json = true;
    call.path.resize(call.path.size() - 5);
  }
  for (std::size_t start = 1; start < call.path.size();) {
    const std::size_t end = std::min(call.path.find('/', start), call.path.size());
    if (end > start) call.parts.push_back(call.path.substr(start, end - start));
    start = end + 1;
  }
  call.host = fmt::format("http://{}", request.header("Host").empty() ? "redmine.example" : request.header("Host"));
  call.path_template = template_of(call.parts);
  const bool control = !call.parts.empty() && call.parts[0] == "_standin";
  if (!control) ++requests_[fmt::format("{} {}", request.method, call.path_template)];

  const auto trouble = control ? std::nullopt : take_due(troubles_, request.method, call.path_template);
  if (trouble && trouble->replaces_handling()) return troubled(*trouble, {});
  call.user = who_asks(call);
  Response response = call.user == nullptr ? json_answer(412, "") : route(call);
  if (trouble) response = troubled(*trouble, std::move(response));
  if (!control) {
    response.delay += std::chrono::milliseconds{state_.settings.latency_ms};
    response.headers.emplace_back("Set-Cookie", fmt::format("_redmine_session={:016x}; path=/; HttpOnly", ++sessions_));
    response.headers.emplace_back("Cache-Control", "max-age=0, private, must-revalidate");
  }
  if (state_.settings.dates_with_header) response.headers.emplace_back("Date", http_date(clock_.now()));
  return response;
}

Number Redmine::user_of(const std::string& login) const {
  for (const auto& [id, user] : state_.users) {
    if (user.login == login && !user.anonymous) return id;
  }
  return state_.anonymous;
}

Number Redmine::open_locked(const std::string& project, const std::string& subject, const std::string& description,
                            const std::string& login, bool is_private) {
  Wish wish;
  wish.project = project;
  wish.subject = subject;
  wish.description = description;
  const Outcome outcome = create_issue(state_, Actor{state_, state_.users.at(user_of(login))}, wish, now());
  if (outcome.kind == Outcome::Kind::done && is_private) state_.issues.at(outcome.id).is_private = true;
  return outcome.id;
}

Number Redmine::open(const std::string& project, const std::string& subject, const std::string& description,
                     const std::string& login, bool is_private) {
  const std::scoped_lock lock{mutex_};
  return open_locked(project, subject, description, login, is_private);
}

Number Redmine::note_locked(Number issue, const std::string& text, const std::string& login, bool is_private) {
  const auto found = state_.issues.find(issue);
  if (found == state_.issues.end()) return 0;
  const Microseconds at = now();
  const Number id = add_journal(state_, found->second, {0, user_of(login), text, is_private, at, {}});
  set_updated(state_, found->second, at);
  return id;
}

Number Redmine::note(Number issue, const std::string& text, const std::string& login, bool is_private) {
  const std::scoped_lock lock{mutex_};
  return note_locked(issue, text, login, is_private);
}

void Redmine::edit(Number issue, const std::function<void(Attributes&)>& change, const std::string& login) {
  const std::scoped_lock lock{mutex_};
  edit_locked(issue, change, login);
}

void Redmine::edit_locked(Number issue, const std::function<void(Attributes&)>& change, const std::string& login) {
  const auto found = state_.issues.find(issue);
  if (found == state_.issues.end()) return;
  Issue& edited = found->second;
  const Attributes before = edited;
  change(edited);
  edited.description = with_crlf(edited.description);
  const Microseconds at = now();
  std::vector<Detail> details = details_of(state_, before, edited);
  if (!details.empty()) add_journal(state_, edited, {0, user_of(login), "", false, at, std::move(details)});
  if (!is_closed(state_, edited.status)) {
    edited.closed.reset();
  } else if (!edited.closed) {
    edited.closed = at;
  }
  set_updated(state_, edited, at);
}

void Redmine::edit_note(Number journal, const std::string& text, std::optional<bool> is_private) {
  const std::scoped_lock lock{mutex_};
  set_notes(state_, journal, text, is_private);
}

void Redmine::attach(Number issue, const std::string& name, const std::string& content, const std::string& login) {
  const std::scoped_lock lock{mutex_};
  attach_locked(issue, name, content, login);
}

void Redmine::attach_locked(Number issue, const std::string& name, const std::string& content,
                            const std::string& login) {
  const auto found = state_.issues.find(issue);
  if (found == state_.issues.end()) return;
  const Microseconds at = now();
  StoredFile file{++state_.last_file, name, "application/octet-stream", "", content, user_of(login), at};
  add_journal(state_, found->second,
              {0, file.author, "", false, at, {{"attachment", std::to_string(file.id), std::nullopt, name}}});
  found->second.files.push_back(std::move(file));
  set_updated(state_, found->second, at);
}

void Redmine::remove(Number issue) {
  const std::scoped_lock lock{mutex_};
  delete_issue(state_, issue);
}

void Redmine::change(const std::function<void(State&)>& change) {
  const std::scoped_lock lock{mutex_};
  change(state_);
}

std::optional<Issue> Redmine::look(Number issue) const {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.issues.find(issue);
  return found == state_.issues.end() ? std::nullopt : std::optional{found->second};
}

std::vector<Number> Redmine::all() const {
  const std::scoped_lock lock{mutex_};
  std::vector<Number> ids;
  for (const auto& [id, issue] : state_.issues) ids.push_back(id);
  return ids;
}

State Redmine::state() const {
  const std::scoped_lock lock{mutex_};
  return state_;
}

void Redmine::trouble(Trouble trouble) {
  const std::scoped_lock lock{mutex_};
  troubles_.push_back(std::move(trouble));
}

void Redmine::no_trouble() {
  const std::scoped_lock lock{mutex_};
  troubles_.clear();
}

std::map<std::string, std::size_t> Redmine::requests() const {
  const std::scoped_lock lock{mutex_};
  return requests_;
}

void Redmine::forget_requests() {
  const std::scoped_lock lock{mutex_};
  requests_.clear();
}

}  // namespace causeway::fakes::redmine
