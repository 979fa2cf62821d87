#pragma once
/// What adapters/adapter.hpp promises, asked of every adapter with the same words. A new adapter is one more Subject.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "adapters/adapter.hpp"
#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::contract {

using namespace std::chrono_literals;

/// One adapter with a tracker behind it and people in front of it.
class Subject {
 public:
  virtual ~Subject() = default;
  [[nodiscard]] virtual Adapter& adapter() = 0;
  /// Another adapter on the same tracker that remembers nothing, as after a restart.
  virtual void forget() = 0;

  // As people.
  virtual NativeId open(const std::string& title, const std::string& body) = 0;
  virtual void retitle(const NativeId& ticket, const std::string& title) = 0;
  virtual NativeId comment(const NativeId& ticket, const std::string& text) = 0;
  virtual void edit_comment(const NativeId& ticket, const NativeId& comment, const std::string& text) = 0;
  virtual void remove(const NativeId& ticket) = 0;
  /// From now on not everybody may read the ticket, though we may.
  virtual void hide(const NativeId& ticket) = 0;

  [[nodiscard]] virtual std::string closed_status() const = 0;
  /// Plain words in the tracker's own markup, as a reading gives them back.
  [[nodiscard]] virtual std::string in_markup(const std::string& words) const { return words; }
  /// Fields that the tracker itself changes along with the status.
  [[nodiscard]] virtual std::set<std::string> fields_of_status() const { return {}; }
  /// Body of the ticket and texts of its comments, exactly as the tracker holds them.
  [[nodiscard]] virtual std::string stored_body(const NativeId& ticket) const = 0;
  [[nodiscard]] virtual std::size_t tickets() const = 0;
  /// Requests the tracker has answered so far.
  [[nodiscard]] virtual std::size_t requests() const = 0;

  fakes::ManualClock clock;
};

/// One that speaks HTTP, so that the network and the server can fail.
class WebSubject : public Subject {
 public:
  virtual void trouble(const fakes::Trouble& trouble) = 0;
  virtual void no_trouble() = 0;
  /// An adapter with a credential that does not hold.
  [[nodiscard]] virtual Adapter& intruder() = 0;
  /// The credential of `adapter()` and of `intruder()`.
  [[nodiscard]] virtual std::vector<std::string> secrets() const = 0;
  /// Attaches a file where the tracker has such a thing.
  virtual bool attach(const NativeId& ticket, const std::string& name, const std::string& content) = 0;
};

enum class Kind { memory, redmine, github, jira_cloud, jira_data_center };
[[nodiscard]] std::string name(Kind kind);
[[nodiscard]] std::unique_ptr<Subject> make_subject(Kind kind);
[[nodiscard]] std::unique_ptr<WebSubject> make_web_subject(Kind kind);

[[nodiscard]] Cleared cleared(Operation operation);
[[nodiscard]] Marker fresh_marker();
[[nodiscard]] CreateTicket sample(const std::string& title = "Crash", const std::string& body = "It crashes");
/// Words no failure and no finding may repeat.
inline constexpr const char* canary = "canary-7f3a";

struct Round {
  std::map<std::string, Snapshot> tickets;  ///< the newest reading of each
  std::vector<std::string> comments;        ///< "ticket: text"
  std::size_t pages = 0;
  bool comments_in_time = true;  ///< no comment came after the last page that shows its ticket
};

/// Calls on one adapter, each demanded to succeed.
class Contract {
 public:
  explicit Contract(Subject& subject) : subject_(subject) {}
  [[nodiscard]] TicketRef ref(const NativeId& id) const { return {TrackerId{"tracker"}, id}; }
  [[nodiscard]] Intent intent(Operation operation, const NativeId& target = {}, Marker marker = fresh_marker()) const {
    return {ref(target), cleared(std::move(operation)), std::move(marker)};
  }
  Receipt apply(const Intent& intent);
  Receipt create(const CreateTicket& wish, const Marker& marker = fresh_marker());
  Snapshot fetch(const NativeId& id);
  std::optional<Receipt> find(const NativeId& near, const Marker& marker, Instant not_before);
  /// One round of `changes` read to its end, the next start in `start`; `between` acts after each page.
  Round round(Cursor& start, const std::function<void()>& between = {});
  /// Rounds, each a little later, until one shows nothing new.
  void settle(Cursor& start);

 private:
  Subject& subject_;
};

}  // namespace causeway::contract
