#include "aggregator/jump.hpp"

#include "aggregator/ppm.hpp"

namespace assay::aggregator {

bool is_jump(std::int64_t price, std::int64_t reference, std::uint32_t jump_ppm) {
  return exceeds_ppm(distance(price, reference), static_cast<std::uint64_t>(reference), jump_ppm);
}

JumpStep next_jump(JumpState state, std::int64_t price, std::int64_t previous_price, std::uint32_t jump_ppm,
                   std::uint8_t confirmations) {
  const JumpStep settled{JumpState{price, 0}, false};
  if (state.ref_price == 0 || !is_jump(price, state.ref_price, jump_ppm)) return settled;
  const bool consistent = state.run > 0 && !is_jump(price, previous_price, jump_ppm);
  const unsigned run = consistent ? state.run + 1U : 1U;
  if (run >= confirmations) return settled;
  return JumpStep{JumpState{state.ref_price, static_cast<std::uint8_t>(run)}, true};
}

}  // namespace assay::aggregator
