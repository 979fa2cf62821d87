/// The limit that the agent is measured against: libcurl and RapidJSON copy GitHub's issues with their comments into a
/// Redmine, the same requests with bodies of the same size, but nothing is remembered, compared or looked at again.
///
/// Prints one JSON line: {"tickets": …, "seconds": …, "tickets_per_second": …, "cpu_ms_per_ticket": …, "requests":
/// {…}}.
#include <curl/curl.h>
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::bench {
namespace {

struct Options {
  std::string github, repository, token;
  std::string redmine, project, key;
  std::size_t lanes = 32;
};

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "bare loop: {}\n", why);
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is nothing to clean up
}

struct Answer {
  long status = 0;
  std::string body, links;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* answer) {
  static_cast<Answer*>(answer)->body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* answer) {
  const std::string_view line{data, size * count};
  if (line.starts_with("Link: ") || line.starts_with("link: ")) static_cast<Answer*>(answer)->links = line.substr(6);
  return size * count;
}

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One kept-open connection to one server. Used by one thread.
class Line {
 public:
  explicit Line(const std::vector<std::string>& headers) : handle_(curl_easy_init()) {
    for (const std::string& header : headers) headers_.reset(curl_slist_append(headers_.release(), header.c_str()));
    curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(handle_.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_.get(), CURLOPT_USERAGENT, "bare-loop");
    curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle_.get(), CURLOPT_HEADERFUNCTION, take_header);
  }

  Answer send(const char* method, const std::string& url, std::string_view body = {}) {
    Answer answer;
    curl_easy_setopt(handle_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(handle_.get(), CURLOPT_HEADERDATA, &answer);
    if (body.empty()) {
      curl_easy_setopt(handle_.get(), CURLOPT_HTTPGET, 1L);
    } else {
      curl_easy_setopt(handle_.get(), CURLOPT_POST, 1L);
      curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDS, body.data());
      curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }
    curl_easy_setopt(handle_.get(), CURLOPT_CUSTOMREQUEST, method);
    const CURLcode code = curl_easy_perform(handle_.get());
    if (code != CURLE_OK) give_up(fmt::format("{} {}: {}", method, url, curl_easy_strerror(code)));
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    if (answer.status >= 300) give_up(fmt::format("{} {}: HTTP {}: {}", method, url, answer.status, answer.body));
    return answer;
  }

 private:
  std::unique_ptr<CURL, EasyCleanup> handle_;
  std::unique_ptr<curl_slist, ListCleanup> headers_;
};

