#pragma once
/// Files of the source folder, as text.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace causeway::config::test {

inline std::string source_path(const std::string& path) { return std::string{CAUSEWAY_SOURCE_DIR} + "/" + path; }

inline std::string source_file(const std::string& path) {
  std::ifstream file{source_path(path), std::ios::binary};
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace causeway::config::test
