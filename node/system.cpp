#include "node/system.hpp"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
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

std::uint64_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

std::size_t connections_within(std::uint64_t descriptor_limit, std::size_t wanted) noexcept {
  constexpr std::uint64_t kept = 200;
  const std::uint64_t room = descriptor_limit > kept ? descriptor_limit - kept : 1;
  return static_cast<std::size_t>(std::min<std::uint64_t>(room, wanted));
}

void forbid_core_dumps() noexcept {
  constexpr rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace assay::node
