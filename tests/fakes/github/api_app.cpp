/// GitHub Apps: who an app is, its installations, their tokens; and search.
#include <Poco/Crypto/RSAKey.h>
#include <Poco/Exception.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

constexpr Seconds jwt_lifetime_max = 600;
constexpr Seconds clock_difference_max = 60;
constexpr std::size_t repository_ids_max = 500;

/// The app that signed it; 0 and `why`: none did.
Number signer_of(const State& state, std::string_view credential, Seconds now, std::string& why) {
  why = "A JSON web token could not be decoded";
  try {
    const std::string text{credential};
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string::npos ? first : text.find('.', first + 1);
    if (second == std::string::npos) return 0;
    for (const auto& [id, app] : state.apps) {
      if (app.public_key.empty()) continue;
      std::istringstream pem{app.public_key};
      Poco::JWT::Signer signer{new Poco::Crypto::RSAKey{&pem}};
      signer.setAlgorithms({Poco::JWT::Signer::ALGO_RS256});
      Poco::JWT::Token token;
      if (!signer.tryVerify(text, token)) continue;
      const std::string issuer = token.getIssuer();
      if (issuer != std::to_string(id) && issuer != app.client_id) {
        why = "'Issuer' claim ('iss') must be an Integer or a client ID";
        continue;
      }
      if (!token.payload().has("iat") || !token.payload().has("exp")) {
        why = "Missing 'issued at' claim ('iat') or 'Expiration time' claim ('exp')";
        return 0;
      }
      const auto issued = token.payload().getValue<Poco::Int64>("iat");
      const auto expires = token.payload().getValue<Poco::Int64>("exp");
      if (issued > now + clock_difference_max) {
        why = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
        return 0;
      }
      if (expires <= now) {
        why =
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
            "assertion expires";
        return 0;
      }
      if (expires > now + jwt_lifetime_max) {
        why = "'Expiration time' claim ('exp') is too far in the future";
        return 0;
      }
      return id;
    }
  } catch (const Poco::Exception&) {
    return 0;
  }
  return 0;
}

void write_installation(Out& out, const Shown& shown, const App& app, const Installation& installation) {
  const User& account = user_or_ghost(shown.state, installation.account);
  out.open().member("id", installation.id).key("account");
  write_user(out, shown, account);
  out.member("repository_selection", installation.repositories.empty() ? "all" : "selected")
      .member("access_tokens_url", fmt::format("{}/app/installations/{}/access_tokens", shown.origin, installation.id))
      .member("repositories_url", shown.origin + "/installation/repositories")
      .member("html_url", fmt::format("{}/organizations/{}/settings/installations/{}", shown.origin, account.login,
                                      installation.id))
      .member("app_id", app.id)
      .member("client_id", app.client_id)
      .member("app_slug", app.slug)
      .member("target_id", account.id)
      .member("target_type", account.type)
      .key("permissions")
      .open()
      .member("issues", installation.issues_write ? "write" : "read")
      .member("metadata", "read")
      .close()
      .key("events")
      .open_list()
      .text("issues")
      .text("issue_comment")
      .close_list()
      .time("created_at", Seconds{0})
      .time("updated_at", Seconds{0})
      .null("single_file_name")
      .flag("has_multiple_single_files", false)
      .key("single_file_paths")
      .open_list()
      .close_list()
      .null("suspended_by")
      .null("suspended_at")
      .close();
}

std::string base64_like(std::uint64_t seed, std::size_t length) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  for (std::size_t at = 0; at < length; ++at) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    text += letters[(seed >> 33U) % letters.size()];
  }
  return text;
}

}  // namespace

