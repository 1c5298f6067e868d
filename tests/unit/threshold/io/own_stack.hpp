#pragma once
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <utility>

namespace assay::threshold {

inline std::array<std::byte, 512 * 1024>& own_stack() {
  static std::array<std::byte, 512 * 1024> stack;
  return stack;
}

/// Runs `work` on a stack that nothing else uses, so that what it leaves in dead frames stays there to be found.
/// Not re-entrant; `work` may not throw.
inline void on_own_stack(std::function<void()> work) {
  auto& stack = own_stack();
  static std::function<void()> now;
  static ucontext_t inside;
  static ucontext_t outside;
  now = std::move(work);
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack.data();
  inside.uc_stack.ss_size = stack.size();
  inside.uc_link = &outside;
  makecontext(
      &inside, [] { now(); }, 0);
  swapcontext(&outside, &inside);
  now = nullptr;
}

/// The longest stretch of zeros that `work` leaves on a stack which was full of another byte: whoever wipes what it has
/// used ends with one.
inline std::size_t zeros_left_by(std::function<void()> work) {
  auto& stack = own_stack();
  std::ranges::fill(stack, std::byte{0xa5});
  on_own_stack(std::move(work));
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const auto byte : stack) {
    run = byte == std::byte{0} ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace assay::threshold
