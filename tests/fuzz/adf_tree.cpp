/// Trees of ADF nodes grown from the bytes, so that few inputs are wasted on broken JSON.
#include "tests/fuzz/properties.hpp"
#include "tests/property/adf_trees.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  causeway::fuzz::check_text(causeway::markup::Format::adf, causeway::markup::adf_tree({bytes, size}));
  return 0;
}