Response GitHub::app_route(Call& call) {
  const std::string& method = call.request.method;
  if (call.credential.empty()) return message_answer(401, "A JSON web token could not be decoded");
  std::string why;
  const Number id = signer_of(state_, call.credential, call.now, why);
  if (id == 0) return message_answer(401, why);
  const App& app = state_.apps.at(id);
  const Shown shown = call.shown(state_);
  if (call.parts.size() == 1 && method == "GET") {
    Out out;
    write_app(out, shown, app);
    return json_answer(200, out.take());
  }
  if (call.parts.size() < 2 || call.parts[1] != "installations") return not_found();
  if (call.parts.size() == 2 && method == "GET") {
    Page page = page_of(call.query);
    Out out;
    out.open_list();
    for (const auto& [number, installation] : state_.installations) {
      if (installation.app == id && page.take()) write_installation(out, shown, app, installation);
    }
    out.close_list();
    return list_answer(call, page, out.take());
  }
  const auto number = call.parts.size() > 2 ? as_number(call.parts[2]) : std::nullopt;
  const auto found = number ? state_.installations.find(*number) : state_.installations.end();
  if (found == state_.installations.end() || found->second.app != id) return not_found();
  if (call.parts.size() == 3 && method == "GET") {
    Out out;
    write_installation(out, shown, app, found->second);
    return json_answer(200, out.take());
  }
  if (call.parts.size() == 4 && call.parts[3] == "access_tokens" && method == "POST") {
    return access_token(call, app, found->second);
  }
  return not_found();
}

Response GitHub::access_token(Call& call, const App& app, Installation& installation) {
  if (installation.suspended) return message_answer(403, "This installation has been suspended");
  if (auto otherwise = read_body(call)) return *std::move(otherwise);
  Token token;
  token.user = app.bot;
  token.installation = installation.id;
  token.expires = call.now + state_.settings.token_lifetime;
  token.issues_write = installation.issues_write;
  token.salt = ++tokens_made_;
  const auto in_reach = [&](const Repository& repository) {
    return repository.owner == installation.account &&
           (installation.repositories.empty() || installation.repositories.contains(repository.id));
  };
  const auto refuse = [] {
    return message_answer(422,
                          "There is at least one repository that does not exist or is not accessible to the parent "
                          "installation.");
  };
  if (const auto* ids = member(call.body, "repository_ids"); ids != nullptr && ids->IsArray()) {
    if (ids->Size() > repository_ids_max) return invalid({{"Installation", "repository_ids", "invalid"}});
    for (const auto& one : ids->GetArray()) {
      const auto repository = state_.repositories.find(one.IsInt64() ? one.GetInt64() : 0);
      if (repository == state_.repositories.end() || !in_reach(repository->second)) return refuse();
      token.repositories.insert(repository->first);
    }
  }
  if (const auto* names = member(call.body, "repositories"); names != nullptr && names->IsArray()) {
    for (const auto& one : names->GetArray()) {
      const Repository* repository =
          find_repository(state_, user_or_ghost(state_, installation.account).login + "/" + text_of(one));
      if (repository == nullptr || !in_reach(*repository)) return refuse();
      token.repositories.insert(repository->id);
    }
  }
  if (const auto* permissions = member(call.body, "permissions"); permissions != nullptr && permissions->IsObject()) {
    for (const auto& permission : permissions->GetObject()) {
      const std::string name = text_of(permission.name);
      const std::string level = text_of(permission.value);
      const bool known = name == "issues" || name == "metadata";
      if (!known || (level == "write" && (name != "issues" || !installation.issues_write))) {
        return message_answer(422, "The permissions requested are not granted to this installation.");
      }
    }
    const auto* issues = member(*permissions, "issues");
    token.issues_write = issues != nullptr && text_of(*issues) == "write";
  }
  // Tokens have two forms; whoever takes their length for granted is wrong with one of them.
  const std::uint64_t seed = static_cast<std::uint64_t>(call.now) * 1000 + tokens_made_;
  const std::string text = state_.settings.long_tokens
                               ? fmt::format("ghs_{}_{}.{}.{}", app.id, base64_like(seed, 36),
                                             base64_like(seed + 1, 180), base64_like(seed + 2, 342))
                               : "ghs_" + base64_like(seed, 36);
  state_.tokens[text] = token;
  Out out;
  out.open()
      .member("token", text)
      .time("expires_at", *token.expires)
      .key("permissions")
      .open()
      .member("issues", token.issues_write ? "write" : "read")
      .member("metadata", "read")
      .close()
      .member("repository_selection",
              installation.repositories.empty() && token.repositories.empty() ? "all" : "selected")
      .close();
  return json_answer(201, out.take());
}

