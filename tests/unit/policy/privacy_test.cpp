#include "agent/policy/privacy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace causeway::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

PrivacyGate gate_with(RedactionRules rules = {}) {
  auto gate = PrivacyGate::make(rules);
  EXPECT_TRUE(gate) << gate.error().message;
  return std::move(*gate);
}

Step comment(std::string body, Visibility visibility = Visibility::open) {
  return {AddComment{std::move(body), {"Support", "", ""}, visibility}, {}};
}

Crossing to_public(bool approved = false) { return {TrackerRole::community, Visibility::open, true, false, approved}; }

TEST(PrivacyGate, LetsEverythingIntoTheQueue) {
  EXPECT_TRUE(gate_with().review(comment("password=hunter22", Visibility::restricted),
                                 {TrackerRole::queue, Visibility::restricted, false, false, false}));
}

TEST(PrivacyGate, NeverLetsAPrivateCommentOut) {
  for (const bool approved : {false, true}) {
    const auto judged = gate_with().review(comment("hello", Visibility::restricted), to_public(approved));
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().reason, HoldReason::permission);
  }
}

TEST(PrivacyGate, KeepsInternalCommentsFromCustomersToo) {
  const PrivacyGate gate = gate_with();
  Crossing to_customer;
  to_customer.to = TrackerRole::customer;
  EXPECT_TRUE(gate.review(comment("an answer"), to_customer));
  Step internal = comment("what we think of them");
  std::get<AddComment>(internal.operation).visibility = Visibility::restricted;
  const auto judged = gate.review(internal, to_customer);
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().reason, HoldReason::permission);
}

TEST(PrivacyGate, HoldsTextThatMayBeACustomersUntilItIsRead) {
  const PrivacyGate gate = gate_with();
  Crossing crossing = to_public();
  crossing.customer_case = true;
  EditTicket edit;
  edit.set[Field::status] = "completed";
  EXPECT_TRUE(gate.review({edit, {}}, crossing));
  edit.set[Field::body] = "harmless, as far as a rule can see";
  EXPECT_FALSE(gate.review({edit, {}}, crossing));
  crossing.approved = true;
  EXPECT_TRUE(gate.review({edit, {}}, crossing));
}

TEST(PrivacyGate, SaysTheSameFindOfALineOnceWithItsCount) {
  RedactionRules rules;
  rules.customers = {"Initech"};
  const auto judged =
      gate_with(rules).review(comment("Initech, says Initech.\nInitech\nInitech Initech Initech"), to_public());
  ASSERT_FALSE(judged);
  EXPECT_THAT(judged.error().explanation, HasSubstr("in comment, line 1: in…(7 characters), twice; customer's name in "
                                                    "comment, line 2: in…(7 characters); customer's name in comment, "
                                                    "line 3: in…(7 characters), 3 times."));
}

TEST(PrivacyGate, NeverLetsAnythingOfAPrivateTicketOut) {
  Crossing crossing = to_public(true);
  crossing.source = Visibility::restricted;
  EXPECT_FALSE(gate_with().review(comment("hello"), crossing));
  EditTicket edit;
  edit.set[Field::status] = "completed";
  EXPECT_FALSE(gate_with().review({edit, {}}, crossing)) << "not even that something happens to it";
}

TEST(PrivacyGate, LetsOurWordsBeTakenAway) {
  Crossing crossing = to_public();
  crossing.source = Visibility::restricted;
  EXPECT_TRUE(gate_with().review({RemoveComment{NativeId{"5"}}, {}}, crossing));
}

TEST(PrivacyGate, HoldsTheFirstPublicationUnlessAllowed) {
  CreateTicket create;
  create.ticket.title = "a bug";
  Crossing crossing = to_public();
  crossing.born_there = false;
  const auto judged = gate_with().review({create, {}}, crossing);
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().reason, HoldReason::first_publication);
  crossing.publication_allowed = true;
  EXPECT_TRUE(gate_with().review({create, {}}, crossing));
  create.ticket.body = "ask bob@customer.invalid";
  const auto found = gate_with().review({create, {}}, crossing);
  ASSERT_FALSE(found) << "an allowed publication is still read";
  EXPECT_EQ(found.error().reason, HoldReason::redaction);
}

TEST(PrivacyGate, SaysWhereAndWhatButNotTheText) {
  const auto judged = gate_with().review(comment("first line\nask bob@customer.invalid"), to_public());
  ASSERT_FALSE(judged);
  EXPECT_THAT(judged.error().explanation, HasSubstr("e-mail address in comment, line 2"));
  EXPECT_THAT(judged.error().explanation, Not(HasSubstr("customer")));
  EXPECT_TRUE(gate_with().review(comment("first line\nask bob@customer.invalid"), to_public(true)));
}

TEST(PrivacyGate, LooksAtEveryTextOfAnOperation) {
  RedactionRules rules;
  rules.customers = {"Acme"};
  const PrivacyGate gate = gate_with(rules);
  CreateTicket create;
  create.ticket.labels = {"customer: Acme"};
  Crossing crossing = to_public();
  crossing.publication_allowed = true;
  EXPECT_FALSE(gate.review({create, {}}, crossing));
  EditTicket edit;
  edit.set[Field::title] = "for ACME";
  EXPECT_FALSE(gate.review({edit, {}}, crossing));
  EXPECT_FALSE(gate.review({AddComment{"hello", {"Bob of Acme", "", ""}, Visibility::open}, {}}, crossing));
}

