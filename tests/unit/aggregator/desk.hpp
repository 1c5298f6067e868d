#pragma once
#include "support.hpp"

/// Vocabulary for networks of several pairs, and a book with both clocks moved by hand.
namespace assay::aggregator {

inline SourcePolicy via(std::string venue, std::string pair, std::vector<std::string> legs) {
  SourcePolicy out = source(venue, 0);
  out.symbol = pair;
  const std::size_t slash = pair.find('/');
  out.base = pair.substr(0, slash);
  out.quote = pair.substr(slash + 1);
  out.via = std::move(legs);
  return out;
}

/// A feed at 10^-8 whose sources are each a group of its own.
inline FeedPolicy pair_feed(std::string symbol, std::vector<SourcePolicy> sources) {
  FeedPolicy feed = some_feed(0);
  const std::size_t slash = symbol.find('/');
  feed.base = symbol.substr(0, std::min(slash, symbol.find('_')));
  feed.quote = symbol.substr(slash + 1);
  feed.quote = feed.quote.substr(0, feed.quote.find('_'));
  feed.terms = FeedTerms{symbol, feed_id(symbol), -8, millis(3000)};
  feed.floor_price = 1;
  feed.ceiling_price = price_mantissa_max;
  feed.leg_share_max_ppm = 1'000'000;
  for (std::size_t i = 0; i < sources.size(); ++i) sources[i].group = static_cast<std::uint16_t>(i + 1);
  feed.sources = std::move(sources);
  return feed;
}

inline AggregationPolicy network_of(std::vector<FeedPolicy> feeds) {
  AggregationPolicy policy = some_policy();
  policy.feeds = std::move(feeds);
  return policy;
}

/// A book and both clocks.
class Exchange {
 public:
  explicit Exchange(AggregationPolicy policy) : book(std::move(policy)) {}

  void says(const std::string& venue, const std::string& symbol, const char* bid, const char* ask) {
    Quote quote;
    quote.venue = venue;
    quote.symbol = symbol;
    quote.bid = parse_decimal(bid).value();
    quote.ask = parse_decimal(ask).value();
    tell(quote);
  }
  void tell(Quote quote) {
    quote.recv_mono = mono;
    quote.recv_time = wall;
    book.accept(quote);
  }
  void passes(Micros span) {
    mono = mono + span;
    wall = wall + span;
  }
  const FeedReport& report(const char* symbol) {
    book.observe(mono, wall);
    return book.report(find_node(book.policy(), symbol).value());
  }
  std::string price(const char* symbol) {
    const FeedReport& found = report(symbol);
    return found.entry ? to_text(found.entry->price, -8) : "absent";
  }
  bool says_of(const char* symbol, std::uint16_t bit) {
    const FeedReport& found = report(symbol);
    return found.entry && (found.entry->reasons & bit) != 0;
  }

  QuoteBook book;
  MonoTime mono{1'000'000'000};
  WallTime wall = noon;
};

}  // namespace assay::aggregator
