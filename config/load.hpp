#pragma once
/// From YAML to a `Config`, or to everything that is wrong with it at once. What may be written is in
/// config/causeway.schema.json, which is built into the program: the keys, their types, their words.
///
/// Never shows a secret: neither in a value's place nor in a message.
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace causeway::config {

/// One thing that is wrong, with the way out.
struct Problem {
  std::string file;
  int line = 1;
  std::string path;      ///< "trackers/queue/token"; items of lists by number from 0: "people/0/logins"
  std::string what;      ///< what is wrong
  std::string remedy;    ///< the way out
  bool warning = false;  ///< the configuration can be used all the same
  bool operator==(const Problem&) const = default;
};

/// "causeway.yaml:14: trackers/queue/token: what; remedy".
[[nodiscard]] std::string to_text(const Problem& problem);

/// Path in the configuration → line, of everything that is written there. "" is the file.
using Lines = std::map<std::string, int>;
/// The line of `path`, or of the nearest thing around it.
[[nodiscard]] int line_of(const Lines& lines, std::string_view path);

/// A preset's name → its YAML: the keys of a route, but for left, right and preset.
using Presets = std::map<std::string, std::string>;
/// mappings/*.yaml, as they were when the program was built.
[[nodiscard]] const Presets& shipped_presets();
/// config/causeway.schema.json, as it was when the program was built.
[[nodiscard]] std::string_view schema();

struct Loaded {
  std::optional<Config> config;   ///< nullopt: there is a problem that is more than a warning
  std::vector<Problem> problems;  ///< by line
  Lines lines;
};

/// Pure. `file_name` is for messages and for what is named relative to it (store, secrets' files, ca_file).
[[nodiscard]] Loaded parse(std::string_view yaml, const std::string& file_name,
                           const Presets& presets = shipped_presets());
/// Reads the file; one that cannot be read, or is larger than 1 MiB, is a problem.
[[nodiscard]] Loaded load(const std::string& path);

enum class SecretForm {
  line,  ///< a token: the first line, without blanks around it
  whole  ///< a private key in PEM: everything
};

/// Reads the secret: environment, file or $CREDENTIALS_DIRECTORY. `path` is where it stands in the configuration. Every
/// failure is a Problem with the way out; none shows the secret. A file that group or others may read is refused.
[[nodiscard]] std::expected<std::string, Problem> resolve_secret(const SecretSource& source, SecretForm form,
                                                                 const std::string& path, const std::string& file_name,
                                                                 const Lines& lines);

}  // namespace causeway::config
