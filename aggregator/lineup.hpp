#pragma once
#include <cstdint>
#include <span>

#include "aggregator/bounded.hpp"
#include "aggregator/candidate.hpp"
#include "aggregator/weighted_median.hpp"

namespace assay::aggregator {

/// The candidates of a feed with their weights, and the order of their prices. Whatever else is asked of them in this
/// order, bids, asks, ends of uncertainty, is nearly in order already, which is what a Ballot is quick at.
struct Lineup {
  std::span<const Candidate> candidates;         ///< 0..64, ascending by source
  std::span<const std::uint64_t> weights;        ///< parallel; 0 leaves a candidate out
  Bounded<std::uint8_t, sources_max> ascending;  ///< places of the candidates, by price, then by place
};

/// Borrows both.   cost  O(n^2), no allocation;  pure
Lineup lineup_of(std::span<const Candidate> candidates, std::span<const std::uint64_t> weights);

/// What the candidates with a weight say, each with that weight.   value_of  fits 63 bits
template <class ValueOf>
Ballot ballot_of(const Lineup& lineup, ValueOf value_of) {
  Bounded<Vote, sources_max> votes;
  for (const std::size_t at : lineup.ascending) {
    votes.push_back({static_cast<std::int64_t>(value_of(lineup.candidates[at])), lineup.weights[at]});
  }
  return Ballot(std::span(votes.data(), votes.size()));
}

}  // namespace assay::aggregator
