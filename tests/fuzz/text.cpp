/// Any bytes, read as the format that the build names (FUZZ_FORMAT).
#include "tests/fuzz/properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  causeway::fuzz::check_text(causeway::markup::Format::FUZZ_FORMAT, {reinterpret_cast<const char*>(bytes), size});
  return 0;
}
