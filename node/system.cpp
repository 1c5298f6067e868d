#include "node/system.hpp"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <chrono>

namespace assay::node {

namespace {

template <class Clock>
std::int64_t microseconds_now() noexcept {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

WallTime wall_now() noexcept {
  return WallTime{static_cast<std::uint64_t>(microseconds_now<std::chrono::system_clock>())};
}

MonoTime mono_now() noexcept {
  return MonoTime{microseconds_now<std::chrono::steady_clock>()};
}

void SystemEntropy::fill(std::span<std::uint8_t> out) {
  randombytes_buf(out.data(), out.size());
}

void forbid_core_dumps() noexcept {
  constexpr rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace assay::node
