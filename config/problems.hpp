#pragma once
/// Collects everything that is wrong with one file.
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"

namespace causeway::config {

class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}
  void error(int line, std::string path, std::string what, std::string remedy) {
    found_.push_back({file_, line, std::move(path), std::move(what), std::move(remedy), false});
  }
  void warning(int line, std::string path, std::string what, std::string remedy) {
    found_.push_back({file_, line, std::move(path), std::move(what), std::move(remedy), true});
  }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] bool errors() const;
  /// Whether an error at this path or inside it is known: what follows from it need not be told too.
  [[nodiscard]] bool reported(const std::string& path) const;
  /// By line; what stands in the same line in the order in which it was found.
  [[nodiscard]] std::vector<Problem> take();

 private:
  std::string file_;
  std::vector<Problem> found_;
};

}  // namespace causeway::config
