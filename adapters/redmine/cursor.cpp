#include "adapters/redmine/cursor.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "adapters/json.hpp"

namespace causeway::redmine {
namespace {

using namespace std::chrono_literals;

/// How long a writing transaction of Redmine may take between stamping a row and committing it.
constexpr auto commit_duration_max = 5s;

}  // namespace

Cursor encode(const Place& place) {
  if (!place.since && !place.walk) return {};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  writer.StartObject();
  if (place.since) {
    writer.Key("since");
    writer.String(format_instant(*place.since));
  }
  if (place.walk) {
    writer.Key("watermark");
    writer.String(place.walk->watermark);
    writer.Key("after");
    writer.Int64(place.walk->after);
  }
  writer.EndObject();
  return Cursor{std::string{buffer.GetString(), buffer.GetSize()}};
}

Result<Place> decode_place(const Cursor& cursor) {
  Place place;
  if (cursor.empty()) return place;
  const auto document = json::parse(cursor.value);
  if (!document || !document->IsObject())
    return fail(Fault::malformed, "the stored place in Redmine's changes is damaged");
  place.since = json::instant(*document, "since");
  const auto after = json::integer(*document, "after");
  if (after) place.walk = Place::Walk{std::string{json::text(*document, "watermark")}, *after};
  if (!place.since && !place.walk) return fail(Fault::malformed, "the stored place in Redmine's changes is damaged");
  return place;
}

Instant next_start(std::optional<Instant> since, Instant newest, Instant tracker_time) {
  const Instant second = std::chrono::floor<std::chrono::seconds>(newest);
  const Instant beyond = second + 2s;
  const Instant start = tracker_time >= beyond + commit_duration_max ? beyond : second;
  return since ? std::max(*since, start) : start;
}

}  // namespace causeway::redmine
