#include "threshold/timing.hpp"

namespace assay::threshold {

Done Timing::validate() const {
  const Micros all[] = {tick,  grace,     grace_max,   timeout, timeout_max,  resend,
                        retry, delay_max, clock_error, timely,  nonce_age_max};
  for (const Micros one : all) {
    if (one.value <= 0) return Error{Errc::out_of_range, "every time is positive"};
    // An hour is far beyond any sane setting, and keeps every sum below inside 64 bits.
    if (one.value > 3'600'000'000) return Error{Errc::out_of_range, "every time is at most one hour"};
  }
  if (rotation_heights == 0) return Error{Errc::out_of_range, "rotation_heights is positive"};
  if (grace > grace_max) return Error{Errc::out_of_range, "grace <= grace_max"};
  if (grace_max >= timeout) return Error{Errc::out_of_range, "grace_max < timeout"};
  if (resend >= timeout) return Error{Errc::out_of_range, "resend < timeout"};
  if (timeout > timeout_max) return Error{Errc::out_of_range, "timeout <= timeout_max"};
  if (timely < timeout + grace + 2 * delay_max + clock_error) {
    return Error{Errc::out_of_range, "timely >= timeout + grace + 2 delay_max + clock_error"};
  }
  return Ok{};
}

}  // namespace assay::threshold
