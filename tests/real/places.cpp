#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "agent/policy/privacy.hpp"
#include "tests/fakes/redmine/redmine.hpp"
#include "tests/fakes/redmine/transport.hpp"
#include "tests/real/place.hpp"

namespace causeway::real {
namespace {

namespace stand_in = fakes::redmine;

class StandIn final : public Place {
 public:
  [[nodiscard]] const std::string& url() const override { return url_; }
  [[nodiscard]] http::Transport& transport() override { return transport_; }
  [[nodiscard]] markup::Format format() const override { return markup::Format::textile; }

  std::string fresh_project() override {
    std::string identifier;
    redmine_.change([&](stand_in::State& state) {
      stand_in::Project project = stand_in::find_project(state, "alpha") != nullptr
                                      ? *stand_in::find_project(state, "alpha")
                                      : stand_in::Project{};
      project.id = state.projects.rbegin()->first + 1;
      identifier = fmt::format("project-{}", project.id);
      project.identifier = identifier;
      project.name = identifier;
      project.categories = {{project.id, "Backend"}};
      project.versions = {{{project.id, "1.0"}, "open"}};
      state.projects[project.id] = std::move(project);
    });
    return identifier;
  }
  Number open_many(const std::string& project, int count) override {
    const Number first = redmine_.open(project, "as it was", "text");
    for (int made = 1; made < count; ++made) redmine_.open(project, "as it was", "text");
    return first;
  }
  [[nodiscard]] const Clock& clock() override { return clock_; }
  void pass(std::chrono::seconds time) override { clock_.hurry(time); }
  void rename_status(const std::string& from, const std::string& to) override {
    redmine_.change([&](stand_in::State& state) {
      for (stand_in::Status& status : state.statuses) {
        if (status.name == from) status.name = to;
      }
    });
  }
  void set_right(const std::string& role, const std::string& permission, bool given) override {
    redmine_.change([&](stand_in::State& state) {
      for (auto& [id, one] : state.roles) {
        if (one.name != role) continue;
        if (given) {
          one.permissions.insert(permission);
        } else {
          one.permissions.erase(permission);
        }
      }
    });
  }
  void set_project_status(const std::string& project, int status) override {
    redmine_.change([&](stand_in::State& state) {
      const auto* found = stand_in::find_project(state, project);
      state.projects.at(found->id).state = static_cast<stand_in::Project::State>(status);
    });
  }

 private:
  const std::string url_ = "http://redmine.test";
  PassingClock clock_;
  stand_in::Redmine redmine_{clock_, stand_in::seeded_world()};
  stand_in::DirectTransport transport_{redmine_, url_};
};

}  // namespace

Instant PassingClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
         std::chrono::seconds{ahead_.load()};
}

std::string name(Kind kind) {
  switch (kind) {
    case Kind::stand_in:
      return "StandIn";
    case Kind::textile:
      return "Textile";
    case Kind::common_mark:
      return "CommonMark";
  }
  return {};
}

Place& place_of(Kind kind) {
  static StandIn fake;
  if (kind == Kind::stand_in) return fake;
  if (kind == Kind::textile) {
    static const std::unique_ptr<Place> textile = start_real(markup::Format::textile);
    return *textile;
  }
  static const std::unique_ptr<Place> common_mark = start_real(markup::Format::redmine_markdown);
  return *common_mark;
}

std::string json_string(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return buffer.GetString();
}

http::Response Somebody::send(http::Method method, const std::string& path, const std::string& body,
                              const std::string& content_type, const http::Headers& headers) const {
  http::Request request;
  request.method = method;
  request.url = place_.url() + path;
  request.headers = headers;
  if (!body.empty()) request.headers.emplace_back("Content-Type", content_type);
  request.credential = {"X-Redmine-API-Key", http::Secret{key_}};
  request.body = body;
  request.path_template = "/by hand";
  auto response = place_.transport().send(request);
  if (!response) throw std::runtime_error(path + ": " + response.error().message);
  return *std::move(response);
}

Number Somebody::open(const std::string& project, const std::string& subject, const std::string& description,
                      const std::string& more) const {
  const http::Response response =
      send(http::Method::post, "/issues.json",
           fmt::format(R"({{"issue":{{"project_id":{},"subject":{},"description":{}{}}}}})", json_string(project),
                       json_string(subject), json_string(description), more));
  const auto made = redmine::read_issue(response.body);
  if (response.status != 201 || !made) {
    throw std::runtime_error(fmt::format("opening an issue: {} {}", response.status, response.body));
  }
  return made->id;
}

int Somebody::put(Number issue, const std::string& members) const {
  return send(http::Method::put, fmt::format("/issues/{}.json", issue), fmt::format(R"({{"issue":{{{}}}}})", members))
      .status;
}

