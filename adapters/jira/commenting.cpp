/// Comments and the files that go with them.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/jira/adapter.hpp"
#include "adapters/jira/envelope.hpp"

namespace causeway::jira {
namespace {

constexpr std::string_view comments_template = "/issue/{issueIdOrKey}/comment";
constexpr std::string_view comment_template = "/issue/{issueIdOrKey}/comment/{id}";

}  // namespace

/// Files of ours that are there already were put there by a try whose answer was lost: they are not put there again.
Result<void> JiraAdapter::put_files(const NativeId& ticket, const AddComment& wish, const Intent& intent,
                                    Receipt& receipt) {
  if (intent.contents.empty()) return {};
  if (wish.visibility == Visibility::restricted) {
    for (const Attachment& file : wish.files) {
      receipt.losses.push_back(
          fmt::format("{}: Jira shows files to everybody who sees the issue, so it was not put there", file.name));
    }
    return {};
  }
  const Result<Issue> issue = read_now(ticket, "fields=project,status,created,updated,attachment");
  if (!issue) return std::unexpected(issue.error());
  const Result<User> account = knowledge_.account();
  if (!account) return std::unexpected(account.error());
  std::set<NativeId> taken;
  for (std::size_t at = 0; at < intent.contents.size() && at < wish.files.size(); ++at) {
    const std::string name = file_name(wish.files[at].name);
    const std::string& bytes = intent.contents[at];
    const File* there = nullptr;
    for (const File& file : issue->files) {
      if (there != nullptr || file.author != account->person.login || file.attachment.name != name) continue;
      if (file.attachment.bytes != bytes.size() || taken.contains(file.attachment.id)) continue;
      const Result<bool> same = holds(file.attachment, bytes, receipt);
      if (!same) return std::unexpected(same.error());
      if (*same) there = &file;
    }
    Attachment& put = receipt.files.emplace_back();
    if (there != nullptr) {
      taken.insert(there->attachment.id);
      put = there->attachment;
    } else if (const auto done = put_file(ticket, name, bytes, put, receipt.losses); !done) {
      return done;
    }
    put.ours = !put.id.empty();
  }
  return {};
}

/// A name and a size say little: logs of one kind share both. Where this Jira never hands files to us the two have to
/// do, or each try would put another copy there; a person is told.
Result<bool> JiraAdapter::holds(const Attachment& file, const std::string& bytes, Receipt& receipt) {
  std::size_t same = 0;
  const auto loaded = download(file, [&](std::string_view piece) {
    if (bytes.compare(same, piece.size(), piece) != 0) return false;
    same += piece.size();
    return true;
  });
  if (loaded) return same == bytes.size();
  const Failure& failure = loaded.error();
  if (failure.fault == Fault::gone) return false;
  const bool never = failure.fault == Fault::rejected || failure.fault == Fault::malformed ||
                     (failure.fault == Fault::denied && failure.reach == Reach::ticket);
  if (!never) return std::unexpected(failure);
  receipt.losses.push_back(
      fmt::format("{}: one of that name and size was there already and was taken for it, though it could not be "
                  "compared: {}",
                  file.name, failure.message));
  return true;
}

/// `put` stays empty for a file that was not taken.
Result<void> JiraAdapter::put_file(const NativeId& ticket, const std::string& name, const std::string& bytes,
                                   Attachment& put, std::vector<std::string>& losses) {
  const std::string what = fmt::format("uploading {} bytes to issue {}", bytes.size(), ticket.value);
  const Result<http::Response> response = client_.upload(fmt::format("/issue/{}/attachments", ticket.value),
                                                         "/issue/{issueIdOrKey}/attachments", what, name, bytes);
  // Whatever became of it is seen before it is put there again.
  const auto try_again = [](Failure failure) {
    if (failure.fault == Fault::outcome_unknown) failure.fault = Fault::transient;
    return std::unexpected(std::move(failure));
  };
  if (!response) return try_again(response.error());
  if (response->status != 200 && response->status != 201) {
    const Failure failure = refused(*response, http::Method::post, what);
    if (failure.fault != Fault::rejected) return try_again(failure);
    losses.push_back(fmt::format("{} was not taken: {}", name, failure.message));
    return {};
  }
  const auto files = read_files(response->body);
  if (!files) return try_again(Failure{Fault::transient, Reach::ticket, files.error().message, std::nullopt});
  if (files->empty()) return {};
  put = files->front().attachment;
  if (put.bytes != bytes.size()) {
    // Whatever made it so would do it again: trying once more only adds files.
    losses.push_back(
        fmt::format("{} did not arrive as it left: {} bytes were sent, {} arrived", name, bytes.size(), put.bytes));
  }
  return {};
}

Result<Receipt> JiraAdapter::add_comment(const NativeId& ticket, const AddComment& wish, const Intent& intent) {
  const Marker& marker = intent.marker;
  const std::string what = fmt::format("commenting on issue {}", ticket.value);
  const bool restricted = wish.visibility == Visibility::restricted;
  const PrivateComments& who = options_.private_comments;
  std::string visibility;
  bool internal = false;
  if (restricted) {
    if (who.kind == PrivateComments::Kind::none) {
      return no_permission("it is not said who may read private comments here (private_comments)");
    }
    internal = who.kind == PrivateComments::Kind::internal;
    if (!internal) visibility = visibility_value(who);
    const Result<Project> project = knowledge_.project();
    if (!project) return std::unexpected(project.error());
    if (internal && !project->is_service) {
      return no_permission(
          "Jira has internal notes in service projects only, and would show this one to everybody; say "
          "private_comments: role:NAME");
    }
  }
  Receipt receipt;
  if (const auto put = put_files(ticket, wish, intent, receipt); !put) return std::unexpected(put.error());
  const std::string text = wrap(format(), wish.body, wish.attribution, marker);
  const Result<http::Response> response =
      send(http::Method::post, fmt::format("/issue/{}/comment", ticket.value), comments_template, what,
           comment_body(format(), text, marker, visibility, internal), true);
  if (!response) return std::unexpected(response.error());
  if (response->status != 201 || !web::is_json(*response)) {
    Failure failure = refused(*response, http::Method::post, what);
    if (restricted && response->status == 400) failure.message = "permission: " + failure.message;
    return std::unexpected(std::move(failure));
  }
  const Result<JiraComment> made = read_comment(response->body);
  if (!made) return half_told(what);
  if (restricted) {
    if (const auto proved = prove_private(ticket, *made); !proved) return std::unexpected(proved.error());
  }
  receipt.written = NativeId{made->id};
  receipt.verified = same_text(format(), text, made->body);
  return receipt;
}

/// A comment that should be private and is not is taken away at once.
Result<void> JiraAdapter::prove_private(const NativeId& ticket, const JiraComment& comment) {
  if (options_.private_comments.kind != PrivateComments::Kind::internal) {
    if (comment.is_restricted) return {};
  } else {
    std::optional<bool> internal = comment.is_internal;
    if (!internal) {
      const Result<std::string> body =
          client_.read(fmt::format("/comment/{}/properties/{}", comment.id, internal_property),
                       "/comment/{commentId}/properties/{propertyKey}", "reading back a private comment");
      if (body) {
        if (const auto value = read_internal_property(body.value())) internal = *value;
      }
    }
    if (internal.value_or(false)) return {};
  }
  const std::string what = fmt::format("taking back comment {} on issue {}", comment.id, ticket.value);
  const Result<http::Response> response = send(
      http::Method::del, fmt::format("/issue/{}/comment/{}", ticket.value, comment.id), comment_template, what, {});
  const bool taken_back = response && response->status == 204;
  return no_permission(fmt::format("Jira did not keep the private comment {} on issue {} private; it was {}",
                                   comment.id, ticket.value,
                                   taken_back ? "taken off again" : "NOT taken off: do it at once"));
}

Result<Receipt> JiraAdapter::edit_comment(const NativeId& ticket, const EditComment& wish) {
  if (!is_number(wish.comment)) return fail(Fault::malformed, fmt::format("\"{}\" is no comment", wish.comment.value));
  const std::string what = fmt::format("changing comment {} on issue {}", wish.comment.value, ticket.value);
  const std::string path = fmt::format("/issue/{}/comment/{}", ticket.value, wish.comment.value);
  const auto lost = [&](const http::Response& response, http::Method method) {
    Failure failure = refused(response, method, what);
    if (failure.fault == Fault::gone) failure.fault = Fault::stale;
    return std::unexpected(std::move(failure));
  };
  // A PUT without a restriction takes it off, so the one that is there has to be known.
  const Result<http::Response> before = client_.get(path + "?expand=properties", comment_template, what);
  if (!before) return std::unexpected(before.error());
  if (before->status != 200 || !web::is_json(*before)) return lost(*before, http::Method::get);
  const Result<JiraComment> comment = read_comment(before->body);
  if (!comment) return std::unexpected(comment.error());
  if (wish.visibility == Visibility::restricted && !comment->is_restricted && !comment->is_internal.value_or(false)) {
    return no_permission(fmt::format("comment {} on issue {} is public now; private text is not put into it",
                                     wish.comment.value, ticket.value));
  }
  const std::string text = wrap(format(), wish.body, wish.attribution, wish.envelope);
  const Result<http::Response> response = send(http::Method::put, path, comment_template, what,
                                               comment_body(format(), text, std::nullopt, comment->visibility, false));
  if (!response) return std::unexpected(response.error());
  if (response->status != 200 || !web::is_json(*response)) return lost(*response, http::Method::put);
  const Result<JiraComment> made = read_comment(response->body);
  if (!made) return half_told(what);
  Receipt receipt;
  receipt.written = wish.comment;
  receipt.verified = same_text(format(), text, made->body);
  return receipt;
}

Result<Receipt> JiraAdapter::remove_comment(const NativeId& ticket, const RemoveComment& wish) {
  if (!is_number(wish.comment)) return fail(Fault::malformed, fmt::format("\"{}\" is no comment", wish.comment.value));
  const std::string what = fmt::format("removing comment {} of issue {}", wish.comment.value, ticket.value);
  const Result<http::Response> response =
      send(http::Method::del, fmt::format("/issue/{}/comment/{}", ticket.value, wish.comment.value), comment_template,
           what, {});
  if (!response) return std::unexpected(response.error());
  if (response->status != 204) {
    const Failure failure = refused(*response, http::Method::del, what);
    if (failure.fault != Fault::gone) return std::unexpected(failure);
  }
  Receipt receipt;
  receipt.written = wish.comment;
  receipt.verified = true;
  return receipt;
}

}  // namespace causeway::jira
