/// Random cases: a community ticket, a queue ticket that follows it, and a customer's ticket. People act on all three,
/// the two links are merged in any order, again and again. Everything must come to rest soon, and nobody may read what
/// was not meant for them.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "agent/reconcile/reconcile.hpp"

namespace causeway::reconcile {
namespace {

/// A comment crosses two links, and its copy's restoration or removal as many.
constexpr std::size_t rounds_max = 5;

/// Who reads what is told by the first word of every text.
const std::string to_all = "public", own = "customer", inside = "internal", answer = "answer", published = "published";

struct Case {
  Snapshot community, queue, customer;
  Base upstream;  ///< of the link between community and queue
  Base account;   ///< of the link between customer and queue
  Relation relation{true, true};
  std::int64_t last_id = 100;
  std::size_t proposals = 0, closings = 0;
};

/// `community` and `customer` are on the left of their links, with the same words for statuses.
Mapping sample_mapping() {
  Mapping mapping;
  mapping.statuses = ValueTable{{{"open", "New"}, {"open", "In Progress"}, {"completed", "Closed"}}};
  return mapping;
}

MergeRules rules_with(const std::string& command) {
  MergeRules rules;
  rules.comments[index(Side::right)].command = command;
  return rules;
}

View view_of(const Snapshot& snapshot, bool is_public, bool is_queue) {
  View view;
  view.snapshot = &snapshot;
  view.is_public = is_public;
  view.is_queue = is_queue;
  view.private_comments = !is_public;
  view.uploads = !is_public;
  view.upload_bytes_max = 1'000;
  return view;
}

/// The queue's notes that the community has read: what the engine hands to the case's other links.
std::map<NativeId, Fingerprint> relayed(const Case& one) {
  std::map<NativeId, Fingerprint> copies;
  for (const CommentPair& pair : one.upstream.comments) {
    if (pair.born == Side::left && !pair.ids[index(Side::right)].empty())
      copies[pair.ids[index(Side::right)]] = pair.texts[index(Side::right)];
  }
  return copies;
}

bool begins(const std::string& text, const std::string& word) { return text.find(word + "-") != std::string::npos; }

void add(Case& one, Snapshot& where, const std::string& text, Visibility visibility) {
  Comment comment;
  comment.id = NativeId{std::to_string(++one.last_id)};
  comment.author = {"alice", "Alice"};
  comment.body = fmt::format("{}-{}", text, one.last_id);
  comment.visibility = visibility;
  where.comments.push_back(std::move(comment));
}

/// Somebody changes, hides or takes away something on a tracker. Copies of ours are changed and hidden, not removed.
void change_something(Snapshot& where, bool may_hide) {
  if (where.comments.empty()) return;
  const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(where.comments.size())));
  Comment& comment = where.comments[at];
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      comment.body += " edited";
      break;
    case 1:
      if (may_hide) comment.visibility = Visibility::restricted;
      break;
    default:
      if (!comment.marker) where.comments.erase(where.comments.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

void act_in_public(Case& one) {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      change_something(one.community, true);
      break;
    case 1:
      one.community.ticket.status = *rc::gen::elementOf(std::vector<std::string>{"open", "completed"});
      if (one.community.ticket.status == "completed") ++one.closings;
      break;
    default:
      add(one, one.community, to_all, Visibility::open);
  }
}

void act_in_the_queue(Case& one) {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      change_something(one.queue, true);
      break;
    case 1:
      add(one, one.queue, inside,
          *rc::gen::elementOf(std::vector<Visibility>{Visibility::open, Visibility::restricted}));
      break;
    case 2:
      add(one, one.queue, "/customer\n" + answer, Visibility::open);
      break;
    case 3:
      add(one, one.queue, "/community\n" + published, Visibility::open);
      break;
    case 4:
      add(one, one.queue, "/customer\n" + inside, Visibility::restricted);
      break;
    default:
      one.queue.ticket.status = *rc::gen::elementOf(std::vector<std::string>{"New", "In Progress", "Closed"});
  }
}

void act_at_the_customer(Case& one) {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      change_something(one.customer, true);
      break;
    case 1:
      one.customer.ticket.status = *rc::gen::elementOf(std::vector<std::string>{"open", "completed"});
      break;
    case 2: {
      Attachment file;
      file.id = NativeId{std::to_string(++one.last_id)};
      file.name = "customer-file";
      file.bytes = 10;
      one.customer.attachments.push_back(std::move(file));
      break;
    }
    default:
      add(one, one.customer, own,
          *rc::gen::elementOf(std::vector<Visibility>{Visibility::open, Visibility::restricted}));
  }
}

