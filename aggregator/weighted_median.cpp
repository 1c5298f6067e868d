#include "aggregator/weighted_median.hpp"

#include <algorithm>

#include "core/arith.hpp"
#include "core/check.hpp"

namespace assay::aggregator {

Ballot::Ballot(std::span<const Vote> votes) {
  for (const Vote& vote : votes) {
    if (vote.weight == 0) continue;
    votes_.push_back(vote);
    total_ += vote.weight;
  }
  check(total_ > 0, "a weighted median has weight");
  std::sort(votes_.begin(), votes_.end(), [](const Vote& a, const Vote& b) { return a.value < b.value; });
}

std::int64_t Ballot::median() const {
  std::uint64_t passed = 0;
  std::size_t at = 0;
  while (passed + votes_[at].weight < total_ - total_ / 2) passed += votes_[at++].weight;
  const bool exactly_half = total_ % 2 == 0 && passed + votes_[at].weight == total_ / 2;
  return exactly_half ? midpoint_floor(votes_[at].value, votes_[at + 1].value) : votes_[at].value;
}

std::int64_t Ballot::lower_quartile() const {
  const std::uint64_t quarter = total_ / 4 + (total_ % 4 != 0 ? 1 : 0);
  std::uint64_t passed = 0;
  std::size_t at = 0;
  while ((passed += votes_[at].weight) < quarter) ++at;
  return votes_[at].value;
}

std::int64_t Ballot::upper_quartile() const {
  const std::uint64_t quarter = total_ / 4 + (total_ % 4 != 0 ? 1 : 0);
  std::uint64_t passed = 0;
  std::size_t at = votes_.size() - 1;
  while ((passed += votes_[at].weight) < quarter) --at;
  return votes_[at].value;
}

}  // namespace assay::aggregator
