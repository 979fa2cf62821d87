#include "agent/policy/privacy.hpp"

#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <numeric>

#include "agent/policy/disguise.hpp"

namespace causeway::policy {
namespace {

/// A rule looks at text as an eye reads it, in lower case. `(?:^|[^a-z0-9])` in front keeps it off the middle of words;
/// the first group is what was found.
struct NamedPattern {
  std::string_view name;
  std::string_view pattern;
};

/// Published forms of tokens: docs.github.com (token formats), docs.aws.amazon.com (access key ids), docs.gitlab.com
/// (token prefixes), api.slack.com (token types), stripe.com/docs/keys, cloud.google.com (API keys), RFC 7519,
/// docs.npmjs.com.
constexpr NamedPattern secret_patterns[] = {
    {"private key", R"((-----begin (?:[a-z0-9]+ )*private key))"},
    {"GitHub token", R"((?:^|[^a-z0-9])(gh[pousr]_[a-z0-9_.\-]{20,}|github_pat_[a-z0-9_]{20,}))"},
    {"GitLab token", R"((?:^|[^a-z0-9])(gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[a-z0-9_\-]{16,}))"},
    {"AWS access key", R"((?:^|[^a-z0-9])((?:akia|asia|abia|acca)[a-z2-7]{16})(?:[^a-z0-9]|$))"},
    {"Slack token", R"((?:^|[^a-z0-9])(xox[abeoprs]-[a-z0-9\-]{10,}))"},
    {"Slack webhook", R"((hooks\.slack\.com/services/[a-z0-9/]{10,}))"},
    {"Stripe key", R"((?:^|[^a-z0-9])([sr]k_(?:live|test)_[a-z0-9]{10,}))"},
    {"Google API key", R"((?:^|[^a-z0-9])(aiza[a-z0-9_\-]{30,}))"},
    {"npm token", R"((?:^|[^a-z0-9])(npm_[a-z0-9]{30,}))"},
    {"JSON web token", R"((?:^|[^a-z0-9])(eyj[a-z0-9_\-]{8,}\.eyj[a-z0-9_\-]{8,}\.[a-z0-9_\-]*))"},
    {"password",
     R"((?:^|[^a-z0-9])((?:password|passwd|passphrase|secret|api[_\- ]?key|access[_\- ]?key|auth[_\- ]?token|client[_\- ]?secret)["']?\s*[:=]\s*["']?[^\s"'<>]{4,}))"},
    {"authorization header", R"((authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+[a-z0-9._~+/=\-]{8,}))"},
    {"URL with credentials", R"(([a-z][a-z0-9+.\-]*://[^\s/:@]+:[^\s/@]+@))"},
};

constexpr NamedPattern email_pattern{
    "e-mail address",
    R"((?:^|[^a-z0-9.!#$%&'*+/=?^_`{|}~\-])([a-z0-9.!#$%&'*+/=?^_`{|}~\-]+@[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?)+))"};

/// RFC 1918, RFC 3927, RFC 4193, RFC 6762 and the suffixes that firms use inside.
constexpr NamedPattern host_patterns[] = {
    {"private address",
     R"((?:^|[^0-9.])((?:10\.\d{1,3}|127\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)\.\d{1,3}\.\d{1,3})(?:[^0-9.]|\.?$|\.[^0-9]))"},
    {"private address", R"((?:^|[^a-z0-9:])(f[cd][0-9a-f]{2}:[0-9a-f:]{2,}))"},
    {"internal host",
     R"((?:^|[^a-z0-9.\-])((?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+(?:local|internal|corp|lan|intranet|intra|home\.arpa))(?:[^a-z0-9\-]|$))"},
};

/// A literal for use inside a pattern, in the form in which `undisguise` shows it. Blanks and hyphens stand for each
/// other.
std::string quoted(std::string_view literal) {
  const std::string plain = undisguise(literal).text;
  std::string pattern;
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t gap = plain.find_first_of(" -_", at);
    pattern += RE2::QuoteMeta(std::string_view{plain}.substr(at, gap - at));
    if (gap == std::string::npos) break;
    pattern += R"([\s_\-]*)";
    at = gap + 1;
  }
  return pattern;
}

std::string masked(std::string_view found) {
  constexpr std::size_t shown = 2;
  return fmt::format("{}…({} characters)", found.substr(0, std::min(shown, found.size())), found.size());
}

}  // namespace

