/// Conversions for the measurements: every job is a line `from TAB to TAB file TAB file to write`.
///
///     bench-markup convert < jobs     does them
///     bench-markup time < jobs        measures them: one JSON line each, the best of several, beside cmark-gfm's own
///                                     parse of the same bytes
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

constexpr int rounds = 9;

struct Job {
  Format from;
  Format to;
  std::filesystem::path input;
  std::filesystem::path output;
};

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::optional<Job> read_job(const std::string& line) {
  std::istringstream words{line};
  std::vector<std::string> fields;
  for (std::string field; std::getline(words, field, '\t');) fields.push_back(field);
  if (fields.size() != 4) return std::nullopt;
  const auto from = parse_format_name(fields[0]);
  const auto to = parse_format_name(fields[1]);
  if (!from || !to) return std::nullopt;
  return Job{*from, *to, fields[2], fields[3]};
}

/// Of this thread's own time, so that other programs on the machine disturb it less. Nothing here waits.
double now_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Milliseconds that the fastest of some rounds takes.
double best_milliseconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const double begun = now_milliseconds();
    work();
    best = std::min(best, now_milliseconds() - begun);
  }
  return best;
}

void parse_with_cmark(const std::string& text) {
  cmark_parser* const parser = cmark_parser_new(CMARK_OPT_DEFAULT);
  for (const char* const extension : {"table", "strikethrough", "autolink", "tagfilter", "tasklist"})
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extension));
  cmark_parser_feed(parser, text.data(), text.size());
  cmark_node_free(cmark_parser_finish(parser));
  cmark_parser_free(parser);
}

void convert(const Job& job) {
  std::ofstream{job.output, std::ios::binary} << render(job.to, parse(job.from, file_text(job.input))).text;
}

void measure(const Job& job) {
  const std::string text = file_text(job.input);
  const double whole = best_milliseconds([&] { static_cast<void>(render(job.to, parse(job.from, text))); });
  const double reading = best_milliseconds([&] { static_cast<void>(parse(job.from, text)); });
  const double cmark = best_milliseconds([&] { parse_with_cmark(text); });
  fmt::print(R"({{"from":"{}","to":"{}","input":"{}","bytes":{},"ms":{:.3f},"parse_ms":{:.3f},"cmark_ms":{:.3f}}})"
             "\n",
             name(job.from), name(job.to), job.input.filename().string(), text.size(), whole, reading, cmark);
}

int run(std::string_view what) {
  cmark_gfm_core_extensions_ensure_registered();
  for (std::string line; std::getline(std::cin, line);) {
    const auto job = read_job(line);
    if (!job) {
      fmt::print(stderr, "bench-markup: this is no job: {}\n", line);
      return EXIT_FAILURE;
    }
    what == "time" ? measure(*job) : convert(*job);
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace causeway::markup

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "convert" || what == "time") return causeway::markup::run(what);
  fmt::print(stderr, "bench-markup: `convert` or `time`, with jobs on standard input\n");
  return EXIT_FAILURE;
}
