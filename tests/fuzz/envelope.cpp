/// Text that people write around, into and instead of the line that carries our mark. The line comes off whatever
/// stands above it, and no text at all makes reading one fail.
#include "adapters/github/envelope.hpp"

#include <string>

#include "adapters/jira/envelope.hpp"
#include "adapters/redmine/envelope.hpp"
#include "tests/fuzz/properties.hpp"

namespace causeway {
namespace {

using fuzz::must;
using markup::Format;

const Attribution attribution{"alice", "example/widget#12", "https://github.com/example/widget/issues/12"};
const Marker marker{"0123456789abcdef0123"};

/// What is mirrored has been through canonical(), so its line ends are LF.
void check(std::string_view bytes) {
  const std::string plain = envelope::with_line_feeds(bytes);
  const std::string_view text = plain;

  must(github::unwrap(github::wrap(text, attribution, marker)).text == plain, "GitHub: what is wrapped comes out",
       text);
  must(redmine::unwrap(redmine::wrap(text, attribution, marker)).text == plain, "Redmine: what is wrapped comes out",
       text);
  must(redmine::unwrap(redmine::wrap(text, attribution, std::nullopt)).text == plain, "without a mark too", text);
  must(jira::unwrap(Format::jira_wiki, jira::wrap(Format::jira_wiki, text, attribution, marker)).text == plain,
       "Jira: what is wrapped comes out", text);

  const std::string document = jira::as_document(text);
  const auto unwrapped = jira::unwrap(Format::adf, jira::wrap(Format::adf, document, attribution, marker));
  must(unwrapped.enveloped && unwrapped.marker == marker, "Jira: the mark is found in ADF", document);
  must(canonical(Format::adf, unwrapped.text) == canonical(Format::adf, document), "Jira: ADF comes out", document);

  static_cast<void>(github::unwrap(bytes));
  static_cast<void>(redmine::unwrap(bytes));
  for (const Format format : {Format::jira_wiki, Format::adf}) static_cast<void>(jira::unwrap(format, bytes));
}

}  // namespace
}  // namespace causeway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  causeway::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