struct PrivacyGate::Rules {
  struct Rule {
    std::string name;
    std::unique_ptr<RE2> pattern;
    bool own = false;           ///< written by a person, who may have thought of the text as it is typed
    std::string customer = {};  ///< undisguised; the name or domain that it looks for
  };
  std::vector<Rule> rules;
  std::vector<std::string> allowed;  ///< undisguised

  Result<void> add(std::string name, const std::string& pattern, bool own = false) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(64 << 20);
    auto compiled = std::make_unique<RE2>(pattern, options);
    if (!compiled->ok())
      return fail(Fault::rejected,
                  fmt::format("the pattern \"{}\" is no RE2 expression: {}", pattern, compiled->error()));
    rules.push_back({.name = std::move(name), .pattern = std::move(compiled), .own = own});
    return {};
  }
};

PrivacyGate::PrivacyGate(std::unique_ptr<Rules> rules) : rules_(std::move(rules)) {}
PrivacyGate::PrivacyGate(PrivacyGate&&) noexcept = default;
PrivacyGate& PrivacyGate::operator=(PrivacyGate&&) noexcept = default;
PrivacyGate::~PrivacyGate() = default;

Result<PrivacyGate> PrivacyGate::make(const RedactionRules& wanted) {
  auto rules = std::make_unique<Rules>();
  const auto add = [&](const NamedPattern& one, std::string_view kind) {
    return rules->add(fmt::format("{}{}", kind, one.name), std::string{one.pattern});
  };
  if (wanted.secrets) {
    for (const NamedPattern& one : secret_patterns) {
      if (auto added = add(one, "secret: "); !added) return std::unexpected(added.error());
    }
  }
  if (wanted.emails) {
    if (auto added = add(email_pattern, ""); !added) return std::unexpected(added.error());
  }
  if (wanted.internal_hosts) {
    for (const NamedPattern& one : host_patterns) {
      if (auto added = add(one, ""); !added) return std::unexpected(added.error());
    }
  }
  constexpr std::string_view before = R"((?:^|[^\pL\pN]))";
  constexpr std::string_view after = R"((?:[^\pL\pN]|$))";
  const auto add_host = [&](std::string_view kind, const std::string& host) {
    const bool with_subdomains = host.starts_with('.') || kind == "customer's domain";
    const std::string_view bare = host.starts_with('.') ? std::string_view{host}.substr(1) : std::string_view{host};
    const std::string_view prefix = with_subdomains ? R"((?:[a-z0-9\-]+\.)*)" : "";
    return rules->add(std::string{kind},
                      fmt::format("{}({}{}){}", before, prefix, RE2::QuoteMeta(undisguise(bare).text), after));
  };
  for (const std::string& host : wanted.hosts) {
    if (auto added = add_host("internal host", host); !added) return std::unexpected(added.error());
  }
  for (const std::string& domain : wanted.domains) {
    if (auto added = add_host("customer's domain", domain); !added) return std::unexpected(added.error());
    rules->rules.back().customer = undisguise(domain).text;
  }
  for (const std::string& customer : wanted.customers) {
    if (auto added = rules->add("customer's name", fmt::format("{}({}){}", before, quoted(customer), after)); !added)
      return std::unexpected(added.error());
    rules->rules.back().customer = undisguise(customer).text;
  }
  for (const std::string& pattern : wanted.patterns) {
    if (auto added = rules->add("pattern " + pattern, "(?i)(" + pattern + ")", true); !added)
      return std::unexpected(added.error());
  }
  for (const std::string& allowed : wanted.allowed) rules->allowed.push_back(undisguise(allowed).text);
  // The user name of a repository's address is no person's.
  for (const char* host : {"git@github.com", "git@gitlab.com", "git@bitbucket.org"}) rules->allowed.emplace_back(host);
  return PrivacyGate{std::move(rules)};
}

std::vector<Redaction> PrivacyGate::scan(std::string_view text, std::string_view where) const {
  return scan(text, where, [](std::size_t /*rule*/) { return true; });
}

/// The rules that look for customers other than the one with these names.
PrivacyGate::Pick PrivacyGate::other_customers(const std::vector<std::string>* own_names) const {
  std::vector<std::string> own;
  for (const std::string& one : own_names == nullptr ? std::vector<std::string>{} : *own_names)
    own.push_back(undisguise(one).text);
  return [this, own = std::move(own)](std::size_t rule) {
    const std::string& customer = rules_->rules[rule].customer;
    return !customer.empty() && std::find(own.begin(), own.end(), customer) == own.end();
  };
}

