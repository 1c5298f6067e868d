#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::fetchers::market {

/// How a venue misbehaves on command.
enum class FaultKind : std::uint8_t {
  none,
  outage,     ///< connections are cut, new ones and requests answered with 503
  lie,        ///< every price times the factor
  stuck,      ///< prices stay what they were, times go on
  wick,       ///< every tenth step the price times the factor (one half unless given)
  malformed,  ///< every message is cut off in the middle
};

struct Fault {
  FaultKind kind = FaultKind::none;
  std::int64_t factor_e6 = 1'000'000;  ///< 1..1e12; used by lie and wick
};

/// "lie" and the like; none for another word.
std::optional<FaultKind> fault_kind(std::string_view word);
std::string_view name(FaultKind kind) noexcept;

/// A positive decimal of at most six places as a factor: "10", "0.5", "1.000001".
std::optional<std::int64_t> factor_e6(std::string_view text);

/// The price that a venue under this fault states at this step. `stuck` is the caller's business: it holds the old one.
std::int64_t faulty_price(std::int64_t price_e8, const Fault& fault, std::uint64_t step);

/// What a venue under this fault sends in place of `message`.
std::string faulty_message(std::string message, const Fault& fault);

}  // namespace assay::fetchers::market
