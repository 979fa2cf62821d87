#include "agent/engine/turn.hpp"

#include <algorithm>

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::LinkState;
using store::StoredIntent;
using store::Transaction;

constexpr std::array<Side, 2> both_sides{Side::left, Side::right};
/// How old a complete listing may be to stand for "unchanged" (reconcile::View::fresh).
constexpr auto fresh_for = 10s;
/// A gone ticket is believed at the second look.
constexpr int gone_looks_needed = 2;
constexpr auto gone_look_again = 60s;
/// Our clock and a tracker's may differ this much when an object is looked for by its time of creation.
constexpr auto clock_skew_max = 300s;
/// Stamps have whole seconds: a change right after a reading can carry the stamp that the reading saw. Such a reading is
/// repeated when the second is long over.
constexpr auto stamp_settles_after = 2s;
constexpr auto look_again_after = 90s;

std::string field_names(const EditTicket& edit) {
  std::string names;
  const auto add = [&](std::string_view word) {
    if (!names.empty()) names += ", ";
    names += word;
  };
  for (const auto& [field, wanted] : edit.set) add(name(field));
  if (!edit.labels_add.empty() || !edit.labels_remove.empty()) add("labels");
  if (edit.twin_url) add("link to the twin");
  return names;
}

/// The word of the audit trail, and what it says for people.
std::pair<std::string, std::string> account_of(const StoredIntent& intent, const TicketRef& target) {
  const std::string where = display(target);
  if (std::holds_alternative<CreateTicket>(intent.step.operation)) return {"created", "opened " + where};
  if (const auto* edit = std::get_if<EditTicket>(&intent.step.operation)) {
    return {"edited", fmt::format("changed {} of {}", field_names(*edit), where)};
  }
  if (std::holds_alternative<AddComment>(intent.step.operation)) return {"commented", "commented on " + where};
  if (const auto* edit = std::get_if<EditComment>(&intent.step.operation)) {
    return {"comment_edited", fmt::format("changed comment {} of {}", edit->comment.value, where)};
  }
  const auto& removal = std::get<RemoveComment>(intent.step.operation);
  return {"comment_removed", fmt::format("removed comment {} of {}", removal.comment.value, where)};
}

}  // namespace

Turn::Turn(const Context& context, const config::RouteConfig& route, std::array<Tracker*, 2> trackers, store::Link link,
           Occasion occasion)
    : context_(context), route_(route), trackers_(trackers), link_(std::move(link)), occasion_(std::move(occasion)) {}

void Turn::give(Side side, Snapshot snapshot) { snapshots_[index(side)] = std::move(snapshot); }

reconcile::View Turn::view(Side side) const {
  const Capabilities& can = tracker(side).capabilities();
  reconcile::View view;
  view.snapshot = snapshots_[index(side)] ? &*snapshots_[index(side)] : nullptr;
  view.fresh = can.listing_is_reading && tracker(side).fresh(fresh_for);
  view.format = can.format;
  view.title_characters_max = can.title_characters_max;
  view.body_bytes_max = can.body_bytes_max;
  view.private_comments = can.private_comments;
  view.priority = can.priority;
  view.labels = can.labels;
  view.milestone = can.milestone;
  return view;
}

Result<void> Turn::run() {
  if (auto recovered = recover(); !recovered) return recovered;
  for (const Side side : both_sides) {
    const bool is_occasion = link_.tickets[index(side)] == occasion_.ticket;
    if (exists(side) && is_occasion && !snapshots_[index(side)]) {
      if (auto result = read(side); !result) return result;
    }
    // A new twin gets everything there is, so its original must be known whole.
    const bool creating = !exists(other(side)) && exists(side);
    const bool whole = exists(side) && (creating || must_read_[index(side)]);
    if (whole && (!snapshots_[index(side)] || snapshots_[index(side)]->coverage != Coverage::all)) {
      if (auto result = read(side); !result) return result;
    }
  }
  for (const Side side : both_sides) {
    if (!snapshots_[index(side)]) continue;
    const auto same = check_identity(side);
    if (!same) return std::unexpected(same.error());
    if (!*same) return {};
  }
  const bool refused = link_.state == LinkState::paused && !(exists(Side::left) && exists(Side::right));
  if (link_.state == LinkState::broken || refused) return finish();  // nothing may be written, and a person knows
  if (auto decided = decide(); !decided || context_.dry) return decided;
  // Opening a ticket can ask for one more write on the side it came from, hence the second way round.
  for (int round = 0; round < 2; ++round) {
    for (const Side side : both_sides) {
      if (auto delivered = deliver(side); !delivered) return delivered;
    }
  }
  return finish();
}

