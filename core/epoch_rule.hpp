#pragma once
#include <cstdint>

#include "core/header.hpp"
#include "core/result.hpp"

namespace assay {

/// Heights from the first header that announces an epoch to the first batch of it, at least: time for everybody to
/// prepare, and for a consumer to see it coming.
inline constexpr std::uint64_t announcement_heights = 64;

/// The epoch of the batch after `tip`: the tip's own, or the one that it announces for that height.
Epoch epoch_after(const Header& tip);

/// What two verified headers of one chain, adjacent or not, may say of epochs:
///   within an epoch   config_digest and feed_count stay, and so does an announcement once it is made
///   an announcement   (next_epoch_digest, switch_height) names a height at least announcement_heights above the first
///                     header that holds it, and is held by every header from there to the one before switch_height
///   a new epoch       is one more than the one before, from exactly the announced height on; where the announcement
///   may
///                     lie between the two headers, from no height that it could not have named
///   earlier.height < later.height, else out_of_range
///   errors  wrong_committee.   pure, O(1)
Done check_epochs(const Header& earlier, const Header& later);

}  // namespace assay
