#include "config/reference/reference.hpp"

#include <gmock/gmock.h>

#include "config/load.hpp"
#include "tests/unit/config/text_file.hpp"

namespace causeway::config {
namespace {

using test::source_file;
using testing::HasSubstr;

TEST(Reference, IsWhatTheSchemaSaysToday) {
  EXPECT_EQ(source_file("docs/configuration.md"), reference(source_file("config/causeway.example.yaml")))
      << "run ./dev docs";
}

TEST(Reference, TellsOfEveryMapOfTheSchema) {
  const std::string page = reference("example: here\n");
  for (const char* title :
       {"## Top level", "## trackers/NAME", "## Secrets", "## trackers/NAME/app", "## trackers/NAME/fields",
        "## trackers/NAME/limits", "## routes/NAME", "## Conditions", "## routes/NAME/create", "## routes/NAME/mapping",
        "## Title and body", "## routes/NAME/mapping/status", "## routes/NAME/mapping/labels",
        "## routes/NAME/comments", "## Comments of one side", "## Names on one side", "## people", "## redaction",
        "## Presets"}) {
    EXPECT_THAT(page, HasSubstr(std::string{title} + "\n"));
  }
  EXPECT_THAT(page, HasSubstr("example: here\n"));
  for (const auto& [name, yaml] : shipped_presets()) EXPECT_THAT(page, HasSubstr(yaml));
}

TEST(Reference, LinksOnlyToSectionsItHas) {
  const std::string page = reference("");
  std::set<std::string> anchors;
  for (std::size_t at = page.find("\n## "); at != std::string::npos; at = page.find("\n## ", at + 1)) {
    std::string anchor;
    for (const char letter : page.substr(at + 4, page.find('\n', at + 1) - at - 4)) {
      if (letter == ' ') anchor += '-';
      if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    anchors.insert(anchor);
  }
  std::size_t links = 0;
  for (std::size_t at = page.find("](#"); at != std::string::npos; at = page.find("](#", at + 1), ++links) {
    EXPECT_TRUE(anchors.contains(page.substr(at + 3, page.find(')', at) - at - 3))) << page.substr(at, 60);
  }
  EXPECT_GT(links, 15U);
}

}  // namespace
}  // namespace causeway::config