/// What the tracker does with one step, and what settling it puts into the base.
void apply(Case& one, Snapshot& snapshot, Base& base, Side side, const Step& step) {
  NativeId written;
  if (const auto* edit = std::get_if<EditTicket>(&step.operation)) {
    for (const auto& [field, wanted] : edit->set) set_value(snapshot.ticket, field, wanted);
  } else if (const auto* addition = std::get_if<AddComment>(&step.operation)) {
    Comment comment;
    written = NativeId{std::to_string(++one.last_id)};
    comment.id = written;
    comment.body = addition->body;
    comment.visibility = addition->visibility;
    comment.marker = Marker{"m" + written.value};
    snapshot.comments.push_back(std::move(comment));
  } else if (const auto* change = std::get_if<EditComment>(&step.operation)) {
    for (Comment& comment : snapshot.comments) {
      if (comment.id == change->comment) comment.body = change->body;
    }
  } else if (const auto* removal = std::get_if<RemoveComment>(&step.operation)) {
    std::erase_if(snapshot.comments, [&](const Comment& comment) { return comment.id == removal->comment; });
  }
  agree(base, step.agreement, side, written);
}

bool is_proposal(const Step& step) {
  const auto* note = std::get_if<AddComment>(&step.operation);
  return note != nullptr && note->body.find("Proposed") != std::string::npos;
}

/// Whether anything was to be done.
bool merge_upstream(Case& one) {
  static const Mapping mapping = sample_mapping();
  const Plan plan = reconcile(one.upstream, {view_of(one.community, true, false), view_of(one.queue, false, true)},
                              Side::left, mapping, rules_with("/community"), one.relation);
  RC_ASSERT(plan.is_final());
  for (const Step& step : plan[Side::right]) {
    // Closing upstream is proposed to a customer's case and forced on none.
    const auto* edit = std::get_if<EditTicket>(&step.operation);
    if (edit != nullptr) {
      RC_ASSERT(!one.relation.follows);
      const auto status = edit->set.find(Field::status);
      const bool closes = status != edit->set.end() && status->second == "Closed";
      RC_ASSERT(!closes);
    }
    if (!is_proposal(step)) continue;
    ++one.proposals;
    RC_ASSERT(std::get<AddComment>(step.operation).visibility == Visibility::restricted);
  }
  if (one.relation.follows) {
    for (const Step& step : plan[Side::left]) RC_ASSERT(!std::holds_alternative<EditTicket>(step.operation));
  }
  agree(one.upstream, plan.already, Side::left, {});
  for (const Step& step : plan[Side::left]) apply(one, one.community, one.upstream, Side::left, step);
  for (const Step& step : plan[Side::right]) apply(one, one.queue, one.upstream, Side::right, step);
  return !plan.empty() || !plan.already.empty();
}

bool merge_account(Case& one) {
  static const Mapping mapping = sample_mapping();
  const std::map<NativeId, Fingerprint> passed_on = relayed(one);
  View queue = view_of(one.queue, false, true);
  queue.relayed = &passed_on;
  const Plan plan = reconcile(one.account, {view_of(one.customer, false, false), queue}, Side::left, mapping,
                              rules_with("/customer"));
  RC_ASSERT(plan.is_final());
  agree(one.account, plan.already, Side::left, {});
  for (const Step& step : plan[Side::left]) apply(one, one.customer, one.account, Side::left, step);
  for (const Step& step : plan[Side::right]) apply(one, one.queue, one.account, Side::right, step);
  return !plan.empty() || !plan.already.empty();
}

void demand_that_nobody_reads_too_much(const Case& one) {
  for (const Comment& comment : one.community.comments) {
    RC_ASSERT(begins(comment.body, to_all) || begins(comment.body, published));
  }
  for (const Comment& comment : one.customer.comments) {
    RC_ASSERT(begins(comment.body, own) || begins(comment.body, answer) || begins(comment.body, to_all));
    RC_ASSERT(!begins(comment.body, inside) && comment.body.find("Proposed") == std::string::npos);
  }
}

std::size_t copies(const Snapshot& where, const std::string& text) {
  return static_cast<std::size_t>(std::count_if(where.comments.begin(), where.comments.end(),
                                                [&](const Comment& one) { return one.marker && one.body == text; }));
}

const Comment* copy_in_queue(const Case& one, const Comment& original) {
  for (const CommentPair& pair : one.upstream.comments) {
    if (pair.born != Side::left || pair.ids[0] != original.id) continue;
    for (const Comment& note : one.queue.comments) {
      if (note.id == pair.ids[1]) return &note;
    }
  }
  return nullptr;
}