Number Somebody::note(Number issue, const std::string& text, bool is_private) const {
  const int status = put(issue, fmt::format(R"("notes":{},"private_notes":{})", json_string(text), is_private));
  if (status != 204) throw std::runtime_error(fmt::format("a note: {}", status));
  return look(issue).journals->back().id;
}

int Somebody::edit_note(Number note, const std::string& text) const {
  return send(http::Method::put, fmt::format("/journals/{}.json", note),
              fmt::format(R"({{"journal":{{"notes":{}}}}})", json_string(text)))
      .status;
}

void Somebody::remove(Number issue) const {
  const int status = send(http::Method::del, fmt::format("/issues/{}.json", issue)).status;
  if (status != 204 && status != 200) throw std::runtime_error(fmt::format("deleting an issue: {}", status));
}

void Somebody::attach(Number issue, const std::string& file, const std::string& content) const {
  const http::Response uploaded = send(http::Method::post, "/uploads.json?filename=" + redmine::query_part(file),
                                       content, "application/octet-stream");
  const auto document = json::parse(uploaded.body);
  const json::Value* upload = document ? json::member(*document, "upload") : nullptr;
  if (uploaded.status != 201 || upload == nullptr)
    throw std::runtime_error(fmt::format("an upload: {}", uploaded.status));
  const int status = put(issue, fmt::format(R"("uploads":[{{"token":{},"filename":{},"content_type":"text/plain"}}])",
                                            json_string(json::text(*upload, "token")), json_string(file)));
  if (status != 204) throw std::runtime_error(fmt::format("attaching a file: {}", status));
}

redmine::Issue Somebody::look(Number issue) const {
  const http::Response response =
      send(http::Method::get, fmt::format("/issues/{}.json?include=journals,attachments,allowed_statuses", issue));
  auto read = redmine::read_issue(response.body);
  if (response.status != 200 || !read)
    throw std::runtime_error(fmt::format("looking at {}: {}", issue, response.status));
  return *std::move(read);
}

Cleared cleared(Operation operation) {
  const auto gate = policy::PrivacyGate::make({});
  if (!gate) throw std::runtime_error(gate.error().message);
  auto verdict = gate->review(Step{std::move(operation), {}},
                              policy::Crossing{TrackerRole::queue, Visibility::open, true, true, true});
  if (!verdict) throw std::runtime_error(verdict.error().explanation);
  return *std::move(verdict);
}

Marker fresh_marker() {
  static std::atomic<std::uint64_t> last{0};
  return Marker{fmt::format("{:020x}", 0xcafe0000ULL + ++last)};
}

TicketRef ref(Number id) { return {TrackerId{"queue"}, NativeId{std::to_string(id)}}; }

Intent intent(Operation operation, Number target, Marker marker) {
  return {target == 0 ? TicketRef{TrackerId{"queue"}, {}} : ref(target), cleared(std::move(operation)),
          std::move(marker)};
}

redmine::RedmineOptions RedmineChecks::options() const {
  redmine::RedmineOptions options;
  options.id = TrackerId{"queue"};
  options.url = place.url();
  options.project = project;
  options.format = place.format();
  options.fields = {{"labels", "Labels"}, {"twin", "Community issue"}};
  return options;
}

redmine::RedmineAdapter& RedmineChecks::adapter(const redmine::RedmineOptions& chosen, const std::string& key) {
  adapters_.push_back(
      std::make_unique<redmine::RedmineAdapter>(chosen, place.transport(), http::Secret{key}, place.clock()));
  return *adapters_.back();
}

Number RedmineChecks::create(redmine::RedmineAdapter& writer, const CreateTicket& wish, const Marker& marker) {
  const auto receipt = writer.apply(intent(wish, 0, marker));
  if (!receipt) throw std::runtime_error("creating a ticket: " + receipt.error().message);
  return *redmine::number_of(receipt->written);
}

Snapshot RedmineChecks::read(redmine::RedmineAdapter& reader, Number id) {
  auto snapshot = reader.fetch(ref(id));
  if (!snapshot) throw std::runtime_error("reading a ticket: " + snapshot.error().message);
  return *std::move(snapshot);
}

Number RedmineChecks::field(const std::string& field_name) const {
  const auto document = json::parse(admin.send(http::Method::get, "/custom_fields.json").body);
  const json::Value* fields = document ? json::array(*document, "custom_fields") : nullptr;
  if (fields != nullptr) {
    for (const auto& one : fields->GetArray()) {
      if (json::text(one, "name") == field_name) return *json::integer(one, "id");
    }
  }
  throw std::runtime_error("no field " + field_name);
}

}  // namespace causeway::real
