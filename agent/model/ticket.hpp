#pragma once
/// One ticket as its tracker shows it: in the tracker's own words and markup, with what we added around a person's text
/// (attribution, marker) already taken off by the adapter.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/model/id.hpp"
#include "agent/model/time.hpp"

namespace causeway {

/// Who may read. What an adapter cannot tell is private (rule 4).
enum class Visibility : std::uint8_t { restricted, open };

struct TicketRef {
  TrackerId tracker;
  NativeId id;
  auto operator<=>(const TicketRef&) const = default;
};

/// Somebody as a tracker shows them.
struct Person {
  std::string login;         ///< the tracker's own key for this person; empty: unknown or deleted
  std::string display_name;  ///< may be empty
  bool operator==(const Person&) const = default;
};

/// The fields that are kept in step. Values are the tracker's own words.
struct Ticket {
  std::string title;
  std::string body;  ///< in the tracker's own markup, byte for byte as a person wrote it
  std::string status;
  std::optional<std::string> priority;
  std::optional<std::string> assignee;  ///< login
  std::optional<std::string> milestone;
  std::set<std::string> labels;
  std::map<std::string, std::string> fields;  ///< further fields by name; read for route conditions, not merged
  Visibility visibility = Visibility::restricted;
  bool operator==(const Ticket&) const = default;
};

struct Comment {
  NativeId id;
  Person author;     ///< of one that we wrote, `display_name` is whose words it says they are
  std::string body;  ///< in the tracker's own markup, without our attribution and marker
  Visibility visibility = Visibility::restricted;
  Instant written{};
  std::optional<Marker> marker;  ///< set when we wrote it
  bool operator==(const Comment&) const = default;
};

struct Attachment {
  NativeId id;
  std::string name;
  std::string url;  ///< where a person opens it
  std::uint64_t bytes = 0;
  bool ours = false;  ///< our account has put it there: a copy, never anybody's own
  bool operator==(const Attachment&) const = default;
};

/// How much of a ticket's comments a snapshot holds.
enum class Coverage : std::uint8_t {
  none,     ///< the reading does not show comments
  changed,  ///< at least those that changed since the last reading; others are as they were
  all       ///< every comment that exists
};

/// What one ticket looked like when it was read.
struct Snapshot {
  TicketRef ref;
  std::string display_key;  ///< "#12"; only for showing
  std::string url;          ///< where a person opens it; only for showing
  Instant created{};        ///< with `ref.id` the ticket's identity: Redmine on SQLite gives ids of deleted rows again
  Instant updated{};        ///< the tracker's own stamp, as precise as it is
  Instant observed{};       ///< our clock, just before the request left
  Person author;
  bool gone = false;    ///< deleted, moved out of this tracker, or no longer visible to us; the rest is then empty
  bool locked = false;  ///< no comments are accepted
  Ticket ticket;
  std::optional<Marker> marker;  ///< set when we created it
  Coverage coverage = Coverage::none;
  std::optional<std::size_t> comment_count;  ///< how many comments exist, when the reading tells
  std::vector<Comment> comments;             ///< oldest first
  std::vector<Attachment> attachments;
  std::optional<std::set<std::string>> reachable_statuses;  ///< where the workflow lets us go from here, when told
};

}  // namespace causeway
