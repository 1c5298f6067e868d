#pragma once
#include <cstdint>
#include <vector>

namespace assay::aggregator {

/// Order statistics of a committee's values: unweighted, one vote a member. The values are taken by copy and sorted
/// by value alone, so the order of members cannot matter. All need at least one value (check()). Pure, any thread.

/// The middle value; the floor of the mean of the two middle ones for an even count (docs/aggregation.md T3).
std::int64_t median(std::vector<std::int64_t> values);
std::uint64_t median(std::vector<std::uint64_t> values);

/// The middle value; the lower of the two middle ones for an even count: always one of the given values.
std::uint8_t lower_median(std::vector<std::uint8_t> values);

/// Median, and the extreme ranks f+1 and k-f that f liars among k values cannot push out of the honest hull.
struct Spread {
  std::int64_t low{};     ///< x_(f+1)
  std::int64_t middle{};  ///< median
  std::int64_t high{};    ///< x_(k-f)
};
/// f < values.size() - f, which k >= 2f+1 gives (check()).
Spread spread(std::vector<std::int64_t> values, std::size_t faulty_max);

}  // namespace assay::aggregator
