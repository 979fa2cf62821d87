#include "tests/fakes/github/json_out.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include <cstdlib>
#include <mutex>

#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes::github {
namespace {

enum class Rendering : std::uint8_t { html, plain };

std::string render(std::string_view markdown, Rendering form) {
  static std::mutex mutex;  // the extensions' registry is one for the whole process
  const std::scoped_lock lock{mutex};
  cmark_gfm_core_extensions_ensure_registered();
  cmark_parser* parser = cmark_parser_new(CMARK_OPT_DEFAULT);
  for (const char* name : {"table", "strikethrough", "autolink", "tasklist", "tagfilter"}) {
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
  }
  cmark_parser_feed(parser, markdown.data(), markdown.size());
  cmark_node* root = cmark_parser_finish(parser);
  // Without CMARK_OPT_UNSAFE raw HTML and dangerous links are left out.
  char* text = form == Rendering::html
                   ? cmark_render_html(root, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser))
                   : cmark_render_plaintext(root, CMARK_OPT_DEFAULT, 0);
  std::string result{text};
  std::free(text);  // NOLINT(cppcoreguidelines-no-malloc): cmark allocates with malloc
  cmark_node_free(root);
  cmark_parser_free(parser);
  return result;
}

std::string repository_url(const Shown& shown, const Repository& repository) {
  return shown.origin + "/repos/" + repository.owner_login + "/" + repository.name;
}

std::string page_url(const Shown& shown, const Repository& repository) {
  return shown.origin + "/" + repository.owner_login + "/" + repository.name;
}

std::string label_url(const Shown& shown, const Repository& repository, const Label& label) {
  return repository_url(shown, repository) + "/labels/" + url_encoded(label.name);
}

void write_bodies(Out& out, const Shown& shown, const std::optional<std::string>& body) {
  if (shown.forms.raw) out.member("body", body);
  if (shown.forms.text) out.member("body_text", body ? render(*body, Rendering::plain) : "");
  if (shown.forms.html) out.member("body_html", body ? render(*body, Rendering::html) : "");
}

void write_reactions(Out& out, const std::string& address) {
  out.key("reactions").open().member("url", address + "/reactions");
  for (const char* name : {"total_count", "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"}) {
    out.member(name, Number{0});
  }
  out.close();
}

void write_via(Out& out, const Shown& shown, Number app) {
  out.key("performed_via_github_app");
  const auto found = shown.state.apps.find(app);
  if (found == shown.state.apps.end()) {
    out.null();
  } else {
    write_app(out, shown, found->second);
  }
}

std::string node(std::string_view kind, Number id) { return fmt::format("{}_kwDO{:010X}", kind, id); }

void write_comment_members(Out& out, const Shown& shown, const Repository& repository, const Comment& comment) {
  const std::string base = repository_url(shown, repository);
  const std::string url = fmt::format("{}/issues/comments/{}", base, comment.id);
  out.member("url", url)
      .member("html_url",
              fmt::format("{}/issues/{}#issuecomment-{}", page_url(shown, repository), comment.issue, comment.id))
      .member("issue_url", fmt::format("{}/issues/{}", base, comment.issue))
      .member("id", comment.id)
      .member("node_id", node("IC", comment.id))
      .key("user");
  write_user(out, shown, comment.user);
  out.time("created_at", comment.created)
      .time("updated_at", comment.updated)
      .member("author_association", association(repository, comment.user));
  write_bodies(out, shown, comment.body);
  write_reactions(out, url);
  write_via(out, shown, comment.app);
  out.null("pin").key("minimized");
  if (comment.minimized) {
    out.open().member("reason", *comment.minimized).close();
  } else {
    out.null();
  }
}

}  // namespace

Out& Out::time(std::string_view name, Seconds value) { return member(name, shown_time(value)); }