Response GitHub::installation_repositories(Call& call) {
  if (call.parts.size() != 2 || call.parts[1] != "repositories" || call.request.method != "GET") return not_found();
  if (call.token == nullptr) return message_answer(401, "Requires authentication");
  if (call.token->installation == 0) {
    return message_answer(403,
                          "You must authenticate with an installation access token in order to list repositories "
                          "for an installation.");
  }
  const Installation& installation = state_.installations.at(call.token->installation);
  Page page = page_of(call.query);
  std::string rows;
  for (const auto& [id, repository] : state_.repositories) {
    const auto selected = [&, number = id](const std::set<Number>& ids) { return ids.empty() || ids.contains(number); };
    const bool in_reach = repository.owner == installation.account && selected(installation.repositories) &&
                          selected(call.token->repositories);
    if (!in_reach || !page.take()) continue;
    rows += (rows.empty() ? "" : ",") + repository_json(call.shown(state_), repository, Access::write);
  }
  return list_answer(call, page,
                     fmt::format("{{\"total_count\":{},\"repository_selection\":\"{}\",\"repositories\":[{}]}}",
                                 page.total, installation.repositories.empty() ? "all" : "selected", rows));
}

Response GitHub::search(Call& call) {
  if (call.parts.size() != 2 || call.parts[1] != "issues" || call.request.method != "GET") return not_found();
  const std::string* query = part(call.query, "q");
  if (query == nullptr || query->empty()) return invalid({{"Search", "q", "missing"}});
  std::vector<std::string> words;
  std::string repository_name;
  std::optional<bool> closed;
  std::optional<bool> pull_request;
  for (std::size_t at = 0; at < query->size();) {
    const bool quoted = (*query)[at] == '"';
    const std::size_t start = quoted ? at + 1 : at;
    const std::size_t end = std::min(query->find(quoted ? '"' : ' ', start), query->size());
    const std::string word = query->substr(start, end - start);
    at = end + 1;
    if (word.empty()) continue;
    if (word.starts_with("repo:") && !quoted) {
      repository_name = word.substr(5);
    } else if (!quoted && (word == "is:open" || word == "state:open")) {
      closed = false;
    } else if (!quoted && (word == "is:closed" || word == "state:closed")) {
      closed = true;
    } else if (!quoted && (word == "is:issue" || word == "type:issue")) {
      pull_request = false;
    } else if (!quoted && (word == "is:pr" || word == "type:pr")) {
      pull_request = true;
    } else if (!word.starts_with("in:")) {
      words.push_back(lower(word));
    }
  }
  Page page = page_of(call.query);
  Out out;
  out.open().flag("incomplete_results", false).member("search_type", "lexical").key("items").open_list();
  for (const auto& [id, repository] : state_.repositories) {
    if (!repository_name.empty() && !same_name(repository_name, repository.full_name())) continue;
    const bool in_reach = call.token != nullptr && call.token->installation != 0
                              ? state_.installations.at(call.token->installation).account == repository.owner
                              : access_of(repository, call.user) != Access::none;
    if (!in_reach) continue;
    for (const auto& [number, present] : repository.issues) {
      const Issue* issue = listed(present, call.now);
      if (issue == nullptr) continue;
      if (closed && issue->closed != *closed) continue;
      if (pull_request && issue->pull_request != *pull_request) continue;
      std::string text = lower(issue->title + "\n" + issue->body.value_or(""));
      for (const Number comment : issue->comments) {
        const auto found = repository.comments.find(comment);
        if (found != repository.comments.end()) text += "\n" + lower(found->second.body);
      }
      const bool found = std::all_of(words.begin(), words.end(),
                                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
      if (!found || !page.take()) continue;
      begin_issue(out, call.shown(state_), repository, *issue);
      out.member("score", Number{1}).close();
    }
  }
  out.close_list().member("total_count", static_cast<Number>(page.total)).close();
  return list_answer(call, page, out.take());
}

}  // namespace causeway::fakes::github
