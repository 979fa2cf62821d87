#include "agent/model/base.hpp"

#include <algorithm>

namespace causeway {
namespace {

constexpr char form_number = 1;

class Writer {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void fingerprint(Fingerprint value) {
    for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
  }
  /// Seconds are all that trackers tell about creation and updates in a base.
  void instant(Instant value) {
    number(static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.time_since_epoch().count())));
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }
  std::uint8_t byte() {
    if (bytes_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
      if ((part & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  /// A count of things that each take at least one byte, so a damaged count cannot ask for more memory than there are bytes.
  std::size_t count() {
    const std::uint64_t value = number();
    if (value > bytes_.size()) ok_ = false;
    return ok_ ? static_cast<std::size_t>(value) : 0;
  }
  Fingerprint fingerprint() {
    Fingerprint value = 0;
    for (int shift = 0; shift < 64; shift += 8) value |= static_cast<Fingerprint>(byte()) << shift;
    return value;
  }
  std::string text() {
    const std::size_t size = count();
    std::string value{bytes_.substr(0, size)};
    bytes_.remove_prefix(value.size());
    return value;
  }
  Instant instant() { return Instant{std::chrono::milliseconds{static_cast<std::int64_t>(number())}}; }
  Side side() { return byte() == 0 ? Side::left : Side::right; }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

void write_side(Writer& writer, const SideBase& side) {
  writer.instant(side.created);
  writer.instant(side.updated);
  // Fields that are not there are the rule for priority, assignee and milestone: a bit each instead of eight bytes.
  std::uint8_t present = 0;
  for (std::size_t i = 0; i < field_count; ++i) {
    if (side.fields[i] != fingerprint_of_nothing) present = static_cast<std::uint8_t>(present | (1U << i));
  }
  writer.byte(present);
  for (const Fingerprint field : side.fields) {
    if (field != fingerprint_of_nothing) writer.fingerprint(field);
  }
  writer.number(side.labels.size());
  for (const Fingerprint label : side.labels) writer.fingerprint(label);
}

void read_side(Reader& reader, SideBase& side) {
  side.created = reader.instant();
  side.updated = reader.instant();
  const std::uint8_t present = reader.byte();
  for (std::size_t i = 0; i < field_count; ++i) {
    if ((present >> i & 1U) != 0) side.fields[i] = reader.fingerprint();
  }
  const std::size_t labels = reader.count();
  for (std::size_t i = 0; i < labels && reader.ok(); ++i) side.labels.push_back(reader.fingerprint());
}

}  // namespace

std::string_view name(Field field) {
  static constexpr std::array<std::string_view, field_count> names{"title",    "body",     "status",
                                                                   "priority", "assignee", "milestone"};
  return names[static_cast<std::size_t>(field)];
}

std::optional<std::string> value(const Ticket& ticket, Field field) {
  switch (field) {
    case Field::title: return ticket.title;
    case Field::body: return ticket.body;
    case Field::status: return ticket.status;
    case Field::priority: return ticket.priority;
    case Field::assignee: return ticket.assignee;
    case Field::milestone: return ticket.milestone;
  }
  return std::nullopt;
}

void set_value(Ticket& ticket, Field field, std::optional<std::string> value) {
  switch (field) {
    case Field::title: ticket.title = value.value_or(""); return;
    case Field::body: ticket.body = value.value_or(""); return;
    case Field::status: ticket.status = value.value_or(""); return;
    case Field::priority: ticket.priority = std::move(value); return;
    case Field::assignee: ticket.assignee = std::move(value); return;
    case Field::milestone: ticket.milestone = std::move(value); return;
  }
}

std::string encode(const Base& base) {
  Writer writer;
  writer.byte(form_number);
  for (const SideBase& side : base.sides) write_side(writer, side);
  writer.number(base.comments.size());
  for (const CommentPair& pair : base.comments) {
    writer.byte(static_cast<std::uint8_t>(pair.born));
    for (const Side side : {Side::left, Side::right}) {
      writer.text(pair.ids[index(side)].value);
      writer.fingerprint(pair.texts[index(side)]);
    }
  }
  writer.number(base.attachments.size());
  for (const AttachmentPair& pair : base.attachments) {
    writer.byte(static_cast<std::uint8_t>(pair.born));
    writer.text(pair.id.value);
  }
  return writer.take();
}

std::optional<Base> decode_base(std::string_view bytes) {
  Reader reader{bytes};
  if (reader.byte() != form_number) return std::nullopt;
  Base base;
  for (SideBase& side : base.sides) read_side(reader, side);
  const std::size_t comments = reader.count();
  for (std::size_t i = 0; i < comments && reader.ok(); ++i) {
    CommentPair& pair = base.comments.emplace_back();
    pair.born = reader.side();
    for (const Side side : {Side::left, Side::right}) {
      pair.ids[index(side)].value = reader.text();
      pair.texts[index(side)] = reader.fingerprint();
    }
  }
  const std::size_t attachments = reader.count();
  for (std::size_t i = 0; i < attachments && reader.ok(); ++i) {
    AttachmentPair& pair = base.attachments.emplace_back();
    pair.born = reader.side();
    pair.id.value = reader.text();
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return base;
}

}  // namespace causeway
