#include "tests/fakes/process/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace causeway::fakes {
namespace {

constexpr int pause_ms = 20;

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> result;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string entry{*one};
    if (!added.contains(entry.substr(0, entry.find('=')))) result.push_back(entry);
  }
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  return result;
}

}  // namespace

bool eventually(const std::function<bool()>& question, std::chrono::seconds most) {
  const auto until = std::chrono::steady_clock::now() + most;
  while (true) {
    if (question()) return true;
    if (std::chrono::steady_clock::now() > until) return false;
    ::poll(nullptr, 0, pause_ms);
  }
}

Process::Process(const Command& command) {
  static std::atomic<int> started{0};
  const std::string base = fmt::format("{}/process-{}", command.folder, ++started);
  const std::string in_file = base + ".in";
  out_file_ = base + ".out";
  err_file_ = base + ".err";
  std::ofstream{in_file} << command.input;

  std::vector<std::string> words = command.words;
  std::vector<std::string> environment = environment_with(command.environment);
  const std::vector<char*> arguments = pointers(words);
  const std::vector<char*> variables = pointers(environment);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in_file.c_str(), O_RDONLY, 0);
  constexpr int written = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_file_.c_str(), written, S_IRUSR | S_IWUSR);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_file_.c_str(), written, S_IRUSR | S_IWUSR);
  // Poco's sockets are handed on otherwise: a stand-in that was closed would go on listening, in the agent itself.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  const int error = posix_spawn(&id_, words.front().c_str(), &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(fmt::format("{} cannot be started", words.front()));
}

Process::~Process() {
  if (ended_) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

bool Process::running() {
  if (ended_) return false;
  int status = 0;
  if (::waitpid(id_, &status, WNOHANG) != id_) return true;
  ended_ = true;
  constexpr int signal_base = 128;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : signal_base + WTERMSIG(status);
  return false;
}

void Process::signal(int number) const {
  if (!ended_) ::kill(id_, number);
}

int Process::wait(std::chrono::seconds most) {
  (void)eventually([this] { return !running(); }, most);
  return code_;
}

std::string Process::out() const { return text_of(out_file_); }
std::string Process::err() const { return text_of(err_file_); }

Ended run(const Command& command, std::chrono::seconds most) {
  Process process{command};
  const int code = process.wait(most);
  return {code, process.out(), process.err()};
}

}  // namespace causeway::fakes