std::string_view text_of(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

/// The number of the last page, as the Link header tells it; 1: there is only this one.
std::size_t pages_of(const std::string& links) {
  const std::size_t last = links.find("rel=\"last\"");
  if (last == std::string::npos) return 1;
  const std::size_t from = links.rfind('<', last);
  const std::size_t place = links.find("&page=", from);
  return place == std::string::npos ? 1 : std::strtoul(links.c_str() + place + 6, nullptr, 10);
}

struct Ticket {
  std::int64_t number = 0;
  std::string title, body;
};

class Loop {
 public:
  explicit Loop(Options options) : options_(std::move(options)) {}

  void run() {
    const auto begun = std::chrono::steady_clock::now();
    {
      Line line = redmine_line();
      rapidjson::Document project;
      project.Parse(count(line, "GET", fmt::format("/projects/{}.json", options_.project), "/projects/{id}.json").body);
      project_ = project["project"]["id"].GetInt64();
    }
    list("/issues/comments", &Loop::take_comments);
    list("/issues", &Loop::take_issues);
    report(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }

 private:
  using Take = void (Loop::*)(const rapidjson::Document&);

  [[nodiscard]] Line github_line() const {
    return Line{{"Authorization: Bearer " + options_.token, "Accept: application/vnd.github+json"}};
  }
  [[nodiscard]] Line redmine_line() const {
    return Line{{"X-Redmine-API-Key: " + options_.key, "Content-Type: application/json", "Accept: application/json",
                 "Expect:"}};
  }

  Answer count(Line& line, const char* method, const std::string& path, const char* path_template,
               std::string_view body = {}) {
    {
      const std::scoped_lock lock{mutex_};
      ++requests_[fmt::format("{} {}", method, path_template)];
    }
    return line.send(method, options_.redmine + path, body);
  }

  Answer page(Line& line, std::string_view path, std::size_t number) {
    {
      const std::scoped_lock lock{mutex_};
      ++requests_[fmt::format("GET /repos/{{owner}}/{{repo}}{}", path)];
    }
    return line.send("GET", fmt::format("{}/repos/{}{}?state=all&sort=created&direction=asc&per_page=100&page={}",
                                        options_.github, options_.repository, path, number));
  }

  /// Reads all pages of a list on all lanes; tickets that they bring are written meanwhile.
  void list(std::string_view path, Take take) {
    {
      Line line = github_line();
      const Answer first = page(line, path, 1);
      pages_left_ = pages_open_ = pages_of(first.links);
      take_page(first, take);
      --pages_left_;
      --pages_open_;
      next_page_ = 2;
    }
    std::vector<std::jthread> lanes;
    for (std::size_t lane = 0; lane < options_.lanes; ++lane) lanes.emplace_back([&] { work(path, take); });
  }

  void work(std::string_view path, Take take) {
    Line github = github_line();
    Line redmine = redmine_line();
    while (true) {
      std::optional<Ticket> ticket;
      std::size_t number = 0;
      {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return !tickets_.empty() || pages_left_ > 0 || pages_open_ == 0; });
        if (!tickets_.empty()) {
          ticket = std::move(tickets_.front());
          tickets_.pop_front();
        } else if (pages_left_ > 0) {
          --pages_left_;
          number = next_page_++;
        } else {
          return;
        }
      }
      if (ticket) {
        write(redmine, *ticket);
        continue;
      }
      take_page(page(github, path, number), take);
      {
        const std::scoped_lock lock{mutex_};
        --pages_open_;
      }
      changed_.notify_all();
    }
  }

  void take_page(const Answer& answer, Take take) {
    rapidjson::Document document;
    document.Parse(answer.body.data(), answer.body.size());
    if (document.HasParseError() || !document.IsArray()) give_up("a list is no JSON array");
    (this->*take)(document);
    changed_.notify_all();
  }

  void take_comments(const rapidjson::Document& list) {
    const std::scoped_lock lock{mutex_};
    for (const auto& comment : list.GetArray()) {
      const std::string_view url = text_of(comment, "issue_url");
      const std::int64_t issue = std::strtoll(url.data() + url.rfind('/') + 1, nullptr, 10);
      comments_[issue].emplace_back(text_of(comment, "body"));
    }
  }

  void take_issues(const rapidjson::Document& list) {
    const std::scoped_lock lock{mutex_};
    for (const auto& issue : list.GetArray()) {
      if (issue.HasMember("pull_request")) continue;
      tickets_.push_back(
          {issue["number"].GetInt64(), std::string{text_of(issue, "title")}, std::string{text_of(issue, "body")}});
    }
  }

  /// As long as the line that the agent puts under what it mirrors.
  [[nodiscard]] std::string with_line(std::string_view text, std::int64_t number) const {
    return fmt::format("{}\n\n-- visitor, {}/{}/issues/{} (cw:0123456789abcdef0123)", text, options_.github,
                       options_.repository, number);
  }

  void write(Line& line, const Ticket& ticket) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    writer.StartObject();
    writer.Key("issue");
    writer.StartObject();
    writer.Key("project_id");
    writer.Int64(project_);
    writer.Key("subject");
    writer.String(ticket.title);
    writer.Key("description");
    writer.String(with_line(ticket.body, ticket.number));
    writer.EndObject();
    writer.EndObject();
    const Answer made = count(line, "POST", "/issues.json", "/issues.json", {buffer.GetString(), buffer.GetSize()});
    rapidjson::Document document;
    document.Parse(made.body.data(), made.body.size());
    if (document.HasParseError()) give_up("the answer to POST /issues.json is no JSON");
    const std::string path = fmt::format("/issues/{}.json", document["issue"]["id"].GetInt64());
    const auto found = comments_.find(ticket.number);  // complete by now, so no lock
    if (found != comments_.end()) {
      for (const std::string& comment : found->second) write_note(line, path, with_line(comment, ticket.number));
    }
    const std::scoped_lock lock{mutex_};
    ++written_;
  }

  void write_note(Line& line, const std::string& path, const std::string& text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    writer.StartObject();
    writer.Key("issue");
    writer.StartObject();
    writer.Key("notes");
    writer.String(text);
    writer.EndObject();
    writer.EndObject();
    count(line, "PUT", path, "/issues/{id}.json", {buffer.GetString(), buffer.GetSize()});
  }

  void report(double seconds) const {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds_of = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    const double cpu = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    const auto tickets = static_cast<double>(written_);
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    writer.SetMaxDecimalPlaces(4);
    writer.StartObject();
    writer.Key("tickets");
    writer.Uint64(written_);
    writer.Key("seconds");
    writer.Double(seconds);
    writer.Key("tickets_per_second");
    writer.Double(tickets / seconds);
    writer.Key("cpu_ms_per_ticket");
    writer.Double(cpu * 1000 / tickets);
    writer.Key("memory_mib");
    writer.Double(static_cast<double>(usage.ru_maxrss) / 1024);
    writer.Key("requests");
    writer.StartObject();
    for (const auto& [what, times] : requests_) {
      writer.Key(what.c_str());
      writer.Uint64(times);
    }
    writer.EndObject();
    writer.EndObject();
    fmt::print("{}\n", buffer.GetString());
  }

  const Options options_;
  std::int64_t project_ = 0;
  std::mutex mutex_;  ///< guards everything below
  std::condition_variable changed_;
  std::size_t pages_left_ = 0, pages_open_ = 0, next_page_ = 0;
  std::unordered_map<std::int64_t, std::vector<std::string>> comments_;
  std::deque<Ticket> tickets_;
  std::size_t written_ = 0;
  std::map<std::string, std::size_t> requests_;
};

}  // namespace
}  // namespace causeway::bench

int main(int argc, char** argv) {
  causeway::bench::Options options;
  CLI::App app{"Copies GitHub issues into a Redmine, as fast as it can be done and no better."};
  app.add_option("--github", options.github, "address of the GitHub API")->required();
  app.add_option("--repository", options.repository, "owner/name")->required();
  app.add_option("--token", options.token, "GitHub token")->required();
  app.add_option("--redmine", options.redmine, "address of the Redmine")->required();
  app.add_option("--project", options.project, "identifier of the project")->required();
  app.add_option("--key", options.key, "Redmine API key")->required();
  app.add_option("--lanes", options.lanes, "requests at the same time");
  CLI11_PARSE(app, argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  causeway::bench::Loop{std::move(options)}.run();
}
