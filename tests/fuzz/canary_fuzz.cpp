// Dies on the input "CRASH" and on nothing else. A harness that does not notice this would notice nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (std::string_view(reinterpret_cast<const char*>(data), size) == "CRASH") {
    std::abort();
  }
  return 0;
}
