#pragma once
#include <ucontext.h>

#include <array>
#include <cstddef>
#include <functional>
#include <utility>

namespace assay::threshold {

/// Runs `work` on a stack that nothing else uses, so that what it leaves in dead frames stays there to be found.
/// Not re-entrant; `work` may not throw.
inline void on_own_stack(std::function<void()> work) {
  static std::array<std::byte, 512 * 1024> stack;
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

}  // namespace assay::threshold
