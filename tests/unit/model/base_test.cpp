#include "agent/model/base.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "agent/model/operation.hpp"

namespace causeway {
namespace {

Base some_base() {
  Base base;
  for (SideBase& side : base.sides) {
    side.created = Instant{std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)}};
    side.updated = Instant{std::chrono::seconds{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000)}};
    for (Fingerprint& field : side.fields) field = *rc::gen::element<Fingerprint>(0, 1, 0xdeadbeefcafef00dULL);
    side.labels = *rc::gen::container<std::vector<Fingerprint>>(rc::gen::arbitrary<Fingerprint>());
  }
  const int comments = *rc::gen::inRange(0, 4);
  for (int i = 0; i < comments; ++i) {
    CommentPair pair;
    pair.born = *rc::gen::element(Side::left, Side::right);
    for (const std::size_t side : {0U, 1U}) {
      pair.ids[side].value = *rc::gen::element<std::string>("", "17", "9999999999", "abc-1");
      pair.texts[side] = *rc::gen::arbitrary<Fingerprint>();
    }
    base.comments.push_back(pair);
  }
  if (*rc::gen::arbitrary<bool>()) base.attachments.push_back({NativeId{"5"}, Side::right});
  return base;
}

TEST(Base, ComesBackFromItsBytes) {
  EXPECT_TRUE(rc::check([] {
    const Base base = some_base();
    const auto decoded = decode_base(encode(base));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == base);
  }));
}

TEST(Base, RefusesDamagedBytesWithoutAskingForMemory) {
  EXPECT_TRUE(rc::check([] {
    std::string bytes = encode(some_base());
    const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(bytes.size())));
    RC_ASSERT(!decode_base(std::string_view{bytes}.substr(0, at)).has_value());
    bytes[at] = static_cast<char>(*rc::gen::inRange(0, 256));
    const auto decoded = decode_base(bytes);  // may be another base, may be none, must not crash
    if (decoded) RC_ASSERT(decoded->comments.size() <= bytes.size());
  }));
}

TEST(Base, IsSmall) {
  Base base;
  for (SideBase& side : base.sides) {
    side.created = side.updated = *parse_instant("2026-11-23T08:00:00Z");
    side[Field::title] = side[Field::body] = side[Field::status] = 42;
  }
  EXPECT_LT(encode(base).size(), 100U);
}

TEST(Fingerprint, TellsNothingFromTheEmptyText) {
  EXPECT_EQ(fingerprint(std::optional<std::string>{}), fingerprint_of_nothing);
  EXPECT_NE(fingerprint(std::string_view{""}), fingerprint_of_nothing);
  EXPECT_NE(fingerprint(std::string_view{"a"}), fingerprint(std::string_view{"b"}));
}

TEST(Operation, SaysWhichCouldMakeSomethingTwice) {
  EXPECT_TRUE(creates(CreateTicket{}));
  EXPECT_TRUE(creates(AddComment{}));
  EXPECT_FALSE(creates(EditTicket{}));
  EXPECT_FALSE(creates(EditComment{}));
  EXPECT_FALSE(creates(RemoveComment{}));
  EXPECT_EQ(name(Operation{EditComment{}}), "edit_comment");
}

}  // namespace
}  // namespace causeway