Result<void> Turn::read(Side side) {
  auto snapshot = tracker(side).fetch(link_.tickets[index(side)]);
  if (!snapshot) return std::unexpected(snapshot.error());
  snapshots_[index(side)] = std::move(*snapshot);
  return {};
}

/// false: the link was dealt with (gone, or its id now belongs to another ticket).
Result<bool> Turn::check_identity(Side side) {
  const Snapshot& snapshot = *snapshots_[index(side)];
  const Instant created = link_.base[side].created;
  const bool another = created != Instant{} && !snapshot.gone && snapshot.created != created;
  if (!snapshot.gone && !another) {
    if (link_.gone_looks > 0) {
      link_.gone_looks = 0;
      if (link_.state == LinkState::broken) link_.state = LinkState::active;
    }
    return true;
  }
  if (another) link_.gone_looks = gone_looks_needed - 1;  // the id was given again: no second look is needed
  if (auto noted = note_gone(side); !noted) return std::unexpected(noted.error());
  return false;
}

Result<void> Turn::note_gone(Side side) {
  const TicketRef ticket = link_.tickets[index(side)];
  if (context_.dry || link_.state == LinkState::broken) {
    if (context_.dry) return {};
    return context_.store.write([&](Transaction& transaction) {
      return transaction.remove_hint(occasion_.ticket, occasion_.generation);
    });
  }
  ++link_.gone_looks;
  const bool believed = link_.gone_looks >= gone_looks_needed;
  if (believed) link_.state = LinkState::broken;
  const std::string detail =
      believed ? fmt::format("{} is gone; its twin is left as it is", display(ticket)) : std::string{};
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_link(link_); !result) return result;
    if (believed) {
      if (auto result = context_.audit(transaction, link_.id, "gone", detail); !result) return result;
      return transaction.remove_hint(occasion_.ticket, occasion_.generation);
    }
    if (auto result = transaction.remove_hint(occasion_.ticket, occasion_.generation); !result) return result;
    return transaction.add_hint(ticket, context_.clock.now() + gone_look_again);
  });
  if (written && believed) context_.told(ticket, "gone", detail);
  return written;
}

Result<void> Turn::recover() {
  if (link_.id == LinkId{}) return {};
  std::vector<StoredIntent> intents;
  auto loaded = context_.store.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.intents_of(link_.id);
    if (!found) return std::unexpected(found.error());
    intents = std::move(*found);
    return {};
  });
  if (!loaded || context_.dry) return loaded;
  for (const StoredIntent& intent : intents) {
    // Where an unfinished write came from must be known whole, or deciding again would take it for no longer wanted.
    must_read_[index(other(intent.target))] = true;
    if (intent.state != IntentState::sending) continue;
    if (auto looked = look_for(intent); !looked) return looked;
  }
  return {};
}

