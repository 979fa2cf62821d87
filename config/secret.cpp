/// Reading secrets. The only place of this room, with `load`, that touches the system.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "config/load.hpp"

namespace causeway::config {
namespace {

constexpr std::size_t secret_bytes_max = 65536;

/// What is wrong and the way out, or the secret.
struct Trouble {
  std::string what;
  std::string remedy;
};
using Read = std::expected<std::string, Trouble>;

std::string error_text(int error) { return std::generic_category().message(error); }

class File {
 public:
  explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Who sees to it that nobody else reads the file.
enum class Guard {
  mode,    ///< its mode
  systemd  ///< systemd: the folder is closed, and the access list it puts on the file shows as a mode of 440
};

Read read_file(const std::string& path, Guard guard) {
  const File file{path};
  if (file.descriptor() < 0) {
    return std::unexpected(Trouble{fmt::format("{} cannot be read: {}", path, error_text(errno)),
                                   "see that the file is there and belongs to the user Causeway runs as"});
  }
  // The opened file is looked at, not the path: that could meanwhile be another file.
  struct stat status{};
  if (::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::unexpected(Trouble{fmt::format("{} is no file", path), "name the file that holds the secret"});
  }
  if (guard == Guard::mode && (status.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)) != 0) {
    return std::unexpected(Trouble{
        fmt::format("{} may be read or written by others than its owner (mode {:o})", path, status.st_mode & 07777U),
        fmt::format("chmod 600 {}", path)});
  }
  std::string content(secret_bytes_max + 1, '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t count = ::read(file.descriptor(), content.data() + filled, content.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return std::unexpected(
          Trouble{fmt::format("{} cannot be read: {}", path, error_text(errno)), "see that the file is whole"});
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > secret_bytes_max)
    return std::unexpected(
        Trouble{fmt::format("{} is larger than 64 KiB", path), "name the file that holds the secret"});
  content.resize(filled);
  return content;
}

Read read_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) {
    return std::unexpected(
        Trouble{fmt::format("the environment variable {} is not set", name),
                fmt::format("set {} where Causeway is started, or take the secret from a file: {{file: …}}", name)});
  }
  return std::string{value};
}

Read read_credential(const std::string& name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr) {
    return std::unexpected(
        Trouble{fmt::format("there is no systemd credential {}, for CREDENTIALS_DIRECTORY is not set", name),
                fmt::format("start Causeway as a systemd service with LoadCredential={}:/path/to/the/secret", name)});
  }
  return read_file(fmt::format("{}/{}", folder, name), Guard::systemd);
}

Read read_source(const SecretSource& source) {
  if (!source.env.empty()) return read_variable(source.env);
  if (!source.file.empty()) return read_file(source.file, Guard::mode);
  if (!source.credential.empty()) return read_credential(source.credential);
  if (!source.inline_value.empty()) return source.inline_value;
  return std::unexpected(
      Trouble{"no secret is configured", "say where it comes from: {env: NAME}, {file: PATH} or {credential: NAME}"});
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(blanks) - first + 1)};
}

/// A header's value must be one line of plain ASCII: anything else is no token, or would add headers to the request.
bool is_token(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) { return letter > ' ' && letter < '\x7f'; });
}

}  // namespace

std::expected<std::string, Problem> resolve_secret(const SecretSource& source, SecretForm form, const std::string& path,
                                                   const std::string& file_name, const Lines& lines) {
  const auto trouble = [&](std::string what, std::string remedy) {
    return std::unexpected(Problem{file_name, line_of(lines, path), path, std::move(what), std::move(remedy), false});
  };
  Read read = read_source(source);
  if (!read) return trouble(std::move(read.error().what), std::move(read.error().remedy));
  if (form == SecretForm::whole) {
    if (trimmed(*read).empty()) return trouble("the secret is empty", "put the private key there, in PEM");
    if (read->find("-----BEGIN ") == std::string::npos)
      return trouble("this is no private key in PEM",
                     "it begins with -----BEGIN; take the file as GitHub gave it to you");
    return std::move(*read);
  }
  std::string line = trimmed(std::string_view{*read}.substr(0, read->find('\n')));
  if (line.empty()) return trouble("the secret is empty", "put the token into the first line");
  if (!is_token(line))
    return trouble("the secret has blanks or letters in it that no token has",
                   "see that the first line is the token and nothing else");
  return line;
}

}  // namespace causeway::config
