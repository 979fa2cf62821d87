#include "agent/model/base.hpp"

#include "agent/model/bytes.hpp"

namespace causeway {
namespace {

constexpr char form_number = 1;

Side read_side_name(ByteReader& reader) { return reader.flag() ? Side::right : Side::left; }

void write_side(ByteWriter& writer, const SideBase& side) {
  writer.instant(side.created);
  writer.instant(side.updated);
  // Fields that are not there are the rule for priority, assignee and milestone: a bit each instead of eight bytes.
  std::uint8_t present = 0;
  for (std::size_t i = 0; i < field_count; ++i) {
    if (side.fields[i] != fingerprint_of_nothing) present = static_cast<std::uint8_t>(present | (1U << i));
  }
  writer.byte(present);
  for (const Fingerprint field : side.fields) {
    if (field != fingerprint_of_nothing) writer.fixed64(field);
  }
  writer.number(side.labels.size());
  for (const Fingerprint label : side.labels) writer.fixed64(label);
}

void read_side(ByteReader& reader, SideBase& side) {
  side.created = reader.instant();
  side.updated = reader.instant();
  const std::uint8_t present = reader.byte();
  for (std::size_t i = 0; i < field_count; ++i) {
    if ((present >> i & 1U) != 0) side.fields[i] = reader.fixed64();
  }
  const std::size_t labels = reader.count();
  for (std::size_t i = 0; i < labels && reader.ok(); ++i) side.labels.push_back(reader.fixed64());
}

}  // namespace

std::string_view name(Field field) {
  static constexpr std::array<std::string_view, field_count> names{"title",    "body",     "status",
                                                                   "priority", "assignee", "milestone"};
  return names[static_cast<std::size_t>(field)];
}

std::optional<std::string> value(const Ticket& ticket, Field field) {
  switch (field) {
    case Field::title:
      return ticket.title;
    case Field::body:
      return ticket.body;
    case Field::status:
      return ticket.status;
    case Field::priority:
      return ticket.priority;
    case Field::assignee:
      return ticket.assignee;
    case Field::milestone:
      return ticket.milestone;
  }
  return std::nullopt;
}

void set_value(Ticket& ticket, Field field, std::optional<std::string> value) {
  switch (field) {
    case Field::title:
      ticket.title = value.value_or("");
      return;
    case Field::body:
      ticket.body = value.value_or("");
      return;
    case Field::status:
      ticket.status = value.value_or("");
      return;
    case Field::priority:
      ticket.priority = std::move(value);
      return;
    case Field::assignee:
      ticket.assignee = std::move(value);
      return;
    case Field::milestone:
      ticket.milestone = std::move(value);
      return;
  }
}

std::string encode(const Base& base) {
  ByteWriter writer;
  writer.byte(form_number);
  for (const SideBase& side : base.sides) write_side(writer, side);
  writer.number(base.comments.size());
  for (const CommentPair& pair : base.comments) {
    writer.byte(static_cast<std::uint8_t>(pair.born));
    for (const Side side : {Side::left, Side::right}) {
      writer.id(pair.ids[index(side)].value);
      writer.fixed64(pair.texts[index(side)]);
    }
  }
  writer.number(base.attachments.size());
  for (const AttachmentPair& pair : base.attachments) {
    writer.byte(static_cast<std::uint8_t>(pair.born));
    writer.id(pair.id.value);
  }
  return writer.take();
}

std::optional<Base> decode_base(std::string_view bytes) {
  ByteReader reader{bytes};
  if (reader.byte() != form_number) return std::nullopt;
  Base base;
  for (SideBase& side : base.sides) read_side(reader, side);
  const std::size_t comments = reader.count();
  for (std::size_t i = 0; i < comments && reader.ok(); ++i) {
    CommentPair& pair = base.comments.emplace_back();
    pair.born = read_side_name(reader);
    for (const Side side : {Side::left, Side::right}) {
      pair.ids[index(side)].value = reader.id();
      pair.texts[index(side)] = reader.fixed64();
    }
  }
  const std::size_t attachments = reader.count();
  for (std::size_t i = 0; i < attachments && reader.ok(); ++i) {
    AttachmentPair& pair = base.attachments.emplace_back();
    pair.born = read_side_name(reader);
    pair.id.value = reader.id();
  }
  if (!reader.whole()) return std::nullopt;
  return base;
}

}  // namespace causeway
