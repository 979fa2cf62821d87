#include "agent/reconcile/reconcile.hpp"

#include <algorithm>

#include "agent/markup/characters.hpp"
#include "agent/markup/convert.hpp"
#include "agent/reconcile/text.hpp"

namespace causeway::reconcile {
namespace {

constexpr std::array<Side, 2> both_sides{Side::left, Side::right};

/// Everything one decision looks at, so that the rules below take only what they are about.
struct Situation {
  const Base& base;
  const std::array<View, 2>& views;
  Side born;
  const Mapping& mapping;
  const MergeRules& rules;
  const Relation& relation;

  [[nodiscard]] const View& view(Side side) const { return views[index(side)]; }
  [[nodiscard]] const Snapshot* snapshot(Side side) const { return views[index(side)].snapshot; }
};

bool is_text(Field field) { return field == Field::title || field == Field::body; }

bool holds(const View& view, Field field) {
  switch (field) {
    case Field::priority:
      return view.priority;
    case Field::milestone:
      return view.milestone;
    case Field::title:
    case Field::body:
    case Field::status:
    case Field::assignee:
      return true;
  }
  return false;
}

Fingerprint field_fingerprint(const Ticket& ticket, Field field, markup::Format format) {
  if (field == Field::body) return text_fingerprint(format, ticket.body);
  return fingerprint(value(ticket, field));
}

/// The field as it is now; what the base says where the side was not read.
Fingerprint current(const Situation& situation, Side side, Field field) {
  const Snapshot* snapshot = situation.snapshot(side);
  if (snapshot == nullptr) return situation.base[side][field];
  return field_fingerprint(snapshot->ticket, field, situation.view(side).format);
}

bool labels_mirrored(const std::array<View, 2>& views) { return views[0].labels && views[1].labels; }

/// A target that everybody reads gets only what everybody may read, whatever the route says (rule 4).
CommentRule rule_for(const Situation& situation, Side source) {
  CommentRule rule = situation.rules.comments[index(source)];
  rule.open_only = rule.open_only || situation.view(other(source)).is_public;
  return rule;
}

/// Whether the comment is, or was, our copy of what the public reads.
bool is_copy_of_public(const Situation& situation, Side side, const Comment& comment) {
  const std::map<NativeId, Fingerprint>* relayed = situation.view(side).relayed;
  return relayed != nullptr && relayed->contains(comment.id);
}

/// It still says what the public reads: nobody has put words of their own into our copy.
bool is_relayed(const Situation& situation, Side side, const Comment& comment) {
  return comment.marker && is_copy_of_public(situation, side, comment) &&
         situation.view(side).relayed->at(comment.id) == text_fingerprint(situation.view(side).format, comment.body);
}

/// The text of a comment that crosses to the other side, in its own markup; nullopt: it stays.
std::optional<std::string> crossing_text(const Situation& situation, Side source, const Comment& comment) {
  const CommentRule rule = rule_for(situation, source);
  if (!is_relayed(situation, source, comment)) return selected_text(rule, comment, situation.view(source).format);
  // What the public reads already needs no word to cross; a note that was hidden since is no longer for others.
  if (!rule.mirrored || comment.visibility != Visibility::open) return std::nullopt;
  return comment.body;
}

std::string full_text_note(const Situation& situation, Side target, const Snapshot& source) {
  if (!situation.rules.names_origin[index(target)]) return "The text is longer than this tracker can hold.";
  return fmt::format("The full text is at {}", source.url);
}

/// How text written on `target` says whose words it carries.
Attribution attribution(const MergeRules& rules, Side target, const Person& author, const Snapshot& source,
                        bool with_origin) {
  Attribution attribution;
  if (rules.names_authors[index(target)]) {
    attribution.author = author.display_name.empty() ? author.login : author.display_name;
    if (attribution.author.empty()) attribution.author = "somebody whose account is gone";
  } else {
    attribution.author = rules.anonymous_author;
  }
  if (with_origin && rules.names_origin[index(target)]) {
    attribution.origin = source.display_key;
    attribution.url = source.url;
  }
  return attribution;
}

/// The value `target` would have to get, or nullopt when it cannot be said there or must be left alone.
std::optional<std::optional<std::string>> wanted_value(const Situation& situation, Side source, Field field,
                                                       std::vector<std::string>& losses) {
  const Side target = other(source);
  const Snapshot& snapshot = *situation.snapshot(source);
  const std::optional<std::string> own = value(snapshot.ticket, field);
  if (field == Field::title) return std::optional{cross_title(situation.view(target), *own)};
  if (field == Field::body) {
    Crossed crossed =
        cross_text(situation.view(source), situation.view(target), *own, full_text_note(situation, target, snapshot));
    for (std::string& loss : crossed.losses) losses.push_back("body: " + std::move(loss));
    return std::optional{std::move(crossed.text)};
  }
  auto translated = translate(situation.mapping, field, source, own);
  // People are never cleared (rule 9), and a priority that vanished says nothing about the one to have instead.
  if (translated && !*translated && field != Field::milestone) return std::nullopt;
  return translated;
}

/// Whether the target's present value already means the same. Works on fingerprints, since the target may be unread.
bool already_equivalent(const Situation& situation, Side source, Field field, const std::optional<std::string>& wanted,
                        Fingerprint present) {
  const View& target_view = situation.view(other(source));
  const Fingerprint wanted_fingerprint =
      field == Field::body ? text_fingerprint(target_view.format, *wanted) : fingerprint(wanted);
  if (wanted_fingerprint == present) return true;
  const auto by_rows = [&](const ValueTable& table) {
    const std::optional<std::string> own = value(situation.snapshot(source)->ticket, field);
    return own && std::any_of(table.rows().begin(), table.rows().end(), [&](const ValueTable::Row& row) {
             return row[index(source)] == *own && fingerprint(row[index(other(source))]) == present;
           });
  };
  if (field == Field::status) return by_rows(situation.mapping.statuses);
  if (field == Field::priority) return by_rows(situation.mapping.priorities);
  if (field == Field::milestone) return by_rows(situation.mapping.milestones);
  if (field == Field::assignee) return by_rows(situation.mapping.people);
  return false;
}

Side winner(const Situation& situation, Field field) {
  switch (situation.rules.winners[static_cast<std::size_t>(field)]) {
    case Winner::born:
      return situation.born;
    case Winner::left:
      return Side::left;
    case Winner::right:
      return Side::right;
    case Winner::newest:
      break;
  }
  const Snapshot* left = situation.snapshot(Side::left);
  const Snapshot* right = situation.snapshot(Side::right);
  if (left->updated == right->updated) return situation.born;
  return left->updated > right->updated ? Side::left : Side::right;
}

/// Collects what one side must be changed to; becomes at most one EditTicket.
struct Edit {
  EditTicket operation;
  Agreement agreement;
};

bool proposes_closing(const Situation& situation) {
  return situation.rules.proposes_closing || situation.relation.follows || situation.relation.customer_case;
}

/// Says in an internal note what the left side's new status would mean here; people decide (route rule).
Step propose_status(const Situation& situation, const std::string& wanted, const std::array<Fingerprint, 2>& now) {
  const Snapshot& upstream = *situation.snapshot(Side::left);
  const View& view = situation.view(Side::right);
  markup::Document text;
  text.source = view.format;
  const auto paragraph = text.open({.kind = markup::Kind::paragraph});
  text.leaf(markup::Kind::text,
            fmt::format("{} is now \"{}\". Proposed: set this ticket to \"{}\" once the customer has what it needs. "
                        "Nothing was changed here.",
                        upstream.display_key, upstream.ticket.status, wanted));
  text.close(paragraph);
  Step step;
  step.operation = AddComment{markup::render(view.format, text).text, {"Causeway", "", ""}, Visibility::restricted};
  step.agreement.fields[Field::status] = now;
  return step;
}

/// A change of the left side's status that is only proposed. True: it was dealt with.
bool merge_status_as_proposal(const Situation& situation, Plan& plan) {
  const bool follows = situation.relation.follows;
  const Snapshot* upstream = situation.snapshot(Side::left);
  if (!proposes_closing(situation) || upstream == nullptr) return follows;
  const std::array<Fingerprint, 2> now{current(situation, Side::left, Field::status),
                                       current(situation, Side::right, Field::status)};
  const bool moved_here = now[1] != situation.base[Side::right][Field::status];
  if (now[0] == situation.base[Side::left][Field::status]) {
    if (follows && moved_here) plan.already.fields[Field::status] = now;
    return follows;
  }
  // A status that the right side's first status stands for as well reopens, and is no closing.
  const auto& rows = situation.mapping.statuses.rows();
  const auto wanted = translate(situation.mapping, Field::status, Side::left, upstream->ticket.status);
  const bool closes = wanted && *wanted && !rows.empty() && rows.front()[index(Side::left)] != upstream->ticket.status;
  if (!follows && (!closes || moved_here)) return false;
  if (!closes || !situation.view(Side::right).private_comments ||
      already_equivalent(situation, Side::left, Field::status, *wanted, now[1])) {
    plan.already.fields[Field::status] = now;
    return true;
  }
  plan[Side::right].push_back(propose_status(situation, **wanted, now));
  return true;
}

/// The left side has closed, which was only proposed here; a step of the right side that means what its status meant
/// before takes nothing back over there.
bool moves_within_proposal(const Situation& situation, Field field, Side source) {
  if (field != Field::status || source != Side::right || !proposes_closing(situation)) return false;
  const auto wanted = situation.mapping.statuses.translate(Side::right, situation.snapshot(Side::right)->ticket.status);
  const auto& rows = situation.mapping.statuses.rows();
  return wanted && std::any_of(rows.begin(), rows.end(), [&](const ValueTable::Row& row) {
           return row[index(Side::left)] == *wanted &&
                  fingerprint(row[index(Side::right)]) == situation.base[Side::right][Field::status];
         });
}

void merge_field(const Situation& situation, Field field, std::array<Edit, 2>& edits, Plan& plan) {
  const Flow flow = situation.mapping.flow(field);
  if (flow == Flow::none || !holds(situation.views[0], field) || !holds(situation.views[1], field)) return;
  const std::array<Fingerprint, 2> now{current(situation, Side::left, field), current(situation, Side::right, field)};
  const std::array<bool, 2> changed{now[0] != situation.base[Side::left][field],
                                    now[1] != situation.base[Side::right][field]};
  if (!changed[0] && !changed[1]) return;
  const bool contested = changed[0] && changed[1];
  Side source = changed[0] ? Side::left : Side::right;
  if (contested)
    source = flow == Flow::both ? winner(situation, field) : flow == Flow::to_right ? Side::left : Side::right;
  if (contested && field == Field::status && proposes_closing(situation)) source = Side::right;
  const Side target = other(source);
  if (!flows_to(flow, target) || moves_within_proposal(situation, field, source)) {
    plan.already.fields[field] = now;
    return;
  }
  std::vector<std::string> losses;
  const auto wanted = wanted_value(situation, source, field, losses);
  if (!wanted || already_equivalent(situation, source, field, *wanted, now[index(target)])) {
    plan.already.fields[field] = now;
    return;
  }
  // Nothing is written over what we have not just read, and a body we mirrored is rebuilt with its marker.
  // A person's words are read right before they are overwritten; for a word of a table, a listing of moments ago will
  // do.
  if (situation.snapshot(target) == nullptr && (is_text(field) || !situation.view(target).fresh)) {
    plan.wants_reading[index(target)] = true;
    return;
  }
  if (contested) {
    Conflict conflict{std::string{name(field)}, {}, source};
    for (const Side side : both_sides) {
      conflict.values[index(side)] = value(situation.snapshot(side)->ticket, field).value_or("");
    }
    plan.conflicts.push_back(std::move(conflict));
  }
  plan.losses.insert(plan.losses.end(), losses.begin(), losses.end());
  Edit& edit = edits[index(target)];
  std::array<Fingerprint, 2> agreed = now;
  agreed[index(target)] =
      field == Field::body ? text_fingerprint(situation.view(target).format, **wanted) : fingerprint(*wanted);
  edit.agreement.fields[field] = agreed;
  edit.operation.set[field] = *wanted;
  if (field == Field::body && situation.snapshot(target) != nullptr && situation.snapshot(target)->marker) {
    const Snapshot& from = *situation.snapshot(source);
    edit.operation.attribution = attribution(situation.rules, target, from.author, from, true);
    edit.operation.envelope = situation.snapshot(target)->marker;
  }
}

/// `label` of side `from` as the other side holds it; nullopt: not mirrored.
std::optional<std::string> label_there(const Situation& situation, Side from, const std::string& label) {
  std::optional<std::string> there = translate_label(situation.mapping, from, label);
  if (there && situation.view(other(from)).labels_without_blanks) std::replace(there->begin(), there->end(), ' ', '-');
  return there;
}

/// What a label of side `from` may be on the other side: there it may have blanks that cannot be said here.
std::vector<std::string> labels_it_stands_for(const Situation& situation, Side from, const std::string& label) {
  const std::optional<std::string> there = label_there(situation, from, label);
  if (!there) return {};
  std::vector<std::string> all{*there};
  if (situation.view(from).labels_without_blanks) {
    std::string spaced = *there;
    std::replace(spaced.begin(), spaced.end(), '-', ' ');
    if (spaced != *there) all.push_back(std::move(spaced));
  }
  return all;
}

/// Labels are merged element by element: what one side added the other gets, what one side removed the other loses.
void merge_labels(const Situation& situation, std::array<Edit, 2>& edits, Plan& plan) {
  const Mapping& mapping = situation.mapping;
  if (mapping.label_flow == Flow::none || !labels_mirrored(situation.views)) return;
  const auto in_base = [&](Side side, Fingerprint label) {
    const std::vector<Fingerprint>& labels = situation.base[side].labels;
    return std::binary_search(labels.begin(), labels.end(), label);
  };
  for (const Side source : both_sides) {
    const Snapshot* snapshot = situation.snapshot(source);
    if (snapshot == nullptr) continue;
    const Side target = other(source);
    const Snapshot* target_snapshot = situation.snapshot(target);
    std::set<Fingerprint> present;
    for (const std::string& label : snapshot->ticket.labels) {
      const std::optional<std::string> wanted = label_there(situation, source, label);
      if (!wanted) continue;
      present.insert(fingerprint(label));
      if (in_base(source, fingerprint(label))) continue;
      LabelAgreement agreed;
      agreed.label[index(source)] = fingerprint(label);
      agreed.label[index(target)] = fingerprint(*wanted);
      const bool there = target_snapshot != nullptr ? target_snapshot->ticket.labels.contains(*wanted)
                                                    : in_base(target, fingerprint(*wanted));
      if (there || !flows_to(mapping.label_flow, target)) {
        plan.already.labels.push_back(agreed);
      } else {
        edits[index(target)].operation.labels_add.insert(*wanted);
        edits[index(target)].agreement.labels.push_back(agreed);
      }
    }
    std::vector<Fingerprint> removed;
    for (const Fingerprint label : situation.base[source].labels) {
      if (!present.contains(label)) removed.push_back(label);
    }
    if (removed.empty()) continue;
    if (target_snapshot == nullptr) {
      plan.wants_reading[index(target)] = true;  // only its reading tells the name of what is to be taken off
      continue;
    }
    std::set<Fingerprint> found;
    for (const std::string& label : target_snapshot->ticket.labels) {
      const std::vector<std::string> possible = labels_it_stands_for(situation, target, label);
      const auto here = std::find_if(possible.begin(), possible.end(), [&](const std::string& one) {
        return std::binary_search(removed.begin(), removed.end(), fingerprint(one));
      });
      if (here == possible.end()) continue;
      LabelAgreement agreed{{}, false};
      agreed.label[index(source)] = fingerprint(*here);
      agreed.label[index(target)] = fingerprint(label);
      found.insert(fingerprint(*here));
      if (flows_to(mapping.label_flow, target)) {
        edits[index(target)].operation.labels_remove.insert(label);
        edits[index(target)].agreement.labels.push_back(agreed);
      } else {
        plan.already.labels.push_back(agreed);
      }
    }
    for (const Fingerprint label : removed) {
      if (found.contains(label)) continue;
      LabelAgreement agreed{{}, false};
      agreed.label[index(source)] = label;
      plan.already.labels.push_back(agreed);
    }
  }
}

const CommentPair* pair_of(const Base& base, Side side, const NativeId& id) {
  const auto found = std::find_if(base.comments.begin(), base.comments.end(),
                                  [&](const CommentPair& pair) { return pair.ids[index(side)] == id; });
  return found == base.comments.end() ? nullptr : &*found;
}

const Comment* comment_of(const Snapshot& snapshot, const NativeId& id) {
  const auto found = std::find_if(snapshot.comments.begin(), snapshot.comments.end(),
                                  [&](const Comment& comment) { return comment.id == id; });
  return found == snapshot.comments.end() ? nullptr : &*found;
}

Step add_comment(const Situation& situation, Side source, const Comment& comment, std::string_view text, Plan& plan) {
  const Side target = other(source);
  const Snapshot& snapshot = *situation.snapshot(source);
  Crossed crossed =
      cross_text(situation.view(source), situation.view(target), text, full_text_note(situation, target, snapshot));
  for (std::string& loss : crossed.losses) plan.losses.push_back(fmt::format("comment {}: {}", comment.id.value, loss));
  CommentPair pair;
  pair.born = source;
  pair.ids[index(source)] = comment.id;
  pair.texts[index(source)] = text_fingerprint(situation.view(source).format, comment.body);
  pair.texts[index(target)] = text_fingerprint(situation.view(target).format, crossed.text);
  Attribution whose = attribution(situation.rules, target, comment.author, snapshot, false);
  if (is_relayed(situation, source, comment) && !comment.author.display_name.empty())
    whose.author = comment.author.display_name;  // the public has read who said it
  Step step;
  step.operation = AddComment{std::move(crossed.text), std::move(whose), comment.visibility};
  step.agreement.comments.push_back({std::move(pair), true});
  return step;
}

/// The mirror of a comment gets the text its original has now.
Step rewrite_mirror(const Situation& situation, const CommentPair& pair, const Comment& original,
                    const Marker& envelope, std::string_view text, Plan& plan) {
  const Side target = other(pair.born);
  Step step = add_comment(situation, pair.born, original, text, plan);
  auto& add = std::get<AddComment>(step.operation);
  step.agreement.comments.front().pair.ids[index(target)] = pair.ids[index(target)];
  step.operation =
      EditComment{pair.ids[index(target)], std::move(add.body), std::move(add.attribution), envelope, add.visibility};
  return step;
}

void remove_mirror(const Situation& situation, const CommentPair& pair, Plan& plan) {
  const Side target = other(pair.born);
  if (pair.ids[index(target)].empty()) {
    plan.already.comments.push_back({pair, false});
    return;
  }
  const Snapshot* target_snapshot = situation.snapshot(target);
  const Comment* mirror = target_snapshot == nullptr ? nullptr : comment_of(*target_snapshot, pair.ids[index(target)]);
  if (mirror == nullptr && (target_snapshot == nullptr || target_snapshot->coverage != Coverage::all)) {
    plan.wants_reading[index(target)] = true;  // somebody may have added words of their own
    return;
  }
  if (mirror == nullptr || !mirror->marker) {
    plan.already.comments.push_back({pair, false});  // taken away by somebody, or theirs now
    return;
  }
  if (text_fingerprint(situation.view(target).format, mirror->body) != pair.texts[index(target)]) {
    Conflict conflict{"comment " + mirror->id.value, {}, pair.born};
    conflict.values[index(target)] = mirror->body;
    plan.conflicts.push_back(std::move(conflict));
  }
  Step step;
  step.operation = RemoveComment{pair.ids[index(target)]};
  step.agreement.comments.push_back({pair, false});
  plan[target].push_back(std::move(step));
}

/// A comment whose pair is known and which was born on `side`.
void merge_original(const Situation& situation, const CommentPair& pair, const Comment& comment, Plan& plan) {
  const Side side = pair.born;
  const Side target = other(side);
  // Our copy of words that no link brings any more, or that somebody has changed: what it was passed on as stays.
  const bool copy = comment.marker || is_copy_of_public(situation, side, comment);
  if (copy && !is_relayed(situation, side, comment)) return;
  const std::optional<std::string> text = crossing_text(situation, side, comment);
  if (!text) {
    remove_mirror(situation, pair, plan);  // made private, or no longer addressed to the other side
    return;
  }
  const Fingerprint now = text_fingerprint(situation.view(side).format, comment.body);
  if (now == pair.texts[index(side)]) return;
  if (pair.ids[index(target)].empty()) {
    CommentPair seen = pair;
    seen.texts[index(side)] = now;
    plan.already.comments.push_back({std::move(seen), true});
    return;
  }
  const Snapshot* target_snapshot = situation.snapshot(target);
  if (target_snapshot == nullptr || target_snapshot->coverage == Coverage::none) {
    plan.wants_reading[index(target)] = true;
    return;
  }
  const Comment* mirror = comment_of(*target_snapshot, pair.ids[index(target)]);
  if (mirror == nullptr) {
    if (target_snapshot->coverage != Coverage::all) plan.wants_reading[index(target)] = true;
    return;  // with everything read, its removal is handled where removals are
  }
  if (!mirror->marker) return;  // somebody took our mark off: theirs now
  Step rewrite = rewrite_mirror(situation, pair, comment, *mirror->marker, *text, plan);
  const Fingerprint there = text_fingerprint(situation.view(target).format, mirror->body);
  if (there == rewrite.agreement.comments.front().pair.texts[index(target)]) {
    plan.already.comments.push_back(std::move(rewrite.agreement.comments.front()));  // a write whose answer was lost
    return;
  }
  if (there != pair.texts[index(target)]) {
    Conflict conflict{"comment " + comment.id.value, {}, side};
    conflict.values[index(side)] = comment.body;
    conflict.values[index(target)] = mirror->body;
    plan.conflicts.push_back(std::move(conflict));
  }
  plan[target].push_back(std::move(rewrite));
}

/// Somebody edited our copy: the original's side keeps the word, the edit is kept as a conflict, the copy is restored.
void merge_mirror(const Situation& situation, const CommentPair& pair, const Comment& mirror, Plan& plan) {
  const Side side = other(pair.born);
  if (!mirror.marker || text_fingerprint(situation.view(side).format, mirror.body) == pair.texts[index(side)]) return;
  const Snapshot* original_snapshot = situation.snapshot(pair.born);
  const Comment* original =
      original_snapshot == nullptr ? nullptr : comment_of(*original_snapshot, pair.ids[index(pair.born)]);
  if (original == nullptr) {
    if (original_snapshot == nullptr || original_snapshot->coverage != Coverage::all) {
      plan.wants_reading[index(pair.born)] = true;
    }
    return;
  }
  if (text_fingerprint(situation.view(pair.born).format, original->body) != pair.texts[index(pair.born)]) {
    return;  // both changed: merge_original records it
  }
  const auto text = crossing_text(situation, pair.born, *original);
  if (!text) return;
  Conflict conflict{"comment " + mirror.id.value, {}, pair.born};
  conflict.values[index(pair.born)] = original->body;
  conflict.values[index(side)] = mirror.body;
  plan.conflicts.push_back(std::move(conflict));
  plan[side].push_back(rewrite_mirror(situation, pair, *original, *mirror.marker, *text, plan));
}

void merge_comments(const Situation& situation, Plan& plan) {
  for (const Side side : both_sides) {
    const Snapshot* snapshot = situation.snapshot(side);
    if (snapshot == nullptr || snapshot->coverage == Coverage::none) continue;
    for (const Comment& comment : snapshot->comments) {
      const CommentPair* pair = pair_of(situation.base, side, comment.id);
      if (pair != nullptr) {
        if (pair->born == side) {
          merge_original(situation, *pair, comment, plan);
        } else {
          merge_mirror(situation, *pair, comment, plan);
        }
      } else if (!comment.marker || is_relayed(situation, side, comment)) {
        if (const auto text = crossing_text(situation, side, comment)) {
          Step step = add_comment(situation, side, comment, *text, plan);
          plan[other(side)].push_back(std::move(step));
        }
      }
    }
    if (snapshot->coverage != Coverage::all) continue;
    for (const CommentPair& pair : situation.base.comments) {
      if (pair.ids[index(side)].empty() || comment_of(*snapshot, pair.ids[index(side)]) != nullptr) continue;
      if (pair.born == side) {
        remove_mirror(situation, pair, plan);
      } else {
        // Our copy was taken away by somebody on that side: it stays away.
        CommentPair seen = pair;
        seen.ids[index(side)] = {};
        plan.already.comments.push_back({std::move(seen), true});
      }
    }
  }
}

/// Whether the text names the file: not as a part of a longer name.
bool names_file(std::string_view text, std::string_view name) {
  const auto joins = [](char byte) { return markup::is_word(byte) || !markup::is_ascii(byte) || byte == '-'; };
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::string_view rest = text.substr(at + name.size());
    const bool begins = at == 0 || (!joins(text[at - 1]) && text[at - 1] != '.');
    const bool goes_on =
        !rest.empty() && (joins(rest.front()) || (rest.front() == '.' && rest.size() > 1 && joins(rest[1])));
    if (begins && !goes_on) return true;
  }
  return false;
}

/// What is said of a file on the other side.
std::string announcement(markup::Format format, const Attachment& file, bool with_link) {
  markup::Document text;
  text.source = format;
  const auto paragraph = text.open({.kind = markup::Kind::paragraph});
  const char* const rest = with_link ? ": " : ", available on request";
  text.leaf(markup::Kind::text, fmt::format("Attachment: {} ({} bytes){}", file.name, file.bytes, rest));
  text.close(paragraph);
  text = markup::neutralize(std::move(text), format);  // but for the address, which is to be followed
  if (with_link) {
    markup::Node address{.kind = markup::Kind::url};
    address.text = text.keep(file.url);
    address.target = address.text;
    text.leaf(address);
  }
  text.close(paragraph);
  return markup::render(format, text).text;
}

/// A file is announced in a comment and goes along with it where the target takes files. To a tracker that everybody
/// reads it never goes: nobody can look into it for what must stay private. Where comments need a word to
/// cross, a file crosses only when a mirrored text names it: a file has no privacy of its own that we could ask about.
void merge_attachments(const Situation& situation, Plan& plan) {
  for (const Side side : both_sides) {
    const Snapshot* snapshot = situation.snapshot(side);
    if (snapshot == nullptr) continue;
    const Side target = other(side);
    const CommentRule rule = rule_for(situation, side);
    if (!rule.mirrored) continue;
    for (const Attachment& file : snapshot->attachments) {
      if (file.ours) continue;
      const bool known =
          std::any_of(situation.base.attachments.begin(), situation.base.attachments.end(),
                      [&](const AttachmentPair& pair) { return pair.born == side && pair.id == file.id; });
      if (known) continue;
      const Comment* naming = nullptr;
      for (const Comment& comment : snapshot->comments) {
        const auto text = comment.marker ? std::nullopt : selected_text(rule, comment, situation.view(side).format);
        if (text && names_file(*text, file.name)) naming = &comment;
      }
      // A file may belong to a private note, which goes neither to the public nor out of the queue.
      const View& from = situation.view(side);
      const bool may_be_private = from.private_comments && (from.is_queue || situation.view(target).is_public);
      if ((!rule.command.empty() || may_be_private) && naming == nullptr) continue;
      const bool with_link = situation.rules.names_origin[index(target)];
      Step step;
      step.operation = AddComment{
          announcement(situation.view(target).format, file, with_link),
          attribution(situation.rules, target, naming != nullptr ? naming->author : snapshot->author, *snapshot, false),
          naming != nullptr ? naming->visibility : snapshot->ticket.visibility};
      step.agreement.attachments.push_back({file.id, side});
      const View& to = situation.view(target);
      if (to.uploads && !to.is_public && file.bytes > 0 && file.bytes <= to.upload_bytes_max) {
        std::get<AddComment>(step.operation).files.push_back(file);
      } else {
        plan.losses.push_back(fmt::format(
            "attachment {}: named in a comment, since {}", file.name,
            to.is_public || !to.uploads ? "no files are put there" : "it is empty or too large for the tracker"));
      }
      plan[target].push_back(std::move(step));
    }
  }
}

/// The step that opens the twin, and whatever could not be said while opening it.
void plan_creation(const Situation& situation, Side source, Plan& plan) {
  const Side target = other(source);
  const Snapshot& snapshot = *situation.snapshot(source);
  const View& target_view = situation.view(target);
  CreateTicket create;
  Agreement agreement;
  create.attribution = attribution(situation.rules, target, snapshot.author, snapshot, true);
  create.ticket.visibility = snapshot.ticket.visibility;
  create.ticket.fields = situation.rules.create[index(target)];
  const auto& statuses = situation.mapping.statuses.rows();
  for (const Field field : all_fields) {
    std::array<Fingerprint, 2> agreed{};
    agreed[index(source)] = field_fingerprint(snapshot.ticket, field, situation.view(source).format);
    const bool mirrored = flows_to(situation.mapping.flow(field), target) || is_text(field);
    if (!holds(target_view, field)) continue;
    const auto wanted = mirrored ? wanted_value(situation, source, field, plan.losses) : std::nullopt;
    if (field == Field::status) {
      // Trackers open tickets in their first status; the mapping's first row names it. Anything else is a step of its
      // own.
      const std::string initial = statuses.empty() ? std::string{} : statuses.front()[index(target)];
      create.ticket.status = initial;
      agreed[index(target)] = fingerprint(initial);
      // The source then still counts as changed, so that the step is planned again should it not come through.
      if (wanted && !already_equivalent(situation, source, field, *wanted, fingerprint(initial))) {
        agreed[index(source)] = fingerprint_of_nothing;
      }
    } else if (wanted) {
      set_value(create.ticket, field, *wanted);
      agreed[index(target)] =
          field == Field::body ? text_fingerprint(target_view.format, **wanted) : fingerprint(*wanted);
    }
    agreement.fields[field] = agreed;
  }
  if (labels_mirrored(situation.views) && flows_to(situation.mapping.label_flow, target)) {
    for (const std::string& label : snapshot.ticket.labels) {
      if (const auto wanted = label_there(situation, source, label)) {
        create.ticket.labels.insert(*wanted);
        LabelAgreement agreed;
        agreed.label[index(source)] = fingerprint(label);
        agreed.label[index(target)] = fingerprint(*wanted);
        agreement.labels.push_back(agreed);
      }
    }
  }
  plan[target].push_back({std::move(create), std::move(agreement)});
}

void plan_first_status(const Situation& situation, Side source, Plan& plan) {
  const Side target = other(source);
  const auto& created = plan[target].front().agreement.fields;
  if (created.at(Field::status)[index(source)] != fingerprint_of_nothing) return;
  std::vector<std::string> losses;
  const auto wanted = wanted_value(situation, source, Field::status, losses);
  if (!wanted) return;
  Step step;
  EditTicket edit;
  edit.set[Field::status] = *wanted;
  std::array<Fingerprint, 2> agreed{};
  agreed[index(source)] = fingerprint(situation.snapshot(source)->ticket.status);
  agreed[index(target)] = fingerprint(*wanted);
  step.agreement.fields[Field::status] = agreed;
  step.operation = std::move(edit);
  plan[target].push_back(std::move(step));
}

}  // namespace