/// At rest: what the public reads stands once in the queue, and at the customer unless somebody hid it in the queue.
void demand_that_each_answer_arrived_once(const Case& one) {
  for (const Comment& comment : one.community.comments) {
    if (comment.marker || comment.visibility != Visibility::open) continue;
    if (std::stoll(comment.body.substr(to_all.size() + 1)) <= 100) continue;  // older than the case
    const Comment* const note = copy_in_queue(one, comment);
    RC_ASSERT(note != nullptr);
    RC_ASSERT(note->body == comment.body);
    RC_ASSERT(copies(one.queue, comment.body) == 1U);
    RC_ASSERT(copies(one.customer, comment.body) == (note->visibility == Visibility::open ? 1U : 0U));
  }
  for (const Comment& comment : one.customer.comments) {
    if (comment.marker && begins(comment.body, to_all)) {
      const bool still_said = std::any_of(one.community.comments.begin(), one.community.comments.end(),
                                          [&](const Comment& said) { return said.body == comment.body; });
      RC_ASSERT(still_said);
    }
    if (comment.marker || comment.visibility != Visibility::open) continue;
    RC_ASSERT(copies(one.queue, comment.body) == 1U);
  }
}

Case fresh_case(Relation relation) {
  Case one;
  one.relation = relation;
  for (Snapshot* snapshot : {&one.community, &one.queue, &one.customer}) {
    snapshot->coverage = Coverage::all;
    snapshot->ticket.title = "Importer stops";
    snapshot->ticket.body = "as the title says";
    snapshot->ticket.status = snapshot == &one.queue ? "New" : "open";
    snapshot->ticket.visibility = Visibility::open;
  }
  one.customer.ticket.visibility = Visibility::restricted;
  if (relation.follows) {
    Comment old;
    old.id = NativeId{"1"};
    old.body = to_all + "-1";
    old.visibility = Visibility::open;
    one.community.comments.push_back(old);
    one.queue.ticket.title = "Acme cannot import";
    one.customer.ticket.title = one.queue.ticket.title;
  }
  const Mapping mapping = sample_mapping();
  const View community = view_of(one.community, true, false), queue = view_of(one.queue, false, true);
  one.upstream = base_to_follow_from({community, queue}, mapping);
  one.account = base_to_follow_from({view_of(one.customer, false, false), queue}, mapping);
  return one;
}

void live(Case& one) {
  const int days = *rc::gen::inRange(1, 5);
  for (int day = 0; day < days; ++day) {
    const int acts = *rc::gen::inRange(0, 6);
    for (int act = 0; act < acts; ++act) {
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          act_in_public(one);
          break;
        case 1:
          act_in_the_queue(one);
          break;
        default:
          act_at_the_customer(one);
      }
      // Now and then a link has its turn while people are still at it.
      if (*rc::gen::inRange(0, 4) == 0) (void)(*rc::gen::arbitrary<bool>() ? merge_upstream(one) : merge_account(one));
      demand_that_nobody_reads_too_much(one);
    }
    for (std::size_t rounds = 0;; ++rounds) {
      RC_ASSERT(rounds <= rounds_max);
      const bool upstream_first = *rc::gen::arbitrary<bool>();
      bool busy = upstream_first ? merge_upstream(one) : merge_account(one);
      busy = (upstream_first ? merge_account(one) : merge_upstream(one)) || busy;
      demand_that_nobody_reads_too_much(one);
      if (!busy) break;
    }
    demand_that_each_answer_arrived_once(one);
    RC_ASSERT(one.proposals <= one.closings);
  }
}

TEST(CaseProperty, ACaseThatFollowsComesToRestAndTellsNobodyTooMuch) {
  EXPECT_TRUE(rc::check([] {
    Case one = fresh_case({true, true});
    live(one);
    RC_ASSERT(one.community.ticket.title == "Importer stops");
    RC_ASSERT(one.queue.ticket.title == "Acme cannot import");
  }));
}

TEST(CaseProperty, ATicketThatIsMirroredAndACustomersToo) {
  EXPECT_TRUE(rc::check([] {
    Case one = fresh_case({false, true});
    live(one);
  }));
}

TEST(CaseProperty, WhatWasSaidBeforeACaseFollowsReachesNobody) {
  EXPECT_TRUE(rc::check([] {
    Case one = fresh_case({true, true});
    live(one);
    for (const Snapshot* snapshot : {&one.queue, &one.customer}) {
      for (const Comment& comment : snapshot->comments) RC_ASSERT(comment.body.rfind(to_all + "-1 ", 0) != 0);
      RC_ASSERT(copies(*snapshot, to_all + "-1") == 0U);
    }
  }));
}

}  // namespace
}  // namespace causeway::reconcile
