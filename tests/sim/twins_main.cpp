// `sim_twins COUNT`: so many scenarios of the Twins kind, spread evenly over all. Exit 1 when one breaks a rule.
#include <charconv>
#include <cstdio>
#include <cstring>

#include "tests/sim/twins.hpp"

int main(int argc, char** argv) {
  using namespace assay::threshold;
  std::uint64_t count = 0;
  const char* const text = argc == 2 ? argv[1] : "";
  const auto [end, failed] = std::from_chars(text, text + std::strlen(text), count);
  if (failed != std::errc{} || *end != '\0' || count == 0) {
    std::fputs("usage: sim_twins COUNT\n", stderr);
    return 2;
  }
  constexpr std::uint64_t stride = 0x9E3779B97F4A7C15U;  // odd: visits each once before any twice
  const sim::Keys keys(Quorum{4});
  std::uint64_t broken = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t number = i * stride % sim::twin_scenarios;
    const auto violation = sim::play_twins(keys, number);
    if (!violation) continue;
    ++broken;
    std::printf("scenario %llu, %s: %s: %s\n", static_cast<unsigned long long>(number), sim::twins_text(number).c_str(),
                violation->invariant.c_str(), violation->detail.c_str());
  }
  std::printf("scenarios %llu, failures %llu\n", static_cast<unsigned long long>(count),
              static_cast<unsigned long long>(broken));
  return broken == 0 ? 0 : 1;
}
