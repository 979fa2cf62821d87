#pragma once
/// A tracker in memory behind the adapter contract, for tests of the engine: remembers, stamps, lists, loses answers.
/// How real trackers behave is played by the stand-ins (tests/fakes/github, tests/fakes/redmine).
#include <functional>
#include <map>
#include <mutex>

#include "adapters/adapter.hpp"

namespace causeway::fakes {

class MemoryTracker final : public Adapter {
 public:
  MemoryTracker(TrackerId id, Capabilities capabilities, const Clock& clock);

  // as a person
  NativeId open(Ticket ticket, const std::string& author = "alice");
  void edit(const NativeId& id, const std::function<void(Ticket&)>& change);
  NativeId comment(const NativeId& id, const std::string& body, Visibility visibility = Visibility::open,
                   const std::string& author = "alice");
  void edit_comment(const NativeId& ticket, const NativeId& comment, const std::string& body);
  void remove_comment(const NativeId& ticket, const NativeId& comment);
  /// Makes a comment private.
  void hide_comment(const NativeId& ticket, const NativeId& comment);
  void attach(const NativeId& ticket, const std::string& name, const std::string& bytes = "ten bytes!");
  /// The bytes of the file of that name; empty: there is none.
  [[nodiscard]] std::string file(const NativeId& ticket, const std::string& name) const;
  void remove(const NativeId& id);
  /// Out of our sight: answers as if it were gone, but it comes back.
  void hide(const NativeId& id, bool hidden);
  void lock(const NativeId& id, bool locked);
  [[nodiscard]] Snapshot look(const NativeId& id) const;
  [[nodiscard]] std::vector<NativeId> all() const;

  /// Called before each request with its name; a failure is returned instead of doing it.
  std::function<std::optional<Failure>(const std::string& request)> before;
  /// Called after each write was done; a failure is returned instead of the receipt.
  std::function<std::optional<Failure>(const std::string& request)> after_write;
  /// Called after a ticket was read, before the reading is given out.
  std::function<void()> after_fetch;
  /// Receipts of edits tell what was there just before.
  bool tells_displaced = false;
  /// Listings show only comments written since.
  Instant lists_comments_since{};
  /// As GitHub does for accounts without push access: labels, people and milestones are quietly not taken.
  bool drops = false;
  /// What is done to a file's bytes on their way in.
  std::function<void(std::string& bytes)> on_upload;
  /// Requests that are answered as done and ignored, by name ("edit_comment").
  std::set<std::string> ignores;
  [[nodiscard]] std::size_t writes() const { return writes_; }
  [[nodiscard]] std::size_t requests() const { return requests_; }

  const Capabilities& capabilities() const override { return capabilities_; }
  Result<Account> probe(const Needs& needs) override;
  Result<ChangePage> changes(const Cursor& since) override;
  Result<Snapshot> fetch(const TicketRef& ref) override;
  Result<std::optional<Receipt>> find(const TicketRef& near, const Marker& marker, Instant not_before) override;
  Result<Receipt> apply(const Intent& intent) override;
  std::size_t requests_for(const Operation& operation) const override;
  std::string url_of(const NativeId& ticket) const override;
  Result<void> download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) override;

 private:
  std::optional<Failure> refused(const std::string& request);
  Result<Receipt> answered(const std::string& request, Receipt receipt);
  Snapshot& at(const NativeId& id);
  void touch(Snapshot& snapshot);
  Receipt create(const CreateTicket& create, const Marker& marker);
  NativeId fresh_id() { return NativeId{std::to_string(++last_id_)}; }

  TrackerId id_;
  Capabilities capabilities_;
  const Clock& clock_;
  mutable std::recursive_mutex mutex_;
  std::map<NativeId, Snapshot> tickets_;
  std::set<NativeId> hidden_;
  std::map<NativeId, std::string> files_;
  std::map<std::int64_t, NativeId> history_;  ///< change number → ticket
  std::int64_t last_change_ = 0;
  std::int64_t last_id_ = 0;
  std::atomic<std::size_t> writes_ = 0;
  std::atomic<std::size_t> requests_ = 0;
};

}  // namespace causeway::fakes
