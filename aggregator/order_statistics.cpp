#include "aggregator/order_statistics.hpp"

#include <algorithm>

#include "core/arith.hpp"
#include "core/check.hpp"
#include "core/mutants.hpp"

namespace assay::aggregator {
namespace {

std::int64_t middle_of_sorted(const std::vector<std::int64_t>& sorted) {
  const std::size_t upper = sorted.size() / 2 - (planted(Mutant::wrong_rank) && sorted.size() > 2 ? 1 : 0);
  return sorted.size() % 2 == 1 ? sorted[upper] : midpoint_floor(sorted[upper - 1], sorted[upper]);
}

}  // namespace

std::int64_t median(std::vector<std::int64_t> values) {
  check(!values.empty(), "a median has at least one value");
  std::sort(values.begin(), values.end());
  return middle_of_sorted(values);
}

std::uint64_t median(std::vector<std::uint64_t> values) {
  check(!values.empty(), "a median has at least one value");
  std::sort(values.begin(), values.end());
  const std::size_t upper = values.size() / 2;
  if (values.size() % 2 == 1) return values[upper];
  return values[upper - 1] + (values[upper] - values[upper - 1]) / 2;
}

std::uint8_t lower_median(std::vector<std::uint8_t> values) {
  check(!values.empty(), "a median has at least one value");
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

Spread spread(std::vector<std::int64_t> values, std::size_t faulty_max) {
  check(values.size() > 2 * faulty_max, "a spread needs more than 2f values");
  std::sort(values.begin(), values.end());
  return Spread{values[faulty_max], middle_of_sorted(values), values[values.size() - faulty_max - 1]};
}

}  // namespace assay::aggregator