/// The request may have left. What was to be created is looked for by its marker; what was to be changed is simply read:
/// the base still holds the old agreement, so deciding again finds what is missing, and only that.
Result<void> Turn::look_for(const StoredIntent& intent) {
  if (!creates(intent.step.operation)) {
    if (auto result = read(intent.target); !result) return result;
    return back_to_ready(intent.id);
  }
  auto found = tracker(intent.target).find(link_.tickets[index(intent.target)], intent.marker, intent.sent - clock_skew_max);
  if (!found) return std::unexpected(found.error());
  if (*found) {
    const Receipt& receipt = **found;
    if (std::holds_alternative<CreateTicket>(intent.step.operation)) {
      link_.tickets[index(intent.target)].id = receipt.written;
      if (receipt.created) link_.base[intent.target].created = *receipt.created;
    }
    // Its side has changed since whatever reading we hold.
    if (auto result = read(intent.target); !result) return result;
    reconcile::agree(link_.base, intent.step.agreement, intent.target, receipt.written);
    if (const auto* create = std::get_if<CreateTicket>(&intent.step.operation)) {
      take_defaults(intent.target, create->ticket, snapshots_[index(intent.target)]->ticket);
    }
    auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
      if (auto result = transaction.put_link(link_); !result) return result;
      if (auto result = transaction.remove_intent(intent.id); !result) return result;
      return context_.audit(transaction, link_.id, "found",
                            fmt::format("a write whose answer was lost had reached {}",
                                        display(link_.tickets[index(intent.target)])));
    });
    if (written) context_.report.count("found");
    return written;
  }
  const Instant provable = intent.sent + tracker(intent.target).capabilities().listing_lag;
  if (context_.clock.now() < provable) {
    // A listing that lags proves nothing yet (docs/architecture.md, "A write that may have happened").
    Failure wait{Fault::rate_limited, Reach::ticket, "waiting until the tracker's listing can prove that a write did not arrive", {}};
    wait.retry_after = std::chrono::ceil<std::chrono::seconds>(provable - context_.clock.now());
    return std::unexpected(std::move(wait));
  }
  return back_to_ready(intent.id);
}

/// It did not arrive, or doing it again does no harm. Kept, so that a person's approval is: deciding drops it if it is no longer wanted.
Result<void> Turn::back_to_ready(IntentId id) {
  return context_.store.write([&](Transaction& transaction) { return transaction.mark_intent(id, IntentState::ready, {}); });
}

policy::Crossing Turn::crossing(Side target, bool approved) const {
  const auto& source = snapshots_[index(other(target))];
  policy::Crossing crossing;
  crossing.to = tracker(target).setting().role;
  crossing.source = source ? source->ticket.visibility : Visibility::restricted;
  crossing.born_there = link_.born == target;
  crossing.publication_allowed = route_.first_publication_allowed;
  crossing.approved = approved;
  return crossing;
}

Result<Plan> Turn::plan_with_all_readings() {
  for (int attempt = 0; attempt < 3; ++attempt) {
    const std::array<reconcile::View, 2> views{view(Side::left), view(Side::right)};
    const bool linked = exists(Side::left) && exists(Side::right);
    Plan plan = reconcile::reconcile(linked ? std::optional<Base>{link_.base} : std::nullopt, views, link_.born,
                                     route_.mapping, route_.rules);
    std::array<bool, 2> wanted = plan.wants_reading;
    for (const Side side : both_sides) {
      // What goes to the public is written only beside a fresh look at how private its source is (rule 4).
      const bool publishes = !plan[other(side)].empty() && tracker(other(side)).setting().role == TrackerRole::community;
      if (publishes && !snapshots_[index(side)]) wanted[index(side)] = true;
    }
    if (!wanted[0] && !wanted[1]) return plan;
    for (const Side side : both_sides) {
      if (!wanted[index(side)]) continue;
      if (auto result = read(side); !result) return std::unexpected(result.error());
      if (snapshots_[index(side)]->gone) {
        if (auto noted = note_gone(side); !noted) return std::unexpected(noted.error());
        return fail(Fault::gone, display(link_.tickets[index(side)]) + " is gone");
      }
    }
  }
  return fail(Fault::malformed, "a plan kept asking for readings that it had");
}

/// The losing words of a conflict also go where the support team sees them: into an internal note on the queue's ticket.
void Turn::add_conflict_notes(Plan& plan) const {
  if (!tracker(Side::right).capabilities().private_comments) return;
  for (const Conflict& conflict : plan.conflicts) {
    const Side lost = other(conflict.kept);
    AddComment note;
    note.body = fmt::format("Both sides changed the {}. Kept: {}. The other value was:\n\n<pre>\n{}\n</pre>", conflict.what,
                            display(link_.tickets[index(conflict.kept)]), conflict.values[index(lost)]);
    note.attribution.author = "Causeway";
    note.visibility = Visibility::restricted;
    plan[Side::right].push_back({std::move(note), {}});
  }
}

