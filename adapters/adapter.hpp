#pragma once
/// The contract between the engine and a tracker. A new tracker is a folder with a pure codec and a thin adapter, a
/// line in registry.cpp, a mapping preset, a stand-in, and the contract suite (tests/contract).
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/markup/format.hpp"
#include "agent/model/id.hpp"
#include "agent/model/operation.hpp"
#include "agent/model/result.hpp"
#include "agent/model/ticket.hpp"

namespace causeway {

/// What a tracker can hold and do. Fixed for the life of the adapter.
struct Capabilities {
  markup::Format format = markup::Format::github;
  std::size_t title_characters_max = 255;
  std::size_t body_bytes_max = 65536;
  bool priority = false;
  bool labels = false;
  bool labels_without_blanks = false;  ///< a label is one word: blanks in another tracker's labels become hyphens here
  bool milestone = false;
  bool twin_link = false;         ///< has a place for the link to the twin outside the text
  bool private_comments = false;  ///< a comment can be kept from the public
  bool uploads = false;           ///< takes files along with a comment (AddComment::files)
  std::uint64_t upload_bytes_max = 10U << 20U;
  /// After a write, a fresh object may be missing from listings for this long. `find` that finds nothing proves nothing
  /// before then.
  std::chrono::seconds listing_lag{0};
  /// `changes` shows everything a `fetch` would (fields and changed comments). When false, a ticket it lists must be
  /// fetched.
  bool listing_is_reading = false;
  /// Some writes answer nothing that proves them (Redmine's 204): after writing, the ticket is read back once.
  bool writes_are_blind = false;
  /// A status is reached over others, one request each: a write of it that broke off may have left the ticket at one of
  /// those.
  bool status_in_steps = false;
  /// Requests that write at the same time, as the vendor asks.
  std::size_t writers_default = 1;
};

/// Where to go on reading. Opaque to everybody but the adapter that made it; empty: from the beginning.
using Cursor = Id<struct CursorTag>;

/// A comment seen in a listing of comments.
struct CommentSeen {
  TicketRef ticket;
  Comment comment;
};

/// One page of changes. Reading goes: page, then all of `beside` (any order, at the same time), then `then`, until a
/// page has no `then`. `watermark` is stored as the next round's start once every page of the round is stored.
struct ChangePage {
  std::vector<Snapshot> tickets;
  std::vector<CommentSeen> comments;  ///< always come in earlier pages than the ticket they belong to, or in the same
  std::vector<Cursor> beside;
  std::optional<Cursor> then;
  std::optional<Cursor> watermark;  ///< in the round's last page. Equal to the start: nothing has changed
};

/// What the configuration will ask of a tracker, for `probe` to compare with what is there. Every value with the place
/// in the configuration it comes from ("routes/widget/mapping/status").
struct Needs {
  struct Wanted {
    std::string value;
    std::string place;
  };
  std::vector<Wanted> statuses;
  std::vector<Wanted> priorities;
  std::vector<Wanted> labels;
  std::vector<Wanted> fields;
  std::vector<Wanted> people;
  bool writes = true;             ///< create and edit tickets, comment
  bool private_comments = false;  ///< will post comments that must stay private
};

/// One thing that is wrong, for `causeway check`.
struct Finding {
  enum class Weight { error, warning };
  Weight weight = Weight::error;
  std::string place;   ///< path in the configuration, "trackers/queue/key"
  std::string what;    ///< what is wrong
  std::string remedy;  ///< the way out
};

/// What `probe` learned.
struct Account {
  std::string login;
  std::vector<Finding> findings;
  std::map<std::string, std::string> facts;  ///< version, rate limit, text format …: shown by `check`
};

/// One connected project of one tracker. Calls for different tickets may run on different threads; an adapter keeps no
/// mutable state but what its comment names. Retry, budgets, logging and recording are decorators of Transport.
class Adapter {
 public:
  virtual ~Adapter() = default;
  /// Fixed for life.
  [[nodiscard]] virtual const Capabilities& capabilities() const = 0;
  /// Address, credentials, rights, fields, statuses, workflow paths, required fields. Writes nothing. Reports every
  /// problem at once. A failure only when nothing could be asked at all.
  virtual Result<Account> probe(const Needs& needs) = 0;
  /// May repeat a ticket, never leaves one out. Carries what the listing already shows, so that nothing is read twice.
  virtual Result<ChangePage> changes(const Cursor& since) = 0;
  /// The whole ticket with all comments. Deleted, moved away or hidden: a Snapshot with `gone`, not a Failure.
  virtual Result<Snapshot> fetch(const TicketRef& ref) = 0;
  /// Looks for what carries the marker: a ticket created at or after `not_before` (when `near.id` is empty), or a
  /// comment of `near`. By direct listing, never by a search index.
  virtual Result<std::optional<Receipt>> find(const TicketRef& near, const Marker& marker, Instant not_before) = 0;
  /// Makes at most one change, only of what is named. A reply lost after sending is outcome_unknown, never transient.
  virtual Result<Receipt> apply(const Intent& intent) = 0;
  /// How many requests `apply` of this operation takes, for `plan`.
  [[nodiscard]] virtual std::size_t requests_for(const Operation& operation) const = 0;
  /// Where a person opens the ticket, for showing only.
  [[nodiscard]] virtual std::string url_of(const NativeId& ticket) const = 0;
  /// Reads an attachment's bytes piece by piece into `sink`, which answers false to stop.
  virtual Result<void> download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) = 0;
};

}  // namespace causeway
