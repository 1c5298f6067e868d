#include "threshold/nonces.hpp"

#include <cstdlib>

namespace assay::threshold {

NonceStore::NonceStore(const frost::SecretShare& share, Entropy& entropy, const Timing& timing)
    : share_(share), entropy_(entropy), age_max_(timing.nonce_age_max), clock_error_(timing.clock_error) {
  entropy_.fill(boot_);
}

std::optional<frost::Commitment> NonceStore::make(const NonceKey& key, Now now) {
  if (pairs_.contains(key) || pairs_.size() >= pairs_max) return std::nullopt;
  const auto draw = [&] {
    if (!planted(Mutant::kept_nonce)) return frost::commit(share_, entropy_);
    const Bytes32 same{static_cast<std::uint8_t>(key.view.value), static_cast<std::uint8_t>(key.height.value)};
    return frost::commit(share_, same, same);
  };
  frost::NoncePair pair = draw();
  const frost::Commitment commitment = pair.commitment();
  pairs_.emplace(key, Held{std::move(pair), now});
  return commitment;
}

std::optional<frost::NoncePair> NonceStore::take(const NonceKey& key, Now now) {
  const auto found = pairs_.find(key);
  if (found == pairs_.end() || !found->second.pair) return std::nullopt;
  std::optional<frost::NoncePair> pair = std::move(found->second.pair);
  found->second.pair.reset();
  if (too_old(found->second, now)) return std::nullopt;
  return pair;
}

bool NonceStore::too_old(const Held& held, Now now) const {
  const Micros by_wall = now.wall - held.made.wall;
  const Micros by_mono = now.mono - held.made.mono;
  const auto drift = static_cast<__int128>(by_wall.value) - by_mono.value;
  const bool jumped = drift > clock_error_.value || drift < -clock_error_.value;
  return jumped || by_wall >= age_max_ || by_mono >= age_max_;
}

void NonceStore::expire(Now now) {
  for (auto& [key, held] : pairs_) {
    if (held.pair && too_old(held, now)) held.pair.reset();
  }
}

void NonceStore::wipe() {
  for (auto& [key, held] : pairs_) held.pair.reset();
}

void NonceStore::forget_below(View view, Height height) {
  std::erase_if(pairs_, [&](const auto& one) { return one.first.view < view || one.first.height < height; });
}

std::optional<MonoTime> NonceStore::deadline() const {
  std::optional<MonoTime> first;
  for (const auto& [key, held] : pairs_) {
    const MonoTime due = held.made.mono + age_max_;
    if (held.pair && (!first || due < *first)) first = due;
  }
  return first;
}

}  // namespace assay::threshold
