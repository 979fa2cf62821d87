/// Measures the store at the size it is made for: disk per link, memory with all of them, how long a start takes, how
/// fast links are found, and how fast small transactions are committed. Prints one JSON line. By hand: bench-store
/// [LINKS] [FOLDER].
#include <sys/resource.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "agent/store/sqlite/sqlite_store.hpp"

namespace causeway {
namespace {

using Seconds = std::chrono::duration<double>;

Seconds timed(const std::function<void()>& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::steady_clock::now() - start;
}

void must(const Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

std::unique_ptr<store::Store> open(const std::string& path, bool durable) {
  auto opened = store::open_sqlite({path, store::SqliteOptions::Use::alone, durable});
  if (!opened) {
    fmt::print(stderr, "{}\n", opened.error().message);
    std::exit(1);
  }
  return std::move(*opened);
}

/// Memory of this process that is in use now, from /proc (in KiB).
long resident_kib() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("VmRSS:")) continue;
    long kib = 0;
    const std::size_t digits = line.find_first_of("0123456789");
    std::from_chars(line.data() + digits, line.data() + line.size(), kib);
    return kib;
  }
  return 0;
}

/// A link as most are: five fields on the community's side, six on the queue's, one label each, one comment.
store::Link link_number(std::int64_t number, std::mt19937_64& random) {
  store::Link link;
  link.route = RouteId{"widget"};
  link.tickets = {TicketRef{TrackerId{"community"}, NativeId{std::to_string(number)}},
                  TicketRef{TrackerId{"queue"}, NativeId{std::to_string(number + 17)}}};
  for (SideBase& side : link.base.sides) {
    side.created = Instant{std::chrono::seconds{1'600'000'000 + number}};
    side.updated = Instant{std::chrono::seconds{1'700'000'000 + number}};
    for (const Field field : {Field::title, Field::body, Field::status}) side[field] = random();
    side.labels = {random()};
  }
  link.base[Side::right][Field::priority] = random();
  link.base.comments.push_back(
      {{NativeId{std::to_string(number * 3)}, NativeId{std::to_string(number * 5)}}, {random(), random()}, Side::left});
  return link;
}

void fill(const std::string& path, std::int64_t links) {
  std::mt19937_64 random{20261123};
  auto store = open(path, false);
  constexpr std::int64_t at_once = 5000;
  for (std::int64_t done = 0; done < links; done += at_once) {
    must(store->write([&](store::Transaction& transaction) -> Result<void> {
      for (std::int64_t i = done; i < std::min(links, done + at_once); ++i) {
        store::Link link = link_number(i + 1, random);
        if (auto put = transaction.put_link(link); !put) return put;
      }
      return {};
    }));
  }
}

int measure(std::int64_t links, const std::filesystem::path& folder) {
  const std::string path = (folder / "bench-store.sqlite").string();
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + suffix);
  const Seconds filling = timed([&] { fill(path, links); });
  const auto bytes = static_cast<double>(std::filesystem::file_size(path));

  std::unique_ptr<store::Store> store;
  // What the agent asks before it begins: counts, unfinished writes, hints.
  const Seconds start = timed([&] {
    store = open(path, true);
    must(store->read([&](store::Transaction& transaction) -> Result<void> {
      if (auto counts = transaction.counts(); !counts) return std::unexpected(counts.error());
      if (auto unfinished = transaction.intents_in(store::IntentState::sending, 1000); !unfinished)
        return std::unexpected(unfinished.error());
      if (auto due = transaction.hints_due(Instant{}, 500); !due) return std::unexpected(due.error());
      return {};
    }));
  });
  std::mt19937_64 random{7};
  constexpr int lookups = 20'000;
  const Seconds looking = timed([&] {
    for (int i = 0; i < lookups; ++i) {
      const TicketRef ticket{TrackerId{i % 2 == 0 ? "community" : "queue"},
                             NativeId{std::to_string(random() % static_cast<std::uint64_t>(links) + 18)}};
      must(store->read([&](store::Transaction& transaction) -> Result<void> {
        auto found = transaction.links_of(ticket);
        if (!found) return std::unexpected(found.error());
        return {};
      }));
    }
  });
  constexpr int threads = 8;
  constexpr int commits_each = 250;
  const Seconds committing = timed([&] {
    std::vector<std::jthread> writers;
    for (int t = 0; t < threads; ++t) {
      writers.emplace_back([&, t] {
        for (int i = 0; i < commits_each; ++i) {
          must(store->write([&](store::Transaction& transaction) {
            return transaction.add_hint({TrackerId{"queue"}, NativeId{fmt::format("{}-{}", t, i)}}, Instant{});
          }));
        }
      });
    }
  });
  const long resident = resident_kib();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print(
      "{{\"links\":{},\"bytes_per_link\":{:.1f},\"start_seconds\":{:.3f},\"resident_mib\":{:.1f},\"peak_mib\":{:.1f},"
      "\"fill_links_per_second\":{:.0f},"
      "\"lookups_per_second\":{:.0f},\"durable_commits_per_second_{}_threads\":{:.0f}}}\n",
      links, bytes / static_cast<double>(links), start.count(), static_cast<double>(resident) / 1024,
      static_cast<double>(usage.ru_maxrss) / 1024, static_cast<double>(links) / filling.count(),
      lookups / looking.count(), threads, threads * commits_each / committing.count());
  store.reset();
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + suffix);
  return 0;
}

}  // namespace
}  // namespace causeway

int main(int count, char** words) {
  std::int64_t links = 1'000'000;
  if (count > 1) std::from_chars(words[1], words[1] + std::string_view{words[1]}.size(), links);
  return causeway::measure(links, count > 2 ? std::filesystem::path{words[2]} : std::filesystem::temp_directory_path());
}
