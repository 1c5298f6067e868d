#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "aggregator/quote_book.hpp"
#include "node/replay.hpp"

namespace assay::node {

/// One conclusion of a node's book in words: the document of `assay explain` and of `/v1/explain/BTC-USD`.
struct Explanation {
  const aggregator::QuoteBook& book;
  std::size_t node{};  ///< feed or leg, as of the last observe()
  WallTime at;
  std::span<const UnlistedQuote> unlisted = {};
  const std::map<std::pair<std::string, std::string>, Error>* refusals = nullptr;
};

/// {"at_ms","feed","state","price","bid","ask","confidence","depth_usd","groups","reasons","sources":[{"venue","symbol",
/// "price","converted","uncertainty","weight_ppm","counted","reason"}]}: one line. Prices are decimals as text, digit
/// for digit; null where there is none; reason is null for a source that counted.
std::string explain_json(const Explanation& what);

/// The same for people: what the price is, what it rests on, and why each source counts or not.
std::string explain_text(const Explanation& what);

/// One line a step: time, state, price, confidence, groups, reasons.
std::string explain_step_text(const Explanation& what);

}  // namespace assay::node
