#include <algorithm>

#include "agent/engine/turn.hpp"
#include "agent/markup/convert.hpp"

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::LinkState;
using store::StoredIntent;
using store::Transaction;

constexpr std::array<Side, 2> both_sides{Side::left, Side::right};
constexpr std::size_t conflicts_max = 10'000;
/// Tickets that the brake has stopped wait until a person releases it, which hastens them; this is only the safety net.
constexpr auto braked_patience = 3600s;

}  // namespace

policy::Crossing Turn::crossing(Side target, bool approved) const {
  const auto& source = snapshots_[index(other(target))];
  policy::Crossing crossing;
  crossing.to = tracker(target).setting().role;
  crossing.source = source ? source->ticket.visibility : Visibility::restricted;
  crossing.born_there = link_.born == target;
  crossing.publication_allowed = route_.first_publication_allowed;
  crossing.customer_case = customer_case_;
  crossing.customer_born = customer_born_;
  crossing.other_customer = other_customer_;
  crossing.approved = approved;
  crossing.own_names = &tracker(target).setting().own_names;
  return crossing;
}

Result<Plan> Turn::plan_with_all_readings() {
  for (int attempt = 0; attempt < 3; ++attempt) {
    const std::array<reconcile::View, 2> views{view(Side::left), view(Side::right)};
    const bool linked = exists(Side::left) && exists(Side::right);
    Plan plan = reconcile::reconcile(linked ? std::optional<Base>{link_.base} : std::nullopt, views, link_.born,
                                     route_.mapping, route_.rules, {link_.follows, customer_case_});
    std::array<bool, 2> wanted = plan.wants_reading;
    for (const Side side : both_sides) {
      // What goes to the public is written only beside a fresh look at how private its source is (rule 4).
      const bool publishes =
          !plan[other(side)].empty() && tracker(other(side)).setting().role == TrackerRole::community;
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

/// The losing words of a conflict also go where the support team sees them: into an internal note on the queue's
/// ticket.
Step Turn::conflict_note(const Conflict& conflict) const {
  const markup::Format format = tracker(Side::right).capabilities().format;
  markup::Document text;
  text.source = format;
  const auto paragraph = text.open({.kind = markup::Kind::paragraph});
  text.leaf(markup::Kind::text, fmt::format("Both sides changed the {}. Kept: {}. The other value was:", conflict.what,
                                            display(link_.tickets[index(conflict.kept)])));
  text.close(paragraph);
  const auto block = text.leaf(markup::Kind::code_block, conflict.values[index(other(conflict.kept))]);
  text.close(block);
  const std::size_t bytes_max = tracker(Side::right).capabilities().body_bytes_max / 2;
  AddComment note;
  note.body = markup::cut_to_limit(format, markup::render(format, text).text, bytes_max,
                                   "The whole value is kept by the agent.")
                  .text;
  note.attribution.author = "Causeway";
  note.visibility = Visibility::restricted;
  return {std::move(note), {}};
}

/// What the store knows that the plan cannot: unfinished writes, conflicts that were told already.
Result<void> Turn::load_known(const Plan& plan) {
  if (link_.id == LinkId{}) return {};
  return context_.store.read([&](Transaction& transaction) -> Result<void> {
    auto intents = transaction.intents_of(link_.id);
    if (!intents) return std::unexpected(intents.error());
    known_ = std::move(*intents);
    if (plan.conflicts.empty()) return {};
    auto conflicts = transaction.conflicts(link_.id, conflicts_max);
    if (!conflicts) return std::unexpected(conflicts.error());
    recorded_ = std::move(*conflicts);
    return {};
  });
}

Result<void> Turn::decide() {
  auto plan = plan_with_all_readings();
  if (!plan) {
    complete_ = false;
    if (plan.error().fault == Fault::gone) return {};
    return std::unexpected(plan.error());
  }
  if (auto loaded = load_known(*plan); !loaded) return loaded;
  // A write that does not come through is planned again with the same conflict, which is on record and was told.
  std::erase_if(plan->conflicts, [&](const Conflict& conflict) {
    return std::any_of(recorded_.begin(), recorded_.end(),
                       [&](const store::StoredConflict& one) { return one.conflict == conflict; });
  });
  if (tracker(Side::right).capabilities().private_comments) {
    for (const Conflict& conflict : plan->conflicts) (*plan)[Side::right].push_back(conflict_note(conflict));
  }
  if (context_.dry) {
    report_plan(*plan);
    return {};
  }
  // Writes that no comparison asks for (the link to the twin, notes on conflicts) stand in the store alone until they
  // are done.
  for (const StoredIntent& intent : known_) {
    std::vector<Step>& steps = (*plan)[intent.target];
    if (intent.step.agreement.empty() && std::find(steps.begin(), steps.end(), intent.step) == steps.end())
      steps.push_back(intent.step);
  }
  if (!context_.brake.allows(route_, *plan, display(link_.tickets[index(link_.born)]))) {
    Failure wait{Fault::rate_limited,
                 Reach::ticket,
                 fmt::format("the brake of route {0} is on: this pass would change more than {1} tickets. Look with "
                             "`causeway plan`; `causeway "
                             "resolve brake:{0} approve` lets it go on",
                             route_.id.value, route_.brake),
                 {}};
    wait.retry_after = braked_patience;
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

/// What the gate and the state of the target say to one step. An intent that a person or the tracker has dealt with
/// before is taken up again with its marker, its approval and its refusal.
void Turn::judge_step(Side target, const Step& step, Judged& judged) {
  StoredIntent intent;
  intent.link = link_.id;
  intent.target = target;
  intent.step = step;
  intent.created = context_.clock.now();
  const auto matches = [&](const StoredIntent& old) {
    return old.target == target && old.step.operation == step.operation;
  };
  auto same = std::find_if(known_.begin(), known_.end(), [&](const StoredIntent& old) {
    return matches(old) && old.step.agreement == step.agreement;
  });
  if (same == known_.end()) same = std::find_if(known_.begin(), known_.end(), matches);
  std::optional<StoredIntent> before;
  if (same != known_.end()) {
    before = *same;
    intent = *same;
    intent.step = step;
    known_.erase(same);
    if (intent.state != IntentState::held) intent.reason.reset();
  }
  if (intent.marker.empty()) intent.marker = context_.new_marker();
  const auto cleared = context_.gate.review(step, crossing(target, intent.approved));
  const auto& there = snapshots_[index(target)];
  const bool comments =
      std::holds_alternative<AddComment>(step.operation) || std::holds_alternative<EditComment>(step.operation);
  // A refusal by the tracker stays until a person has dealt with it; what we held ourselves is judged anew each time.
  const bool refused =
      intent.reason && (*intent.reason == HoldReason::rejected || *intent.reason == HoldReason::malformed);
  if (!cleared) {
    intent.reason = cleared.error().reason;
    intent.explanation = cleared.error().explanation;
  } else if (comments && there && there->locked) {
    intent.reason = HoldReason::rejected;
    intent.explanation = fmt::format("{} is locked and takes no comments; unlock it and retry, or drop this",
                                     display(link_.tickets[index(target)]));
  } else if (!refused) {
    intent.reason.reset();
    intent.state = IntentState::ready;
    judged.kept.push_back(std::move(intent));
    return;
  }
  intent.state = IntentState::held;
  complete_ = false;
  if (!before || before->state != IntentState::held) judged.held_now.push_back(intent);
  const bool unchanged = before && before->state == IntentState::held && before->reason == intent.reason &&
                         before->explanation == intent.explanation && before->step == intent.step;
  // Not written again when nothing is new: a person may be deciding about it at this moment.
  if (unchanged) return;
  judged.kept.push_back(std::move(intent));
}

/// Sends the plan through the gate and makes the outcome durable: intents that are ready or held, what is already
/// agreed, conflicts; the hint that brought us here has then done its work.
Result<void> Turn::judge(const Plan& plan) {
  Judged judged;
  for (const Side target : both_sides) {
    const auto& source = snapshots_[index(other(target))];
    const bool public_side = tracker(target).setting().role == TrackerRole::community;
    const bool linked = exists(target) && exists(other(target));
    const bool private_source = source && source->ticket.visibility != Visibility::open;
    if (public_side && linked && source) {
      const LinkState wanted = private_source ? LinkState::paused : LinkState::active;
      link_changed_ = link_changed_ || link_.state != wanted;
      link_.state = wanted;
    }
    // A ticket that turned private stops its public side; nothing waits, since nothing may ever go. What is taken away
    // still is.
    const bool only_removals = public_side && private_source && linked;
    bool creation_held = false;
    for (const Step& step : plan[target]) {
      const bool removal = std::holds_alternative<RemoveComment>(step.operation);
      if (creation_held || (only_removals && !removal)) {
        complete_ = false;  // comments of a ticket that does not exist yet are planned again once it does
        continue;
      }
      judge_step(target, step, judged);
      creation_held = std::holds_alternative<CreateTicket>(step.operation) && !judged.sends(target);
    }
  }
  reconcile::agree(link_.base, plan.already, Side::left, {});
  if (auto written = store_judgement(plan, judged); !written) return written;
  for (const StoredIntent& intent : judged.held_now) {
    context_.told(link_.tickets[index(other(intent.target))], "held", intent.explanation);
  }
  for (const Conflict& conflict : plan.conflicts)
    context_.told(occasion_.ticket, "conflict", "both sides changed the " + conflict.what);
  for (StoredIntent& intent : judged.kept) {
    if (intent.state != IntentState::held) ready_[index(intent.target)].push_back(std::move(intent));
  }
  return {};
}

Result<void> Turn::store_judgement(const Plan& plan, Judged& judged) {
  const Instant now = context_.clock.now();
  const bool is_new = link_.id == LinkId{};
  const bool sends = std::any_of(judged.kept.begin(), judged.kept.end(),
                                 [](const StoredIntent& intent) { return intent.state != IntentState::held; });
  const bool link_changes = is_new || link_changed_ || !plan.already.empty() || !plan.conflicts.empty();
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (link_changes) {
      if (auto result = transaction.put_link(link_); !result) return result;
    }
    if (is_new) {
      if (auto result = context_.audit(
              transaction, link_.id, "linked",
              fmt::format("{} taken by route {}", display(link_.tickets[index(link_.born)]), route_.id.value));
          !result) {
        return result;
      }
    }
    for (const StoredIntent& old : known_) {
      if (auto result = transaction.remove_intent(old.id); !result) return result;
    }
    bool first = true;
    for (StoredIntent& intent : judged.kept) {
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
      if (auto result = record_conflict(transaction, conflict); !result) return result;
    }
    for (const StoredIntent& intent : judged.held_now) {
      if (auto result = context_.audit(transaction, link_.id, "held",
                                       fmt::format("{}: {}", name(intent.step.operation), intent.explanation));
          !result)
        return result;
    }
    if (auto result = remove_spooled(transaction); !result) return result;
    // With writes still to make, the hint stays until they are settled: a crash in between brings the turn back.
    return sends ? Result<void>{} : remove_hint(transaction);
  });
  if (written) hint_removed_ = !sends && !occasion_.shared;
  if (written && link_changes) link_changed_ = false;
  return written;
}

Result<void> Turn::record_conflict(Transaction& transaction, const Conflict& conflict) const {
  if (auto result = transaction.add_conflict(link_.id, context_.clock.now(), conflict); !result) return result;
  return context_.audit(transaction, link_.id, "conflict",
                        fmt::format("both sides changed the {}; the {} side's value was kept", conflict.what,
                                    conflict.kept == Side::left ? "left" : "right"));
}

}  // namespace causeway::engine
