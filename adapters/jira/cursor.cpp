#include "adapters/jira/cursor.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "adapters/json.hpp"

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

/// How far the clocks of a Jira's nodes may lie apart.
constexpr auto clock_doubt = 60s;

void write_instant(Writer& writer, const char* name, const std::optional<Instant>& instant) {
  if (!instant) return;
  writer.Key(name);
  writer.Int64(instant->time_since_epoch().count());
}

std::optional<Instant> read_instant(const json::Value& object, std::string_view name) {
  const auto count = json::integer(object, name);
  if (!count) return std::nullopt;
  return Instant{std::chrono::milliseconds{*count}};
}

void write_number(Writer& writer, const char* name, std::int64_t number) {
  if (number == 0) return;
  writer.Key(name);
  writer.Int64(number);
}

}  // namespace

Cursor encode(const Place& place) {
  if (!place.since && !place.walk) return {};
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  write_instant(writer, "since", place.since);
  if (const auto& walk = place.walk) {
    write_instant(writer, "started", walk->started);
    write_instant(writer, "newest", walk->newest);
    if (!walk->token.empty()) {
      writer.Key("token");
      writer.String(walk->token);
    }
    write_instant(writer, "from", walk->from);
    if (walk->one_minute) {
      writer.Key("one_minute");
      writer.Bool(true);
    }
    write_number(writer, "offset", walk->offset);
    write_number(writer, "total", walk->total);
    write_number(writer, "pages", walk->pages);
  }
  writer.EndObject();
  return Cursor{std::string{buffer.GetString(), buffer.GetSize()}};
}

Result<Place> decode_place(const Cursor& cursor) {
  Place place;
  if (cursor.empty()) return place;
  const auto document = json::parse(cursor.value);
  const auto damaged = [] { return fail(Fault::malformed, "the stored place in Jira's changes is damaged"); };
  if (!document || !document->IsObject()) return damaged();
  place.since = read_instant(*document, "since");
  if (const auto started = read_instant(*document, "started")) {
    Place::Walk walk;
    walk.started = *started;
    walk.newest = read_instant(*document, "newest");
    walk.token = json::text(*document, "token");
    walk.from = read_instant(*document, "from");
    walk.one_minute = json::boolean(*document, "one_minute").value_or(false);
    walk.offset = json::integer(*document, "offset").value_or(0);
    walk.total = json::integer(*document, "total").value_or(0);
    walk.pages = json::integer(*document, "pages").value_or(0);
    place.walk = std::move(walk);
  }
  if (!place.since && !place.walk) return damaged();
  return place;
}

Instant minute_of(Instant instant) { return std::chrono::floor<std::chrono::minutes>(instant); }

Instant next_start(std::optional<Instant> since, Instant newest, Instant started, std::chrono::seconds listing_lag) {
  const auto hidden = 2 * listing_lag;
  // What is changed while the round is read may be shown as it was before, whatever else is shown.
  const Instant seen = std::min(newest, started);
  Instant start = minute_of(seen - hidden);
  if (started - newest >= hidden + clock_doubt + 1min) start = minute_of(newest) + 1min;
  return since ? std::max(*since, start) : start;
}

}  // namespace causeway::jira