Result<void> Turn::decide() {
  auto plan = plan_with_all_readings();
  if (!plan) {
    if (plan.error().fault == Fault::gone) return {};
    return std::unexpected(plan.error());
  }
  add_conflict_notes(*plan);
  if (context_.dry) {
    report_plan(*plan);
    return {};
  }
  if (!context_.brake.allows(route_, *plan)) {
    Failure wait{Fault::rate_limited, Reach::ticket,
                 fmt::format("the brake of route {} is on: this pass would change more than {} tickets", route_.id.value, route_.brake), {}};
    wait.retry_after = 60s;
    return std::unexpected(std::move(wait));
  }
  return judge(*plan);
}

void Turn::report_plan(const Plan& plan) {
  context_.report.planned(plan);
  for (const Side target : both_sides) {
    const Side source = other(target);
    for (const Step& step : plan[target]) {
      PlannedWrite write;
      write.route = route_.id;
      write.source = link_.tickets[index(source)];
      write.source_key = snapshots_[index(source)] ? snapshots_[index(source)]->display_key : "";
      write.target = link_.tickets[index(target)];
      write.target.tracker = tracker(target).id();
      write.operation = step.operation;
      write.requests = tracker(target).adapter().requests_for(step.operation);
      const auto judged = context_.gate.review(step, crossing(target, false));
      if (!judged) {
        write.held = judged.error().reason;
        write.explanation = judged.error().explanation;
      }
      context_.report.planned(std::move(write));
    }
  }
}

