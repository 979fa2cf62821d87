#pragma once
/// What is known of one repository besides its issues: the repository itself and its milestones. Guarded inside; any
/// thread. While one thread asks, others wait for its answer.
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/github/client.hpp"

namespace causeway::github {

class Knowledge {
 public:
  /// Borrows all; they must outlive it.
  Knowledge(const GitHubOptions& options, Client& client, const Clock& clock)
      : options_(options), client_(client), clock_(clock) {}

  /// At most that old; zero: asked now. `denied` with Reach::tracker when it cannot be read, or when its name was given
  /// to another repository than it was before.
  Result<Repository> repository(std::chrono::seconds age_max);
  /// Titles and numbers, open and closed ones.
  Result<std::vector<Milestone>> milestones(std::chrono::seconds age_max);
  /// nullopt: there is none of that title. What is not known is asked for once more before that is said.
  Result<std::optional<Number>> milestone(const std::string& title);
  /// One text member of every object of a paged list.
  Result<std::vector<std::string>> names(std::string_view path, std::string_view path_template,
                                         std::string_view member);

 private:
  template <class T>
  struct Known {
    T value;
    Instant learned{};
  };

  const GitHubOptions& options_;
  Client& client_;
  const Clock& clock_;
  std::mutex mutex_;  ///< guards everything below
  std::optional<Known<Repository>> repository_;
  std::optional<Known<std::vector<Milestone>>> milestones_;
};

}  // namespace causeway::github
