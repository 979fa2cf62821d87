#include "tests/fakes/tracker/memory_tracker.hpp"

#include <algorithm>
#include <type_traits>

namespace causeway::fakes {
namespace {

Comment* find_comment(Snapshot& snapshot, const NativeId& id) {
  const auto found = std::find_if(snapshot.comments.begin(), snapshot.comments.end(),
                                  [&](const Comment& comment) { return comment.id == id; });
  return found == snapshot.comments.end() ? nullptr : &*found;
}

}  // namespace

MemoryTracker::MemoryTracker(TrackerId id, Capabilities capabilities, const Clock& clock)
    : id_(std::move(id)), capabilities_(capabilities), clock_(clock) {}

Snapshot& MemoryTracker::at(const NativeId& id) { return tickets_.at(id); }

void MemoryTracker::touch(Snapshot& snapshot) {
  snapshot.updated = std::chrono::floor<std::chrono::seconds>(clock_.now());
  history_[++last_change_] = snapshot.ref.id;
}

NativeId MemoryTracker::open(Ticket ticket, const std::string& author) {
  const std::scoped_lock lock{mutex_};
  Snapshot snapshot;
  snapshot.ref = {id_, fresh_id()};
  snapshot.display_key = "#" + snapshot.ref.id.value;
  snapshot.url = url_of(snapshot.ref.id);
  snapshot.created = std::chrono::floor<std::chrono::seconds>(clock_.now());
  snapshot.author = {author, author};
  snapshot.ticket = std::move(ticket);
  snapshot.coverage = Coverage::all;
  touch(snapshot);
  const NativeId id = snapshot.ref.id;
  tickets_[id] = std::move(snapshot);
  return id;
}

void MemoryTracker::edit(const NativeId& id, const std::function<void(Ticket&)>& change) {
  const std::scoped_lock lock{mutex_};
  change(at(id).ticket);
  touch(at(id));
}

NativeId MemoryTracker::comment(const NativeId& id, const std::string& body, Visibility visibility,
                                const std::string& author) {
  const std::scoped_lock lock{mutex_};
  Comment comment;
  comment.id = fresh_id();
  comment.author = {author, author};
  comment.body = body;
  comment.visibility = visibility;
  comment.written = clock_.now();
  at(id).comments.push_back(comment);
  touch(at(id));
  return comment.id;
}

void MemoryTracker::edit_comment(const NativeId& ticket, const NativeId& comment, const std::string& body) {
  const std::scoped_lock lock{mutex_};
  find_comment(at(ticket), comment)->body = body;
  touch(at(ticket));
}

void MemoryTracker::remove_comment(const NativeId& ticket, const NativeId& comment) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(at(ticket).comments, [&](const Comment& one) { return one.id == comment; });
  touch(at(ticket));
}

void MemoryTracker::hide_comment(const NativeId& ticket, const NativeId& comment) {
  const std::scoped_lock lock{mutex_};
  find_comment(at(ticket), comment)->visibility = Visibility::restricted;
  touch(at(ticket));
}

void MemoryTracker::attach(const NativeId& ticket, const std::string& name, const std::string& bytes) {
  const std::scoped_lock lock{mutex_};
  const NativeId id = fresh_id();
  at(ticket).attachments.push_back({id, name, "https://files.invalid/" + name, bytes.size()});
  files_[id] = bytes;
  touch(at(ticket));
}

std::string MemoryTracker::file(const NativeId& ticket, const std::string& name) const {
  const std::scoped_lock lock{mutex_};
  const auto known = tickets_.find(ticket);
  if (known == tickets_.end()) return {};
  for (const Attachment& one : known->second.attachments) {
    if (one.name == name) return files_.at(one.id);
  }
  return {};
}

void MemoryTracker::remove(const NativeId& id) {
  const std::scoped_lock lock{mutex_};
  tickets_.erase(id);
}

void MemoryTracker::hide(const NativeId& id, bool hidden) {
  const std::scoped_lock lock{mutex_};
  if (hidden) {
    hidden_.insert(id);
  } else {
    hidden_.erase(id);
  }
}

