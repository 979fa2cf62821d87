#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/load.hpp"

namespace causeway::config {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* variable = "CAUSEWAY_TEST_SECRET";
const Lines lines{{"", 1}, {"trackers/queue/token", 14}};

std::expected<std::string, Problem> resolve(const SecretSource& source, SecretForm form = SecretForm::line) {
  return resolve_secret(source, form, "trackers/queue/token", "causeway.yaml", lines);
}

SecretSource env(const std::string& name) { return {name, "", "", ""}; }
SecretSource file(const std::string& path) { return {"", path, "", ""}; }
SecretSource credential(const std::string& name) { return {"", "", name, ""}; }

class Secret : public testing::Test {
 protected:
  Secret() : folder_(testing::TempDir() + "secrets-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~Secret() override {
    std::filesystem::remove_all(folder_);
    ::unsetenv(variable);
    ::unsetenv("CREDENTIALS_DIRECTORY");
  }
  std::string write(const std::string& name, const std::string& content, unsigned mode = 0600) {
    const std::string path = folder_ + "/" + name;
    std::ofstream{path} << content;
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
    return path;
  }
  std::string folder_;
};

TEST_F(Secret, ComesFromTheEnvironment) {
  ::setenv(variable, "pretend-token", 1);
  EXPECT_EQ(resolve(env(variable)), "pretend-token");
}

TEST_F(Secret, AVariableThatIsNotSetIsToldWithItsLine) {
  const auto missing = resolve(env(variable));
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_text(missing.error()),
            "causeway.yaml:14: trackers/queue/token: the environment variable CAUSEWAY_TEST_SECRET is not set; set "
            "CAUSEWAY_TEST_SECRET where "
            "Causeway is started, or take the secret from a file: {file: …}");
}

TEST_F(Secret, AnEmptyVariableIsNoSecret) {
  ::setenv(variable, " \n", 1);
  ASSERT_FALSE(resolve(env(variable)));
  EXPECT_THAT(resolve(env(variable)).error().what, HasSubstr("empty"));
}

TEST_F(Secret, IsTheFirstLineOfAFileWithoutBlanksAroundIt) {
  EXPECT_EQ(resolve(file(write("key", "  pretend-token \r\nsecond line\n"))), "pretend-token");
  EXPECT_EQ(resolve(file(write("bare", "pretend-token"))), "pretend-token");
}

TEST_F(Secret, AFileThatOthersMayReadOrWriteIsRefused) {
  for (const unsigned mode : {0640U, 0604U, 0660U, 0602U, 0644U}) {
    const auto refused = resolve(file(write("key", "pretend-token", mode)));
    ASSERT_FALSE(refused) << std::oct << mode;
    EXPECT_THAT(refused.error().what, HasSubstr("by others than its owner"));
    EXPECT_THAT(refused.error().remedy, HasSubstr("chmod 600 "));
    EXPECT_THAT(to_text(refused.error()), Not(HasSubstr("pretend-token")));
  }
}

TEST_F(Secret, WhatIsNoFileIsRefused) {
  EXPECT_THAT(resolve(file(folder_ + "/missing")).error().what, HasSubstr("No such file"));
  EXPECT_THAT(resolve(file(folder_)).error().what, HasSubstr("is no file"));
  EXPECT_THAT(resolve(file(write("large", std::string(70'000, 'x')))).error().what, HasSubstr("larger than 64 KiB"));
  EXPECT_THAT(resolve(file(write("empty", ""))).error().what, HasSubstr("empty"));
}

TEST_F(Secret, ComesFromASystemdCredentialWhoseFolderGuardsIt) {
  write("redmine-key", "pretend-token\n", 0440);
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(resolve(credential("redmine-key")), "pretend-token");
  EXPECT_FALSE(resolve(credential("other")));
}

TEST_F(Secret, ACredentialOutsideOfAServiceIsToldSo) {
  const auto outside = resolve(credential("redmine-key"));
  ASSERT_FALSE(outside);
  EXPECT_THAT(outside.error().what, HasSubstr("CREDENTIALS_DIRECTORY is not set"));
  EXPECT_THAT(outside.error().remedy, HasSubstr("LoadCredential=redmine-key:"));
}

TEST_F(Secret, ThatWouldAddHeadersToTheRequestIsRefusedAndNotShown) {
  for (const char* value : {"two words", "pretend\rX-Other: 1", "pretend\ttoken", "pretend\x01token", "prêtend"}) {
    ::setenv(variable, value, 1);
    const auto refused = resolve(env(variable));
    ASSERT_FALSE(refused) << value;
    EXPECT_THAT(to_text(refused.error()), Not(HasSubstr("tend")));
  }
}

TEST_F(Secret, AKeyIsTheWholeFile) {
  const std::string pem = "-----BEGIN PRIVATE KEY-----\npretend\n-----END PRIVATE KEY-----\n";
  EXPECT_EQ(resolve(file(write("app.pem", pem)), SecretForm::whole), pem);
  EXPECT_THAT(resolve(file(write("app.der", "pretend")), SecretForm::whole).error().what,
              HasSubstr("no private key in PEM"));
  EXPECT_THAT(resolve(file(write("blank.pem", "\n")), SecretForm::whole).error().what, HasSubstr("empty"));
}

TEST_F(Secret, CanStandInTheFileWhenThatWasAllowed) {
  EXPECT_EQ(resolve({"", "", "", "pretend-token"}), "pretend-token");
}

TEST_F(Secret, ThatIsNotConfiguredIsAProblem) { EXPECT_FALSE(resolve(SecretSource{})); }

}  // namespace
}  // namespace causeway::config