std::vector<Redaction> PrivacyGate::scan(std::string_view text, std::string_view where, const Pick& pick) const {
  std::vector<Redaction> found = scan_once(text, where, Look::plain, pick);
  const auto add = [&](std::vector<Redaction> more) {
    for (Redaction& one : more) {
      const bool told = std::any_of(found.begin(), found.end(), [&](const Redaction& known) {
        return known.rule == one.rule && known.line == one.line;
      });
      if (!told) found.push_back(std::move(one));
    }
  };
  if (const std::string shown = rendered(text); shown != text) add(scan_once(shown, where, Look::plain, pick));
  const bool own =
      std::any_of(rules_->rules.begin(), rules_->rules.end(), [](const Rules::Rule& rule) { return rule.own; });
  if (own) add(scan_once(text, where, Look::as_typed, pick));
  return found;
}

std::vector<Redaction> PrivacyGate::scan_once(std::string_view text, std::string_view where, Look look,
                                              const Pick& pick) const {
  std::vector<Redaction> found;
  Undisguised plain;
  if (look == Look::plain) {
    plain = undisguise(text);
  } else {
    plain.text = text;
    plain.from.resize(text.size());
    std::iota(plain.from.begin(), plain.from.end(), 0U);
  }
  for (std::size_t number = 0; number < rules_->rules.size(); ++number) {
    const Rules::Rule& rule = rules_->rules[number];
    if (!pick(number) || (look == Look::as_typed && !rule.own)) continue;
    re2::StringPiece rest{plain.text};
    re2::StringPiece hit;
    while (RE2::FindAndConsume(&rest, *rule.pattern, &hit)) {
      const std::string_view match{hit.data(), hit.size()};
      if (match.empty()) break;
      const std::string read = look == Look::plain ? std::string{match} : undisguise(match).text;
      if (std::find(rules_->allowed.begin(), rules_->allowed.end(), read) == rules_->allowed.end()) {
        const auto offset = static_cast<std::size_t>(hit.data() - plain.text.data());
        const std::size_t original = plain.from[offset];
        const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(original), '\n') + 1;
        found.push_back({rule.name, std::string{where}, static_cast<std::size_t>(line), masked(match)});
        if (found.size() >= 20) return found;  // enough for a person; counting lines must stay linear
      }
      // What ended the match may begin the next one.
      rest =
          re2::StringPiece{hit.data() + hit.size(),
                           static_cast<std::size_t>(plain.text.data() + plain.text.size() - hit.data()) - hit.size()};
    }
  }
  return found;
}

namespace {

/// Every text of an operation with the name of its place.
std::vector<std::pair<std::string_view, std::string_view>> texts_of(const Operation& operation) {
  std::vector<std::pair<std::string_view, std::string_view>> texts;
  const auto add_attribution = [&](const Attribution& attribution) {
    texts.emplace_back("author", attribution.author);
    texts.emplace_back("origin", attribution.origin);
    texts.emplace_back("origin", attribution.url);
  };
  const auto add_optional = [&](std::string_view where, const std::optional<std::string>& text) {
    if (text) texts.emplace_back(where, *text);
  };
  if (const auto* create = std::get_if<CreateTicket>(&operation)) {
    texts.emplace_back("title", create->ticket.title);
    texts.emplace_back("body", create->ticket.body);
    for (const std::string& label : create->ticket.labels) texts.emplace_back("label", label);
    add_optional("milestone", create->ticket.milestone);
    add_optional("assignee", create->ticket.assignee);
    for (const auto& [field, text] : create->ticket.fields) texts.emplace_back(field, text);
    add_attribution(create->attribution);
  } else if (const auto* edit = std::get_if<EditTicket>(&operation)) {
    for (const auto& [field, wanted] : edit->set) add_optional(name(field), wanted);
    for (const std::string& label : edit->labels_add) texts.emplace_back("label", label);
    if (edit->attribution) add_attribution(*edit->attribution);
    add_optional("link to the twin", edit->twin_url);
  } else if (const auto* add = std::get_if<AddComment>(&operation)) {
    texts.emplace_back("comment", add->body);
    add_attribution(add->attribution);
  } else if (const auto* change = std::get_if<EditComment>(&operation)) {
    texts.emplace_back("comment", change->body);
    add_attribution(change->attribution);
  }
  return texts;
}

bool is_restricted_comment(const Operation& operation) {
  if (const auto* add = std::get_if<AddComment>(&operation)) return add->visibility != Visibility::open;
  if (const auto* edit = std::get_if<EditComment>(&operation)) return edit->visibility != Visibility::open;
  return false;
}

}  // namespace