std::string shown_time(Seconds time) {
  const std::chrono::sys_seconds moment{std::chrono::seconds{time}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{moment - day};
  std::array<char, 24> text{};
  const auto end =
      fmt::format_to_n(text.data(), text.size(), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
  return {text.data(), end.out};
}

std::string rendered(std::string_view markdown) { return render(markdown, Rendering::html); }

void write_user(Out& out, const Shown& shown, const User& user) {
  const std::string url = shown.origin + "/users/" + user.login;
  const auto below = [&](const char* name, const char* path) { out.member(name, url + path); };
  out.open()
      .member("login", user.login)
      .member("id", user.id)
      .member("node_id", node("U", user.id))
      .member("avatar_url", fmt::format("{}/avatars/u/{}?v=4", shown.origin, user.id))
      .member("gravatar_id", "")
      .member("url", url)
      .member("html_url", shown.origin + "/" + user.login);
  below("followers_url", "/followers");
  below("following_url", "/following{/other_user}");
  below("gists_url", "/gists{/gist_id}");
  below("starred_url", "/starred{/owner}{/repo}");
  below("subscriptions_url", "/subscriptions");
  below("organizations_url", "/orgs");
  below("repos_url", "/repos");
  below("events_url", "/events{/privacy}");
  below("received_events_url", "/received_events");
  out.member("type", user.type).member("user_view_type", "public").flag("site_admin", false).close();
}

void write_user(Out& out, const Shown& shown, Number user) {
  if (user == 0) {
    out.null();
  } else {
    write_user(out, shown, user_or_ghost(shown.state, user));
  }
}

void write_label(Out& out, const Shown& shown, const Repository& repository, const Label& label) {
  out.open()
      .member("id", label.id)
      .member("node_id", node("LA", label.id))
      .member("url", label_url(shown, repository, label))
      .member("name", label.name)
      .member("color", label.color)
      .flag("default", label.standard)
      .member("description", label.description)
      .close();
}

void write_milestone(Out& out, const Shown& shown, const Repository& repository, const Milestone& milestone) {
  const std::string url = fmt::format("{}/milestones/{}", repository_url(shown, repository), milestone.number);
  out.open()
      .member("url", url)
      .member("html_url", fmt::format("{}/milestone/{}", page_url(shown, repository), milestone.number))
      .member("labels_url", url + "/labels")
      .member("id", milestone.id)
      .member("node_id", node("MI", milestone.id))
      .member("number", milestone.number)
      .member("title", milestone.title)
      .member("description", milestone.description)
      .key("creator");
  write_user(out, shown, milestone.creator);
  out.member("open_issues", milestone.open_issues)
      .member("closed_issues", milestone.closed_issues)
      .member("state", milestone.closed ? "closed" : "open")
      .time("created_at", milestone.created)
      .time("updated_at", milestone.updated)
      .time("due_on", milestone.due)
      .time("closed_at", milestone.closed_at)
      .close();
}

void write_comment(Out& out, const Shown& shown, const Repository& repository, const Comment& comment) {
  out.open();
  write_comment_members(out, shown, repository, comment);
  out.close();
}

void write_timeline_comment(Out& out, const Shown& shown, const Repository& repository, const Comment& comment) {
  out.open().member("event", "commented").key("actor");
  write_user(out, shown, comment.user);
  write_comment_members(out, shown, repository, comment);
  out.close();
}

void begin_issue(Out& out, const Shown& shown, const Repository& repository, const Issue& issue) {
  const std::string base = repository_url(shown, repository);
  const std::string url = fmt::format("{}/issues/{}", base, issue.number);
  const std::string page =
      fmt::format("{}/{}/{}", page_url(shown, repository), issue.pull_request ? "pull" : "issues", issue.number);
  out.open()
      .member("url", url)
      .member("repository_url", base)
      .member("labels_url", url + "/labels{/name}")
      .member("comments_url", url + "/comments")
      .member("events_url", url + "/events")
      .member("html_url", page)
      .member("id", issue.id)
      .member("node_id", node(issue.pull_request ? "PR" : "I", issue.id))
      .member("number", issue.number)
      .member("title", issue.title)
      .key("user");
  write_user(out, shown, issue.user);
  out.key("labels").open_list();
  for (const Number id : issue.labels) {
    // A copy that lists still show may name a label that is gone.
    const auto label = repository.labels.find(id);
    if (label != repository.labels.end()) write_label(out, shown, repository, label->second);
  }
  out.close_list().member("state", issue.closed ? "closed" : "open").flag("locked", issue.locked).key("assignee");
  write_user(out, shown, issue.assignees.empty() ? 0 : issue.assignees.front());
  out.key("assignees").open_list();
  for (const Number id : issue.assignees) write_user(out, shown, id);
  out.close_list().key("milestone");
  if (const auto milestone = repository.milestones.find(issue.milestone); milestone != repository.milestones.end()) {
    write_milestone(out, shown, repository, milestone->second);
  } else {
    out.null();
  }
  out.member("comments", static_cast<Number>(issue.comments.size()))
      .time("created_at", issue.created)
      .time("updated_at", issue.updated)
      .time("closed_at", issue.closed_at)
      .member("author_association", association(repository, issue.user))
      .null("type")
      .member("active_lock_reason", issue.lock_reason);
  if (issue.pull_request) {
    out.flag("draft", false)
        .key("pull_request")
        .open()
        .member("url", fmt::format("{}/pulls/{}", base, issue.number))
        .member("html_url", page)
        .member("diff_url", page + ".diff")
        .member("patch_url", page + ".patch")
        .null("merged_at")
        .close();
  }
  out.key("sub_issues_summary")
      .open()
      .member("total", Number{0})
      .member("completed", Number{0})
      .member("percent_completed", Number{0})
      .close()
      .key("issue_dependencies_summary")
      .open()
      .member("blocked_by", Number{0})
      .member("total_blocked_by", Number{0})
      .member("blocking", Number{0})
      .member("total_blocking", Number{0})
      .close();
  write_bodies(out, shown, issue.body);
  write_reactions(out, url);
  out.member("timeline_url", url + "/timeline");
  write_via(out, shown, issue.app);
  out.member("state_reason", issue.state_reason).key("closed_by");
  write_user(out, shown, issue.closed_by);
}

void write_issue(Out& out, const Shown& shown, const Repository& repository, const Issue& issue) {
  begin_issue(out, shown, repository, issue);
  out.close();
}

void write_event(Out& out, const Shown& shown, const Repository& repository, const Issue& issue, const Event& event,
                 bool with_issue) {
  out.open()
      .member("id", event.id)
      .member("node_id", node("EV", event.id))
      .member("url", fmt::format("{}/issues/events/{}", repository_url(shown, repository), event.id))
      .key("actor");
  write_user(out, shown, event.actor == 0 ? ghost_id : event.actor);
  out.member("event", event.kind).null("commit_id").null("commit_url").time("created_at", event.created);
  if (event.kind == "labeled" || event.kind == "unlabeled") {
    out.key("label").open().member("name", event.text).member("color", event.other).close();
  } else if (event.kind == "renamed") {
    out.key("rename").open().member("from", event.text).member("to", event.other).close();
  } else if (event.kind == "milestoned" || event.kind == "demilestoned") {
    out.key("milestone").open().member("title", event.text).close();
  } else if (event.kind == "locked") {
    out.member("lock_reason", event.text.empty() ? std::nullopt : std::optional{event.text});
  } else if (event.kind == "closed" || event.kind == "reopened") {
    out.member("state_reason", event.text);
  } else if (event.kind == "assigned" || event.kind == "unassigned") {
    out.key("assignee");
    write_user(out, shown, event.subject);
    out.key("assigner");
    write_user(out, shown, event.actor == 0 ? ghost_id : event.actor);
  }
  out.null("performed_via_github_app");
  if (with_issue) {
    out.key("issue");
    write_issue(out, shown, repository, issue);
  }
  out.close();
}

void write_app(Out& out, const Shown& shown, const App& app) {
  out.open()
      .member("id", app.id)
      .member("client_id", app.client_id)
      .member("slug", app.slug)
      .member("node_id", node("A", app.id))
      .key("owner");
  write_user(out, shown, user_or_ghost(shown.state, app.owner));
  out.member("name", app.name)
      .member("description", "")
      .member("external_url", shown.origin + "/apps/" + app.slug)
      .member("html_url", shown.origin + "/apps/" + app.slug)
      .time("created_at", Seconds{0})
      .time("updated_at", Seconds{0})
      .key("permissions")
      .open()
      .member("issues", "write")
      .member("metadata", "read")
      .close()
      .key("events")
      .open_list()
      .text("issues")
      .text("issue_comment")
      .close_list()
      .close();
}

std::string repository_json(const Shown& shown, const Repository& repository, Access access) {
  const std::string url = repository_url(shown, repository);
  const std::string page = page_url(shown, repository);
  Out out;
  out.open()
      .member("id", repository.id)
      .member("node_id", node("R", repository.id))
      .member("name", repository.name)
      .member("full_name", repository.full_name())
      .flag("private", repository.is_private)
      .key("owner");
  write_user(out, shown, user_or_ghost(shown.state, repository.owner));
  out.member("html_url", page)
      .member("description", repository.description.empty() ? std::nullopt : std::optional{repository.description})
      .flag("fork", false)
      .member("url", url);
  static constexpr std::array<std::pair<const char*, const char*>, 37> below{{
      {"forks_url", "/forks"},
      {"keys_url", "/keys{/key_id}"},
      {"collaborators_url", "/collaborators{/collaborator}"},
      {"teams_url", "/teams"},
      {"hooks_url", "/hooks"},
      {"issue_events_url", "/issues/events{/number}"},
      {"events_url", "/events"},
      {"assignees_url", "/assignees{/user}"},
      {"branches_url", "/branches{/branch}"},
      {"tags_url", "/tags"},
      {"blobs_url", "/git/blobs{/sha}"},
      {"git_tags_url", "/git/tags{/sha}"},
      {"git_refs_url", "/git/refs{/sha}"},
      {"trees_url", "/git/trees{/sha}"},
      {"statuses_url", "/statuses/{sha}"},
      {"languages_url", "/languages"},
      {"stargazers_url", "/stargazers"},
      {"contributors_url", "/contributors"},
      {"subscribers_url", "/subscribers"},
      {"subscription_url", "/subscription"},
      {"commits_url", "/commits{/sha}"},
      {"git_commits_url", "/git/commits{/sha}"},
      {"comments_url", "/comments{/number}"},
      {"issue_comment_url", "/issues/comments{/number}"},
      {"contents_url", "/contents/{+path}"},
      {"compare_url", "/compare/{base}...{head}"},
      {"merges_url", "/merges"},
      {"archive_url", "/{archive_format}{/ref}"},
      {"downloads_url", "/downloads"},
      {"issues_url", "/issues{/number}"},
      {"pulls_url", "/pulls{/number}"},
      {"milestones_url", "/milestones{/number}"},
      {"notifications_url", "/notifications{?since,all,participating}"},
      {"labels_url", "/labels{/name}"},
      {"releases_url", "/releases{/id}"},
      {"deployments_url", "/deployments"},
      {"git_url", ".git"},
  }};
  for (const auto& [name, path] : below) out.member(name, url + path);
  out.member("ssh_url", page + ".git")
      .member("clone_url", page + ".git")
      .member("svn_url", page)
      .time("created_at", repository.created)
      .time("updated_at", repository.updated)
      .time("pushed_at", repository.created)
      .null("homepage")
      .null("language")
      .null("mirror_url")
      .null("license")
      .member("size", Number{1})
      .member("stargazers_count", Number{0})
      .member("watchers_count", Number{0})
      .member("forks_count", Number{0})
      .member("forks", Number{0})
      .member("watchers", Number{0})
      .member("network_count", Number{0})
      .member("subscribers_count", Number{0})
      .member("open_issues_count", repository.open_issues)
      .member("open_issues", repository.open_issues)
      .flag("has_issues", repository.has_issues)
      .flag("has_projects", true)
      .flag("has_wiki", true)
      .flag("has_pages", false)
      .flag("has_downloads", true)
      .flag("has_discussions", false)
      .flag("archived", repository.archived)
      .flag("disabled", false)
      .member("visibility", repository.is_private ? "private" : "public")
      .member("default_branch", "main")
      .flag("allow_forking", true)
      .flag("is_template", false)
      .flag("web_commit_signoff_required", false)
      .key("topics")
      .open_list()
      .close_list();
  if (access != Access::none) {
    out.key("permissions")
        .open()
        .flag("admin", access >= Access::admin)
        .flag("maintain", access >= Access::admin)
        .flag("push", access >= Access::write)
        .flag("triage", access >= Access::triage)
        .flag("pull", true)
        .close();
  }
  out.close();
  return out.take();
}

std::string account_json(const Shown& shown, const User& user) {
  Out inner;
  write_user(inner, shown, user);
  std::string text = inner.take();
  text.pop_back();
  Out rest;
  rest.open()
      .member("name", user.name.empty() ? std::nullopt : std::optional{user.name})
      .null("company")
      .member("blog", "")
      .null("location")
      .null("email")
      .null("hireable")
      .null("bio")
      .null("twitter_username")
      .member("public_repos", Number{0})
      .member("public_gists", Number{0})
      .member("followers", Number{0})
      .member("following", Number{0})
      .time("created_at", Seconds{0})
      .time("updated_at", Seconds{0})
      .close();
  return text + "," + rest.take().substr(1);
}

}  // namespace causeway::fakes::github
