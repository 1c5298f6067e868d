#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/quote_book.hpp"
#include "fetchers/quote_lines.hpp"

namespace assay::node {

/// A quote that is about the feed, of a source that the network file does not list.
struct UnlistedQuote {
  std::string venue;
  std::string symbol;
  aggregator::Number price;  ///< middle of bid and ask, else last; none when neither
};

/// Quotes replayed through the node's own book, without a wall clock: time is what the lines say. Symbols are matched
/// as the running node does it: as configured, or by their canonical base and quote. A line whose symbol is spelled in
/// yet another way is taken for the one source of its venue that prices the line's base in its quote.
class Replay {
 public:
  /// feed is a node of policy; only what it needs is computed.
  Replay(const aggregator::AggregationPolicy& policy, std::size_t feed);

  /// Lines in ascending time; earlier ones than before are taken all the same.
  void take(const fetchers::QuoteLine& line);
  /// The opinion at `at`: steps the book.
  void observe(WallTime at);

  const aggregator::QuoteBook& book() const { return book_; }
  std::size_t node() const { return node_; }  ///< the feed in book()
  const std::vector<UnlistedQuote>& unlisted() const { return unlisted_; }
  /// Why the newest line of a source is no price, by (venue, symbol).
  const std::map<std::pair<std::string, std::string>, Error>& refusals() const { return refusals_; }

 private:
  /// A symbol that the network file names, and what it prices.
  struct Instrument {
    std::string symbol;
    std::string base;
    std::string quote;
  };

  std::optional<std::string> symbol_of(const fetchers::QuoteLine& line) const;
  void list(const fetchers::QuoteLine& line);

  aggregator::QuoteBook book_;
  std::size_t node_ = 0;
  std::map<std::string, std::vector<Instrument>, std::less<>> instruments_;  ///< configured anywhere, by venue
  std::vector<UnlistedQuote> unlisted_;
  std::map<std::pair<std::string, std::string>, Error> refusals_;
};

/// Steps the book at every moment at which a quote came, up to `at`, and then at `at`.
void replay_until(Replay& replay, std::span<const fetchers::QuoteLine> lines, WallTime at);

}  // namespace assay::node