/// What was found, each once with how often: the same name twice in a line is one thing to look at.
std::vector<std::string> PrivacyGate::told_once(const Operation& operation, const Pick& pick) const {
  std::vector<std::pair<std::string, std::size_t>> counted;
  for (const auto& [where, text] : texts_of(operation)) {
    for (const Redaction& found : scan(text, where, pick)) {
      std::string hit = fmt::format("{} in {}, line {}: {}", found.rule, found.where, found.line, found.masked);
      const auto known =
          std::find_if(counted.begin(), counted.end(), [&](const auto& entry) { return entry.first == hit; });
      if (known == counted.end()) {
        counted.emplace_back(std::move(hit), 1);
      } else {
        ++known->second;
      }
    }
  }
  std::vector<std::string> told;
  for (auto& [hit, count] : counted) {
    told.push_back(count == 1   ? std::move(hit)
                   : count == 2 ? hit + ", twice"
                                : fmt::format("{}, {} times", hit, count));
  }
  return told;
}

std::expected<Cleared, Hold> PrivacyGate::review(const Step& step, const Crossing& crossing) const {
  const auto hold = [&](HoldReason reason, std::string explanation) {
    return std::unexpected(Hold{step, reason, std::move(explanation)});
  };
  if (crossing.to == TrackerRole::queue) return Cleared{step.operation};
  if (crossing.to == TrackerRole::customer) {
    if (is_restricted_comment(step.operation)) {
      return hold(
          HoldReason::permission,
          "the comment is internal and never leaves the queue; this cannot be approved. Make it public first, or "
          "drop this");
    }
    if (crossing.other_customer && !std::holds_alternative<RemoveComment>(step.operation)) {
      return hold(HoldReason::permission,
                  "the case belongs to another customer as well; nothing of it is told to this one, and this cannot be "
                  "approved. Open a case of its own for each customer, or drop this");
    }
    if (crossing.approved) return Cleared{step.operation};
    const std::vector<std::string> others = told_once(step.operation, other_customers(crossing.own_names));
    if (others.empty()) return Cleared{step.operation};
    return hold(HoldReason::redaction,
                fmt::format("the text may tell this customer of another one: {}. Change it, or approve it as it is",
                            fmt::join(others, "; ")));
  }
  // Taking our own words away from the public is never what has to be stopped.
  if (std::holds_alternative<RemoveComment>(step.operation)) return Cleared{step.operation};
  if (is_restricted_comment(step.operation)) {
    return hold(HoldReason::permission,
                "the comment is private and never goes to a community tracker; this cannot be approved. Write a public "
                "one that is addressed to it, or drop this");
  }
  if (crossing.source != Visibility::open) {
    return hold(HoldReason::permission,
                "the ticket is private, or it is not known whether it is; nothing of it goes to a community tracker "
                "and this cannot be approved. Make it public first, or drop this");
  }
  if (crossing.approved) return Cleared{step.operation};
  const std::vector<std::string> hits = told_once(step.operation, [](std::size_t /*rule*/) { return true; });
  // What a customer has filed is read by a person before the public reads it, whatever the route says.
  const bool first = std::holds_alternative<CreateTicket>(step.operation) && !crossing.born_there &&
                     (!crossing.publication_allowed || crossing.customer_born);
  if (!hits.empty()) {
    return hold(HoldReason::redaction,
                fmt::format("the text may contain what must not become public: {}. Change it, or approve it as it is{}",
                            fmt::join(hits, "; "), first ? " (this is also the first publication of the case)" : ""));
  }
  if (first)
    return hold(HoldReason::first_publication,
                "this would be the first text of the case that the public can read; no redaction rule found anything. "
                "Read it, then approve or drop it");
  const auto* edit = std::get_if<EditTicket>(&step.operation);
  const auto brings_words = [](const EditTicket& one) {
    return one.set.contains(Field::title) || one.set.contains(Field::body) || one.set.contains(Field::milestone) ||
           !one.labels_add.empty();
  };
  if (crossing.customer_case && edit != nullptr && brings_words(*edit)) {
    return hold(HoldReason::first_publication,
                "the case is a customer's as well, and these may be the customer's words; no redaction rule found "
                "anything. Read it, then approve or drop it");
  }
  return Cleared{step.operation};
}

}  // namespace causeway::policy
