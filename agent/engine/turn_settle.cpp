#include <algorithm>

#include "agent/engine/turn.hpp"

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::LinkState;
using store::StoredIntent;
using store::Transaction;

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

/// The fields and labels of an edit that are as they were before, although the tracker answered that it was stored.
/// Another value than before and than ours is somebody's edit after ours: the next look deals with it.
std::string ignored_by(const EditTicket& edit, const Ticket* before, const Ticket& after, markup::Format format) {
  std::string missing;
  const auto add = [&](std::string_view what) {
    missing += fmt::format("{}the tracker answered that the {} was stored, but it is unchanged",
                           missing.empty() ? "" : "; ", what);
  };
  for (const auto& [field, wanted] : edit.set) {
    const auto present = value(after, field);
    const bool took = field == Field::body ? reconcile::text_fingerprint(format, present.value_or("")) ==
                                                 reconcile::text_fingerprint(format, wanted.value_or(""))
                                           : present == wanted;
    if (took || (before != nullptr && value(*before, field) != present)) continue;
    add(name(field));
    if (field == Field::status && wanted)
      missing += fmt::format(" (is \"{}\", wanted \"{}\")", present.value_or(""), *wanted);
  }
  const auto lacks = [&](const std::string& label) { return !after.labels.contains(label); };
  const auto carries = [&](const std::string& label) { return after.labels.contains(label); };
  const bool labels_took = std::none_of(edit.labels_add.begin(), edit.labels_add.end(), lacks) &&
                           std::none_of(edit.labels_remove.begin(), edit.labels_remove.end(), carries);
  if (!labels_took && (before == nullptr || before->labels == after.labels)) add("labels");
  return missing;
}

/// The part of an agreement that the target quietly left as it was, taken out of `agreement`.
Agreement take_dropped(Agreement& agreement, Side target, const Receipt& receipt) {
  Agreement dropped;
  for (const Field field : receipt.dropped) {
    if (auto part = agreement.fields.extract(field)) dropped.fields.insert(std::move(part));
  }
  for (const std::string& name : receipt.dropped_labels) {
    const auto is_it = [&](const LabelAgreement& label) {
      return label.present && label.label[index(target)] == fingerprint(name);
    };
    std::copy_if(agreement.labels.begin(), agreement.labels.end(), std::back_inserter(dropped.labels), is_it);
    std::erase_if(agreement.labels, is_it);
  }
  return dropped;
}

}  // namespace

