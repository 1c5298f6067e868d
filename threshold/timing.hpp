#pragma once
#include <cstdint>

#include "core/result.hpp"
#include "core/time.hpp"

namespace assay::threshold {

/// The network's clocks and patience; part of config_digest.
struct Timing {
  Micros tick;           ///< observations leave on multiples of this on the local UTC clock
  Micros grace;          ///< how long a leader waits for stragglers beyond 2f+1 observations
  Micros grace_max;      ///< when it proposes with what it has
  Micros timeout;        ///< without progress for this long: wish for the next view; doubles per failed view
  Micros timeout_max;    ///< bound of the doubling
  Micros resend;         ///< a wish or an unanswered request is repeated after this
  Micros retry;          ///< one signing session's patience before the leader starts another
  Micros delay_max;      ///< assumed one-way message delay
  Micros clock_error;    ///< assumed clock difference among honest members
  Micros timely;         ///< a fresh header may be this far from my clock
  Micros nonce_age_max;  ///< an unused nonce pair is wiped after this; 10 s
  std::uint32_t rotation_heights{};  ///< planned view change at every multiple of this; 64

  /// timely >= timeout + grace + 2 delay_max + clock_error, all positive, grace <= grace_max < timeout <=
  /// timeout_max, resend < timeout.
  ///   errors  out_of_range, detail names the rule
  Done validate() const;
};

}  // namespace assay::threshold
