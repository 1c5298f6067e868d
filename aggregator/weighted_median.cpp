#include "aggregator/weighted_median.hpp"

#include "core/arith.hpp"
#include "core/check.hpp"

namespace assay::aggregator {

Ballot::Ballot(std::span<const Vote> votes) {
  check(votes.size() <= sources_max, "a ballot is of one feed's sources");
  for (const Vote& vote : votes) {
    if (vote.weight == 0) continue;
    std::size_t at = votes_.size();
    votes_.push_back(vote);
    total_ += vote.weight;
    for (; at > 0 && votes_[at - 1].value > vote.value; --at) votes_[at] = votes_[at - 1];
    votes_[at] = vote;
  }
  check(total_ > 0, "a weighted median has weight");
}

Ballot::Ballot(const Ballot& a, const Ballot& b, const Ballot& c) : Ballot(merged(merged(a, b), c)) {}

Ballot Ballot::merged(const Ballot& a, const Ballot& b) {
  Ballot out;
  out.total_ = a.total_ + b.total_;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.votes_.size() && j < b.votes_.size()) {
    // Who is next is a coin toss that no processor guesses: both are read, and one of the two counters moves.
    const Vote& left = a.votes_[i];
    const Vote& right = b.votes_[j];
    const bool turn = right.value < left.value;
    out.votes_.push_back(turn ? right : left);
    j += turn ? 1 : 0;
    i += turn ? 0 : 1;
  }
  for (; i < a.votes_.size(); ++i) out.votes_.push_back(a.votes_[i]);
  for (; j < b.votes_.size(); ++j) out.votes_.push_back(b.votes_[j]);
  return out;
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