/// Sends the plan through the gate and makes the outcome durable: intents that are ready or held, what is already agreed,
/// conflicts; the hint that brought us here has then done its work.
Result<void> Turn::judge(const Plan& plan) {
  std::vector<StoredIntent> known;
  if (link_.id != LinkId{}) {
    auto loaded = context_.store.read([&](Transaction& transaction) -> Result<void> {
      auto found = transaction.intents_of(link_.id);
      if (!found) return std::unexpected(found.error());
      known = std::move(*found);
      return {};
    });
    if (!loaded) return loaded;
  }
  const Instant now = context_.clock.now();
  std::vector<StoredIntent> kept;
  std::vector<StoredIntent> held_now;
  for (const Side target : both_sides) {
    const auto& source = snapshots_[index(other(target))];
    const bool public_side = tracker(target).setting().role == TrackerRole::community;
    const bool private_source = source && source->ticket.visibility != Visibility::open;
    if (public_side && exists(target) && exists(other(target)) && link_.born != target && source) {
      link_.state = private_source ? LinkState::paused : LinkState::active;
    }
    if (public_side && private_source && exists(target)) {
      complete_ = complete_ && plan[target].empty();
      continue;  // a ticket that turned private stops its public side; nothing waits, since nothing may ever go
    }
    bool creation_held = false;
    for (const Step& step : plan[target]) {
      StoredIntent intent;
      intent.link = link_.id;
      intent.target = target;
      intent.step = step;
      intent.created = now;
      const auto same = std::find_if(known.begin(), known.end(), [&](const StoredIntent& old) {
        return old.target == target && old.step.operation == step.operation;
      });
      if (same != known.end()) {
        intent = *same;
        intent.step = step;
        known.erase(same);
        if (intent.state != IntentState::held || intent.approved) intent.reason.reset();
      }
      if (intent.marker.empty()) intent.marker = context_.new_marker();
      if (creation_held) {
        complete_ = false;
        continue;  // comments of a ticket that does not exist yet: planned again once it does
      }
      const auto judged = context_.gate.review(step, crossing(target, intent.approved));
      // A refusal by the tracker stays until a person has dealt with it; what the gate held is judged anew each time.
      const bool refused = intent.reason && (*intent.reason == HoldReason::rejected || *intent.reason == HoldReason::malformed ||
                                             *intent.reason == HoldReason::permission);
      if (judged && !refused) {
        intent.reason.reset();
        intent.state = IntentState::ready;
        kept.push_back(std::move(intent));
        continue;
      }
      const bool is_new = intent.id == IntentId{};
      intent.state = IntentState::held;
      if (!judged) {
        intent.reason = judged.error().reason;
        intent.explanation = judged.error().explanation;
      }
      creation_held = std::holds_alternative<CreateTicket>(step.operation);
      complete_ = false;
      if (is_new) held_now.push_back(intent);
      kept.push_back(std::move(intent));
    }
  }
  reconcile::agree(link_.base, plan.already, Side::left, {});
  const bool link_changes = link_.id == LinkId{} || !plan.already.empty() || !kept.empty() || !known.empty() || !plan.conflicts.empty();
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (link_changes) {
      const bool is_new = link_.id == LinkId{};
      if (auto result = transaction.put_link(link_); !result) return result;
      if (is_new) {
        if (auto result = context_.audit(transaction, link_.id, "linked",
                                         fmt::format("{} taken by route {}", display(link_.tickets[index(link_.born)]), route_.id.value));
            !result) {
          return result;
        }
      }
    }
    for (const StoredIntent& old : known) {
      if (auto result = transaction.remove_intent(old.id); !result) return result;
    }
    bool first = true;
    for (StoredIntent& intent : kept) {
      intent.link = link_.id;
      if (intent.state == IntentState::ready && first && std::holds_alternative<CreateTicket>(intent.step.operation)) {
        // The first request follows at once: its marker becomes durable in this very commit.
        intent.state = IntentState::sending;
        intent.sent = now;
        ++intent.attempts;
      }
      first = false;
      if (auto result = transaction.put_intent(intent); !result) return result;
    }
    for (const Conflict& conflict : plan.conflicts) {
      if (auto result = transaction.add_conflict(link_.id, now, conflict); !result) return result;
      if (auto result = context_.audit(transaction, link_.id, "conflict",
                                       fmt::format("both sides changed the {}; the {} side's value was kept", conflict.what,
                                                   conflict.kept == Side::left ? "left" : "right"));
          !result) {
        return result;
      }
    }
    for (const StoredIntent& intent : held_now) {
      if (auto result = context_.audit(transaction, link_.id, "held",
                                       fmt::format("{}: {}", name(intent.step.operation), intent.explanation));
          !result) {
        return result;
      }
    }
    if (occasion_.spooled_up_to > 0) {
      if (auto result = transaction.remove_spooled_comments(occasion_.ticket, occasion_.spooled_up_to); !result) return result;
    }
    // With writes still to make, the hint stays until they are settled: a crash in between brings the turn back.
    if (!kept.empty()) return {};
    return transaction.remove_hint(occasion_.ticket, occasion_.generation);
  });
  if (!written) return written;
  hint_removed_ = kept.empty();
  for (const StoredIntent& intent : held_now) {
    context_.told(link_.tickets[index(other(intent.target))], "held", intent.explanation);
  }
  for (const Conflict& conflict : plan.conflicts) context_.told(occasion_.ticket, "conflict", "both sides changed the " + conflict.what);
  for (StoredIntent& intent : kept) {
    if (intent.state != IntentState::held) ready_[index(intent.target)].push_back(std::move(intent));
  }
  return {};
}

Result<Receipt> Turn::send(Side side, const StoredIntent& intent) {
  // Judged once more where it matters: nothing leaves that the gate would not let pass now.
  auto cleared = context_.gate.review(intent.step, crossing(side, intent.approved));
  if (!cleared) return fail(Fault::rejected, cleared.error().explanation);
  TicketRef target = link_.tickets[index(side)];
  target.tracker = tracker(side).id();
  return tracker(side).apply(Intent{std::move(target), std::move(*cleared), intent.marker});
}

Result<void> Turn::deliver(Side side) {
  std::vector<StoredIntent>& ready = ready_[index(side)];
  if (ready.empty()) return {};
  if (std::holds_alternative<CreateTicket>(ready.front().step.operation)) {
    if (auto result = deliver_creation(side); !result) return result;
  }
  return deliver_others(side);
}

void Turn::tell(const StoredIntent& intent) {
  const auto [what, detail] = account_of(intent, link_.tickets[index(intent.target)]);
  context_.told(link_.tickets[index(intent.target)], what, detail);
}

