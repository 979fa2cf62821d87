/// What a stand-in begins with: the sample world, recorded issues, generated ones.
#include <fmt/format.h>
#include <rapidjson/document.h>

#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

constexpr Number sync_app = 1;
constexpr Number sync_installation = 1;

void add_standard_labels(State& state, Repository& repository) {
  static constexpr std::array<std::array<const char*, 3>, 9> labels{{
      {"bug", "d73a4a", "Something isn't working"},
      {"documentation", "0075ca", "Improvements or additions to documentation"},
      {"duplicate", "cfd3d7", "This issue or pull request already exists"},
      {"enhancement", "a2eeef", "New feature or request"},
      {"good first issue", "7057ff", "Good for newcomers"},
      {"help wanted", "008672", "Extra attention is needed"},
      {"invalid", "e4e669", "This doesn't seem right"},
      {"question", "d876e3", "Further information is requested"},
      {"wontfix", "ffffff", "This will not be worked on"},
  }};
  for (const auto& [name, color, description] : labels) {
    add_label(state, repository, name, color, description).standard = true;
  }
}

/// Text that reads like a report, of about so many bytes, different for each seed.
std::string generated_text(std::uint64_t seed, std::size_t bytes) {
  static constexpr std::array<std::string_view, 16> sentences{
      "The importer stops after the first archive and logs nothing else.",
      "With the previous release the same steps worked without a problem.",
      "I could reproduce this on two machines with a clean profile.",
      "Expected: the dialog closes and the list shows the new entry.",
      "Actual: the dialog stays open and the entry appears twice after a restart.",
      "It may be related to the change of the cache directory.",
      "`widget --sync --verbose` prints **retrying** every five seconds.",
      "- open the settings page\n- choose *Advanced*\n- press the second button",
      "```\nerror: connection reset while reading the header\n  at Reader::next (reader.cc:214)\n```",
      "> Please attach the log of the service.\n\nDone, see below.",
      "See the [manual](https://example.org/manual/sync) for what it should do.",
      "A workaround is to delete the lock file before starting.",
      "Does the retry count include the first attempt?",
      "Umlauts in the file name (Größe, Übersicht) make it worse.",
      "The memory use grows by about 20 MB an hour while this happens.",
      "| setting | value |\n| --- | --- |\n| threads | 4 |\n| cache | on |",
  };
  std::string text;
  while (text.size() < bytes) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    if (!text.empty()) text += (seed >> 40U) % 3 == 0 ? "\n\n" : "\n";
    const std::string_view sentence = sentences[(seed >> 33U) % sentences.size()];
    const bool block =
        sentence.front() == '-' || sentence.front() == '`' || sentence.front() == '|' || sentence.front() == '>';
    if (block) text += "\n";
    text += sentence;
    if (block) text += "\n";
  }
  return text;
}

}  // namespace

State sample_world(Seconds now) {
  State state;
  add_user(state, "ghost");
  std::uint64_t salt = 1000;
  for (const char* login : {"maintainer", "syncuser", "triager", "visitor", "reporter"}) {
    Token token;
    token.user = add_user(state, login);
    token.salt = ++salt;
    state.tokens[token_of(login)] = token;
  }
  const auto person = [&](const char* login) { return user_of(state, login); };
  for (const char* name : {"widgets", "gadgets", "secret"}) {
    Repository& repository = add_repository(state, "acme", name, now);
    repository.is_private = std::string_view{name} == "secret";
    repository.description = fmt::format("The {} of the sample world", name);
    repository.members = {{person("maintainer"), Access::admin}, {person("syncuser"), Access::write}};
    if (!repository.is_private) repository.members[person("triager")] = Access::triage;
    add_standard_labels(state, repository);
  }
  App& app = state.apps[sync_app];
  app = {sync_app,
         user_of(state, "acme"),
         add_user(state, "causeway-sync[bot]", "Bot"),
         "causeway-sync",
         "Causeway Sync",
         "Iv23liSAMPLE",
         ""};
  state.installations[sync_installation] = {sync_installation, sync_app, user_of(state, "acme"), {}, false, true};
  return state;
}

void generate_issues(State& state, Repository& repository, std::size_t issues, std::size_t comments_each,
                     std::size_t body_bytes, Seconds now) {
  const std::array<Number, 2> authors{user_of(state, "visitor"), user_of(state, "reporter")};
  const Label* bug = find_label(repository, "bug");
  // One issue a minute until now, so that stamps differ as they do in a repository that grew.
  Seconds stamp = now - static_cast<Seconds>(issues) * 60;
  for (std::size_t at = 0; at < issues; ++at, stamp += 60) {
    const std::size_t length = body_bytes / 2 + at * 37 % (body_bytes + 1);
    Issue& issue = add_issue(state, repository, authors.at(at % 2), 0, fmt::format("Generated report {}", at + 1),
                             generated_text(at, length), stamp);
    if (at % 3 == 0 && bug != nullptr) issue.labels.push_back(bug->id);
    for (std::size_t comment = 0; comment < comments_each; ++comment) {
      add_comment(state, repository, issue, authors.at((at + comment) % 2), 0,
                  generated_text(at * 31 + comment + 7, body_bytes / 4), stamp + static_cast<Seconds>(comment) + 1);
    }
  }
}

void GitHub::fill(const std::string& repository, std::size_t issues, std::size_t comments_each,
                  std::size_t body_bytes) {
  const std::scoped_lock lock{mutex_};
  Repository* found = find_repository(state_, repository);
  if (found != nullptr) generate_issues(state_, *found, issues, comments_each, body_bytes, now());
}

bool GitHub::load_recorded(const std::string& repository, const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  const rapidjson::Value* issues = document.HasParseError() ? nullptr : member(document, "issues");
  if (issues == nullptr || !issues->IsArray()) return false;
  const std::scoped_lock lock{mutex_};
  Repository* found = find_repository(state_, repository);
  if (found == nullptr) return false;
  const auto text = [](const rapidjson::Value& object, const char* name) {
    const auto* value = member(object, name);
    return value == nullptr || value->IsNull() ? std::string{} : text_of(*value);
  };
  const auto stamp = [&](const rapidjson::Value& object, const char* name) {
    const auto instant = parse_instant(text(object, name));
    return instant ? std::chrono::floor<std::chrono::seconds>(*instant).time_since_epoch().count() : now();
  };
  for (const auto& one : issues->GetArray()) {
    const auto* body = member(one, "body");
    Issue& issue = add_issue(state_, *found, add_user(state_, text(one, "user")), 0, text(one, "title"),
                             body == nullptr || body->IsNull() ? std::nullopt : std::optional{text_of(*body)},
                             stamp(one, "created_at"));
    const auto* pull_request = member(one, "pull_request");
    issue.pull_request = pull_request != nullptr && pull_request->IsTrue();
    if (const auto* labels = member(one, "labels"); labels != nullptr && labels->IsArray()) {
      std::vector<std::string> names;
      for (const auto& label : labels->GetArray()) names.push_back(text_of(label));
      if (!names.empty()) attach_labels(state_, *found, issue, names, issue.user, issue.created);
    }
    if (const auto* comments = member(one, "comments"); comments != nullptr && comments->IsArray()) {
      for (const auto& comment : comments->GetArray()) {
        add_comment(state_, *found, issue, add_user(state_, text(comment, "user")), 0, text(comment, "body"),
                    stamp(comment, "created_at"));
      }
    }
    if (text(one, "state") == "closed") {
      apply(state_, *found, issue, {.closed = true}, issue.user, stamp(one, "updated_at"));
    }
  }
  return true;
}

}  // namespace causeway::fakes::github
