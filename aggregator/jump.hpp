#pragma once
#include <cstdint>

namespace assay::aggregator {

/// J(price, reference): the move from `reference` is more than jump_ppm of it.   both in 0..2^62
bool is_jump(std::int64_t price, std::int64_t reference, std::uint32_t jump_ppm);

/// What a leaf remembers of unconfirmed moves.
struct JumpState {
  std::int64_t ref_price{};  ///< last confirmed price; 0: none yet
  std::uint8_t run{};        ///< consecutive heights that agreed on the unconfirmed level

  friend bool operator==(const JumpState&, const JumpState&) = default;
};

struct JumpStep {
  JumpState state;
  bool unconfirmed{};  ///< the leaf's status is at least jump
};

/// One priced height of the jump rule (docs/aggregation.md): a price near the reference becomes the reference; one far
/// from it must be met by `confirmations` consecutive heights, each near the one before it, until it does.
///   price, previous_price  of this and of the last priced leaf;  confirmations K >= 1 (0 counts as 1).  pure
JumpStep next_jump(JumpState state, std::int64_t price, std::int64_t previous_price, std::uint32_t jump_ppm,
                   std::uint8_t confirmations);

}  // namespace assay::aggregator
