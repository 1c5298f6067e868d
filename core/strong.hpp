#pragma once
#include <compare>
#include <cstdint>

namespace assay {

/// Mould for values that share a representation but must not mix.
/// No conversion, no arithmetic: what a type may do besides comparing stands beside that type.
template <class Tag, class Rep>
struct Strong {
  Rep value{};

  constexpr Strong() = default;
  constexpr explicit Strong(Rep initial) : value(initial) {}
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;
};

}  // namespace assay
