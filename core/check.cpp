#include "core/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace assay {

void check(bool condition, const char* what) noexcept {
  if (condition) [[likely]] {
    return;
  }
  std::fprintf(stderr, "assay: broken invariant: %s\n", what);
  std::abort();
}

}  // namespace assay
