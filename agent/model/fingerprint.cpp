#include "agent/model/fingerprint.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace causeway {

Fingerprint fingerprint(std::string_view text) {
  const Fingerprint value = XXH3_64bits(text.data(), text.size());
  return value == fingerprint_of_nothing ? 1 : value;
}

}  // namespace causeway