Fingerprint text_fingerprint(markup::Format format, std::string_view text) {
  return fingerprint(markup::canonical(format, text));
}

SideBase side_base(const Snapshot& snapshot, markup::Format format, const Mapping& mapping) {
  SideBase side;
  side.created = snapshot.created;
  side.updated = snapshot.updated;
  for (const Field field : all_fields) side[field] = field_fingerprint(snapshot.ticket, field, format);
  for (const std::string& label : snapshot.ticket.labels) {
    if (!mapping.labels_ignored.contains(label)) side.labels.push_back(fingerprint(label));
  }
  std::sort(side.labels.begin(), side.labels.end());
  return side;
}

bool differs(const Base& base, Side side, const std::array<View, 2>& views, const Mapping& mapping, bool follows) {
  const View& view = views[index(side)];
  if (follows) return fingerprint(value(view.snapshot->ticket, Field::status)) != base[side][Field::status];
  for (const Field field : all_fields) {
    if (mapping.flow(field) == Flow::none || !holds(views[0], field) || !holds(views[1], field)) continue;
    if (field_fingerprint(view.snapshot->ticket, field, view.format) != base[side][field]) return true;
  }
  if (mapping.label_flow == Flow::none || !labels_mirrored(views)) return false;
  std::vector<Fingerprint> labels;
  for (const std::string& label : view.snapshot->ticket.labels) {
    if (translate_label(mapping, side, label)) labels.push_back(fingerprint(label));
  }
  std::sort(labels.begin(), labels.end());
  return labels != base[side].labels;
}

