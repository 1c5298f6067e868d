#include "publisher/consumer.hpp"

#include <algorithm>
#include <utility>

#include "core/epoch_rule.hpp"

namespace assay::publisher {

std::string_view name(Unfit why) noexcept {
  switch (why) {
    case Unfit::unknown_feed:
      return "unknown_feed";
    case Unfit::bad_status:
      return "bad_status";
    case Unfit::expired:
      return "expired";
    case Unfit::suppressed:
      return "suppressed";
    case Unfit::too_old:
      return "too_old";
    case Unfit::too_new:
      return "too_new";
    case Unfit::older_height:
      return "older_height";
    case Unfit::broken_link:
      return "broken_link";
    case Unfit::wrong_epoch:
      return "wrong_epoch";
    case Unfit::invalid:
      return "invalid";
    case Unfit::fork:
      return "fork";
  }
  return "unknown";
}

Consumer::Consumer(Pinned pinned, std::vector<FeedTerms> expected, ConsumerPolicy policy, Height persisted)
    : pinned_(std::move(pinned)), expected_(std::move(expected)), policy_(std::move(policy)), height_(persisted) {}

std::variant<VerifiedFrame, Rejection> Consumer::accept(std::string_view json, WallTime now) {
  if (forked_) return Rejection{Unfit::fork, {}, "two signed headers at one height were seen"};
  auto verdict = verify_frame(json, pinned_, expected_);
  if (auto* refused = std::get_if<Refused>(&verdict)) {
    return Rejection{Unfit::invalid, refused->code, std::move(refused->detail)};
  }
  auto& frame = std::get<VerifiedFrame>(verdict);
  if (auto rejection = judge(frame, now)) return *std::move(rejection);
  remember(frame);
  return std::move(frame);
}

std::optional<Rejection> Consumer::judge(const VerifiedFrame& frame, WallTime now) {
  const Header& header = frame.header;
  const std::string at = "height " + std::to_string(header.height.value);
  // Before anything else is said of the height: an old one with another hash is as damning as a new one.
  if (const auto known = remembered_.find(header.height); known != remembered_.end() && known->second != frame.hash) {
    forked_ = true;
    return Rejection{Unfit::fork, {}, at + " is signed twice, with different bytes"};
  }
  if (header.height < height_)
    return Rejection{Unfit::older_height, {}, at + " after " + std::to_string(height_.value)};
  if (header.height > height_) {
    const auto previous = remembered_.find(height_);
    const bool adjacent = header.height == next(height_) && previous != remembered_.end();
    if (adjacent && header.prev_header_hash != previous->second) {
      return Rejection{Unfit::broken_link, {}, at + " does not follow the header I hold"};
    }
    if (newest_header_) {
      if (const auto epochs = check_epochs(*newest_header_, header); !epochs) {
        return Rejection{Unfit::wrong_epoch, epochs.error().code, at + ": " + epochs.error().detail};
      }
    }
    if (header.time <= time_) return Rejection{Unfit::too_new, {}, at + " is not later than the header before it"};
  }
  if (header.time - now > policy_.ahead_max) return Rejection{Unfit::too_new, {}, at + " is from the future"};
  if (now - header.time > policy_.age_max) return Rejection{Unfit::too_old, {}, at + " is too old"};
  return std::nullopt;
}

void Consumer::remember(const VerifiedFrame& frame) {
  height_ = frame.header.height;
  time_ = frame.header.time;
  newest_header_ = frame.header;
  remembered_[height_] = frame.hash;
  if (remembered_.size() > remembered_max) remembered_.erase(remembered_.begin());
  for (const auto& item : frame.leaves) newest_[item.leaf.feed] = Seen{item.leaf, frame.header.time};
}

std::variant<Leaf, Rejection> Consumer::price(const FeedId& feed, WallTime now) const {
  if (forked_) return Rejection{Unfit::fork, {}, "two signed headers at one height were seen"};
  const auto found = newest_.find(feed);
  if (found == newest_.end()) return Rejection{Unfit::unknown_feed, {}, "no leaf of this feed was accepted"};
  const auto& [leaf, header_time] = found->second;
  if (std::find(policy_.accepted.begin(), policy_.accepted.end(), leaf.status) == policy_.accepted.end()) {
    return Rejection{Unfit::bad_status, {}, std::string("status ").append(name(leaf.status))};
  }
  if (now > leaf.valid_until) return Rejection{Unfit::expired, {}, "past valid_until"};
  if (time_ - header_time > policy_.lag_max) {
    return Rejection{Unfit::suppressed, {}, "newer headers came without this feed's leaf"};
  }
  return leaf;
}

}  // namespace assay::publisher