/// What we left open in a new ticket has the tracker's default now, which is nobody's change.
void Turn::take_defaults(Side side, const Ticket& asked, const Ticket& shown) {
  for (const Field field : {Field::priority, Field::assignee, Field::milestone}) {
    if (!value(asked, field)) link_.base[side][field] = fingerprint(value(shown, field));
  }
  if (!shown.status.empty()) link_.base[side][Field::status] = fingerprint(shown.status);
}

Result<void> Turn::deliver_creation(Side side) {
  StoredIntent intent = std::move(ready_[index(side)].front());
  ready_[index(side)].erase(ready_[index(side)].begin());
  if (intent.state != IntentState::sending) {
    intent.sent = context_.clock.now();
    auto marked = context_.store.write(
        [&](Transaction& transaction) { return transaction.mark_intent(intent.id, IntentState::sending, intent.sent); });
    if (!marked) return marked;
  }
  auto receipt = send(side, intent);
  if (!receipt) {
    const Failure& failure = receipt.error();
    complete_ = false;
    ready_[index(side)].clear();
    if (failure.fault == Fault::rejected || failure.fault == Fault::malformed) {
      return hold(std::move(intent), HoldReason::rejected, failure.message);
    }
    if (failure.fault != Fault::outcome_unknown) {
      // It certainly did not happen.
      if (auto undone = back_to_ready(intent.id); !undone) return undone;
    }
    return std::unexpected(failure);
  }
  link_.tickets[index(side)].tracker = tracker(side).id();
  link_.tickets[index(side)].id = receipt->written;
  opened_ = side;
  reconcile::agree(link_.base, intent.step.agreement, side, receipt->written);
  if (receipt->created) link_.base[side].created = *receipt->created;
  if (receipt->updated) link_.base[side].updated = *receipt->updated;
  if (receipt->shown) take_defaults(side, std::get<CreateTicket>(intent.step.operation).ticket, *receipt->shown);
  const Side source = other(side);
  if (snapshots_[index(source)]) link_.base[source].created = snapshots_[index(source)]->created;
  // The link to the twin goes back to where the ticket was born, unless that is public.
  if (tracker(source).capabilities().twin_link && tracker(source).setting().role != TrackerRole::community) {
    EditTicket edit;
    edit.twin_url = tracker(side).adapter().url_of(receipt->written);
    StoredIntent twin;
    twin.target = source;
    twin.step.operation = std::move(edit);
    twin.marker = context_.new_marker();
    twin.created = context_.clock.now();
    ready_[index(source)].push_back(std::move(twin));
  }
  const Instant now = context_.clock.now();
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_link(link_); !result) return result;
    if (auto result = transaction.remove_intent(intent.id); !result) return result;
    for (StoredIntent& next : ready_[index(side)]) {
      next.state = IntentState::sending;
      next.sent = now;
      if (auto result = transaction.mark_intent(next.id, next.state, now); !result) return result;
    }
    for (StoredIntent& next : ready_[index(source)]) {
      next.link = link_.id;
      if (next.id == IntentId{}) {
        if (auto result = transaction.put_intent(next); !result) return result;
      }
    }
    const auto [what, detail] = account_of(intent, link_.tickets[index(side)]);
    return context_.audit(transaction, link_.id, what, detail);
  });
  if (!written) return written;
  tell(intent);
  return {};
}

