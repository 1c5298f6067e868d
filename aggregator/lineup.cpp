#include "aggregator/lineup.hpp"

namespace assay::aggregator {

Lineup lineup_of(std::span<const Candidate> candidates, std::span<const std::uint64_t> weights) {
  struct Place {
    std::int64_t price;
    std::uint8_t at;
  };
  Bounded<Place, sources_max> places;
  for (std::uint8_t at = 0; at < candidates.size(); ++at) {
    const Place own{candidates[at].price, at};
    places.push_back(own);
    std::size_t to = at;
    for (; to > 0 && places[to - 1].price > own.price; --to) places[to] = places[to - 1];
    places[to] = own;
  }
  Lineup out{candidates, weights, {}};
  for (const Place& place : places) out.ascending.push_back(place.at);
  return out;
}

}  // namespace assay::aggregator