void MemoryTracker::lock(const NativeId& id, bool locked) {
  const std::scoped_lock lock{mutex_};
  at(id).locked = locked;
  touch(at(id));
}

Snapshot MemoryTracker::look(const NativeId& id) const {
  const std::scoped_lock lock{mutex_};
  return tickets_.at(id);
}

std::vector<NativeId> MemoryTracker::all() const {
  const std::scoped_lock lock{mutex_};
  std::vector<NativeId> ids;
  for (const auto& [id, snapshot] : tickets_) ids.push_back(id);
  return ids;
}

std::optional<Failure> MemoryTracker::refused(const std::string& request) {
  ++requests_;
  if (before) return before(request);
  return std::nullopt;
}

Result<Receipt> MemoryTracker::answered(const std::string& request, Receipt receipt) {
  ++writes_;
  if (after_write) {
    if (auto failure = after_write(request)) return std::unexpected(*failure);
  }
  return receipt;
}

Result<Account> MemoryTracker::probe(const Needs& /*needs*/) { return Account{"causeway", {}, {}}; }

Result<ChangePage> MemoryTracker::changes(const Cursor& since) {
  if (auto failure = refused("changes")) return std::unexpected(*failure);
  const std::scoped_lock lock{mutex_};
  const std::int64_t after = since.empty() ? 0 : std::stoll(since.value);
  ChangePage page;
  std::set<NativeId> shown;
  for (auto entry = history_.upper_bound(after); entry != history_.end(); ++entry) {
    if (!tickets_.contains(entry->second) || hidden_.contains(entry->second) || !shown.insert(entry->second).second)
      continue;
    Snapshot snapshot = tickets_.at(entry->second);
    snapshot.comment_count = snapshot.comments.size();
    snapshot.observed = clock_.now();
    if (capabilities_.listing_is_reading) {
      for (const Comment& comment : snapshot.comments) {
        if (comment.written >= lists_comments_since) page.comments.push_back({snapshot.ref, comment});
      }
    }
    snapshot.comments.clear();
    snapshot.coverage = capabilities_.listing_is_reading ? Coverage::changed : Coverage::none;
    if (!capabilities_.listing_is_reading) snapshot.comment_count.reset();
    page.tickets.push_back(std::move(snapshot));
  }
  page.watermark = Cursor{std::to_string(last_change_)};
  if (after == last_change_) page.watermark = since;
  return page;
}

Result<Snapshot> MemoryTracker::fetch(const TicketRef& ref) {
  if (auto failure = refused("fetch")) return std::unexpected(*failure);
  const std::scoped_lock lock{mutex_};
  const auto found = tickets_.find(ref.id);
  if (found == tickets_.end() || hidden_.contains(ref.id)) {
    Snapshot gone;
    gone.ref = ref;
    gone.gone = true;
    return gone;
  }
  Snapshot snapshot = found->second;
  snapshot.observed = clock_.now();
  if (const auto call = after_fetch) call();
  return snapshot;
}

Result<std::optional<Receipt>> MemoryTracker::find(const TicketRef& near, const Marker& marker,
                                                   Instant /*not_before*/) {
  if (auto failure = refused("find")) return std::unexpected(*failure);
  const std::scoped_lock lock{mutex_};
  Receipt receipt;
  for (const auto& [id, snapshot] : tickets_) {
    if (near.id.empty()) {
      if (snapshot.marker != marker) continue;
      receipt.written = id;
      receipt.created = snapshot.created;
      return std::optional{receipt};
    }
    if (id != near.id) continue;
    for (const Comment& comment : snapshot.comments) {
      if (comment.marker != marker) continue;
      receipt.written = comment.id;
      return std::optional{receipt};
    }
  }
  return std::optional<Receipt>{};
}

