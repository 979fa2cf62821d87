#pragma once
/// The real program as a process: started, asked to stop, killed, waited for.
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace causeway::fakes {

/// Asks again and again, a few hundredths of a second apart, until the answer is yes. False: it was not within `most`.
[[nodiscard]] bool eventually(const std::function<bool()>& question,
                              std::chrono::seconds most = std::chrono::seconds{60});

struct Command {
  std::vector<std::string> words;                  ///< the program's path first
  std::map<std::string, std::string> environment;  ///< added to our own
  std::string folder;                              ///< where its input and what it says are kept
  std::string input;
};

/// What a process said, and how it ended.
struct Ended {
  static constexpr int not_at_all = -1;
  int code = not_at_all;  ///< exit code; 128 + signal
  std::string out, err;
};

/// Killed, should it still run, when this goes.
class Process {
 public:
  /// Throws std::runtime_error when it cannot be started.
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t id() const { return id_; }
  [[nodiscard]] bool running();
  void signal(int number) const;
  /// The exit code, or 128 + signal; Ended::not_at_all when it has not ended within `most`.
  int wait(std::chrono::seconds most = std::chrono::seconds{60});
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

 private:
  pid_t id_ = 0;
  int code_ = Ended::not_at_all;
  bool ended_ = false;
  std::string out_file_, err_file_;
};

/// Runs it to its end.
[[nodiscard]] Ended run(const Command& command, std::chrono::seconds most = std::chrono::seconds{60});

}  // namespace causeway::fakes
