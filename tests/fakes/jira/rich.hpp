#pragma once
/// Rich text: ADF on Cloud, wiki text on Data Center, and the way between them that REST v2 on Cloud takes.
#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace causeway::fakes::jira {

/// One paragraph for each line; empty text: empty.
[[nodiscard]] std::string adf_of_plain(std::string_view text);
/// The words of a document, one line per block. Empty when it is no ADF.
[[nodiscard]] std::string plain_of_adf(const std::string& adf);
/// What REST v2 and webhooks show of an ADF document, as far as our own codecs know it.
[[nodiscard]] std::string wiki_of_adf(const std::string& adf);
/// What REST v2 makes of wiki text written to it.
[[nodiscard]] std::string adf_of_wiki(const std::string& wiki);
/// What breaks the vendor's schema (tests/contracts/jira/adf.schema.json), with its place; empty: nothing. Linear in
/// the document's size times the schema's width.
[[nodiscard]] std::string adf_problem(const rapidjson::Value& document);
/// Unicode characters of UTF-8 text.
[[nodiscard]] std::size_t characters(std::string_view text);

}  // namespace causeway::fakes::jira
