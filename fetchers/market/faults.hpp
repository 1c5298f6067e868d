#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace assay::fetchers::market {

/// How a venue misbehaves on command. One at a time, but for halted and delisted instruments, which are beside it.
enum class FaultKind : std::uint8_t {
  none,
  outage,        ///< connections are cut, new ones and requests answered with 503
  lie,           ///< every price times the factor
  stuck,         ///< prices stay what they were, times go on
  wick,          ///< every tenth step the price times the factor (one half unless given)
  malformed,     ///< every message is cut off in the middle
  crossed,       ///< bid and ask change places
  wash,          ///< every trade's size times the factor (a thousand unless given), and so the volume
  silent,        ///< connections stay open, nothing is said; requests wait for the delay
  late,          ///< everything is said after the delay (a second unless given)
  rate_limited,  ///< requests are answered with 429, upgrades too; Retry-After as given
  banned,        ///< the same with 418
  slow,          ///< slow-loris: a byte at a time, one each delay (a second unless given)
  drip,          ///< the same below TLS: the bytes of its records come like that, each record cut anywhere
  gap,           ///< of each connection every tenth frame is lost on the way
  bad_checksum,  ///< checksums of books are those of other books
  halt,          ///< the named instrument is not traded, where the venue tells; its prices go on
  delisted,      ///< the named instrument is gone from lists and answers, its stream says nothing more
};

struct Fault {
  FaultKind kind = FaultKind::none;
  std::int64_t factor_e6 = 1'000'000;  ///< 1..1e12; used by lie, wick and wash
  Micros delay = millis(1000);         ///< 1 ms..10 min; used by silent, late, slow and drip
  std::uint32_t retry_after_s = 2;     ///< used by rate_limited and banned
  std::string symbol{};                ///< of halt and delisted: "BTC/USD", "*" is every one; with none: whose ends
};

/// Whether a fault is of named instruments.
bool concerns_instruments(FaultKind kind) noexcept;

/// A fault with what it has unless told otherwise.
Fault fault_of(FaultKind kind);

/// "lie" and the like; none for another word.
std::optional<FaultKind> fault_kind(std::string_view word);
std::string_view name(FaultKind kind) noexcept;
/// All words, with commas: for people.
std::string fault_words();

/// A positive decimal of at most six places as a factor: "10", "0.5", "1.000001".
std::optional<std::int64_t> factor_e6(std::string_view text);

/// The price that a venue under this fault states at this step. `stuck` is the caller's business: it holds the old one.
std::int64_t faulty_price(std::int64_t price_e8, const Fault& fault, std::uint64_t step);

/// What a venue under this fault sends in place of `message`.
std::string faulty_message(std::string message, const Fault& fault);

}  // namespace assay::fetchers::market
