#pragma once
#include <cstdint>
#include <span>

#include "aggregator/bounded.hpp"

namespace assay::aggregator {

/// A value and how much it counts. Weights of one sample sum to less than 2^63.
struct Vote {
  std::int64_t value{};
  std::uint64_t weight{};
};

/// Three of each source.
inline constexpr std::size_t votes_max = 3 * sources_max;

/// Votes in ascending order of value, ready for any quantile. Equal values stay equal whatever their order was: only
/// values and summed weights are ever read. Pure, any thread.
class Ballot {
 public:
  /// Up to sources_max votes with a positive total weight (check()).
  ///   cost  O(n^2), and O(n) where they are nearly in order: for so few that is the quickest. No allocation
  explicit Ballot(std::span<const Vote> votes);
  /// All votes of three ballots.   cost  O(n)
  Ballot(const Ballot& a, const Ballot& b, const Ballot& c);

  /// Weighted median: the value at which half of the weight is passed; where a prefix holds exactly half, the floor of
  /// the mean with the value after it. Votes of less than half of the weight cannot move it out of the others' hull.
  std::int64_t median() const;
  /// Smallest value such that at least a quarter of the weight lies at or below it.
  std::int64_t lower_quartile() const;
  /// Largest value such that at least a quarter of the weight lies at or above it.
  std::int64_t upper_quartile() const;

 private:
  Ballot() = default;
  static Ballot merged(const Ballot& a, const Ballot& b);

  Bounded<Vote, votes_max> votes_;
  std::uint64_t total_ = 0;
};

}  // namespace assay::aggregator