/// The word of the audit trail, and what it says for people.
std::pair<std::string, std::string> Turn::account_of(const StoredIntent& intent) const {
  const std::string where = display(link_.tickets[index(intent.target)]);
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

void Turn::tell(const StoredIntent& intent) {
  const auto [what, detail] = account_of(intent);
  context_.told(link_.tickets[index(intent.target)], what, detail);
}

/// What was asked for and is not there, in words for a person; empty: it is. Fills in the id of what was created.
std::string Turn::missing_in(const Snapshot& after, const StoredIntent& intent, Receipt& receipt) const {
  const Side side = intent.target;
  const markup::Format format = tracker(side).capabilities().format;
  const auto by_id = [&](const NativeId& id) {
    const auto found = std::find_if(after.comments.begin(), after.comments.end(),
                                    [&](const Comment& comment) { return comment.id == id; });
    return found == after.comments.end() ? nullptr : &*found;
  };
  if (const auto* edit = std::get_if<EditTicket>(&intent.step.operation)) {
    const auto& before = snapshots_[index(side)];
    return ignored_by(*edit, before ? &before->ticket : nullptr, after.ticket, format);
  }
  if (const auto* add = std::get_if<AddComment>(&intent.step.operation)) {
    const auto found = std::find_if(after.comments.begin(), after.comments.end(),
                                    [&](const Comment& comment) { return comment.marker == intent.marker; });
    if (found == after.comments.end()) return "the tracker answered that the comment was stored, but it is not there";
    receipt.written = found->id;
    if (add->visibility == Visibility::restricted && found->visibility != Visibility::restricted) {
      return "the tracker stored an internal note where everybody can read it: remove it there, and give our account "
             "the right to keep notes private";
    }
  } else if (const auto* change = std::get_if<EditComment>(&intent.step.operation)) {
    // Gone, or with other words than ours and than before: somebody was quicker, and the next look deals with it.
    const Comment* const found = by_id(change->comment);
    if (found == nullptr ||
        reconcile::text_fingerprint(format, found->body) == reconcile::text_fingerprint(format, change->body))
      return {};
    const auto pair = std::find_if(link_.base.comments.begin(), link_.base.comments.end(),
                                   [&](const CommentPair& one) { return one.ids[index(side)] == change->comment; });
    const bool as_before = pair != link_.base.comments.end() &&
                           pair->texts[index(side)] == reconcile::text_fingerprint(format, found->body);
    if (as_before)
      return fmt::format("the tracker answered that comment {} was changed, but it is unchanged",
                         change->comment.value);
  } else if (const auto* removal = std::get_if<RemoveComment>(&intent.step.operation)) {
    const Comment* const found = by_id(removal->comment);
    if (found != nullptr && !found->body.empty()) {
      return fmt::format("the tracker answered that comment {} was removed, but it is still there: remove it by hand",
                         removal->comment.value);
    }
  }
  return {};
}

/// On a tracker whose answers prove nothing: reads the ticket once, finds the ids of what was created, and sees whether
/// the writes took. What did not is held and taken out of `done`.
Result<void> Turn::read_back(Side side, Answered& done) {
  // The last write's own reading shows the earlier ones too.
  std::optional<Snapshot> snapshot = std::move(done.back().second.reading);
  if (!snapshot) {
    auto fetched = tracker(side).fetch(link_.tickets[index(side)]);
    if (!fetched) return std::unexpected(fetched.error());
    snapshot = std::move(*fetched);
  }
  if (snapshot->gone) return fail(Fault::gone, display(link_.tickets[index(side)]) + " is gone");
  Answered proven;
  for (auto& [intent, receipt] : done) {
    std::string missing = missing_in(*snapshot, intent, receipt);
    if (missing.empty()) {
      proven.emplace_back(std::move(intent), std::move(receipt));
      continue;
    }
    complete_ = false;
    if (auto result = hold(std::move(intent), Failure{Fault::rejected, Reach::ticket, std::move(missing), {}}); !result)
      return result;
  }
  done = std::move(proven);
  link_.base[side].updated = snapshot->updated;
  if (link_.base[side].created == Instant{}) link_.base[side].created = snapshot->created;
  snapshots_[index(side)] = std::move(*snapshot);
  return {};
}

/// Values that our writes replaced and that nobody had read: an edit that fell between our look and our write.
std::vector<Conflict> Turn::displaced_by(Side side, const Answered& done) const {
  std::vector<Conflict> conflicts;
  const markup::Format format = tracker(side).capabilities().format;
  for (const auto& [intent, receipt] : done) {
    const auto* edit = std::get_if<EditTicket>(&intent.step.operation);
    if (edit == nullptr) continue;
    for (const auto& [field, value] : receipt.displaced) {
      const auto wanted = edit->set.find(field);
      if (wanted == edit->set.end() || wanted->second == value) continue;
      const auto print = [&, is_body = field == Field::body](const std::optional<std::string>& text) {
        return is_body ? reconcile::text_fingerprint(format, text.value_or("")) : fingerprint(text);
      };
      const auto& seen = snapshots_[index(side)];
      const Fingerprint expected = seen ? print(causeway::value(seen->ticket, field)) : link_.base[side][field];
      if (print(value) == expected) continue;
      Conflict conflict{std::string{name(field)}, {}, other(side)};
      conflict.values[index(side)] = value.value_or("");
      conflict.values[index(other(side))] = wanted->second.value_or("");
      conflicts.push_back(std::move(conflict));
    }
  }
  return conflicts;
}

Result<void> Turn::settle(Side side, Answered done) {
  const std::vector<Conflict> conflicts = displaced_by(side, done);
  const bool unproven = std::any_of(done.begin(), done.end(), [](const auto& entry) { return !entry.second.verified; });
  if (tracker(side).capabilities().writes_are_blind && (unproven || done.back().second.reading)) {
    if (auto result = read_back(side, done); !result) return result;
  }
  for (const auto& [intent, receipt] : done) {
    Agreement agreed = intent.step.agreement;
    const Agreement dropped = take_dropped(agreed, side, receipt);
    reconcile::agree(link_.base, agreed, side, receipt.written);
    // Taken for agreed, it would next look as if somebody there had removed it, and be removed from the other side.
    reconcile::agree_unwritten(link_.base, dropped, side);
    if (receipt.updated && *receipt.updated > link_.base[side].updated) link_.base[side].updated = *receipt.updated;
  }
  std::vector<StoredIntent> notes;
  if (tracker(Side::right).capabilities().private_comments) {
    for (const Conflict& conflict : conflicts) {
      StoredIntent& note = notes.emplace_back();
      note.link = link_.id;
      note.target = Side::right;
      note.step = conflict_note(conflict);
      note.marker = context_.new_marker();
      note.created = context_.clock.now();
    }
  }
  const bool last = complete_ && notes.empty() && ready_[0].empty() && ready_[1].empty();
  if (last) stamp();
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_link(link_); !result) return result;
    for (const auto& [intent, receipt] : done) {
      if (auto result = transaction.remove_intent(intent.id); !result) return result;
      auto [what, detail] = account_of(intent);
      for (const std::string& loss : receipt.losses) detail += "; " + without_ticket_words(loss, intent.step.operation);
      if (auto result = context_.audit(transaction, link_.id, std::move(what), std::move(detail)); !result)
        return result;
    }
    for (const Conflict& conflict : conflicts) {
      if (auto result = record_conflict(transaction, conflict); !result) return result;
    }
    for (StoredIntent& note : notes) {
      if (auto result = transaction.put_intent(note); !result) return result;
    }
    if (last) {
      if (auto result = remove_hint(transaction); !result) return result;
    }
    return hint_siblings(transaction, side);
  });
  if (!written) return written;
  link_changed_ = false;
  hint_removed_ = last && !occasion_.shared;
  for (const auto& [intent, receipt] : done) tell(intent);
  for (const Conflict& conflict : conflicts)
    context_.told(link_.tickets[index(side)], "conflict", "our write replaced an edit of the " + conflict.what);
  for (StoredIntent& note : notes) ready_[index(Side::right)].push_back(std::move(note));
  return {};
}

}  // namespace causeway::engine