TEST(Redaction, FindsSecrets) {
  const PrivacyGate gate = gate_with();
  // Put together here, so that no scanner takes this file for a leak.
  const std::string github = "ghp_" + std::string(36, 'a');
  const std::string aws = "AKIA" + std::string("IOSFODNN7EXAMPLE").substr(0, 8) + "ABCDEFGH";
  for (const std::string& text :
       {github, "token " + aws + ".", std::string{"-----BEGIN RSA PRIVATE KEY-----"},
        std::string{"password = hunter22"}, std::string{"api_key: \"0123456789\""},
        std::string{"Authorization: Bearer abcdefghijkl"}, std::string{"postgres://user:pass@db/x"},
        "xoxb-" + std::string(12, '1'), "glpat-" + std::string(20, 'x')}) {
    EXPECT_THAT(gate.scan(text, "body"), Not(IsEmpty())) << text;
  }
}

TEST(Redaction, FindsInternalHosts) {
  RedactionRules rules;
  rules.hosts = {"build7", ".example.net"};
  rules.domains = {"customer.example"};
  const PrivacyGate gate = gate_with(rules);
  for (const char* text :
       {"see 10.1.2.3", "at 192.168.0.1:80", "172.20.1.1", "http://db.corp/x", "wiki.internal", "on build7 now",
        "x.y.example.net", "mail.customer.example", "customer.example", "fd12:3456::1"}) {
    EXPECT_THAT(gate.scan(text, "body"), Not(IsEmpty())) << text;
  }
}

TEST(Redaction, LeavesOrdinaryTextAlone) {
  RedactionRules rules;
  rules.customers = {"Acme"};
  rules.allowed = {"security@project.invalid"};
  const PrivacyGate gate = gate_with(rules);
  for (const char* text :
       {"commit 0123456789abcdef0123456789abcdef01234567", "uuid 123e4567-e89b-12d3-a456-426614174000",
        "version 10.2.1 and 172.5.1", "git clone git@github.com:a/b.git", "write to security@project.invalid",
        "the acmeist school", "see internals and local variables", "password reset is broken", "@alice said so",
        "a secret ballot", "10.0 is out", "docs at https://example.org/internal/x"}) {
    EXPECT_THAT(gate.scan(text, "body"), IsEmpty()) << text;
  }
}

TEST(Redaction, RefusesAPatternThatIsNone) {
  RedactionRules rules;
  rules.patterns = {"(unclosed"};
  const auto gate = PrivacyGate::make(rules);
  ASSERT_FALSE(gate);
  EXPECT_THAT(gate.error().message, HasSubstr("(unclosed"));
}

TEST(Redaction, FindsCustomersHoweverTheyAreWritten) {
  RedactionRules rules;
  rules.customers = {"Müller Werke"};
  const PrivacyGate gate = gate_with(rules);
  for (const char* text : {"MÜLLER WERKE", "Müller-Werke", "müllerwerke", "Mü\xE2\x80\x8Bller Werke",
                           "M&#252;ller Werke", "Mül**ler** Werke", "Ｍüller Ｗerke", "Mü\xC2\xADller\xC2\xA0Werke"}) {
    EXPECT_THAT(gate.scan(text, "body"), SizeIs(1)) << text;
  }
}

/// Ways to write a text so that an eye reads it and a plain search does not find it.
std::string disguised(const std::string& text) {
  std::string result;
  for (const char byte : text) {
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        result += fmt::format("&#{};", static_cast<int>(byte));
        break;
      case 1:
        result += fmt::format("&#x{:x};", static_cast<int>(byte));
        break;
      case 2:
        result += std::string{byte} + "\xE2\x80\x8B";
        break;
      case 3:
        result += static_cast<char>(std::toupper(static_cast<unsigned char>(byte)));
        break;
      case 4:
        result += fmt::format("%{:02x}", static_cast<int>(byte));
        break;
      default:
        result += byte;
        break;
    }
  }
  return result;
}

TEST(Redaction, FindsACanaryAnywhereInAnyDisguise) {
  RedactionRules rules;
  rules.customers = {"canarycorp"};
  const PrivacyGate gate = gate_with(rules);
  EXPECT_TRUE(rc::check([&] {
    const auto words = [] {
      return *rc::gen::element<std::string>("", "some words ", "line\nline\n", "| a | b |\n", "> quote ", "`code` ");
    };
    const std::string text = words() + words() + disguised("canarycorp") + " " + words();
    RC_ASSERT(!gate.scan(text, "body").empty());
  }));
}

TEST(Redaction, EndsOnLargeText) {
  RedactionRules rules;
  rules.customers = {"Acme"};
  const PrivacyGate gate = gate_with(rules);
  for (const std::string& unit : {std::string{"a"}, std::string{"a@"}, std::string{"10."}, std::string{"&#"},
                                  std::string{"*"}, std::string{"password="}}) {
    std::string text;
    while (text.size() < 1'000'000) text += unit;
    EXPECT_LE(gate.scan(text, "body").size(), 20U);
  }
}

}  // namespace
}  // namespace causeway::policy
