#include "agent/store/sqlite/step_codec.hpp"

#include "agent/model/bytes.hpp"

namespace causeway::store {
namespace {

/// Form 1 knows no files of a comment.
constexpr std::uint8_t form_number = 2;

// Each value has a `put` and a `take`, side by side, so that a change of one shows in the other.

void put(ByteWriter& out, const std::optional<std::string>& value) {
  out.flag(value.has_value());
  if (value) out.text(*value);
}
std::optional<std::string> take_optional(ByteReader& in) {
  if (!in.flag()) return std::nullopt;
  return in.text();
}

void put(ByteWriter& out, const std::set<std::string>& values) {
  out.number(values.size());
  for (const std::string& value : values) out.text(value);
}
std::set<std::string> take_set(ByteReader& in) {
  std::set<std::string> values;
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) values.insert(in.text());
  return values;
}

void put(ByteWriter& out, Visibility visibility) { out.flag(visibility == Visibility::open); }
Visibility take_visibility(ByteReader& in) { return in.flag() ? Visibility::open : Visibility::restricted; }

void put(ByteWriter& out, Side side) { out.flag(side == Side::right); }
Side take_side(ByteReader& in) { return in.flag() ? Side::right : Side::left; }

void put(ByteWriter& out, Field field) { out.byte(static_cast<std::uint8_t>(field)); }
Field take_field(ByteReader& in) { return static_cast<Field>(in.byte() % field_count); }

void put(ByteWriter& out, const Attribution& attribution) {
  out.text(attribution.author);
  out.text(attribution.origin);
  out.text(attribution.url);
}
Attribution take_attribution(ByteReader& in) {
  Attribution attribution;
  attribution.author = in.text();
  attribution.origin = in.text();
  attribution.url = in.text();
  return attribution;
}

void put(ByteWriter& out, const Ticket& ticket) {
  out.text(ticket.title);
  out.text(ticket.body);
  out.text(ticket.status);
  put(out, ticket.priority);
  put(out, ticket.assignee);
  put(out, ticket.milestone);
  put(out, ticket.labels);
  out.number(ticket.fields.size());
  for (const auto& [key, value] : ticket.fields) {
    out.text(key);
    out.text(value);
  }
  put(out, ticket.visibility);
}
Ticket take_ticket(ByteReader& in) {
  Ticket ticket;
  ticket.title = in.text();
  ticket.body = in.text();
  ticket.status = in.text();
  ticket.priority = take_optional(in);
  ticket.assignee = take_optional(in);
  ticket.milestone = take_optional(in);
  ticket.labels = take_set(in);
  const std::size_t fields = in.count();
  for (std::size_t i = 0; i < fields && in.ok(); ++i) {
    std::string key = in.text();
    ticket.fields[std::move(key)] = in.text();
  }
  ticket.visibility = take_visibility(in);
  return ticket;
}

void put(ByteWriter& out, const CreateTicket& create) {
  put(out, create.ticket);
  put(out, create.attribution);
}
CreateTicket take_create(ByteReader& in) {
  CreateTicket create;
  create.ticket = take_ticket(in);
  create.attribution = take_attribution(in);
  return create;
}

void put(ByteWriter& out, const EditTicket& edit) {
  out.number(edit.set.size());
  for (const auto& [field, value] : edit.set) {
    put(out, field);
    put(out, value);
  }
  put(out, edit.labels_add);
  put(out, edit.labels_remove);
  out.flag(edit.attribution.has_value());
  if (edit.attribution) put(out, *edit.attribution);
  out.flag(edit.envelope.has_value());
  if (edit.envelope) out.text(edit.envelope->value);
  put(out, edit.twin_url);
}
EditTicket take_edit(ByteReader& in) {
  EditTicket edit;
  const std::size_t fields = in.count();
  for (std::size_t i = 0; i < fields && in.ok(); ++i) {
    const Field field = take_field(in);
    edit.set[field] = take_optional(in);
  }
  edit.labels_add = take_set(in);
  edit.labels_remove = take_set(in);
  if (in.flag()) edit.attribution = take_attribution(in);
  if (in.flag()) edit.envelope = Marker{in.text()};
  edit.twin_url = take_optional(in);
  return edit;
}

void put(ByteWriter& out, const AddComment& add) {
  out.text(add.body);
  put(out, add.attribution);
  put(out, add.visibility);
  out.number(add.files.size());
  for (const Attachment& file : add.files) {
    out.id(file.id.value);
    out.text(file.name);
    out.text(file.url);
    out.number(file.bytes);
  }
}
AddComment take_add(ByteReader& in, std::uint8_t form) {
  AddComment add;
  add.body = in.text();
  add.attribution = take_attribution(in);
  add.visibility = take_visibility(in);
  const std::size_t files = form < 2 ? 0 : in.count();
  for (std::size_t i = 0; i < files && in.ok(); ++i) {
    Attachment& file = add.files.emplace_back();
    file.id.value = in.id();
    file.name = in.text();
    file.url = in.text();
    file.bytes = in.number();
  }
  return add;
}

void put(ByteWriter& out, const EditComment& edit) {
  out.id(edit.comment.value);
  out.text(edit.body);
  put(out, edit.attribution);
  out.text(edit.envelope.value);
  put(out, edit.visibility);
}
EditComment take_edit_comment(ByteReader& in) {
  EditComment edit;
  edit.comment.value = in.id();
  edit.body = in.text();
  edit.attribution = take_attribution(in);
  edit.envelope.value = in.text();
  edit.visibility = take_visibility(in);
  return edit;
}

void put(ByteWriter& out, const RemoveComment& removal) { out.id(removal.comment.value); }

void put(ByteWriter& out, const Agreement& agreement) {
  out.number(agreement.fields.size());
  for (const auto& [field, values] : agreement.fields) {
    put(out, field);
    for (const Fingerprint value : values) out.fixed64(value);
  }
  out.number(agreement.labels.size());
  for (const LabelAgreement& label : agreement.labels) {
    for (const Fingerprint value : label.label) out.fixed64(value);
    out.flag(label.present);
  }
  out.number(agreement.comments.size());
  for (const CommentAgreement& comment : agreement.comments) {
    for (const std::size_t side : {0U, 1U}) {
      out.id(comment.pair.ids[side].value);
      out.fixed64(comment.pair.texts[side]);
    }
    put(out, comment.pair.born);
    out.flag(comment.present);
  }
  out.number(agreement.attachments.size());
  for (const AttachmentPair& file : agreement.attachments) {
    out.id(file.id.value);
    put(out, file.born);
  }
}
Agreement take_agreement(ByteReader& in) {
  Agreement agreement;
  const std::size_t fields = in.count();
  for (std::size_t i = 0; i < fields && in.ok(); ++i) {
    const Field field = take_field(in);
    for (Fingerprint& value : agreement.fields[field]) value = in.fixed64();
  }
  const std::size_t labels = in.count();
  for (std::size_t i = 0; i < labels && in.ok(); ++i) {
    LabelAgreement& label = agreement.labels.emplace_back();
    for (Fingerprint& value : label.label) value = in.fixed64();
    label.present = in.flag();
  }
  const std::size_t comments = in.count();
  for (std::size_t i = 0; i < comments && in.ok(); ++i) {
    CommentAgreement& comment = agreement.comments.emplace_back();
    for (const std::size_t side : {0U, 1U}) {
      comment.pair.ids[side].value = in.id();
      comment.pair.texts[side] = in.fixed64();
    }
    comment.pair.born = take_side(in);
    comment.present = in.flag();
  }
  const std::size_t files = in.count();
  for (std::size_t i = 0; i < files && in.ok(); ++i) {
    AttachmentPair& file = agreement.attachments.emplace_back();
    file.id.value = in.id();
    file.born = take_side(in);
  }
  return agreement;
}

std::optional<Operation> take_operation(ByteReader& in, std::uint8_t form) {
  switch (in.byte()) {
    case 0:
      return take_create(in);
    case 1:
      return take_edit(in);
    case 2:
      return take_add(in, form);
    case 3:
      return take_edit_comment(in);
    case 4:
      return RemoveComment{NativeId{in.id()}};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string encode(const Step& step) {
  ByteWriter out;
  out.byte(form_number);
  out.byte(static_cast<std::uint8_t>(step.operation.index()));
  std::visit([&](const auto& operation) { put(out, operation); }, step.operation);
  put(out, step.agreement);
  return out.take();
}

std::optional<Step> decode_step(std::string_view bytes) {
  ByteReader in{bytes};
  const std::uint8_t form = in.byte();
  if (form == 0 || form > form_number) return std::nullopt;
  auto operation = take_operation(in, form);
  if (!operation) return std::nullopt;
  Step step{std::move(*operation), take_agreement(in)};
  if (!in.whole()) return std::nullopt;
  return step;
}

}  // namespace causeway::store