Receipt MemoryTracker::create(const CreateTicket& create, const Marker& marker) {
  Receipt receipt;
  Ticket ticket = create.ticket;
  if (drops) {
    ticket.labels.clear();
    ticket.assignee.reset();
    ticket.milestone.reset();
  }
  receipt.written = open(std::move(ticket), "causeway");
  Snapshot& snapshot = at(receipt.written);
  snapshot.marker = marker;
  if (capabilities_.priority && !snapshot.ticket.priority) snapshot.ticket.priority = "Normal";
  receipt.created = snapshot.created;
  receipt.shown = snapshot.ticket;
  receipt.verified = true;
  return receipt;
}

Result<Receipt> MemoryTracker::apply(const Intent& intent) {
  const Operation& operation = intent.write.operation();
  const std::string request{name(operation)};
  if (auto failure = refused(request)) return std::unexpected(*failure);
  const std::scoped_lock lock{mutex_};
  if (const auto* opened = std::get_if<CreateTicket>(&operation))
    return answered(request, create(*opened, intent.marker));
  if (!tickets_.contains(intent.target.id) || hidden_.contains(intent.target.id))
    return fail(Fault::gone, "no such ticket");
  Snapshot& snapshot = at(intent.target.id);
  Receipt receipt;
  receipt.verified = !capabilities_.writes_are_blind;
  if (ignores.contains(request)) return answered(request, std::move(receipt));
  if (snapshot.locked && std::holds_alternative<AddComment>(operation))
    return fail(Fault::rejected, "the ticket is locked");
  if (const auto* edit = std::get_if<EditTicket>(&operation)) {
    for (const auto& [field, wanted] : edit->set) {
      if (tells_displaced) receipt.displaced[field] = value(snapshot.ticket, field);
    }
    for (const auto& [field, wanted] : edit->set) {
      if (drops && (field == Field::assignee || field == Field::milestone)) {
        receipt.dropped.insert(field);
      } else {
        set_value(snapshot.ticket, field, wanted);
      }
    }
    if (drops) {
      receipt.dropped_labels = edit->labels_add;
    } else {
      snapshot.ticket.labels.insert(edit->labels_add.begin(), edit->labels_add.end());
    }
    for (const std::string& label : edit->labels_remove) snapshot.ticket.labels.erase(label);
    if (edit->twin_url) snapshot.ticket.fields["twin"] = *edit->twin_url;
  } else if (const auto* add = std::get_if<AddComment>(&operation)) {
    const NativeId id = comment(intent.target.id, add->body, add->visibility, "causeway");
    find_comment(snapshot, id)->marker = intent.marker;
    find_comment(snapshot, id)->author.display_name = add->attribution.author;
    for (std::size_t i = 0; i < intent.contents.size(); ++i) {
      Attachment file = add->files[i];
      file.id = fresh_id();
      file.ours = true;
      files_[file.id] = intent.contents[i];
      if (on_upload) on_upload(files_[file.id]);
      snapshot.attachments.push_back(file);
      receipt.files.push_back(std::move(file));
    }
    if (!capabilities_.writes_are_blind) receipt.written = id;
  } else if (const auto* change = std::get_if<EditComment>(&operation)) {
    Comment* const found = find_comment(snapshot, change->comment);
    if (found == nullptr) return fail(Fault::gone, "no such comment");
    found->body = change->body;
  } else {
    const auto& removal = std::get<RemoveComment>(operation);
    std::erase_if(snapshot.comments, [&](const Comment& one) { return one.id == removal.comment; });
  }
  touch(snapshot);
  return answered(request, std::move(receipt));
}

std::size_t MemoryTracker::requests_for(const Operation& /*operation*/) const { return 1; }

std::string MemoryTracker::url_of(const NativeId& ticket) const {
  return fmt::format("https://{}.invalid/{}", id_.value, ticket.value);
}

Result<void> MemoryTracker::download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) {
  if (auto failure = refused("download")) return std::unexpected(*failure);
  const std::scoped_lock lock{mutex_};
  const auto known = files_.find(attachment.id);
  if (known == files_.end()) return fail(Fault::gone, "no such file");
  sink(known->second);
  return {};
}

}  // namespace causeway::fakes
