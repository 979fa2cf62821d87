/// The real program, killed again and again while it works: nothing is there twice, nothing is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "adapters/json.hpp"
#include "tests/fakes/process/town.hpp"

namespace causeway::fakes {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::size_t issues_count = 150;
constexpr std::size_t kills = 60;
constexpr redmine::Number twin_field = 3, in_progress = 2, status_new = 1;
const std::string canary = "canary-in-a-private-note";

std::size_t occurrences(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++count;
  return count;
}

/// People at work on both sides while the agent lives and dies. Each word is said once.
class People {
 public:
  People(Town& town, std::mt19937_64& random) : town_(town), random_(random) {}

  void file_backlog() {
    for (std::size_t n = 1; n <= issues_count; ++n) {
      const auto number = town_.community.open(Town::widgets, fmt::format("Backlog {}", n),
                                               fmt::format("Body of {}.", n), "visitor", {"support"});
      for (int each = 0; each < 2; ++each) comment(number);
      numbers_.push_back(number);
    }
  }

  /// A few changes on either side.
  void change_something(std::size_t round) {
    const auto number = numbers_[random_() % numbers_.size()];
    comment(number);
    const auto renamed = numbers_[random_() % numbers_.size()];
    town_.community.edit(Town::widgets, renamed, {.title = fmt::format("Backlog {} in round {}", renamed, round)});
    const auto tickets = town_.support.all();
    if (tickets.empty()) return;
    const auto ticket = tickets[random_() % tickets.size()];
    town_.support.note(ticket, fmt::format("{} {}", canary, round), "lead", true);
    town_.support.edit(
        ticket,
        [&](redmine::Attributes& issue) { issue.status = issue.status == in_progress ? status_new : in_progress; },
        "lead");
    const auto known = town_.support.look(ticket);
    const auto twin = known->custom.find(twin_field);
    if (twin == known->custom.end() || twin->second.empty()) return;  // not yet linked
    const std::string& url = twin->second.front();
    const std::string word = new_word();
    town_.support.note(ticket, "/community\nanswer " + word, "lead");
    answers_[word] = std::stoll(url.substr(url.rfind('/') + 1));
  }

  [[nodiscard]] const std::map<std::string, github::Number>& comments() const { return comments_; }
  [[nodiscard]] const std::map<std::string, github::Number>& answers() const { return answers_; }

 private:
  std::string new_word() { return fmt::format("w{}x", ++words_); }
  void comment(github::Number number) {
    const std::string word = new_word();
    town_.community.comment(Town::widgets, number, "comment " + word);
    comments_[word] = number;
  }

  Town& town_;
  std::mt19937_64& random_;
  std::vector<github::Number> numbers_;
  std::map<std::string, github::Number> comments_, answers_;  ///< word → issue
  int words_ = 0;
};

/// Everything that stands on both sides, for counting.
struct Everything {
  std::map<std::string, std::size_t> subjects;  ///< of Redmine's tickets
  std::map<github::Number, std::string> titles, github_comments;
  std::map<github::Number, std::string> twin_subjects, twin_notes;  ///< by the issue a ticket is linked to
  std::map<std::string, std::size_t> markers;                       ///< objects that carry it
  std::string github_text;
};

Everything look(const Town& town) {
  Everything all;
  const auto count_markers = [&](const std::string& text) {
    static const RE2 marker{R"((?:causeway|cw):([0-9a-f]{20}))"};
    re2::StringPiece rest{text};
    std::string found;
    while (RE2::FindAndConsume(&rest, marker, &found)) ++all.markers[found];
  };
  for (const auto number : town.community.all(Town::widgets)) {
    const auto issue = town.community.look(Town::widgets, number);
    all.titles[number] = issue->title;
    all.github_text += issue->title + issue->body.value_or("");
    count_markers(issue->body.value_or(""));
    for (const auto& comment : town.community.comments(Town::widgets, number)) {
      all.github_comments[number] += comment.body + "\n";
      all.github_text += comment.body;
      count_markers(comment.body);
    }
  }
  for (const auto number : town.support.all()) {
    const auto issue = town.support.look(number);
    ++all.subjects[issue->subject];
    count_markers(issue->description);
    std::string notes;
    for (const auto& journal : issue->journals) {
      notes += journal.notes + "\n";
      count_markers(journal.notes);
    }
    const auto twin = issue->custom.find(twin_field);
    if (twin == issue->custom.end() || twin->second.empty() || twin->second.front().empty()) continue;
    const auto linked = std::stoll(twin->second.front().substr(twin->second.front().rfind('/') + 1));
    all.twin_subjects[linked] += issue->subject;
    all.twin_notes[linked] += notes;
  }
  return all;
}

TEST(Kill, SixtyTimesLosesNothingAndRepeatsNothing) {
  const char* given = std::getenv("CAUSEWAY_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "seed " << seed << " (CAUSEWAY_SEED sets it; the moments of death differ all the same)\n";
  std::mt19937_64 random{seed};
  Town town;
  People people{town, random};
  people.file_backlog();

  std::size_t died_at_work = 0;
  for (std::size_t round = 1; round <= kills; ++round) {
    const std::size_t writes_before = town.writes(Town::Place::support) + town.writes(Town::Place::community);
    Process agent{town.causeway({"run"})};
    const std::size_t target = town.requests() + 1 + random() % 60;
    people.change_something(round);
    ASSERT_TRUE(town.wait_for_requests(target)) << "round " << round << ": " << agent.err();
    // Somewhere between two requests, so that commits are hit as well.
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds{random() % 5000};
    while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
    agent.signal(SIGKILL);
    ASSERT_EQ(agent.wait(), 128 + SIGKILL) << agent.err();
    if (town.writes(Town::Place::support) + town.writes(Town::Place::community) > writes_before) ++died_at_work;
  }
  EXPECT_GT(died_at_work, kills / 2) << "too often there was nothing to do";
  ASSERT_TRUE(town.settle(Town::Patience::to_the_last, 240s))
      << town.ask({"run", "--once"}).out << town.ask({"status"}).out;

  const Everything all = look(town);
  EXPECT_EQ(all.titles.size(), issues_count);
  EXPECT_EQ(town.support.all().size(), issues_count);
  for (const auto& [subject, count] : all.subjects) EXPECT_EQ(count, 1U) << subject;
  for (const auto& [number, title] : all.titles) {
    const auto twin = all.twin_subjects.find(number);
    ASSERT_NE(twin, all.twin_subjects.end()) << title << " has no twin";
    EXPECT_EQ(twin->second, title);
  }
  for (const auto& [marker, count] : all.markers) EXPECT_EQ(count, 1U) << marker;
  for (const auto& [word, number] : people.comments())
    EXPECT_EQ(occurrences(all.twin_notes.at(number), word), 1U) << word << " of issue " << number;
  EXPECT_GT(people.answers().size(), 10U);
  for (const auto& [word, number] : people.answers())
    EXPECT_EQ(occurrences(all.github_comments.at(number), word), 1U) << word << " of issue " << number;
  EXPECT_THAT(all.github_text, Not(HasSubstr(canary)));

  // Comparing everything whole finds nothing either.
  const Ended again = town.ask({"run", "--once", "--full", "--json"});
  const auto summary = json::parse(again.out);
  ASSERT_TRUE(summary) << again.out << again.err;
  EXPECT_EQ((*summary)["done"].MemberCount(), 0U) << again.out;
}

}  // namespace
}  // namespace causeway::fakes
