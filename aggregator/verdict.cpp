#include "aggregator/verdict.hpp"

namespace assay::aggregator {

std::string_view name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::counted:
      return "counted";
    case Verdict::halted:
      return "halted";
    case Verdict::silent:
      return "silent";
    case Verdict::too_old:
      return "too_old";
    case Verdict::from_future:
      return "from_future";
    case Verdict::no_two_sides:
      return "no_two_sides";
    case Verdict::crossed:
      return "crossed";
    case Verdict::frozen:
      return "frozen";
    case Verdict::unsettled:
      return "unsettled";
    case Verdict::leg_down:
      return "leg_down";
    case Verdict::bad_price:
      return "bad_price";
    case Verdict::too_wide:
      return "too_wide";
    case Verdict::too_thin:
      return "too_thin";
    case Verdict::outlier:
      return "outlier";
    case Verdict::readmission:
      return "readmission";
  }
  return "unknown";
}

}  // namespace assay::aggregator
