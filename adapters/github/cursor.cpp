#include "adapters/github/cursor.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>

namespace causeway::github {
namespace {

using namespace std::chrono_literals;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr auto stamp_doubt = 2s;
constexpr std::array<std::string_view, 6> kind_names{"first_comments", "first_issues", "beside",
                                                     "walk_comments",  "look_issues",  "walk_issues"};

void write_mark(Writer& writer, const char* name, const Mark& mark) {
  if (mark == Mark{}) return;
  writer.Key(name);
  writer.StartObject();
  if (mark.since) {
    writer.Key("since");
    writer.String(format_instant(*mark.since));
  }
  if (!mark.etag.empty()) {
    writer.Key("etag");
    writer.String(mark.etag);
  }
  writer.EndObject();
}

Mark read_mark(const json::Value& object, std::string_view name) {
  const json::Value* mark = json::member(object, name);
  if (mark == nullptr) return {};
  return {json::instant(*mark, "since"), std::string{json::text(*mark, "etag")}};
}

}  // namespace

Cursor encode(const Place& place) {
  if (place == Place{}) return {};
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  if (place.repository != 0) {
    writer.Key("repository");
    writer.Int64(place.repository);
  }
  write_mark(writer, "issues", place.issues);
  write_mark(writer, "comments", place.comments);
  if (place.step) {
    writer.Key("step");
    const std::string_view name = kind_names.at(static_cast<std::size_t>(place.step->kind));
    writer.String(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    if (place.step->from) {
      writer.Key("from");
      writer.String(format_instant(*place.step->from));
    }
    if (!place.step->url.empty()) {
      writer.Key("url");
      writer.String(place.step->url);
    }
    if (place.step->of_comments) {
      writer.Key("of_comments");
      writer.Bool(true);
    }
  }
  writer.EndObject();
  return Cursor{std::string{buffer.GetString(), buffer.GetSize()}};
}

Result<Place> decode_place(const Cursor& cursor) {
  Place place;
  if (cursor.empty()) return place;
  const auto damaged = [] { return fail(Fault::malformed, "the stored place in GitHub's changes is damaged"); };
  const auto document = json::parse(cursor.value);
  if (!document || !document->IsObject()) return damaged();
  place.repository = json::integer(*document, "repository").value_or(0);
  place.issues = read_mark(*document, "issues");
  place.comments = read_mark(*document, "comments");
  if (const std::string_view name = json::text(*document, "step"); !name.empty()) {
    const auto kind = std::find(kind_names.begin(), kind_names.end(), name);
    if (kind == kind_names.end()) return damaged();
    place.step =
        Place::Step{static_cast<Place::Kind>(kind - kind_names.begin()), json::instant(*document, "from"),
                    std::string{json::text(*document, "url")}, json::boolean(*document, "of_comments").value_or(false)};
  } else if (!place.issues.since || !place.comments.since) {
    return damaged();
  }
  return place;
}

Instant next_start(std::optional<Instant> since, Instant newest, std::chrono::seconds listing_lag) {
  const Instant start = std::chrono::floor<std::chrono::seconds>(newest) - listing_lag - stamp_doubt;
  return since ? std::max(*since, start) : start;
}

}  // namespace causeway::github
