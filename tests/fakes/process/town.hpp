#pragma once
/// Two GitHubs and a Redmine on sockets, with a folder and a configuration for the real program between them.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/cli/system_clock.hpp"
#include "tests/fakes/github/github.hpp"
#include "tests/fakes/process/process.hpp"
#include "tests/fakes/redmine/redmine.hpp"
#include "tests/fakes/server/standin_server.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway::fakes {

class Town {
 public:
  enum class Place : std::uint8_t { community, second, support };
  /// The agent's keys. They must never show up in anything that it says.
  static const std::string github_token;
  static const std::string redmine_key;
  static const std::string widgets;  ///< the repository, on both GitHubs

  Town();

  /// Nobody answers at its address until `open`. What it holds stays.
  void close(Place place);
  void open(Place place);
  [[nodiscard]] const std::string& origin(Place place) const { return origins_.at(static_cast<std::size_t>(place)); }

  /// Requests so far, at all places.
  [[nodiscard]] std::size_t requests() const;
  /// Waits until there were so many; false: not within `most`.
  [[nodiscard]] bool wait_for_requests(std::size_t count, std::chrono::seconds most = std::chrono::seconds{30});
  /// Of those, at one place, the ones that write.
  [[nodiscard]] std::size_t writes(Place place) const;

  /// The configuration with both GitHubs, or with the first alone.
  [[nodiscard]] std::string configuration(bool with_second = false) const;
  /// Writes it into the folder and gives back its path.
  std::string configure(const std::string& text);
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  /// "causeway WORDS -c …" with the secrets in the environment.
  [[nodiscard]] Command causeway(std::vector<std::string> words, const std::string& input = {}) const;
  /// Runs it to its end.
  [[nodiscard]] Ended ask(std::vector<std::string> words, const std::string& input = {}) const {
    return run(causeway(std::move(words), input));
  }
  /// How much is waited for: second looks that are only due in a minute and a half, too?
  enum class Patience : std::uint8_t { usual, to_the_last };
  /// Passes until one has nothing to do and nothing is left unfinished. False: that did not happen within `most`.
  [[nodiscard]] bool settle(Patience patience = Patience::usual,
                            std::chrono::seconds most = std::chrono::seconds{90}) const;

  /// The queue's ticket with that subject; 0: none.
  [[nodiscard]] redmine::Number ticket(const std::string& subject) const;
  [[nodiscard]] std::size_t tickets(const std::string& subject) const;

 private:
  [[nodiscard]] StandinServer::Handler handler(Place place);

  const cli::SystemClock clock_;
  TemporaryFolder folder_;
  mutable std::mutex mutex_;  ///< guards the count
  std::condition_variable counted_;
  std::size_t requests_ = 0;

 public:
  github::GitHub community{clock_};
  github::GitHub second{clock_};
  redmine::Redmine support{clock_, redmine::seeded_world()};

 private:
  std::array<std::unique_ptr<StandinServer>, 3> servers_;
  std::array<std::string, 3> origins_;
};

}  // namespace causeway::fakes