void agree(Base& base, const Agreement& agreement, Side target, const NativeId& written) {
  for (const auto& [field, values] : agreement.fields) {
    for (const Side side : both_sides) base[side][field] = values[index(side)];
  }
  for (const LabelAgreement& agreed : agreement.labels) {
    for (const Side side : both_sides) {
      const Fingerprint label = agreed.label[index(side)];
      if (label == fingerprint_of_nothing) continue;
      std::vector<Fingerprint>& labels = base[side].labels;
      const auto place = std::lower_bound(labels.begin(), labels.end(), label);
      const bool there = place != labels.end() && *place == label;
      if (agreed.present && !there) labels.insert(place, label);
      if (!agreed.present && there) labels.erase(place);
    }
  }
  for (const CommentAgreement& agreed : agreement.comments) {
    CommentPair pair = agreed.pair;
    if (agreed.present && pair.ids[index(target)].empty() && pair.born != target) pair.ids[index(target)] = written;
    const NativeId& original = pair.ids[index(pair.born)];
    const auto place = std::find_if(base.comments.begin(), base.comments.end(), [&](const CommentPair& known) {
      return known.born == pair.born && known.ids[index(pair.born)] == original;
    });
    if (!agreed.present) {
      if (place != base.comments.end()) base.comments.erase(place);
    } else if (place != base.comments.end()) {
      *place = std::move(pair);
    } else {
      base.comments.push_back(std::move(pair));
    }
  }
  for (const AttachmentPair& file : agreement.attachments) {
    if (std::find(base.attachments.begin(), base.attachments.end(), file) == base.attachments.end()) {
      base.attachments.push_back(file);
    }
  }
}

