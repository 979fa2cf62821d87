#pragma once
/// Where reading a repository's changes goes on, as the text of a Cursor. Pure.
#include <optional>
#include <string>

#include "adapters/adapter.hpp"
#include "adapters/github/codec.hpp"
#include "agent/model/result.hpp"
#include "agent/model/time.hpp"

namespace causeway::github {

/// How far one of the two lists (issues, comments) was read.
struct Mark {
  std::optional<Instant> since;  ///< everything stamped before was read; whole seconds
  std::string etag;              ///< of the list's newest page as it was last seen; empty: none
  bool operator==(const Mark&) const = default;
};

/// Without `step`: the start of a round. With empty marks as well: from the beginning.
struct Place {
  Number repository = 0;  ///< its number, once known: names can be given to another repository
  Mark issues;
  Mark comments;
  enum class Kind : std::uint8_t {
    first_comments,  ///< pages of all comments, oldest first
    first_issues,    ///< pages of all issues, oldest first
    beside,          ///< one of these pages, with nothing after it
    walk_comments,   ///< what does not fit on the newest page: by ascending stamp from `from`
    look_issues,     ///< the newest page of issues
    walk_issues
  };
  struct Step {
    Kind kind = Kind::look_issues;
    std::optional<Instant> from;  ///< the round's start in first_*, where to walk from in walk_*
    std::string url;              ///< the page, where GitHub gave its address
    bool of_comments = false;     ///< what a page of kind `beside` lists
    bool operator==(const Step&) const = default;
  };
  std::optional<Step> step;
  bool operator==(const Place&) const = default;
};

[[nodiscard]] Cursor encode(const Place& place);
/// `malformed` when it is no cursor of ours.
Result<Place> decode_place(const Cursor& cursor);

/// The start after a list that showed `newest` as its latest stamp. It never moves past what a list may still hide:
/// lists lag behind writes by up to `listing_lag`, and stamps have whole seconds.
[[nodiscard]] Instant next_start(std::optional<Instant> since, Instant newest, std::chrono::seconds listing_lag);

}  // namespace causeway::github
