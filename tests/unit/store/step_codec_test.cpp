#include "agent/store/sqlite/step_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace causeway::store {
namespace {

std::string any_bytes() { return *rc::gen::container<std::string>(rc::gen::arbitrary<char>()); }
std::optional<std::string> maybe_bytes() {
  return *rc::gen::arbitrary<bool>() ? std::optional{any_bytes()} : std::nullopt;
}
Attribution any_attribution() { return {any_bytes(), any_bytes(), any_bytes()}; }
Visibility any_visibility() { return *rc::gen::element(Visibility::open, Visibility::restricted); }

Operation any_operation() {
  switch (*rc::gen::inRange(0, 5)) {
    case 0: {
      CreateTicket create;
      create.ticket = {any_bytes(),
                       any_bytes(),
                       any_bytes(),
                       maybe_bytes(),
                       maybe_bytes(),
                       maybe_bytes(),
                       {any_bytes(), any_bytes()},
                       {{any_bytes(), any_bytes()}},
                       any_visibility()};
      create.attribution = any_attribution();
      return create;
    }
    case 1: {
      EditTicket edit;
      for (const Field field : all_fields) {
        if (*rc::gen::arbitrary<bool>()) edit.set[field] = maybe_bytes();
      }
      edit.labels_add = {any_bytes()};
      edit.labels_remove = {any_bytes()};
      if (*rc::gen::arbitrary<bool>()) edit.attribution = any_attribution();
      if (*rc::gen::arbitrary<bool>()) edit.envelope = Marker{any_bytes()};
      edit.twin_url = maybe_bytes();
      return edit;
    }
    case 2:
      return AddComment{any_bytes(), any_attribution(), any_visibility()};
    case 3:
      return EditComment{NativeId{any_bytes()}, any_bytes(), any_attribution(), Marker{any_bytes()}, any_visibility()};
    default:
      return RemoveComment{NativeId{any_bytes()}};
  }
}

Step any_step() {
  Step step;
  step.operation = any_operation();
  if (*rc::gen::arbitrary<bool>()) step.agreement.fields[Field::status] = {1, 2};
  if (*rc::gen::arbitrary<bool>()) step.agreement.labels.push_back({{3, 4}, false});
  if (*rc::gen::arbitrary<bool>())
    step.agreement.comments.push_back({{{NativeId{"17"}, NativeId{"007"}}, {5, 6}, Side::right}, true});
  if (*rc::gen::arbitrary<bool>()) step.agreement.attachments.push_back({NativeId{"x"}, Side::right});
  return step;
}

TEST(StepCodec, GivesBackEveryByte) {
  EXPECT_TRUE(rc::check([] {
    const Step step = any_step();
    const auto decoded = decode_step(encode(step));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == step);
  }));
}

TEST(StepCodec, RefusesDamagedBytes) {
  EXPECT_TRUE(rc::check([] {
    const std::string bytes = encode(any_step());
    const auto size = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(bytes.size())));
    RC_ASSERT(!decode_step(std::string_view{bytes}.substr(0, size)).has_value());
  }));
}

}  // namespace
}  // namespace causeway::store
