#pragma once
#include <compare>
#include <map>
#include <optional>

#include "threshold/messages.hpp"
#include "threshold/protocol.hpp"

namespace assay::threshold {

/// What a nonce pair was made for. A pair serves exactly one purpose, once.
enum class NoncePurpose : std::uint8_t {
  observation = 0,  ///< attempt 0 of a fresh proposal
  view_entry = 1,   ///< attempt 0 of a re-proposal
  retry = 2,        ///< a later attempt, for one coordinator
};

struct NonceKey {
  View view;
  Height height;
  NoncePurpose purpose{};
  std::uint8_t attempt{};
  friend constexpr auto operator<=>(const NonceKey&, const NonceKey&) = default;
};

/// My secret nonce pairs: in RAM only, each bound to (cfg, boot, view, height, purpose) by where its commitment was
/// published; wiped on use, on a view change, at nonce_age_max on either clock, or when the clocks disagree about
/// their age (a suspended or copied machine).
class NonceStore {
 public:
  static constexpr std::size_t pairs_max = 64;

  NonceStore(const frost::SecretShare& share, Entropy& entropy, const Timing& timing);

  const BootId& boot() const noexcept { return boot_; }
  /// A fresh pair for `key`; nothing when that key had its pair already (one pair per purpose, ever) or at pairs_max.
  std::optional<frost::Commitment> make(const NonceKey& key, Now now);
  /// Hands the pair out and forgets it; nothing when it is spent, void or too old.
  std::optional<frost::NoncePair> take(const NonceKey& key, Now now);

  void expire(Now now);
  void wipe();                                  ///< all pairs: view change
  void forget_below(View view, Height height);  ///< pairs and marks that can never be asked for again
  std::size_t size() const noexcept { return pairs_.size(); }
  std::optional<MonoTime> deadline() const;

 private:
  struct Held {
    std::optional<frost::NoncePair> pair;  ///< none: spent or void, the mark stays
    Now made;
  };
  bool too_old(const Held& held, Now now) const;

  const frost::SecretShare& share_;
  Entropy& entropy_;
  Micros age_max_;
  Micros clock_error_;
  BootId boot_{};
  std::map<NonceKey, Held> pairs_;
};

}  // namespace assay::threshold
