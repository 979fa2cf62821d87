#include "tests/fakes/process/town.hpp"

#include <fmt/format.h>

#include <fstream>

#include "adapters/json.hpp"

namespace causeway::fakes {
namespace {

constexpr const char* github_part = R"(  {0}:
    kind: github
    role: community
    url: {1}
    project: acme/widgets
    token: {{env: TOWN_GITHUB_TOKEN}}
    poll: 1s
    listing_lag: 1s
    limits: {{creations_per_minute: 0, creations_per_hour: 0}}
)";
constexpr const char* redmine_part = R"(  support:
    kind: redmine
    role: queue
    url: {}
    project: support
    token: {{env: TOWN_REDMINE_KEY}}
    fields: {{labels: Labels, twin: Community issue}}
    poll: 1s
)";
constexpr const char* route_part = R"(  {0}-route:
    left: {0}
    right: support
    preset: github-redmine
    mirror_when: {{labels: [support]}}
    publish_when: {{fields: {{Publish to community: "{1}"}}}}
    brake: 1000
)";
constexpr const char* redaction_part = R"(redaction:
  customers: [Initech]
)";

}  // namespace

const std::string Town::github_token = github::token_of("syncuser");
const std::string Town::redmine_key(40, 'e');
const std::string Town::widgets = "acme/widgets";

Town::Town() {
  for (const Place place : {Place::community, Place::second, Place::support}) open(place);
  configure(configuration());
}

StandinServer::Handler Town::handler(Place place) {
  return [this, place](const Request& request) {
    {
      const std::scoped_lock lock{mutex_};
      ++requests_;
    }
    counted_.notify_all();
    if (place == Place::support) return support.handle(request);
    return (place == Place::community ? community : second).handle(request);
  };
}

void Town::close(Place place) { servers_.at(static_cast<std::size_t>(place)).reset(); }

void Town::open(Place place) {
  const auto at = static_cast<std::size_t>(place);
  const std::string& known = origins_.at(at);
  const auto port = known.empty() ? 0 : std::stoi(known.substr(known.rfind(':') + 1));
  servers_.at(at) = std::make_unique<StandinServer>(handler(place), static_cast<std::uint16_t>(port), 32);
  origins_.at(at) = servers_.at(at)->origin();
}

std::size_t Town::requests() const {
  const std::scoped_lock lock{mutex_};
  return requests_;
}

bool Town::wait_for_requests(std::size_t count, std::chrono::seconds most) {
  std::unique_lock lock{mutex_};
  return counted_.wait_for(lock, most, [&] { return requests_ >= count; });
}

std::size_t Town::writes(Place place) const {
  const auto counts =
      place == Place::support ? support.requests() : (place == Place::community ? community : second).requests();
  std::size_t sum = 0;
  for (const auto& [name, count] : counts) {
    if (!name.starts_with("GET ")) sum += count;
  }
  return sum;
}

std::string Town::configuration(bool with_second) const {
  std::string text = "store: causeway.sqlite\ntrackers:\n";
  text += fmt::format(github_part, "community", origin(Place::community));
  if (with_second) text += fmt::format(github_part, "second", origin(Place::second));
  text += fmt::format(redmine_part, origin(Place::support));
  text += "routes:\n";
  text += fmt::format(route_part, "community", "1");
  if (with_second) text += fmt::format(route_part, "second", "2");
  return text + redaction_part;
}

std::string Town::configure(const std::string& text) {
  const std::string path = file("causeway.yaml");
  std::ofstream{path} << text;
  return path;
}

Command Town::causeway(std::vector<std::string> words, const std::string& input) const {
  Command command;
  command.words = {CAUSEWAY_BINARY_DIR "/bin/causeway"};
  command.words.insert(command.words.end(), words.begin(), words.end());
  if (words.empty() || words.front() != "convert") {
    command.words.emplace_back("-c");
    command.words.push_back(file("causeway.yaml"));
  }
  command.environment = {{"TOWN_GITHUB_TOKEN", github_token}, {"TOWN_REDMINE_KEY", redmine_key}};
  command.folder = file("");
  command.input = input;
  return command;
}

bool Town::settle(Patience patience, std::chrono::seconds most) const {
  const auto finished = [&] {
    const auto status = json::parse(ask({"status", "--json"}).out);
    if (!status || json::integer(*status, "ready") != 0 || json::integer(*status, "sending") != 0) return false;
    if (json::integer(*status, "waiting") == 0) return true;
    constexpr auto soon = std::chrono::seconds{45};
    const auto next = json::instant(*status, "next_due");
    return patience == Patience::usual && next && *next - clock_.now() > soon;
  };
  const auto nothing_to_do = [&] {
    const auto summary = json::parse(ask({"run", "--once", "--json"}).out);
    if (!summary || !summary->IsObject()) return false;
    const json::Value* done = json::member(*summary, "done");
    const json::Value* failures = json::array(*summary, "failures");
    return done != nullptr && done->MemberCount() == 0 && failures != nullptr && failures->Empty();
  };
  return eventually([&] { return nothing_to_do() && finished(); }, most);
}

redmine::Number Town::ticket(const std::string& subject) const {
  for (const redmine::Number number : support.all()) {
    if (const auto issue = support.look(number); issue && issue->subject == subject) return number;
  }
  return 0;
}

std::size_t Town::tickets(const std::string& subject) const {
  std::size_t count = 0;
  for (const redmine::Number number : support.all()) {
    if (const auto issue = support.look(number); issue && issue->subject == subject) ++count;
  }
  return count;
}

}  // namespace causeway::fakes