Result<void> Turn::deliver_others(Side side) {
  std::vector<StoredIntent> intents = std::move(ready_[index(side)]);
  ready_[index(side)].clear();
  if (intents.empty()) return {};
  if (std::any_of(intents.begin(), intents.end(), [](const StoredIntent& intent) { return intent.state != IntentState::sending; })) {
    const Instant now = context_.clock.now();
    auto marked = context_.store.write([&](Transaction& transaction) -> Result<void> {
      for (StoredIntent& intent : intents) {
        intent.state = IntentState::sending;
        intent.sent = now;
        if (auto result = transaction.mark_intent(intent.id, intent.state, now); !result) return result;
      }
      return {};
    });
    if (!marked) return marked;
  }
  std::vector<std::pair<StoredIntent, Receipt>> done;
  std::optional<Failure> stopped;
  std::vector<IntentId> unsent;
  for (StoredIntent& intent : intents) {
    if (!stopped && context_.told_to_stop()) stopped = Failure{Fault::transient, Reach::ticket, "told to stop", {}};
    if (stopped) {
      unsent.push_back(intent.id);
      continue;
    }
    auto receipt = send(side, intent);
    if (receipt) {
      done.emplace_back(std::move(intent), std::move(*receipt));
      continue;
    }
    const Failure& failure = receipt.error();
    complete_ = false;
    if (failure.fault == Fault::rejected || failure.fault == Fault::malformed) {
      if (auto result = hold(std::move(intent), HoldReason::rejected, failure.message); !result) return result;
      continue;
    }
    stopped = failure;
    if (failure.fault != Fault::outcome_unknown) unsent.push_back(intent.id);
  }
  if (!unsent.empty()) {
    auto undone = context_.store.write([&](Transaction& transaction) -> Result<void> {
      for (const IntentId id : unsent) {
        if (auto result = transaction.mark_intent(id, IntentState::ready, {}); !result) return result;
      }
      return {};
    });
    if (!undone) return undone;
  }
  if (!done.empty()) {
    if (auto result = settle(side, done); !result) return result;
  }
  if (stopped) return std::unexpected(*stopped);
  return {};
}

/// On a tracker whose answers prove nothing: reads the ticket once, finds the ids of what was created, and sees whether the
/// fields took. What did not is held and taken out of `done`.
Result<void> Turn::read_back(Side side, std::vector<std::pair<StoredIntent, Receipt>>& done) {
  auto snapshot = tracker(side).fetch(link_.tickets[index(side)]);
  if (!snapshot) return std::unexpected(snapshot.error());
  if (snapshot->gone) return fail(Fault::gone, display(link_.tickets[index(side)]) + " is gone");
  const markup::Format format = tracker(side).capabilities().format;
  std::vector<std::pair<StoredIntent, Receipt>> proven;
  for (auto& [intent, receipt] : done) {
    std::string missing;
    if (const auto* add = std::get_if<AddComment>(&intent.step.operation)) {
      const auto found = std::find_if(snapshot->comments.begin(), snapshot->comments.end(),
                                      [&](const Comment& comment) { return comment.marker == intent.marker; });
      if (found == snapshot->comments.end()) {
        missing = "the tracker answered that the comment was stored, but it is not there";
      } else {
        receipt.written = found->id;
        if (add->visibility == Visibility::restricted && found->visibility != Visibility::restricted) {
          missing = "the tracker stored an internal note where everybody can read it: remove it there, and give our account the right to keep notes private";
        }
      }
    } else if (const auto* edit = std::get_if<EditTicket>(&intent.step.operation)) {
      const auto before = snapshots_[index(side)] ? &snapshots_[index(side)]->ticket : nullptr;
      for (const auto& [field, wanted] : edit->set) {
        const auto present = value(snapshot->ticket, field);
        const bool took = field == Field::body ? reconcile::text_fingerprint(format, present.value_or("")) ==
                                                     reconcile::text_fingerprint(format, wanted.value_or(""))
                                               : present == wanted;
        // Another value than before and than ours is somebody's edit after ours: the next look deals with it.
        const bool ignored = !took && (before == nullptr || value(*before, field) == present);
        if (ignored) {
          missing += fmt::format("{}the tracker answered that the {} was stored, but it is unchanged", missing.empty() ? "" : "; ", name(field));
          if (field == Field::status && wanted) missing += fmt::format(" (is \"{}\", wanted \"{}\")", present.value_or(""), *wanted);
        }
      }
    }
    if (missing.empty()) {
      proven.emplace_back(std::move(intent), std::move(receipt));
    } else {
      complete_ = false;
      if (auto result = hold(std::move(intent), HoldReason::rejected, std::move(missing)); !result) return result;
    }
  }
  done = std::move(proven);
  link_.base[side].updated = snapshot->updated;
  if (link_.base[side].created == Instant{}) link_.base[side].created = snapshot->created;
  snapshots_[index(side)] = std::move(*snapshot);
  return {};
}

