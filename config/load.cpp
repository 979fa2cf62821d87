#include "config/load.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "agent/model/suggest.hpp"
#include "config/node.hpp"
#include "config/read.hpp"
#include "config/schema.hpp"
#include "config/url.hpp"

namespace causeway::config {
namespace {

constexpr const char* default_store = "causeway.sqlite";

std::string folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

Node* find(Node& map, std::string_view key) {
  const auto found =
      std::find_if(map.entries.begin(), map.entries.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == map.entries.end() ? nullptr : &found->value;
}

/// The preset's tree; nullopt when there is none of that name. A preset that is broken is told as a problem of the
/// route.
std::optional<Node> preset_tree(const Node& named, const Presets& presets, Problems& problems) {
  const auto found = presets.find(named.text);
  if (found == presets.end()) {
    std::vector<std::string> known;
    for (const auto& [name, yaml] : presets) known.push_back(name);
    problems.error(named.line, named.path, unknown_name("preset", named.text, known),
                   "name one of them, or write mapping: yourself");
    return std::nullopt;
  }
  Problems own{"preset " + named.text};
  auto tree = read_yaml(found->second, own);
  for (const Problem& problem : own.take()) {
    problems.error(named.line, named.path, fmt::format("{}, line {}: {}", problem.file, problem.line, problem.what),
                   problem.remedy);
  }
  return tree;
}

void merge_presets(Node& root, const Presets& presets, Problems& problems) {
  Node* routes = find(root, "routes");
  if (routes == nullptr) return;
  for (Entry& entry : routes->entries) {
    const Node* named = entry.value.find("preset");
    if (named == nullptr || named->kind != Node::Kind::scalar || named->text.empty()) continue;
    const int line = named->line;
    if (const auto preset = preset_tree(*named, presets, problems))
      entry.value = merged(*preset, std::move(entry.value), line);
  }
}

void warn_of_unused(const Config& config, const Lines& lines, Problems& problems) {
  for (const TrackerConfig& tracker : config.trackers) {
    const bool used = std::any_of(config.routes.begin(), config.routes.end(), [&](const RouteConfig& one) {
      return one.left == tracker.id || one.right == tracker.id;
    });
    if (used) continue;
    const std::string path = "trackers/" + tracker.id.value;
    problems.warning(line_of(lines, path), path, "no route uses this tracker", "name it in a route, or take it away");
  }
}

/// Where the queue and the customers' trackers stand is nobody's business outside, unless a route lets public text name
/// its origin.
void hide_own_hosts(Config& config) {
  if (!config.redaction.internal_hosts) return;
  const auto host_of = [](const TrackerConfig& tracker) {
    // Through Atlassian's gateway every site has the same address.
    const auto url = parse_url(tracker.jira.site.empty() ? tracker.url : tracker.jira.site);
    return url && !is_loopback(*url) ? url->host : std::string{};
  };
  std::set<std::string> known;
  for (const TrackerConfig& tracker : config.trackers) {
    if (tracker.role == TrackerRole::community) known.insert(host_of(tracker));
  }
  for (const RouteConfig& route : config.routes) {
    const TrackerConfig* left = config.tracker(route.left);
    const TrackerConfig* right = config.tracker(route.right);
    const bool told = route.rules.names_origin[index(Side::left)];
    if (told && left != nullptr && right != nullptr && left->role == TrackerRole::community)
      known.insert(host_of(*right));
  }
  std::vector<std::string>& hosts = config.redaction.hosts;
  for (const TrackerConfig& tracker : config.trackers) {
    const std::string host = host_of(tracker);
    if (host.empty() || known.contains(host) || std::find(hosts.begin(), hosts.end(), host) != hosts.end()) continue;
    hosts.push_back(host);
  }
}

Config read(const Node& root, const std::string& file_name, const Lines& lines, Problems& problems) {
  Config config;
  config.file = file_name;
  config.allow_inline_secrets = boolean_of(root.find("allow_inline_secrets")).value_or(false);
  const Reading reading{problems, folder_of(file_name), config.allow_inline_secrets};
  config.store_path = beside(reading, text_of(root.find("store")).value_or(default_store));
  config.trackers = read_trackers(root.find("trackers"), reading);
  config.people = read_people(root.find("people"), config.trackers, reading);
  config.redaction = read_redaction(root.find("redaction"), config.trackers, reading);
  config.routes = read_routes(root.find("routes"), config.trackers, config.people, reading);
  hide_own_hosts(config);
  if (const auto kept = text_of(root.find("audit_kept"))) {
    if (const auto duration = parse_duration(*kept))
      config.audit_kept = std::chrono::floor<std::chrono::days>(*duration);
  }
  // A mistyped name would also leave a tracker unused: that needs no second word.
  if (!problems.errors()) warn_of_unused(config, lines, problems);
  return config;
}

/// What only the system can say: that the named files are there.
void check_files(Loaded& loaded) {
  if (!loaded.config) return;
  Problems problems{loaded.config->file};
  for (const TrackerConfig& tracker : loaded.config->trackers) {
    if (!tracker.ca_file || ::access(tracker.ca_file->c_str(), R_OK) == 0) continue;
    const std::string path = fmt::format("trackers/{}/ca_file", tracker.id.value);
    problems.error(line_of(loaded.lines, path), path,
                   fmt::format("{} cannot be read: {}", *tracker.ca_file, std::generic_category().message(errno)),
                   "see that the file is there and may be read");
  }
  if (!problems.errors()) return;
  loaded.config.reset();
  for (Problem& problem : problems.take()) loaded.problems.push_back(std::move(problem));
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [](const Problem& a, const Problem& b) { return a.line < b.line; });
}

}  // namespace

std::string to_text(const Problem& problem) {
  std::string text = fmt::format("{}:{}: {}", problem.file, problem.line, problem.warning ? "warning: " : "");
  if (!problem.path.empty()) text += problem.path + ": ";
  text += problem.what;
  if (!problem.remedy.empty()) text += "; " + problem.remedy;
  return text;
}

int line_of(const Lines& lines, std::string_view path) {
  std::string near{path};
  while (true) {
    if (const auto found = lines.find(near); found != lines.end()) return found->second;
    if (near.empty()) return 1;
    const std::size_t slash = near.rfind('/');
    near.resize(slash == std::string::npos ? 0 : slash);
  }
}

Loaded parse(std::string_view yaml, const std::string& file_name, const Presets& presets) {
  Loaded loaded;
  Problems problems{file_name};
  if (auto root = read_yaml(yaml, problems)) {
    name_paths(*root, "");
    root->line = 1;
    collect_lines(*root, loaded.lines);
    check(*root, schema_document(), problems);
    merge_presets(*root, presets, problems);
    name_paths(*root, "");
    if (root->kind == Node::Kind::map) {
      Config config = read(*root, file_name, loaded.lines, problems);
      if (!problems.errors()) loaded.config = std::move(config);
    }
  }
  loaded.problems = problems.take();
  return loaded;
}

Loaded load(const std::string& path) {
  const auto unreadable = [&](std::string what, std::string remedy) {
    Loaded loaded;
    loaded.problems.push_back({path, 1, "", std::move(what), std::move(remedy), false});
    return loaded;
  };
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  if (!file) {
    return unreadable(fmt::format("the file cannot be read: {}", std::generic_category().message(errno)),
                      "name another with --config, or begin with config/causeway.example.yaml");
  }
  // One byte more than may be, so that a larger file shows itself without being read.
  std::string yaml(file_bytes_max + 1, '\0');
  file.read(yaml.data(), static_cast<std::streamsize>(yaml.size()));
  if (file.bad()) return unreadable("the file cannot be read to its end", "see that it is a file and whole");
  yaml.resize(static_cast<std::size_t>(file.gcount()));
  Loaded loaded = parse(yaml, path);
  check_files(loaded);
  return loaded;
}

}  // namespace causeway::config
