#pragma once
/// One list of checks for the adapter on three Redmines: Debian's with Textile, Debian's with CommonMark, and the
/// stand-in. What the stand-in says therefore is what the real one says. The real ones are started by the tests
/// themselves and end with them; where Redmine cannot be installed the tests fail.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "adapters/redmine/adapter.hpp"
#include "agent/http/transport.hpp"

namespace causeway::real {

using redmine::Number;
using namespace std::chrono_literals;

/// Keys of the people in tests/redmine/seed.rb.
inline const std::string admin_key(40, 'a');
inline const std::string lead_key(40, 'b');      ///< Manager
inline const std::string agent_key(40, 'c');     ///< Developer: may not see private notes, nor make them
inline const std::string reporter_key(40, 'd');  ///< Reporter
inline const std::string causeway_key(40, 'e');  ///< Manager; the key of the adapter

/// One Redmine, seeded by tests/redmine/seed.rb or like it. Any thread.
class Place {
 public:
  virtual ~Place() = default;
  [[nodiscard]] virtual const std::string& url() const = 0;
  [[nodiscard]] virtual http::Transport& transport() = 0;
  [[nodiscard]] virtual markup::Format format() const = 0;
  /// An empty public project with the members, trackers and fields of "alpha", a version "1.0" and a category
  /// "Backend". Answers its identifier.
  virtual std::string fresh_project() = 0;

  /// This many tickets in a project, with ids one after another; answers the first.
  virtual Number open_many(const std::string& project, int count) = 0;
  [[nodiscard]] virtual const Clock& clock() = 0;
  /// Lets time go by where it can be hurried.
  virtual void pass(std::chrono::seconds time) = 0;

  // As an administrator in the browser, where Redmine has no API for it.
  virtual void rename_status(const std::string& from, const std::string& to) = 0;
  virtual void set_right(const std::string& role, const std::string& permission, bool given) = 0;
  virtual void set_project_status(const std::string& project, int status) = 0;  ///< 1 active, 5 closed, 9 archived
};

enum class Kind { stand_in, textile, common_mark };
[[nodiscard]] std::string name(Kind kind);
/// Started when first asked for. Throws with the words of whatever failed.
[[nodiscard]] Place& place_of(Kind kind);
[[nodiscard]] std::unique_ptr<Place> start_real(markup::Format format);

/// Time as it passes, and as much more as is asked for.
class PassingClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  void hurry(std::chrono::seconds time) { ahead_ += time.count(); }

 private:
  std::atomic<std::int64_t> ahead_{0};
};

/// Somebody with a key, speaking to Redmine's own API and nothing of ours.
class Somebody {
 public:
  Somebody(Place& place, std::string key) : place_(place), key_(std::move(key)) {}
  [[nodiscard]] http::Response send(http::Method method, const std::string& path, const std::string& body = {},
                                    const std::string& content_type = "application/json",
                                    const http::Headers& headers = {}) const;
  /// `more`: further members of the issue, as JSON with a leading comma.
  Number open(const std::string& project, const std::string& subject, const std::string& description = {},
              const std::string& more = {}) const;
  /// `members`: of the issue, as JSON. Answers the status.
  int put(Number issue, const std::string& members) const;  // NOLINT(modernize-use-nodiscard)
  /// Answers the note's id.
  Number note(Number issue, const std::string& text, bool is_private = false) const;  // NOLINT(modernize-use-nodiscard)
  int edit_note(Number note, const std::string& text) const;                          // NOLINT(modernize-use-nodiscard)
  void remove(Number issue) const;
  void attach(Number issue, const std::string& file, const std::string& content) const;
  [[nodiscard]] redmine::Issue look(Number issue) const;

 private:
  Place& place_;
  std::string key_;
};

/// As a JSON string, with its quotes.
[[nodiscard]] std::string json_string(std::string_view text);

[[nodiscard]] Cleared cleared(Operation operation);
/// A marker that was never given before.
[[nodiscard]] Marker fresh_marker();
[[nodiscard]] TicketRef ref(Number id);
[[nodiscard]] Intent intent(Operation operation, Number target = 0, Marker marker = fresh_marker());

class RedmineChecks : public testing::TestWithParam<Kind> {
 protected:
  [[nodiscard]] redmine::RedmineOptions options() const;
  /// An adapter with its own memory, as a restarted agent has it.
  redmine::RedmineAdapter& adapter(const redmine::RedmineOptions& options, const std::string& key = causeway_key);
  redmine::RedmineAdapter& adapter() { return adapter(options()); }
  /// Writes and hands out the new ticket's number.
  static Number create(redmine::RedmineAdapter& writer, const CreateTicket& wish,
                       const Marker& marker = fresh_marker());
  static Snapshot read(redmine::RedmineAdapter& reader, Number id);
  [[nodiscard]] Number field(const std::string& field_name) const;

  Place& place = place_of(GetParam());
  const std::string project = place.fresh_project();
  const Somebody admin{place, admin_key}, lead{place, lead_key}, agent{place, agent_key}, reporter{place, reporter_key};

 private:
  std::vector<std::unique_ptr<redmine::RedmineAdapter>> adapters_;
};

}  // namespace causeway::real
