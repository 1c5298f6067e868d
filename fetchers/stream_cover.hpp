#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "core/quote.hpp"
#include "core/time.hpp"

namespace assay::fetchers {

/// What a venue's streams tell, so that polling may rest while they tell it all, and whether the two roads agree.
/// Pure; a few words a symbol, of those that are configured.
class StreamCover {
 public:
  /// A quote with bid and ask that came by stream; others are passed over: they do not replace a poll.
  void streamed(const Quote& quote);
  /// The streams are down: what they said covers nothing any more.
  void forget() { newest_.clear(); }

  /// True when every symbol was told by stream, both sides, within the last quiet_max, and agreed when it was compared.
  bool covers(std::span<const std::string> symbols, MonoTime now, Micros quiet_max) const;

  /// Compares a polled quote with what the stream says of the same symbol at the same time (fresh_max).
  ///   returns  how many times in a row they have been further apart than apart_max_ppm; 0 when they agree, when one
  ///            side is missing or the streamed one is older
  std::uint32_t disagreement(const Quote& polled);

  static constexpr Micros fresh_max = millis(2'000);
  static constexpr std::int64_t apart_max_ppm = 10'000;
  static constexpr std::uint32_t disagreements_max = 3;  ///< so many in a row, and a stream is not believed any more

 private:
  struct Said {
    Decimal bid;
    Decimal ask;
    MonoTime at;
    std::uint32_t apart = 0;
  };
  std::map<std::string, Said, std::less<>> newest_;
};

}  // namespace assay::fetchers
