#include <algorithm>

#include "agent/engine/turn.hpp"

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::LinkState;
using store::StoredIntent;
using store::Transaction;

/// How old a reading of the source may be when something of it becomes public.
constexpr auto visibility_holds_for = 10s;

/// Refusals that a person has to deal with; they concern this ticket alone.
bool is_refusal(const Failure& failure) {
  if (failure.fault == Fault::denied) return failure.reach == Reach::ticket;
  return failure.fault == Fault::rejected || failure.fault == Fault::malformed;
}

/// Labels that differ only so are one label to GitHub, which keeps the spelling it has.
bool same_but_for_case(std::string_view one, std::string_view another) {
  return std::equal(one.begin(), one.end(), another.begin(), another.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

/// Just before something leaves for the public: whether its source may still be read by everybody. What was read longer
/// ago than a moment is read once more.
Result<void> Turn::confirm_open(Side target, const Step& step) {
  const Side source = other(target);
  if (tracker(target).setting().role != TrackerRole::community || std::holds_alternative<RemoveComment>(step.operation))
    return {};
  const auto& known = snapshots_[index(source)];
  if (!known || !exists(source)) return {};  // the gate takes it for private
  const Instant seen = std::max(known->observed, confirmed_open_[index(source)]);
  if (context_.clock.now() - seen <= visibility_holds_for) return {};
  auto now = tracker(source).fetch(link_.tickets[index(source)]);
  if (!now) return std::unexpected(now.error());
  const auto changed = [&] {
    return fail(Fault::stale, display(link_.tickets[index(source)]) + " has changed since the write was decided");
  };
  if (now->gone || now->ticket.visibility != known->ticket.visibility) return changed();
  for (const CommentAgreement& agreed : step.agreement.comments) {
    if (agreed.pair.born != source || !agreed.present) continue;
    const auto comment = std::find_if(now->comments.begin(), now->comments.end(),
                                      [&](const Comment& one) { return one.id == agreed.pair.ids[index(source)]; });
    if (comment == now->comments.end() || comment->visibility != Visibility::open) return changed();
    if (reconcile::text_fingerprint(tracker(source).capabilities().format, comment->body) !=
        agreed.pair.texts[index(source)])
      return changed();
  }
  confirmed_open_[index(source)] = now->observed == Instant{} ? context_.clock.now() : now->observed;
  return {};
}

/// The bytes of the files that a comment brings along, as the other side has them now.
Result<std::vector<std::string>> Turn::contents_of(Side target, const Operation& operation) {
  std::vector<std::string> contents;
  const auto* add = std::get_if<AddComment>(&operation);
  if (add == nullptr) return contents;
  const std::uint64_t most = tracker(target).capabilities().upload_bytes_max;
  for (const Attachment& file : add->files) {
    std::string& bytes = contents.emplace_back();
    bool too_large = false;
    auto loaded = tracker(other(target)).download(file, [&](std::string_view piece) {
      too_large = bytes.size() + piece.size() > most;
      if (!too_large) bytes += piece;
      return !too_large;
    });
    if (!loaded) return std::unexpected(loaded.error());
    if (too_large || bytes.size() != file.bytes) {
      return fail(Fault::rejected, fmt::format("{} has {} bytes, but {} came", file.name, file.bytes,
                                               too_large ? "more" : std::to_string(bytes.size())));
    }
  }
  return contents;
}

/// Files that did not arrive as they left, in words for a person; empty: all did. Each is read back and compared.
std::string Turn::damaged_in(Side target, const Receipt& receipt, const std::vector<std::string>& contents) {
  std::string damaged;
  for (std::size_t i = 0; i < contents.size() && i < receipt.files.size(); ++i) {
    if (receipt.files[i].id.empty()) continue;
    std::size_t same = 0;
    auto loaded = tracker(target).download(receipt.files[i], [&](std::string_view piece) {
      if (contents[i].compare(same, piece.size(), piece) != 0) return false;
      same += piece.size();
      return true;
    });
    if (!loaded || same == contents[i].size()) continue;
    damaged += fmt::format("{}{} did not arrive as it left", damaged.empty() ? "" : "; ", receipt.files[i].name);
  }
  return damaged;
}

Result<Receipt> Turn::send(Side side, const StoredIntent& intent) {
  // Judged once more where it matters: nothing leaves that the gate would not let pass now.
  auto cleared = context_.gate.review(intent.step, crossing(side, intent.approved));
  if (!cleared) return fail(Fault::rejected, cleared.error().explanation);
  auto contents = contents_of(side, intent.step.operation);
  // Nothing has left: whatever the other side answered says nothing of this write.
  if (!contents)
    return fail(
        is_refusal(contents.error()) || contents.error().fault == Fault::gone ? Fault::rejected : Fault::transient,
        contents.error().message);
  TicketRef target = link_.tickets[index(side)];
  target.tracker = tracker(side).id();
  const Intent wish{std::move(target), std::move(*cleared), intent.marker, std::move(*contents)};
  auto receipt = tracker(side).apply(wish, [&] { return confirm_open(side, intent.step); });
  if (!receipt || wish.contents.empty()) return receipt;
  if (std::string damaged = damaged_in(side, *receipt, wish.contents); !damaged.empty())
    receipt->losses.push_back(std::move(damaged));
  return receipt;
}

Result<void> Turn::deliver(Side side) {
  std::vector<StoredIntent>& ready = ready_[index(side)];
  if (ready.empty()) return {};
  if (std::holds_alternative<CreateTicket>(ready.front().step.operation)) {
    if (auto result = deliver_creation(side); !result) return result;
  }
  return deliver_others(side);
}

/// What we left open in a new ticket has the tracker's default now, and what we asked for and is not there was dropped
/// (GitHub does so quietly where our account may not set it): neither is anybody's change.
void Turn::take_defaults(Side side, const Ticket& asked, const Ticket& shown) {
  for (const Field field : {Field::priority, Field::assignee, Field::milestone}) {
    if (!value(asked, field) || !value(shown, field)) link_.base[side][field] = fingerprint(value(shown, field));
  }
  std::vector<Fingerprint>& labels = link_.base[side].labels;
  for (const std::string& label : asked.labels) {
    if (shown.labels.contains(label)) continue;
    std::erase(labels, fingerprint(label));
    const auto spelled = std::find_if(shown.labels.begin(), shown.labels.end(),
                                      [&](const std::string& one) { return same_but_for_case(one, label); });
    if (spelled == shown.labels.end()) continue;
    const Fingerprint kept = fingerprint(*spelled);
    const auto place = std::lower_bound(labels.begin(), labels.end(), kept);
    if (place == labels.end() || *place != kept) labels.insert(place, kept);
  }
  if (!shown.status.empty()) link_.base[side][Field::status] = fingerprint(shown.status);
}

/// The link to the twin goes back to where the ticket was born, unless that is public or its readers must not learn it.
std::optional<StoredIntent> Turn::link_to_twin(Side created) const {
  const Side source = other(created);
  if (!tracker(source).capabilities().twin_link || tracker(source).setting().role == TrackerRole::community)
    return std::nullopt;
  if (!route_.rules.names_origin[index(source)]) return std::nullopt;
  EditTicket edit;
  edit.twin_url = tracker(created).adapter().url_of(link_.tickets[index(created)].id);
  StoredIntent twin;
  twin.link = link_.id;
  twin.target = source;
  twin.step.operation = std::move(edit);
  twin.marker = context_.new_marker();
  twin.created = context_.clock.now();
  return twin;
}

Result<void> Turn::deliver_creation(Side side) {
  StoredIntent intent = std::move(ready_[index(side)].front());
  ready_[index(side)].erase(ready_[index(side)].begin());
  if (context_.told_to_stop()) {
    ready_[index(side)].clear();
    if (auto undone = back_to_ready(intent.id); !undone) return undone;
    return fail(Fault::transient, "told to stop");
  }
  if (intent.state != IntentState::sending) {
    intent.sent = context_.clock.now();
    auto marked = context_.store.write([&](Transaction& transaction) {
      return transaction.mark_intent(intent.id, IntentState::sending, intent.sent);
    });
    if (!marked) return marked;
  }
  auto receipt = send(side, intent);
  if (receipt && receipt->written.empty()) {
    receipt = fail(Fault::outcome_unknown,
                   fmt::format("{} answered a creation without saying what it made", tracker(side).id().value));
  }
  if (!receipt) {
    const Failure& failure = receipt.error();
    complete_ = false;
    ready_[index(side)].clear();
    if (is_refusal(failure)) return hold(std::move(intent), failure);
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
  if (auto twin = link_to_twin(side)) ready_[index(source)].push_back(std::move(*twin));
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
    const auto [what, detail] = account_of(intent);
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
  if (std::any_of(intents.begin(), intents.end(),
                  [](const StoredIntent& intent) { return intent.state != IntentState::sending; })) {
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
    if (is_refusal(failure)) {
      if (auto result = hold(std::move(intent), failure); !result) return result;
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

/// Waits for a person from now on. The tracker's own words are told, but not the ticket's that it may repeat.
Result<void> Turn::hold(StoredIntent intent, const Failure& failure) {
  intent.state = IntentState::held;
  intent.reason = failure.fault == Fault::malformed ? HoldReason::malformed : HoldReason::rejected;
  intent.explanation = without_ticket_words(failure.message, intent.step.operation);
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_intent(intent); !result) return result;
    return context_.audit(transaction, link_.id, "held",
                          fmt::format("{}: {}", name(intent.step.operation), intent.explanation));
  });
  if (written) context_.told(link_.tickets[index(intent.target)], "held", intent.explanation);
  return written;
}

}  // namespace causeway::engine
