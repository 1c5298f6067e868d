#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace assay {

/// State of a feed in one batch, ascending in severity: where several apply, the worst wins.
enum class Status : std::uint8_t {
  invalid = 0,       ///< never signed
  ok = 1,            ///< fresh price
  wide = 2,          ///< fresh, but confidence or sources are poor
  divergent = 3,     ///< fresh, venues disagree: clusters, or too much to call outliers
  depeg = 4,         ///< fresh, the feed or a leg of it left its peg
  jump = 5,          ///< fresh, a move not yet confirmed
  stale = 6,         ///< carried: sources too old
  insufficient = 7,  ///< carried: too few valid observations, or never priced
  halted = 8,        ///< carried: out of the sanity band
  closed = 9,        ///< carried: market closed by the calendar
};

/// True for the statuses that carry a fresh price.
constexpr bool is_priced(Status s) {
  return s >= Status::ok && s <= Status::jump;
}
/// "ok", "wide", ...
std::string_view name(Status status) noexcept;

/// Reason bits: set in a leaf when f+1 observers set them.
namespace reason {
inline constexpr std::uint16_t few_sources = 1U << 0U;   ///< degraded observation: too few groups, or weight
inline constexpr std::uint16_t divergent = 1U << 1U;     ///< venues disagree
inline constexpr std::uint16_t depeg = 1U << 2U;         ///< the feed or a leg of it is off its peg
inline constexpr std::uint16_t excluded = 1U << 3U;      ///< at least one venue was left out as an outlier
inline constexpr std::uint16_t venue_down = 1U << 4U;    ///< at least one configured venue is silent or halted
inline constexpr std::uint16_t rate_limit = 1U << 5U;    ///< a redemption rate moved faster than allowed
inline constexpr std::uint16_t known = (1U << 6U) - 1U;  ///< every bit with a meaning
}  // namespace reason

/// One feed's entry in a batch; `docs/wire.md` shows each byte. Prices are mantissas at 10^exponent.
struct Leaf {
  FeedId feed;
  Height height;
  std::int8_t exponent{};
  Status status{};
  std::uint16_t reasons{};
  std::uint8_t observers{};  ///< valid entries that were aggregated
  std::uint8_t sources{};    ///< lower median of the observers' independent groups
  std::int64_t price{};
  std::int64_t bid{};
  std::int64_t ask{};
  std::uint64_t confidence{};
  std::int64_t ema{};
  std::uint32_t ema_fraction{};  ///< 2^-32 of a mantissa unit
  std::uint64_t depth_usd{};
  WallTime src_time;
  WallTime publish_time;
  WallTime prev_publish_time;
  WallTime valid_until;
  std::int64_t ref_price{};
  std::uint8_t run{};

  friend bool operator==(const Leaf&, const Leaf&) = default;
};

inline constexpr std::size_t leaf_size = 140;
inline constexpr std::uint8_t leaf_version = 1;
using LeafBytes = std::array<std::uint8_t, leaf_size>;

LeafBytes encode(const Leaf& leaf);

/// Total. errors  truncated, trailing_bytes, bad_version, bad_status (status 0 or above 9, unknown reason bit),
///   out_of_range: once priced (publish_time not 0, carried ones too) without 0 < bid <= price <= ask <= 2^62 and
///   0 < confidence <= price; never priced (publish_time 0) with a priced status or a value that is not zero.
Result<Leaf> decode_leaf(ByteSpan bytes);

}  // namespace assay
