#include "agent/cli/commands.hpp"
#include "agent/cli/describe.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/wiring.hpp"

namespace causeway::cli {
namespace {

constexpr std::size_t entries_max = 1000;

struct LinkStory {
  store::Link link;
  std::vector<store::StoredIntent> intents;
  std::vector<store::StoredConflict> conflicts;
  std::vector<store::AuditEntry> entries;  ///< oldest first
};

std::string_view word(store::LinkState state) {
  switch (state) {
    case store::LinkState::active:
      return "active";
    case store::LinkState::paused:
      return "paused";
    case store::LinkState::broken:
      return "broken";
  }
  return "broken";
}

std::string_view word(store::IntentState state) {
  switch (state) {
    case store::IntentState::ready:
      return "ready";
    case store::IntentState::sending:
      return "sending";
    case store::IntentState::held:
      return "held";
  }
  return "held";
}

Result<std::vector<LinkStory>> stories_of(store::Store& store, const TicketRef& ticket) {
  std::vector<LinkStory> stories;
  auto done = store.read([&](store::Transaction& transaction) -> Result<void> {
    auto links = transaction.links_of(ticket);
    if (!links) return std::unexpected(links.error());
    for (store::Link& link : *links) {
      LinkStory story;
      auto intents = transaction.intents_of(link.id);
      if (!intents) return std::unexpected(intents.error());
      auto conflicts = transaction.conflicts(link.id, entries_max);
      if (!conflicts) return std::unexpected(conflicts.error());
      auto entries = transaction.audit(link.id, entries_max);
      if (!entries) return std::unexpected(entries.error());
      story.intents = std::move(*intents);
      story.conflicts = std::move(*conflicts);
      story.entries.assign(entries->rbegin(), entries->rend());
      story.link = std::move(link);
      stories.push_back(std::move(story));
    }
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return stories;
}

void print_text(const LinkStory& story) {
  const store::Link& link = story.link;
  print_line(fmt::format("{} ↔ {}  route {}, {}, filed on {}", engine::display(link.tickets[0]),
                         engine::display(link.tickets[1]), link.route.value, word(link.state),
                         link.tickets[index(link.born)].tracker.value));
  if (link.state == store::LinkState::paused)
    print_line("  Nothing is written to its public side: one side is private, or a person dropped the publication.");
  if (link.state == store::LinkState::broken) print_line("  One side is gone; the other is left as it is.");
  print_line(fmt::format("  {} in step", counted(link.base.comments.size(), "comment", "comments")));
  for (const store::AuditEntry& entry : story.entries) {
    print_line(fmt::format("  {}  {:<16} {}", format_instant(entry.at), entry.what, printable(entry.detail)));
  }
  for (const store::StoredConflict& conflict : story.conflicts) {
    const Side lost = other(conflict.conflict.kept);
    print_line(fmt::format("  conflict over the {} at {}; the value that was not kept, of {}:", conflict.conflict.what,
                           format_instant(conflict.at), link.tickets[index(lost)].tracker.value));
    print_line(indented(conflict.conflict.values[index(lost)], "    | "));
  }
  for (const store::StoredIntent& intent : story.intents) {
    print_line(fmt::format(
        "  {}: {} on {}{}", word(intent.state), headline(intent.step.operation),
        link.tickets[index(intent.target)].tracker.value,
        intent.state == store::IntentState::held
            ? fmt::format(" (hold {}: {})", static_cast<std::int64_t>(intent.id), printable(intent.explanation))
            : ""));
  }
}

void print_json(const std::vector<LinkStory>& stories) {
  Json json;
  json.begin_object();
  json.key("links");
  json.begin_array();
  for (const LinkStory& story : stories) {
    json.begin_object();
    json.member("left", engine::display(story.link.tickets[0]));
    json.member("right", engine::display(story.link.tickets[1]));
    json.member("route", story.link.route.value);
    json.member("state", word(story.link.state));
    json.member("born", story.link.tickets[index(story.link.born)].tracker.value);
    json.key("history");
    json.begin_array();
    for (const store::AuditEntry& entry : story.entries) {
      json.begin_object();
      json.member("at", format_instant(entry.at));
      json.member("what", entry.what);
      json.member("detail", entry.detail);
      json.end_object();
    }
    json.end_array();
    json.key("conflicts");
    json.begin_array();
    for (const store::StoredConflict& conflict : story.conflicts) {
      json.begin_object();
      json.member("at", format_instant(conflict.at));
      json.member("what", conflict.conflict.what);
      json.member("left", conflict.conflict.values[0]);
      json.member("right", conflict.conflict.values[1]);
      json.member("kept", conflict.conflict.kept == Side::left ? "left" : "right");
      json.end_object();
    }
    json.end_array();
    json.key("intents");
    json.begin_array();
    for (const store::StoredIntent& intent : story.intents) {
      json.begin_object();
      json.member("id", static_cast<std::int64_t>(intent.id));
      json.member("state", word(intent.state));
      json.member("operation", name(intent.step.operation));
      json.member("explanation", intent.explanation);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  print_line(json.take());
}

}  // namespace

ExitCode explain(const CommonOptions& common, const std::string& ticket) {
  const auto config = read_config_or_complain(common.config);
  if (!config) return configuration;
  const std::size_t slash = ticket.find('/');
  const TicketRef ref{TrackerId{ticket.substr(0, slash)},
                      NativeId{slash == std::string::npos ? "" : ticket.substr(slash + 1)}};
  if (ref.id.empty() || config->tracker(ref.tracker) == nullptr) {
    std::string known;
    for (const config::TrackerConfig& tracker : config->trackers)
      known += (known.empty() ? "" : ", ") + tracker.id.value;
    complain(fmt::format("explain: \"{}\" is not tracker/number; the trackers are {}", printable(ticket), known));
    return usage;
  }
  auto store = open_store(*config, StoreUse::reading);
  if (!store) return store_unusable;
  const auto stories = stories_of(*store, ref);
  if (!stories) {
    complain(stories.error().message);
    return store_unusable;
  }
  if (stories->empty()) {
    complain(fmt::format(
        "{} is not linked to anything: no route has taken it. `causeway plan` shows what would be taken.", ticket));
    return not_found;
  }
  if (common.json) {
    print_json(*stories);
  } else {
    for (const LinkStory& story : *stories) print_text(story);
  }
  return done;
}

}  // namespace causeway::cli
