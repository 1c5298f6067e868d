#pragma once
#include <cstdint>
#include <string_view>

namespace assay::aggregator {

/// Why one source counted or did not, for `assay explain`, the dashboard and the tests. In the order of the gates.
enum class Verdict : std::uint8_t {
  counted,
  halted,        ///< the venue says that the instrument is not traded, or has said no price since it is again
  silent,        ///< never heard
  too_old,       ///< for age_max nothing has told that it still stands
  from_future,   ///< the venue's clock is ahead of what an honest one can be
  no_two_sides,  ///< bid or ask is missing, and last may not stand in
  crossed,       ///< bid above ask
  frozen,        ///< the same prices for longer than frozen_after, and the market of its pair has gone elsewhere
  unsettled,     ///< a jump against its own last price, not yet repeated nor 150 ms old, while most did not jump
  leg_down,      ///< a conversion that it needs has no price, or one that is not ok
  bad_price,     ///< the newest word is no price, does not fit the feed's exponent, or is no surer than itself
  too_wide,      ///< spread above spread_max_ppm
  too_thin,      ///< a book that is known to hold less than depth_min within 1 %
  outlier,       ///< too far from the others
  readmission    ///< was an outlier, and is back among the others for less than readmit_after
};
std::string_view name(Verdict verdict) noexcept;

}  // namespace assay::aggregator
