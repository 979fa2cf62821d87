/// Random pairs of tickets: perturb both sides, plan, apply in any order, repeat. They must agree soon, and the
/// mirrored input must give the mirrored plan.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "agent/reconcile/reconcile.hpp"

namespace causeway::reconcile {
namespace {

constexpr std::size_t rounds_max = 3;

/// A pair in step or about to be, with both sides in the same markup, so that what is compared is the merge alone.
struct Pair {
  std::array<Snapshot, 2> now;
  Base base;
  Side born = Side::left;
  std::array<bool, 2> is_public{false, false};  ///< which side the whole world reads
  std::int64_t last_id = 100;
};

Mapping sample_mapping() {
  Mapping mapping;
  mapping.statuses =
      ValueTable{{{"open", "New"}, {"open", "In Progress"}, {"completed", "Closed"}, {"not_planned", "Rejected"}}};
  mapping.priorities = ValueTable{{{"low", "Low"}, {"high", "High"}}};
  mapping.people = ValueTable{{{"alice", "a.lice"}, {"bob", "b.ob"}}};
  mapping.labels = ValueTable{{{"bug", "Defect"}}};
  return mapping;
}

/// The same mapping seen from the other side.
Mapping mirrored(const Mapping& mapping) {
  const auto turn = [](const ValueTable& table) {
    std::vector<ValueTable::Row> rows = table.rows();
    for (ValueTable::Row& row : rows) std::swap(row[0], row[1]);
    return ValueTable{std::move(rows)};
  };
  Mapping result = mapping;
  result.statuses = turn(mapping.statuses);
  result.priorities = turn(mapping.priorities);
  result.people = turn(mapping.people);
  result.labels = turn(mapping.labels);
  return result;
}

MergeRules mirrored(MergeRules rules) {
  for (Winner& winner : rules.winners) {
    if (winner == Winner::left) {
      winner = Winner::right;
    } else if (winner == Winner::right) {
      winner = Winner::left;
    }
  }
  std::swap(rules.comments[0], rules.comments[1]);
  std::swap(rules.names_origin[0], rules.names_origin[1]);
  std::swap(rules.names_authors[0], rules.names_authors[1]);
  return rules;
}

View view_of(const Snapshot& snapshot, bool is_public) {
  View view;
  view.is_public = is_public;
  view.snapshot = &snapshot;
  view.format = markup::Format::github;
  view.priority = true;
  view.labels = true;
  view.milestone = true;
  view.private_comments = true;
  return view;
}

std::array<View, 2> views_of(const Pair& pair) {
  return {view_of(pair.now[0], pair.is_public[0]), view_of(pair.now[1], pair.is_public[1])};
}

const std::vector<std::string>& words(Side side, Field field) {
  static const std::map<std::pair<Field, int>, std::vector<std::string>> table{
      {{Field::status, 0}, {"open", "completed", "not_planned"}},
      {{Field::status, 1}, {"New", "In Progress", "Closed", "Rejected"}},
      {{Field::priority, 0}, {"low", "high"}},
      {{Field::priority, 1}, {"Low", "High", "Urgent"}},
      {{Field::assignee, 0}, {"alice", "bob", "stranger"}},
      {{Field::assignee, 1}, {"a.lice", "b.ob", "somebody"}},
      {{Field::milestone, 0}, {"1.0", "2.0"}},
      {{Field::milestone, 1}, {"1.0", "2.0"}}};
  return table.at({field, static_cast<int>(index(side))});
}

std::string some_text() {
  return *rc::gen::elementOf(std::vector<std::string>{"one", "two words", "three\n\nparagraphs", "**bold** text",
                                                      "a [link](https://example.org)", "`code`"});
}

std::string some_title() {
  return *rc::gen::elementOf(std::vector<std::string>{"one", "two words", "a title with #12 and @name"});
}

void change_field(Pair& pair, Side side) {
  Ticket& ticket = pair.now[index(side)].ticket;
  const Field field = *rc::gen::elementOf(std::vector<Field>(all_fields.begin(), all_fields.end()));
  if (field == Field::title) {
    ticket.title = some_title();
  } else if (field == Field::body) {
    ticket.body = some_text();
  } else {
    set_value(ticket, field, *rc::gen::elementOf(words(side, field)));
  }
}

void change_labels(Pair& pair, Side side) {
  std::set<std::string>& labels = pair.now[index(side)].ticket.labels;
  const auto label =
      *rc::gen::elementOf(std::vector<std::string>{side == Side::left ? "bug" : "Defect", "ui", "docs", "x"});
  if (*rc::gen::arbitrary<bool>()) {
    labels.insert(label);
  } else {
    labels.erase(label);
  }
}

void change_comments(Pair& pair, Side side) {
  std::vector<Comment>& comments = pair.now[index(side)].comments;
  const int what = *rc::gen::inRange(0, 5);
  if (what < 2 || comments.empty()) {
    Comment comment;
    comment.id = NativeId{std::to_string(++pair.last_id)};
    comment.author = {"alice", "Alice"};
    comment.body = some_text();
    comment.visibility =
        *rc::gen::elementOf(std::vector<Visibility>{Visibility::open, Visibility::open, Visibility::restricted});
    comments.push_back(std::move(comment));
    return;
  }
  const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(comments.size())));
  if (what == 2) {
    comments[at].body = some_text() + " (edited)";
  } else if (what == 3) {
    if (!comments[at].marker)
      comments[at].visibility = comments[at].visibility == Visibility::open ? Visibility::restricted : Visibility::open;
  } else {
    comments.erase(comments.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

void change_files(Pair& pair, Side side) {
  Attachment file;
  file.id = NativeId{std::to_string(++pair.last_id)};
  file.name = "file" + file.id.value;
  pair.now[index(side)].attachments.push_back(file);
  if (*rc::gen::arbitrary<bool>()) return;
  Comment comment;
  comment.id = NativeId{std::to_string(++pair.last_id)};
  comment.body = "see " + file.name;
  comment.visibility = *rc::gen::elementOf(std::vector<Visibility>{Visibility::open, Visibility::restricted});
  pair.now[index(side)].comments.push_back(std::move(comment));
}

void perturb(Pair& pair, Side side) {
  const int changes = *rc::gen::inRange(0, 4);
  for (int i = 0; i < changes; ++i) {
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        change_field(pair, side);
        break;
      case 1:
        change_labels(pair, side);
        break;
      case 2:
        change_files(pair, side);
        break;
      default:
        change_comments(pair, side);
        break;
    }
    pair.now[index(side)].updated += std::chrono::seconds{*rc::gen::inRange(1, 5)};
  }
}

/// What the tracker does with one step, and what settling it puts into the base.
void apply(Pair& pair, Side side, const Step& step) {
  Snapshot& snapshot = pair.now[index(side)];
  NativeId written;
  if (const auto* edit = std::get_if<EditTicket>(&step.operation)) {
    for (const auto& [field, wanted] : edit->set) set_value(snapshot.ticket, field, wanted);
    snapshot.ticket.labels.insert(edit->labels_add.begin(), edit->labels_add.end());
    for (const std::string& label : edit->labels_remove) snapshot.ticket.labels.erase(label);
  } else if (const auto* add = std::get_if<AddComment>(&step.operation)) {
    Comment comment;
    written = NativeId{std::to_string(++pair.last_id)};
    comment.id = written;
    comment.body = add->body;
    comment.visibility = add->visibility;
    comment.marker = Marker{"m" + written.value};
    snapshot.comments.push_back(std::move(comment));
  } else if (const auto* change = std::get_if<EditComment>(&step.operation)) {
    for (Comment& comment : snapshot.comments) {
      if (comment.id == change->comment) comment.body = change->body;
    }
  } else if (const auto* removal = std::get_if<RemoveComment>(&step.operation)) {
    std::erase_if(snapshot.comments, [&](const Comment& comment) { return comment.id == removal->comment; });
  }
  agree(pair.base, step.agreement, side, written);
}

Plan plan_for(const Pair& pair, const Mapping& mapping, const MergeRules& rules) {
  return reconcile(pair.base, views_of(pair), pair.born, mapping, rules);
}

/// Plans once and applies every step, sides interleaved at random.
Plan one_round(Pair& pair, const Mapping& mapping, const MergeRules& rules) {
  Plan plan = plan_for(pair, mapping, rules);
  RC_ASSERT(plan.is_final());
  agree(pair.base, plan.already, Side::left, {});
  std::array<std::size_t, 2> next{0, 0};
  while (next[0] < plan.steps[0].size() || next[1] < plan.steps[1].size()) {
    Side side = *rc::gen::elementOf(std::vector<Side>{Side::left, Side::right});
    if (next[index(side)] >= plan[side].size()) side = other(side);
    apply(pair, side, plan[side][next[index(side)]++]);
  }
  return plan;
}

/// A pair that agrees: left as drawn, right made by the engine's own plan for a new twin.
Pair agreeing_pair(const Mapping& mapping, const MergeRules& rules) {
  Pair pair;
  pair.is_public[0] = *rc::gen::arbitrary<bool>();
  pair.born = *rc::gen::elementOf(std::vector<Side>{Side::left, Side::right});
  const Side born = pair.born;
  Snapshot& original = pair.now[index(born)];
  original.coverage = Coverage::all;
  original.ticket.title = some_title();
  original.ticket.body = some_text();
  original.ticket.status = *rc::gen::elementOf(words(born, Field::status));
  original.ticket.visibility = Visibility::open;
  const int changes = *rc::gen::inRange(0, 4);
  for (int i = 0; i < changes; ++i) change_labels(pair, born);
  std::array<View, 2> views = views_of(pair);
  views[index(other(born))].snapshot = nullptr;
  Plan plan = reconcile(std::nullopt, views, born, mapping, rules);
  const Side target = other(born);
  Snapshot& twin = pair.now[index(target)];
  twin.coverage = Coverage::all;
  for (const Step& step : plan[target]) {
    if (const auto* create = std::get_if<CreateTicket>(&step.operation)) {
      twin.ticket = create->ticket;
      twin.marker = Marker{"created"};
      agree(pair.base, step.agreement, target, NativeId{"1"});
    } else {
      apply(pair, target, step);
    }
  }
  return pair;
}

TEST(ReconcileProperty, ANewTwinAgreesAtOnce) {
  EXPECT_TRUE(rc::check([] {
    const Mapping mapping = sample_mapping();
    const MergeRules rules;
    const Pair pair = agreeing_pair(mapping, rules);
    const Plan again = plan_for(pair, mapping, rules);
    RC_ASSERT(again.empty());
    RC_ASSERT(again.already.empty());
  }));
}

TEST(ReconcileProperty, AgreesWithinThreeRounds) {
  EXPECT_TRUE(rc::check([] {
    const Mapping mapping = sample_mapping();
    MergeRules rules;
    for (Winner& winner : rules.winners)
      winner = *rc::gen::elementOf(std::vector<Winner>{Winner::born, Winner::left, Winner::right, Winner::newest});
    for (CommentRule& rule : rules.comments) rule.open_only = *rc::gen::arbitrary<bool>();
    Pair pair = agreeing_pair(mapping, rules);
    const int days = *rc::gen::inRange(1, 4);
    for (int day = 0; day < days; ++day) {
      perturb(pair, Side::left);
      perturb(pair, Side::right);
      std::size_t rounds = 0;
      while (true) {
        const Plan plan = one_round(pair, mapping, rules);
        if (plan.empty() && plan.already.empty()) break;
        RC_ASSERT(++rounds <= rounds_max);
      }
      // In step means: whatever both sides can say is the same in both.
      for (const auto& [left, right] : {std::pair{pair.now[0].ticket.title, pair.now[1].ticket.title},
                                        std::pair{pair.now[0].ticket.body, pair.now[1].ticket.body}}) {
        RC_ASSERT(left == right);
      }
      RC_ASSERT(mapping.statuses.equivalent(pair.now[0].ticket.status, pair.now[1].ticket.status));
      for (const Side side : {Side::left, Side::right}) {
        for (const std::string& label : pair.now[index(side)].ticket.labels) {
          RC_ASSERT(pair.now[index(other(side))].ticket.labels.contains(*translate_label(mapping, side, label)));
        }
        for (const Comment& comment : pair.now[index(side)].comments) {
          if (comment.marker || comment.visibility != Visibility::open) continue;
          const auto pair_of =
              std::find_if(pair.base.comments.begin(), pair.base.comments.end(),
                           [&](const CommentPair& known) { return known.ids[index(side)] == comment.id; });
          RC_ASSERT(pair_of != pair.base.comments.end());
        }
      }
    }
  }));
}

TEST(ReconcileProperty, EveryHumanChangeIsOnBothSidesOrInAConflict) {
  EXPECT_TRUE(rc::check([] {
    const Mapping mapping = sample_mapping();
    const MergeRules rules;
    Pair pair = agreeing_pair(mapping, rules);
    const std::array<std::string, 2> titles{"left title", "right title"};
    for (const Side side : {Side::left, Side::right}) pair.now[index(side)].ticket.title = titles[index(side)];
    const Plan plan = plan_for(pair, mapping, rules);
    RC_ASSERT(plan.conflicts.size() == 1U);
    RC_ASSERT(plan.conflicts.front().values == titles);
    RC_ASSERT(plan.conflicts.front().kept == pair.born);
  }));
}

TEST(ReconcileProperty, NothingThatIsNotOpenIsEverChosenForThePublic) {
  EXPECT_TRUE(rc::check([] {
    const Mapping mapping = sample_mapping();
    MergeRules rules;
    for (CommentRule& rule : rules.comments) rule.open_only = *rc::gen::arbitrary<bool>();
    Pair pair = agreeing_pair(mapping, rules);
    pair.is_public = {true, false};
    for (int day = 0; day < 3; ++day) {
      perturb(pair, Side::left);
      perturb(pair, Side::right);
      const Plan plan = one_round(pair, mapping, rules);
      for (const Step& step : plan[Side::left]) {
        if (const auto* add = std::get_if<AddComment>(&step.operation)) RC_ASSERT(add->visibility == Visibility::open);
        if (const auto* edit = std::get_if<EditComment>(&step.operation))
          RC_ASSERT(edit->visibility == Visibility::open);
      }
    }
    // What turned private since has no copy any more.
    for (int round = 0; round < 3; ++round) one_round(pair, mapping, rules);
    for (const Comment& comment : pair.now[1].comments) {
      if (comment.visibility == Visibility::open || comment.marker) continue;
      for (const CommentPair& known : pair.base.comments) RC_ASSERT(known.ids[1] != comment.id || known.ids[0].empty());
    }
  }));
}

/// Operations by kind and content, without what is naturally one side's own.
std::vector<std::string> outline(const std::vector<Step>& steps) {
  std::vector<std::string> lines;
  for (const Step& step : steps) {
    std::string line{name(step.operation)};
    if (const auto* edit = std::get_if<EditTicket>(&step.operation)) {
      for (const auto& [field, wanted] : edit->set) line += fmt::format(" {}={}", name(field), wanted.value_or("-"));
      for (const std::string& label : edit->labels_add) line += " +" + label;
      for (const std::string& label : edit->labels_remove) line += " -" + label;
    } else if (const auto* add = std::get_if<AddComment>(&step.operation)) {
      line += " " + add->body;
    } else if (const auto* change = std::get_if<EditComment>(&step.operation)) {
      line += " " + change->comment.value + " " + change->body;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Base mirrored(const Base& base) {
  Base result = base;
  std::swap(result.sides[0], result.sides[1]);
  for (AttachmentPair& pair : result.attachments) pair.born = other(pair.born);
  for (CommentPair& pair : result.comments) {
    std::swap(pair.ids[0], pair.ids[1]);
    std::swap(pair.texts[0], pair.texts[1]);
    pair.born = other(pair.born);
  }
  return result;
}

TEST(ReconcileProperty, TheMirroredInputGivesTheMirroredPlan) {
  EXPECT_TRUE(rc::check([] {
    const Mapping mapping = sample_mapping();
    const MergeRules rules;
    Pair pair = agreeing_pair(mapping, rules);
    perturb(pair, Side::left);
    perturb(pair, Side::right);
    const Plan plan = plan_for(pair, mapping, rules);
    Pair turned = pair;
    std::swap(turned.now[0], turned.now[1]);
    std::swap(turned.is_public[0], turned.is_public[1]);
    turned.born = other(pair.born);
    turned.base = mirrored(pair.base);
    const Plan turned_plan = plan_for(turned, mirrored(mapping), mirrored(rules));
    RC_ASSERT(outline(plan.steps[0]) == outline(turned_plan.steps[1]));
    RC_ASSERT(outline(plan.steps[1]) == outline(turned_plan.steps[0]));
    RC_ASSERT(plan.conflicts.size() == turned_plan.conflicts.size());
  }));
}

}  // namespace
}  // namespace causeway::reconcile
