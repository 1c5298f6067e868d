#include "core/epoch_rule.hpp"

namespace assay {
namespace {

bool announces(const Header& header) {
  return header.switch_height.value != 0;
}

Error wrong(const char* what) {
  return Error{Errc::wrong_committee, what};
}

/// Sums of heights from outside never wrap.
std::uint64_t plus(std::uint64_t height, std::uint64_t more) {
  return height > UINT64_MAX - more ? UINT64_MAX : height + more;
}

Done check_same(const Header& earlier, const Header& later) {
  if (later.config_digest != earlier.config_digest || later.feed_count != earlier.feed_count) {
    return wrong("the configuration changes within an epoch");
  }
  if (announces(earlier)) {
    const bool copied =
        later.next_epoch_digest == earlier.next_epoch_digest && later.switch_height == earlier.switch_height;
    if (!copied) return wrong("an announced epoch is announced until it begins");
    return Ok{};
  }
  if (announces(later) && later.switch_height.value < plus(earlier.height.value, 1 + announcement_heights)) {
    return wrong("an epoch is announced too late");
  }
  return Ok{};
}

Done check_later(const Header& earlier, const Header& later) {
  const std::uint64_t steps = later.epoch.value - earlier.epoch.value;
  std::uint64_t first =
      announces(earlier) ? earlier.switch_height.value : plus(earlier.height.value, 1 + announcement_heights);
  first = plus(first, (steps - 1) * announcement_heights);
  if (later.height.value < first) return wrong("an epoch begins that was not announced for this height");
  if (announces(later) && later.switch_height.value < plus(first, announcement_heights)) {
    return wrong("an epoch is announced too late");
  }
  return Ok{};
}

}  // namespace

Epoch epoch_after(const Header& tip) {
  const bool last = announces(tip) && tip.switch_height.value == tip.height.value + 1;
  return Epoch{tip.epoch.value + (last ? 1U : 0U)};
}

Done check_epochs(const Header& earlier, const Header& later) {
  if (later.height <= earlier.height) return Error{Errc::out_of_range, "the later header is the higher one"};
  if (announces(later) && later.switch_height <= later.height) return wrong("an epoch is announced for the past");
  if (later.epoch < earlier.epoch) return wrong("epochs only grow");
  if (later.epoch > earlier.epoch) return check_later(earlier, later);
  if (announces(earlier) && later.height >= earlier.switch_height) return wrong("the epoch has ended");
  return check_same(earlier, later);
}

}  // namespace assay
