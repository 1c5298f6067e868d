#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/quote.hpp"
#include "core/time.hpp"

namespace assay::fetchers {

/// What a venue's streams tell, so that polling may rest while they tell it all, and whether the two roads agree.
/// Pure; a few words a symbol, of those that are configured.
class StreamCover {
 public:
  /// A quote with bid and ask that came by stream; others are passed over: they do not replace a poll.
  void streamed(const Quote& quote);
  /// The streams are down: what they said covers nothing any more. Who was contradicted stays so.
  void forget() { newest_.clear(); }

  /// True when every symbol was told by stream, both sides, within the last quiet_max, and agreed when it was compared.
  bool covers(std::span<const std::string> symbols, MonoTime now, Micros quiet_max) const;

  /// Compares a polled quote with all that the stream said of the same symbol in the last range_min and more: an answer
  /// that a venue keeps for a second is no contradiction while the price runs.
  ///   returns  how many times in a row they have been further apart than apart_max_ppm; 0 when they agree, when one
  ///            side is missing or the stream has been silent for fresh_max
  std::uint32_t disagreement(const Quote& polled);

  /// True from the disagreements_max'th such answer in a row until one agrees, or until nothing was polled for
  /// lapse_after: what the stream says of this symbol is not to count.
  bool contradicts(std::string_view symbol, MonoTime now) const;
  std::vector<std::string> contradicted(MonoTime now) const;

  static constexpr Micros fresh_max = millis(2'000);
  static constexpr Micros range_min = millis(3'000);  ///< to twice that
  static constexpr Micros lapse_after = millis(60'000);
  static constexpr std::int64_t apart_max_ppm = 10'000;
  static constexpr std::uint32_t disagreements_max = 3;  ///< so many in a row, and a stream is not believed any more

 private:
  struct Range {
    Decimal low;   ///< least bid
    Decimal high;  ///< greatest ask
  };
  struct Said {
    MonoTime at;
    MonoTime since;  ///< when `now` began
    Range now;
    Range before;
    std::uint32_t apart = 0;
  };
  std::map<std::string, Said, std::less<>> newest_;
  std::map<std::string, MonoTime, std::less<>> contradicted_;  ///< when it was polled last
};

}  // namespace assay::fetchers
