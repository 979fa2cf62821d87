#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>

#include "agent/model/suggest.hpp"
#include "config/read.hpp"
#include "config/schema.hpp"
#include "config/url.hpp"

namespace causeway::config {
namespace {

constexpr const char* github_api = "https://api.github.com";
/// GitHub's own words: about 80 a minute and 500 an hour (docs.github.com, "Rate limits for the REST API").
constexpr std::size_t github_creations_per_minute = 80;
constexpr std::size_t github_creations_per_hour = 500;

/// Whether somebody wrote a secret where its place was asked for. Such a text is never shown.
bool looks_like_secret(const std::string& text) {
  static const auto gate = [] {
    policy::RedactionRules rules;
    rules.emails = false;
    rules.internal_hosts = false;
    return policy::PrivacyGate::make(rules);
  }();
  return gate.has_value() && !gate->scan(text, "").empty();
}

SecretSource read_inline_secret(const Node& node, const Reading& reading) {
  if (reading.problems.reported(node.path)) return {};
  if (!reading.inline_secrets) {
    reading.problems.error(
        node.line, node.path, "a secret stands in the file",
        "put it into an environment variable and write {env: NAME}, or into a file and write {file: PATH}; for a try, "
        "`allow_inline_secrets: true` at the top lets it stand here");
    return {};
  }
  reading.problems.warning(
      node.line, node.path, "a secret stands in the file, as allow_inline_secrets permits",
      "keep the file to yourself and out of version control; better write {env: NAME} or {file: PATH}");
  SecretSource source;
  source.inline_value = node.text;
  return source;
}

SecretSource read_secret(const Node* node, const Reading& reading) {
  if (node == nullptr) return {};
  if (node->kind == Node::Kind::scalar) return node->text.empty() ? SecretSource{} : read_inline_secret(*node, reading);
  if (node->kind != Node::Kind::map) return {};
  std::vector<std::string> given;
  for (const char* key : {"env", "file", "credential", "inline"}) {
    if (node->find(key) != nullptr) given.emplace_back(key);
  }
  if (given.empty() && reading.problems.reported(node->path)) return {};
  if (given.size() != 1) {
    reading.problems.error(
        node->line, node->path,
        given.empty()
            ? "it is not said where the secret comes from"
            : fmt::format("give one of {}, not {}", fmt::join(given, ", "), given.size() == 2 ? "both" : "all"),
        given.empty() ? "write {env: NAME}, {file: PATH} or {credential: NAME}" : "take the others away");
    return {};
  }
  const Node& value = *node->find(given.front());
  if (value.kind != Node::Kind::scalar) return {};
  if (given.front() == "inline") return read_inline_secret(value, reading);
  if (looks_like_secret(value.text)) {
    reading.problems.error(
        value.line, value.path, "this looks like the secret itself",
        fmt::format("{} wants only the {}; if it was a real secret, consider it known to all who could read this file",
                    given.front(),
                    given.front() == "file" ? "path of a file that holds it" : "name under which it is found"));
    return {};
  }
  SecretSource source;
  if (given.front() == "env") source.env = value.text;
  if (given.front() == "file") source.file = beside(reading, value.text);
  if (given.front() == "credential") source.credential = value.text;
  return source;
}

std::optional<std::chrono::seconds> duration_of(const Node* node) {
  const auto text = text_of(node);
  return text ? parse_duration(*text) : std::nullopt;
}

std::map<std::string, std::string> words_of(const Node* node) {
  std::map<std::string, std::string> words;
  if (node == nullptr) return words;
  for (const Entry& entry : node->entries) {
    if (auto text = text_of(&entry.value)) words[entry.key] = std::move(*text);
  }
  return words;
}

/// A key that the schema gives to other kinds only.
void check_kinds(const Node& node, const std::string& kind, const Reading& reading) {
  const Json& properties = *word(schema_document()["definitions"]["tracker"], "properties");
  for (const Entry& entry : node.entries) {
    const auto property = properties.FindMember(entry.key);
    if (property == properties.MemberEnd()) continue;
    const Json* kinds = word(property->value, "x-kinds");
    if (kinds == nullptr) continue;
    const bool meant =
        std::any_of(kinds->Begin(), kinds->End(), [&](const Json& one) { return one.GetString() == kind; });
    if (meant) continue;
    reading.problems.error(entry.line, entry.value.path,
                           fmt::format("this key is for kind {}, not for {}", (*kinds)[0].GetString(), kind),
                           "take it away");
  }
}

void read_url(const Node& node, TrackerConfig& tracker, const Reading& reading) {
  const Node* given = node.find("url");
  const auto text = text_of(given);
  if (!text) {
    if (tracker.kind == "github") tracker.url = github_api;
    if (tracker.kind == "redmine" && given == nullptr) {
      reading.problems.error(
          node.line, node.path, "\"url\" is missing",
          "add the address of the Redmine installation, for example url: https://redmine.example.org");
    }
    if (tracker.kind == "jira" && given == nullptr) {
      reading.problems.error(node.line, node.path, "\"url\" is missing",
                             "add the address of the Jira, for example url: https://acme.atlassian.net");
    }
    return;
  }
  if (text->empty()) return;
  const auto url = parse_url(*text);
  if (!url) return reading.problems.error(given->line, given->path, url.error().what, url.error().remedy);
  tracker.url = url->text;
  const bool plain = url->scheme == "http";
  if (!plain && url->scheme != "https") {
    reading.problems.error(given->line, given->path, fmt::format("the address begins with {}://", url->scheme),
                           "write it with https://");
  } else if (plain && !is_loopback(*url) && !boolean_of(node.find("allow_plain_http")).value_or(false)) {
    reading.problems.error(given->line, given->path,
                           "the address begins with http://, so anybody on the way can read the token and the tickets",
                           "write https://, or `allow_plain_http: true` beside it if the way is your own");
  }
  if (tracker.kind == "github" && (url->host == "github.com" || url->host == "www.github.com")) {
    reading.problems.error(given->line, given->path, "this is GitHub's website, not its API",
                           fmt::format("take the key away, or write {}", github_api));
  }
}

void read_project(const Node& node, TrackerConfig& tracker, const Reading& reading) {
  const Node* given = node.find("project");
  const auto text = text_of(given);
  if (!text || text->empty()) return;
  tracker.project = *text;
  if (tracker.kind == "github" && !RE2::FullMatch(*text, "[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")) {
    reading.problems.error(given->line, given->path, fmt::format("\"{}\" is no repository", *text),
                           "write it as owner/name, for example rails/rails");
  }
  if (tracker.kind == "redmine" && !RE2::FullMatch(*text, "[a-z0-9][a-z0-9_-]*")) {
    reading.problems.error(given->line, given->path, fmt::format("\"{}\" is no identifier of a Redmine project", *text),
                           "write what stands behind /projects/ in its address: lower-case letters, digits, - and _");
  }
  if (tracker.kind == "jira" && !RE2::FullMatch(*text, "[A-Za-z][A-Za-z0-9_]*")) {
    reading.problems.error(given->line, given->path, fmt::format("\"{}\" is no key of a Jira project", *text),
                           "write what stands before the hyphen in its issues' names, for example SUP");
  }
}

/// What the addresses of Atlassian's own hosting end in.
bool is_cloud(const std::string& host) {
  return host == "api.atlassian.com" || host.ends_with(".atlassian.net") || host.ends_with(".jira.com");
}

/// An address beside `url` that our account or people go to.
std::string read_other_url(const Node* given, const Node& node, const Reading& reading) {
  const auto text = text_of(given);
  if (!text || text->empty()) return {};
  const auto url = parse_url(*text);
  if (!url) {
    reading.problems.error(given->line, given->path, url.error().what, url.error().remedy);
    return {};
  }
  const bool plain = is_loopback(*url) || boolean_of(node.find("allow_plain_http")).value_or(false);
  if (url->scheme != "https" && !(plain && url->scheme == "http")) {
    reading.problems.error(given->line, given->path, fmt::format("the address begins with {}://", url->scheme),
                           "write it with https://");
  }
  return url->text;
}

void read_jira_credentials(const Node& node, TrackerConfig& tracker, const Reading& reading) {
  JiraConfig& jira = tracker.jira;
  const Node* token = node.find("token");
  const Node* oauth = node.find("oauth");
  jira.email = text_of(node.find("email")).value_or("");
  if (oauth != nullptr && oauth->kind == Node::Kind::map) {
    jira.oauth =
        OAuthClient{text_of(oauth->find("client_id")).value_or(""), read_secret(oauth->find("client_secret"), reading),
                    read_other_url(oauth->find("token_url"), node, reading)};
  }
  if (token != nullptr && oauth != nullptr) {
    reading.problems.error(token->line, node.path, "give token or oauth, not both", "take one of them away");
  } else if (token == nullptr && oauth == nullptr) {
    reading.problems.error(node.line, node.path, "it is not said who Causeway is there",
                           jira.cloud
                               ? "add email and token: {env: NAME} with an API token, or oauth with client_id and "
                                 "client_secret"
                               : "add token: {env: NAME} with a personal access token");
  } else if (jira.cloud && token != nullptr && jira.email.empty() && node.find("email") == nullptr) {
    reading.problems.error(token->line, node.path,
                           "an API token of Jira Cloud is taken with its account's address only",
                           "add email: with the account's e-mail address");
  }
}

void read_jira(const Node& node, TrackerConfig& tracker, const Reading& reading) {
  JiraConfig& jira = tracker.jira;
  const auto url = parse_url(tracker.url);
  const auto deployment = text_of(node.find("deployment"));
  jira.cloud = deployment ? *deployment == "cloud" : url && is_cloud(url->host);
  jira.site = read_other_url(node.find("site"), node, reading);
  if (url && url->host == "api.atlassian.com" && node.find("site") == nullptr) {
    reading.problems.error(node.line, node.path, "it is not said where people open issues",
                           "add site: with the address in their browsers, for example https://acme.atlassian.net");
  }
  jira.issue_type = text_of(node.find("issue_type")).value_or("");
  jira.transition = words_of(node.find("transition"));
  jira.private_comments = text_of(node.find("private_comments")).value_or("");
  jira.remote_links = boolean_of(node.find("remote_links")).value_or(true);
  read_jira_credentials(node, tracker, reading);
}

void read_proxy(const Node& node, TrackerConfig& tracker, const Reading& reading) {
  const Node* given = node.find("proxy");
  const auto text = text_of(given);
  if (!text || text->empty()) return;
  const auto url = parse_url(*text);
  if (!url) return reading.problems.error(given->line, given->path, url.error().what, url.error().remedy);
  constexpr std::array<std::string_view, 4> schemes{"http", "https", "socks5", "socks5h"};
  if (std::find(schemes.begin(), schemes.end(), url->scheme) == schemes.end()) {
    reading.problems.error(given->line, given->path, fmt::format("the address begins with {}://", url->scheme),
                           "write it with http://, https://, socks5:// or socks5h://");
  }
  tracker.proxy = url->text;
}

void read_credentials(const Node& node, TrackerConfig& tracker, const Reading& reading) {
  const Node* token = node.find("token");
  const Node* app = node.find("app");
  tracker.token = read_secret(token, reading);
  if (app != nullptr && app->kind == Node::Kind::map) {
    tracker.app = GithubApp{text_of(app->find("id")).value_or(""), text_of(app->find("installation")).value_or(""),
                            read_secret(app->find("key"), reading)};
  }
  if (tracker.kind == "github" && token != nullptr && app != nullptr) {
    reading.problems.error(token->line, node.path, "give token or app, not both", "take one of them away");
  }
  if (tracker.kind == "jira") return;
  if (token != nullptr || (tracker.kind == "github" && app != nullptr)) return;
  reading.problems.error(node.line, node.path, "it is not said who Causeway is there",
                         tracker.kind == "github"
                             ? "add token: {env: NAME}, or app with id, installation and key"
                             : "add token: {env: NAME} with the API key of the user Causeway works as");
}

/// What GitHub can be told of a new issue beyond the fields that are mirrored: its type.
void check_created_values(const Node* create, const std::string& kind, const Reading& reading) {
  if (create == nullptr || kind != "github") return;
  for (const Entry& value : create->entries) {
    if (value.key == "type") continue;
    reading.problems.error(value.line, value.value.path, fmt::format("GitHub takes no {} for a new issue", value.key),
                           "take it away; only type, the name of an issue type, can be given");
  }
}

TrackerConfig read_tracker(const Entry& entry, const Reading& reading) {
  const Node& node = entry.value;
  TrackerConfig tracker;
  tracker.id = TrackerId{entry.key};
  tracker.kind = text_of(node.find("kind")).value_or("");
  const std::string role = text_of(node.find("role")).value_or("");
  // Whatever is not said to be another is treated as public.
  tracker.role = role == "queue"      ? TrackerRole::queue
                 : role == "customer" ? TrackerRole::customer
                                      : TrackerRole::community;
  check_kinds(node, tracker.kind, reading);
  read_url(node, tracker, reading);
  read_project(node, tracker, reading);
  read_credentials(node, tracker, reading);
  if (tracker.kind == "jira") read_jira(node, tracker, reading);
  read_proxy(node, tracker, reading);
  if (tracker.kind == "github" && role == "queue") {
    reading.problems.error(node.find("role")->line, node.find("role")->path,
                           "GitHub has no private comments, so it cannot be the queue",
                           "make it community or customer");
  }
  if (tracker.kind == "redmine") tracker.format = text_of(node.find("format")).value_or("textile");
  tracker.fields = words_of(node.find("fields"));
  tracker.create = words_of(node.find("create"));
  check_created_values(node.find("create"), tracker.kind, reading);
  tracker.switch_user = text_of(node.find("switch_user"));
  tracker.own_names = texts_of(node.find("own_names"));
  tracker.writers = count_of(node.find("writers"));
  tracker.readers = count_of(node.find("readers"));
  tracker.listing_lag = duration_of(node.find("listing_lag"));
  tracker.poll = duration_of(node.find("poll")).value_or(tracker.poll);
  tracker.sweep = duration_of(node.find("sweep")).value_or(tracker.sweep);
  tracker.timeout = duration_of(node.find("timeout")).value_or(tracker.timeout);
  if (const auto path = text_of(node.find("ca_file"))) tracker.ca_file = beside(reading, *path);
  if (tracker.kind == "github") {
    tracker.creations_per_minute = github_creations_per_minute;
    tracker.creations_per_hour = github_creations_per_hour;
  }
  if (const Node* limits = node.find("limits")) {
    if (const auto count = count_of(limits->find("creations_per_minute"))) tracker.creations_per_minute = count;
    if (const auto count = count_of(limits->find("creations_per_hour"))) tracker.creations_per_hour = count;
  }
  return tracker;
}

}  // namespace

std::string beside(const Reading& reading, const std::string& path) {
  return path.starts_with('/') ? path : reading.folder + path;
}

const TrackerConfig* find_tracker(const std::vector<TrackerConfig>& trackers, std::string_view name) {
  const auto found =
      std::find_if(trackers.begin(), trackers.end(), [&](const TrackerConfig& one) { return one.id.value == name; });
  return found == trackers.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(const std::vector<TrackerConfig>& trackers) {
  std::vector<std::string> names;
  for (const TrackerConfig& tracker : trackers) names.push_back(tracker.id.value);
  return names;
}

std::vector<TrackerConfig> read_trackers(const Node* node, const Reading& reading) {
  std::vector<TrackerConfig> trackers;
  if (node == nullptr) return trackers;
  for (const Entry& entry : node->entries) {
    if (entry.value.kind != Node::Kind::map) continue;
    TrackerConfig tracker = read_tracker(entry, reading);
    const auto same = std::find_if(trackers.begin(), trackers.end(), [&](const TrackerConfig& one) {
      return !one.project.empty() && one.kind == tracker.kind && one.url == tracker.url &&
             one.project == tracker.project;
    });
    if (same != trackers.end()) {
      reading.problems.error(entry.line, entry.value.path,
                             fmt::format("this is the same project as {}", same->id.value),
                             "name each project once; several routes may use it");
    }
    trackers.push_back(std::move(tracker));
  }
  return trackers;
}

std::vector<PersonConfig> read_people(const Node* node, const std::vector<TrackerConfig>& trackers,
                                      const Reading& reading) {
  std::vector<PersonConfig> people;
  if (node == nullptr) return people;
  std::map<std::pair<std::string, std::string>, int> seen;
  for (const Node& item : node->items) {
    PersonConfig person;
    person.name = text_of(item.find("name")).value_or("");
    const Node* logins = item.find("logins");
    for (const Entry& entry : logins == nullptr ? std::vector<Entry>{} : logins->entries) {
      if (find_tracker(trackers, entry.key) == nullptr) {
        reading.problems.error(entry.line, entry.value.path, unknown_name("tracker", entry.key, names_of(trackers)),
                               "name a tracker of this file");
        continue;
      }
      const std::string login = text_of(&entry.value).value_or("");
      const auto [before, added] = seen.emplace(std::pair{entry.key, login}, entry.line);
      if (!added) {
        reading.problems.error(entry.line, entry.value.path,
                               fmt::format("the login \"{}\" is given twice, first in line {}", login, before->second),
                               "give each login to one person");
      }
      person.logins[TrackerId{entry.key}] = login;
    }
    people.push_back(std::move(person));
  }
  return people;
}

namespace {

void check_pattern(const Node& node, const Reading& reading) {
  const RE2 written{node.text, RE2::Quiet};
  policy::RedactionRules only;
  only.secrets = only.emails = only.internal_hosts = false;
  only.patterns = {node.text};
  const auto gate = policy::PrivacyGate::make(only);
  if (!written.ok() || !gate) {
    reading.problems.error(node.line, node.path,
                           fmt::format("\"{}\" is no RE2 expression: {}", node.text,
                                       written.ok() ? gate.error().message : written.error()),
                           "correct it; the language is at https://github.com/google/re2/wiki/Syntax");
    return;
  }
  // The gate stops looking at an empty find, so such a pattern would let everything behind it through.
  const RE2 captured{"(?i)(" + node.text + ")", RE2::Quiet};
  re2::StringPiece found;
  for (const char* sample : {"", "a b"}) {
    if (RE2::PartialMatch(sample, captured, &found) && found.empty()) {
      reading.problems.error(node.line, node.path,
                             fmt::format("the pattern \"{}\" finds the empty text, and so nothing", node.text),
                             "make it need at least one character");
      return;
    }
  }
}

/// A name without a letter or digit would be found everywhere and nowhere.
void check_names(const Node* list, bool hosts, const Reading& reading) {
  if (list == nullptr) return;
  for (const Node& item : list->items) {
    if (item.kind != Node::Kind::scalar || item.text.empty()) continue;
    if (!RE2::PartialMatch(item.text, R"([\pL\pN])")) {
      reading.problems.error(item.line, item.path, "there is no letter or digit in this name",
                             "write the name, or take it away");
    } else if (hosts && item.text.find_first_of("/:@ ") != std::string::npos) {
      reading.problems.error(item.line, item.path, fmt::format("\"{}\" is no host name", item.text),
                             "write only the name, for example build.example.org");
    }
  }
}

/// Without its own names a customer's tracker would be kept from hearing of itself, or not kept from hearing of others.
void check_own_names(const policy::RedactionRules& rules, const std::vector<TrackerConfig>& trackers, const Node& node,
                     const Reading& reading) {
  if (rules.customers.empty() && rules.domains.empty()) return;
  for (const TrackerConfig& one : trackers) {
    if (one.role != TrackerRole::customer || !one.own_names.empty()) continue;
    reading.problems.error(node.line, fmt::format("trackers/{}/own_names", one.id.value),
                           fmt::format("it is not said which of the redaction's customers {} is", one.id.value),
                           fmt::format("write under {}: own_names: [{}]", one.id.value,
                                       rules.customers.empty() ? rules.domains.front() : rules.customers.front()));
  }
}

}  // namespace

policy::RedactionRules read_redaction(const Node* node, const std::vector<TrackerConfig>& trackers,
                                      const Reading& reading) {
  policy::RedactionRules rules;
  if (node == nullptr) return rules;
  const bool community = std::any_of(trackers.begin(), trackers.end(),
                                     [](const TrackerConfig& one) { return one.role == TrackerRole::community; });
  for (const auto& [key, rule] : {std::pair{"secrets", &rules.secrets}, std::pair{"emails", &rules.emails},
                                  std::pair{"internal_hosts", &rules.internal_hosts}}) {
    const Node* given = node->find(key);
    *rule = boolean_of(given).value_or(true);
    if (!*rule && community) {
      reading.problems.warning(given->line, given->path,
                               "nothing looks for these before text goes to a community tracker",
                               "leave it on and list what is no find under `allowed`");
    }
  }
  rules.hosts = texts_of(node->find("hosts"));
  rules.customers = texts_of(node->find("customers"));
  rules.domains = texts_of(node->find("domains"));
  rules.patterns = texts_of(node->find("patterns"));
  rules.allowed = texts_of(node->find("allowed"));
  check_own_names(rules, trackers, *node, reading);
  check_names(node->find("customers"), false, reading);
  check_names(node->find("hosts"), true, reading);
  check_names(node->find("domains"), true, reading);
  if (const Node* patterns = node->find("patterns")) {
    for (const Node& item : patterns->items) {
      if (item.kind == Node::Kind::scalar) check_pattern(item, reading);
    }
  }
  return rules;
}

}  // namespace causeway::config