void agree_unwritten(Base& base, const Agreement& agreement, Side target) {
  const Side source = other(target);
  Agreement seen = agreement;
  for (auto& [field, values] : seen.fields) values[index(target)] = base[target][field];
  for (LabelAgreement& label : seen.labels) label.label[index(target)] = fingerprint_of_nothing;
  for (CommentAgreement& comment : seen.comments) {
    if (!comment.present) continue;  // the copy stays, and is nobody's copy any more
    const auto known = std::find_if(base.comments.begin(), base.comments.end(), [&](const CommentPair& pair) {
      return pair.born == comment.pair.born && pair.ids[index(source)] == comment.pair.ids[index(source)];
    });
    if (known != base.comments.end()) comment.pair.texts[index(target)] = known->texts[index(target)];
  }
  agree(base, seen, target, {});
}

Plan reconcile(const std::optional<Base>& base, const std::array<View, 2>& views, Side born, const Mapping& mapping,
               const MergeRules& rules, const Relation& relation) {
  Plan plan;
  const Base nothing;
  const Situation situation{base ? *base : nothing, views, born, mapping, rules, relation};
  if (!base) {
    const Side source = views[index(Side::left)].snapshot != nullptr ? Side::left : Side::right;
    if (situation.snapshot(source) == nullptr) return plan;
    plan_creation(situation, source, plan);
    merge_comments(situation, plan);
    merge_attachments(situation, plan);
    plan_first_status(situation, source, plan);
    return plan;
  }
  std::array<Edit, 2> edits;
  const bool status_is_dealt_with = merge_status_as_proposal(situation, plan);
  if (!relation.follows) {
    for (const Field field : all_fields) {
      if (field != Field::status || !status_is_dealt_with) merge_field(situation, field, edits, plan);
    }
    merge_labels(situation, edits, plan);
  }
  for (const Side side : both_sides) {
    Edit& edit = edits[index(side)];
    if (!edit.operation.empty()) plan[side].push_back({std::move(edit.operation), std::move(edit.agreement)});
  }
  merge_comments(situation, plan);
  if (!relation.follows) merge_attachments(situation, plan);
  return plan;
}

Base base_to_follow_from(const std::array<View, 2>& views, const Mapping& mapping) {
  Base base;
  for (const Side side : both_sides) {
    const View& view = views[index(side)];
    base[side] = side_base(*view.snapshot, view.format, mapping);
    for (const Comment& comment : view.snapshot->comments) {
      if (comment.marker) continue;
      CommentPair seen;
      seen.born = side;
      seen.ids[index(side)] = comment.id;
      seen.texts[index(side)] = text_fingerprint(view.format, comment.body);
      base.comments.push_back(std::move(seen));
    }
  }
  return base;
}

}  // namespace causeway::reconcile
