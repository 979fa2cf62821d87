#pragma once
/// What stands between hostile text and cmark-gfm.
///
/// cmark-gfm 0.29.0.gfm.6 (Debian 12) needs quadratic time, and sometimes memory, for some inputs (among them
/// CVE-2023-22484, CVE-2023-22486, CVE-2023-24824 and CVE-2023-37463). A guarded text is read in linear time and means
/// the same, but for what no person writes.
#include <string>
#include <string_view>
#include <vector>

namespace causeway::markup::markdown {

struct Guarded {
  /// Parts to be read one after the other; almost always one, the text itself. Views of the text or of `storage`.
  std::vector<std::string_view> parts;
  std::string storage;
  /// Put before a character to take its meaning away; to be dropped from whatever cmark returns. NUL: none was put.
  char sentinel = '\0';
};

/// `text` has LF line ends. The result refers to `text`, and must not be moved (it may refer to itself).
void guard(std::string_view text, Guarded& guarded);

}  // namespace causeway::markup::markdown
