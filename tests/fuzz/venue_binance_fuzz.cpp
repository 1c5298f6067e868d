// Any bytes, as a stream message and as a REST body.
#include "tests/fuzz/venue_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assay::fetchers::fuzz::run("binance", data, size);
}
