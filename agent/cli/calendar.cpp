/// `causeway calendar`: one JSON request a line in, one JSON answer a line out, so that other tools can ask what the
/// clocks would count. No answer depends on an earlier line.
#include "agent/policy/sla/calendar.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "agent/cli/commands.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/system_clock.hpp"
#include "agent/cli/zone_data.hpp"
#include "agent/model/suggest.hpp"
#include "agent/policy/sla/holidays.hpp"

namespace causeway::cli {
namespace {

namespace sla = policy::sla;
using sla::CalendarProblem;
using std::chrono::milliseconds;

constexpr std::size_t line_bytes_max = 1U << 20U;

std::string_view view(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

enum class Question { none, add, subtract, between };

struct Request {
  sla::CalendarText calendar;
  Question question = Question::none;
  std::string start;
  std::string end;
  std::optional<milliseconds> amount;
  struct PauseText {
    std::string from;
    std::optional<std::string> until;
  };
  std::vector<PauseText> pauses;
};

/// Reads the shape of a request; what the calendar's words mean is the calendar's to judge.
class RequestReader {
 public:
  explicit RequestReader(std::vector<CalendarProblem>& problems) : problems_(problems) {}

  Request read(const rapidjson::Value& root) {
    Request request;
    if (!root.IsObject()) {
      problem("request", "a request is one JSON object");
      return request;
    }
    check_names(root, "", {"calendar", "op", "start", "end", "minutes", "seconds", "pauses", "overrides", "holidays"});
    if (const auto* calendar = member(root, "calendar"); calendar == nullptr || !calendar->IsObject()) {
      problem("calendar", "a calendar is missing: {\"tz\":…,\"hours\":{…}}");
    } else {
      check_names(*calendar, "calendar/", {"tz", "hours", "overrides", "holidays"});
      request.calendar.zone = text(*calendar, "tz", "tz");
      read_days(*calendar, "hours", request.calendar.hours);
      read_days(*calendar, "overrides", request.calendar.overrides);
      read_holidays(*calendar, request.calendar.holidays);
    }
    // for one question only, beside the calendar's own
    read_days(root, "overrides", request.calendar.overrides);
    read_holidays(root, request.calendar.holidays);
    read_question(root, request);
    read_pauses(root, request);
    return request;
  }

 private:
  void problem(std::string place, std::string reason) { problems_.push_back({std::move(place), std::move(reason)}); }

  static const rapidjson::Value* member(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
  }

  void check_names(const rapidjson::Value& object, const std::string& place, const std::vector<std::string>& known) {
    std::set<std::string> seen;
    for (const auto& entry : object.GetObject()) {
      const std::string name{view(entry.name)};
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        problem(place + name, unknown_name("member", name, known));
      } else if (!seen.insert(name).second) {
        problem(place + name, "this is given twice");
      }
    }
  }

  std::string text(const rapidjson::Value& object, const char* name, const std::string& place) {
    const auto* value = member(object, name);
    if (value != nullptr && value->IsString()) return std::string{view(*value)};
    problem(place, value == nullptr ? "this is missing" : "this must be a text");
    return {};
  }

  void read_days(const rapidjson::Value& object, const char* name, std::vector<sla::DayText>& days) {
    const auto* value = member(object, name);
    if (value == nullptr) return;
    if (!value->IsObject()) {
      problem(name, "this must be an object: a day for each name");
      return;
    }
    for (const auto& entry : value->GetObject()) {
      sla::DayText day{.day = std::string{view(entry.name)}, .intervals = {}};
      const std::string place = std::string{name} + "/" + day.day;
      if (!entry.value.IsArray()) {
        problem(place, "this must be a list of intervals: [[\"09:00\",\"12:00\"]]");
        continue;
      }
      for (const auto& interval : entry.value.GetArray()) {
        if (!interval.IsArray() || interval.Size() != 2 || !interval[0].IsString() || !interval[1].IsString()) {
          problem(place, "an interval is two times of day: [\"09:00\",\"12:00\"]");
          continue;
        }
        day.intervals.push_back({std::string{view(interval[0])}, std::string{view(interval[1])}});
      }
      days.push_back(std::move(day));
    }
  }

  void read_holidays(const rapidjson::Value& object, std::vector<std::string>& holidays) {
    const auto* value = member(object, "holidays");
    if (value == nullptr) return;
    if (!value->IsArray()) {
      problem("holidays", "this must be a list of dates");
      return;
    }
    for (const auto& holiday : value->GetArray()) {
      if (holiday.IsString()) {
        holidays.emplace_back(view(holiday));
      } else {
        problem("holidays", "a holiday is a date like \"2026-12-25\"");
      }
    }
  }

  void read_question(const rapidjson::Value& root, Request& request) {
    const std::string word = text(root, "op", "op");
    const std::map<std::string, Question> words{
        {"add", Question::add}, {"subtract", Question::subtract}, {"between", Question::between}};
    if (const auto found = words.find(word); found != words.end()) {
      request.question = found->second;
    } else if (!word.empty()) {
      problem("op", fmt::format("there is no operation \"{}\"; there are add, subtract and between", word));
    }
    request.start = text(root, "start", "start");
    const bool measures = request.question == Question::between;
    if (measures) request.end = text(root, "end", "end");
    const auto* minutes = member(root, "minutes");
    const auto* seconds = member(root, "seconds");
    if (minutes != nullptr) read_amount(*minutes, "minutes", 60'000, request);
    if (seconds != nullptr) read_amount(*seconds, "seconds", 1'000, request);
    const std::size_t given = (minutes != nullptr ? 1 : 0) + (seconds != nullptr ? 1 : 0);
    if (request.question == Question::none) return;
    if (!measures && member(root, "end") != nullptr) problem("end", "only between has an end");
    if (measures && given > 0) problem("minutes", "between has no amount; it answers with one");
    if (!measures && given != 1) problem("minutes", "give either minutes or seconds");
  }

  void read_amount(const rapidjson::Value& value, const char* name, double scale, Request& request) {
    if (!value.IsNumber()) {
      problem(name, "this must be a number");
      return;
    }
    const double amount = value.GetDouble() * scale;
    if (!(amount >= 0)) {
      problem(name, "this must not be negative");
    } else if (amount > 1e15) {
      problem(name, "this is more time than any calendar holds");
    } else {
      request.amount = milliseconds{std::llround(amount)};
    }
  }

  void read_pauses(const rapidjson::Value& root, Request& request) {
    const auto* value = member(root, "pauses");
    if (value == nullptr) return;
    if (!value->IsArray()) {
      problem("pauses", "this must be a list of pairs of instants");
      return;
    }
    for (const auto& pause : value->GetArray()) {
      const bool pair = pause.IsArray() && pause.Size() == 2 && pause[0].IsString();
      if (!pair || (!pause[1].IsString() && !pause[1].IsNull())) {
        problem("pauses", "a pause is two instants; the second is null while it lasts");
        continue;
      }
      Request::PauseText read{.from = std::string{view(pause[0])}, .until = std::nullopt};
      if (pause[1].IsString()) read.until = std::string{view(pause[1])};
      request.pauses.push_back(std::move(read));
    }
  }

  std::vector<CalendarProblem>& problems_;
};

/// An instant, or a local time of the calendar's zone where no offset is written.
std::optional<Instant> read_instant(const std::string& text, const sla::Zone& zone) {
  if (const auto instant = parse_instant(text)) return instant;
  const auto local = parse_instant(text + "Z");
  if (!local) return std::nullopt;
  return zone.instant_of(sla::LocalTime{local->time_since_epoch()});
}

std::string refused(const std::vector<CalendarProblem>& problems) {
  Json json;
  json.begin_object();
  json.member("error", sla::to_text(problems));
  json.end_object();
  return json.take();
}

/// Minutes, with a fraction only where there is one.
std::string minutes_text(milliseconds time) {
  if (time.count() % 60'000 == 0) return fmt::format("{}", time.count() / 60'000);
  return fmt::format("{}", static_cast<double>(time.count()) / 60'000.0);
}

std::string compute(const Request& request, const sla::Calendar& calendar) {
  std::vector<CalendarProblem> problems;
  const auto instant = [&](const std::string& text, const std::string& place) {
    const auto read = read_instant(text, calendar.zone());
    if (!read)
      problems.push_back({place, fmt::format("\"{}\" is no instant; write one like 2026-03-27T15:30:00+01:00", text)});
    return read.value_or(Instant{});
  };
  const Instant start = instant(request.start, "start");
  const Instant end = request.question == Question::between ? instant(request.end, "end") : start;
  std::vector<sla::Pause> pauses;
  for (std::size_t index = 0; index < request.pauses.size(); ++index) {
    const std::string place = fmt::format("pauses/{}", index + 1);
    sla::Pause pause{.from = instant(request.pauses[index].from, place), .until = std::nullopt, .reason = {}};
    if (request.pauses[index].until) {
      pause.until = instant(*request.pauses[index].until, place);
      if (problems.empty() && *pause.until < pause.from) problems.push_back({place, "it ends before it begins"});
    }
    pauses.push_back(std::move(pause));
  }
  if (!problems.empty()) return refused(problems);

  if (request.question == Question::between)
    return "{\"result\":" + minutes_text(calendar.between(start, end, pauses)) + "}";
  const auto result = request.question == Question::add ? calendar.add(start, *request.amount, pauses)
                                                        : calendar.subtract(start, *request.amount, pauses);
  if (!result) return refused({{"start", result.error().message}});
  Json json;
  json.begin_object();
  json.member("result", calendar.zone().format(*result));
  json.end_object();
  return json.take();
}

std::string answer(const std::string& line, sla::Zones& zones) {
  if (line.size() > line_bytes_max) return refused({{"request", "a line may have 1 MiB"}});
  rapidjson::Document document;
  // not by recursion: a line of brackets must not take the stack
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  if (document.HasParseError()) {
    return refused({{"request", fmt::format("this is no JSON, at character {}", document.GetErrorOffset() + 1)}});
  }
  std::vector<CalendarProblem> problems;
  const Request request = RequestReader{problems}.read(document);
  const auto calendar = sla::Calendar::make(request.calendar, zones);
  if (!calendar && document.IsObject() && document.HasMember("calendar")) {
    // what has no readable value was told already
    for (const CalendarProblem& found : calendar.error()) {
      const bool told = std::any_of(problems.begin(), problems.end(),
                                    [&](const CalendarProblem& known) { return known.place == found.place; });
      if (!told) problems.push_back(found);
    }
  }
  if (!problems.empty() || !calendar) return refused(problems);
  return compute(request, *calendar);
}

/// The next line without its end; false at the end of the input. Of a line that is too long only as much is kept as
/// shows that it is.
bool read_line(std::string& line) {
  line.clear();
  for (int byte = std::getc(stdin); byte != EOF; byte = std::getc(stdin)) {
    if (byte == '\n') return true;
    if (line.size() <= line_bytes_max) line.push_back(static_cast<char>(byte));
  }
  return !line.empty();
}

/// The dates of an iCalendar file, as they would be holidays.
ExitCode preview(const CommonOptions& common, const CalendarOptions& options) {
  std::ifstream file{options.holidays, std::ios::binary};
  // one byte more than a file may have, so that a larger one is refused and not cut
  std::string text(sla::holiday_file_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) {
    complain(fmt::format("calendar: {} cannot be read", printable(options.holidays)));
    return attention;
  }
  const std::chrono::year today =
      std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(SystemClock{}.now())}.year();
  const std::chrono::year first = options.year ? std::chrono::year{*options.year} : today;
  const std::chrono::year end = first + std::chrono::years{options.year ? 1 : 2};
  const auto list = sla::read_holidays(text, sla::LocalDate{first / 1 / 1}, sla::LocalDate{end / 1 / 1});
  if (!list) {
    complain(fmt::format("calendar: {}: {}", printable(options.holidays), list.error().message));
    return attention;
  }
  if (common.json) {
    Json json;
    json.begin_object();
    json.key("holidays");
    json.begin_array();
    for (const sla::Holiday& holiday : list->holidays) {
      json.begin_object();
      json.member("date", sla::format_date(holiday.date));
      json.member("summary", holiday.summary);
      json.end_object();
    }
    json.end_array();
    json.key("left_out");
    json.begin_array();
    for (const std::string& problem : list->problems) json.text(problem);
    json.end_array();
    json.end_object();
    print_line(json.take());
  } else {
    constexpr std::array names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (const sla::Holiday& holiday : list->holidays) {
      print_line(fmt::format("{} {}  {}", sla::format_date(holiday.date),
                             names[std::chrono::weekday{holiday.date}.c_encoding()], printable(holiday.summary)));
    }
    for (const std::string& problem : list->problems) complain(printable(problem));
  }
  return list->problems.empty() ? done : attention;
}

}  // namespace

ExitCode calendar(const CommonOptions& common, const CalendarOptions& options) {
  if (options.zone_data) {
    print_line(zone_data_version());
    return done;
  }
  if (!options.holidays.empty()) return preview(common, options);
  std::string line;
  sla::Zones zones;
  while (read_line(line)) {
    print_line(answer(line, zones));
    std::fflush(stdout);  // whoever asks may wait for this answer before asking the next
  }
  return done;
}

}  // namespace causeway::cli