Result<void> Turn::settle(Side side, const std::vector<std::pair<StoredIntent, Receipt>>& answered) {
  std::vector<std::pair<StoredIntent, Receipt>> done = answered;
  const bool unproven = std::any_of(done.begin(), done.end(), [](const auto& entry) { return !entry.second.verified; });
  if (tracker(side).capabilities().writes_are_blind && unproven) {
    if (auto result = read_back(side, done); !result) return result;
  }
  for (const auto& [intent, receipt] : done) {
    reconcile::agree(link_.base, intent.step.agreement, side, receipt.written);
    if (receipt.updated && *receipt.updated > link_.base[side].updated) link_.base[side].updated = *receipt.updated;
  }
  const bool last = complete_ && ready_[0].empty() && ready_[1].empty();
  if (last) stamp();
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_link(link_); !result) return result;
    for (const auto& [intent, receipt] : done) {
      if (auto result = transaction.remove_intent(intent.id); !result) return result;
      auto [what, detail] = account_of(intent, link_.tickets[index(side)]);
      for (const std::string& loss : receipt.losses) detail += "; " + loss;
      if (auto result = context_.audit(transaction, link_.id, std::move(what), std::move(detail)); !result) return result;
    }
    if (last) return transaction.remove_hint(occasion_.ticket, occasion_.generation);
    return {};
  });
  if (!written) return written;
  hint_removed_ = last;
  for (const auto& [intent, receipt] : done) tell(intent);
  return {};
}

Result<void> Turn::hold(StoredIntent intent, HoldReason reason, std::string explanation) {
  intent.state = IntentState::held;
  intent.reason = reason;
  intent.explanation = std::move(explanation);
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_intent(intent); !result) return result;
    return context_.audit(transaction, link_.id, "held", fmt::format("{}: {}", name(intent.step.operation), intent.explanation));
  });
  if (written) context_.told(link_.tickets[index(intent.target)], "held", intent.explanation);
  return written;
}

/// The stamps by which a listing's row is recognised as nothing new. Only where a listing does not show everything: where it
/// does, the fields themselves are compared.
void Turn::stamp() {
  for (const Side side : both_sides) {
    const auto& snapshot = snapshots_[index(side)];
    if (!snapshot || !exists(side) || snapshot->gone || tracker(side).capabilities().listing_is_reading) continue;
    if (link_.base[side].created == Instant{}) link_.base[side].created = snapshot->created;
    if (complete_ && snapshot->coverage == Coverage::all && link_.base[side].updated < snapshot->updated) {
      link_.base[side].updated = snapshot->updated;
    }
  }
}

/// Sides whose last reading may have missed a change within the same second. A ticket that we have only just opened is left
/// out: nobody has seen it yet.
std::vector<Side> Turn::unsettled() const {
  std::vector<Side> sides;
  for (const Side side : both_sides) {
    const auto& snapshot = snapshots_[index(side)];
    if (!snapshot || snapshot->gone || !exists(side) || opened_ == side) continue;
    if (tracker(side).capabilities().listing_is_reading) continue;
    if (link_.base[side].updated == snapshot->updated && snapshot->observed - snapshot->updated < stamp_settles_after) {
      sides.push_back(side);
    }
  }
  return sides;
}

Result<void> Turn::finish() {
  const Base before = link_.base;
  stamp();
  const bool changed = link_.id != LinkId{} && !(before == link_.base);
  const std::vector<Side> again = unsettled();
  if (!changed && hint_removed_ && again.empty()) return {};
  return context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (changed) {
      if (auto result = transaction.put_link(link_); !result) return result;
    }
    if (auto result = transaction.remove_hint(occasion_.ticket, occasion_.generation); !result) return result;
    for (const Side side : again) {
      if (auto result = transaction.add_hint(link_.tickets[index(side)], context_.clock.now() + look_again_after); !result) {
        return result;
      }
    }
    return {};
  });
}

}  // namespace causeway::engine
