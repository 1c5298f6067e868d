#pragma once
#include <cstdint>
#include <optional>

#include "aggregator/impact.hpp"
#include "aggregator/number.hpp"
#include "aggregator/policy.hpp"
#include "aggregator/verdict.hpp"
#include "core/quote.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// What the book keeps of one source: the newest usable quote in exact numbers, and what earlier ones must be
/// remembered for. No allocation.
struct HeldQuote {
  bool heard{};
  Verdict fault =
      Verdict::silent;  ///< counted when bid, ask and middle are there; else no_two_sides, crossed, bad_price
  Number bid;
  Number ask;
  Number centre;  ///< middle of bid and ask; last where that stands in
  Number buy;     ///< impact prices; none when the book is not known
  Number sell;
  bool has_sides{};                  ///< bid and ask were told: the spread is the venue's own
  std::uint64_t depth{};             ///< within 1 %, in units of the quote
  std::optional<MonoTime> depth_at;  ///< when it was told; none: never
  std::optional<WallTime> venue_time;
  WallTime told_time;  ///< when it was said, by our clocks
  MonoTime told_mono;
  MonoTime recv_mono;  ///< until when it is known to stand: its age counts from here

  enum class Halt : std::uint8_t { none, halted, reopening };
  Halt halt = Halt::none;  ///< reopening: traded again, and no price was said since

  MonoTime unchanged_since;  ///< when these prices were first said
  std::int64_t said_at{};    ///< what the feed stood at then; 0: not known yet
  std::int64_t said_as{};    ///< what these prices were in the feed's pair then; 1 where nothing is converted
  bool left_behind{};        ///< since then the market in the source's own pair has moved by more than exclude_ppm
  Number settled;            ///< the newest price that is no unrepeated jump
  MonoTime jumped_at;        ///< when the jump was first said
  Number jumped;             ///< none: the newest price is settled
};

/// Whether a quote has the sides that its source is read by: bid and ask, or last where it may stand in.
bool has_sides(const Quote& quote, const SourcePolicy& source);

/// Takes over a quote of this source, unless what is held is better: one without the sides that its source is read by
/// never displaces one that has them, and neither does one that was said earlier or that the venue itself dated
/// earlier, while the held one is not too old. A repeated quote of what is held makes it younger and is no second word
/// for it. What it says of trading is taken over first; when trading begins again, what was held is forgotten.
///   jump_ppm  of the feed: a larger move against the source's own settled price must be repeated
void hold(HeldQuote& held, const Quote& quote, const SourcePolicy& source, std::uint32_t jump_ppm,
          Micros venue_future_max);

/// A jump counts once it is repeated, or this old.
inline constexpr Micros settle_after = millis(150);

}  // namespace assay::aggregator
