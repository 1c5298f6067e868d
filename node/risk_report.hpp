#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/quote_book.hpp"
#include "aggregator/risk.hpp"
#include "core/result.hpp"

namespace assay::node {

/// What it costs to move one feed, for people and for programs.
struct FeedRiskReport {
  std::string symbol;
  std::string state;  ///< of the observation that it rests on: ok, degraded, divergent, absent; "configured": none
  std::string price;  ///< decimal text; empty without an observation
  std::uint64_t
      depth_usd{};  ///< what the leaf would attest: weighted median of executable depth within 1 %; 0: unknown
  aggregator::MoveCosts costs{};
};

/// From the last observe() of a book that holds this feed or leg.
FeedRiskReport observed_risk(const aggregator::QuoteBook& book, std::size_t node);
/// From what a running node tells at /v1/venues, by node number of the policy that its network file gives.
///   errors  malformed: not such a document
Result<std::vector<FeedRiskReport>> told_risk(const aggregator::AggregationPolicy& policy, std::string_view document);
/// From the configured weights alone: how many books hold half, and nothing of what they cost.
FeedRiskReport configured_risk(const aggregator::FeedPolicy& feed);

/// {"feed","state","price","depth_usd","books_needed","unknown_ppm","moves":[{"ppm","least_usd","enough_usd"}]}: one
/// line. Integers are text; price is null without an observation, depth_usd and enough_usd where they are not known.
std::string risk_json(const FeedRiskReport& report);
/// A table, with what its columns mean.
std::string risk_text(const std::vector<FeedRiskReport>& reports);

}  // namespace assay::node
