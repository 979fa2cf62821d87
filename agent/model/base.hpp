#pragma once
/// What both sides of a link last agreed on, each side in its own words (rules 1 and 3).
#include <array>
#include <vector>

#include "agent/model/fingerprint.hpp"
#include "agent/model/id.hpp"
#include "agent/model/ticket.hpp"

namespace causeway {

/// The mergeable fields of a ticket that hold one value. Labels are merged element by element and stand apart.
enum class Field : std::uint8_t { title, body, status, priority, assignee, milestone };
inline constexpr std::size_t field_count = 6;
inline constexpr std::array<Field, field_count> all_fields{Field::title,    Field::body,     Field::status,
                                                           Field::priority, Field::assignee, Field::milestone};
[[nodiscard]] std::string_view name(Field field);
/// The field's value, or nullopt when the ticket has none. Title, body and status always have one.
[[nodiscard]] std::optional<std::string> value(const Ticket& ticket, Field field);
void set_value(Ticket& ticket, Field field, std::optional<std::string> value);

struct SideBase {
  Instant created{};  ///< identity, see Snapshot::created
  Instant updated{};  ///< the tracker's stamp when both sides last agreed; epoch: unknown
  std::array<Fingerprint, field_count> fields{};
  std::vector<Fingerprint> labels;  ///< ascending
  bool operator==(const SideBase&) const = default;
  [[nodiscard]] Fingerprint operator[](Field field) const { return fields[static_cast<std::size_t>(field)]; }
  [[nodiscard]] Fingerprint& operator[](Field field) { return fields[static_cast<std::size_t>(field)]; }
};

/// A comment and its mirror. An empty id on one side: seen and deliberately not mirrored, or its mirror was removed.
struct CommentPair {
  std::array<NativeId, 2> ids;
  std::array<Fingerprint, 2> texts{};
  Side born = Side::left;
  bool operator==(const CommentPair&) const = default;
};

/// A file that was announced on the other side.
struct AttachmentPair {
  NativeId id;
  Side born = Side::left;
  bool operator==(const AttachmentPair&) const = default;
};

struct Base {
  std::array<SideBase, 2> sides;
  std::vector<CommentPair> comments;
  std::vector<AttachmentPair> attachments;
  bool operator==(const Base&) const = default;
  [[nodiscard]] const SideBase& operator[](Side side) const { return sides[index(side)]; }
  [[nodiscard]] SideBase& operator[](Side side) { return sides[index(side)]; }
};

/// A compact binary form for the store: a link with no comments takes about 130 bytes. Stable across versions: the
/// first byte is the form's number.
[[nodiscard]] std::string encode(const Base& base);
/// nullopt when the bytes are not a whole base of a known form.
[[nodiscard]] std::optional<Base> decode_base(std::string_view bytes);

}  // namespace causeway
