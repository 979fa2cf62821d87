#pragma once
/// What a writer could not say.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::markup {

class Losses {
 public:
  /// Notes a kind of loss once.
  void note(std::string_view what) {
    if (std::ranges::find(list_, what) == list_.end()) list_.emplace_back(what);
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(list_); }

 private:
  std::vector<std::string> list_;
};

}  // namespace causeway::markup
