#include "fetchers/venues/coinbase_exchange.hpp"

#include <algorithm>
#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/coinbase_exchange_rest.hpp"

namespace assay::fetchers {

namespace {

/// Single orders of the full channel: each changes the book, none is a price that the market agreed on.
constexpr std::array<std::string_view, 7> order_events = {"l2update", "received", "open", "done",
                                                          "change",   "activate", "noop"};

constexpr std::array<std::string_view, 3> subscribe_frames = {"subscribe", "unsubscribe", "level3"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Said at every trade, and once when subscribed: its time is that of the last one.
ParsedItem read_ticker(JsonValue message) {
  return dated_aside(make_quote(coinbase_instrument(message["product_id"].text()), QuoteKind::ticker,
                                {.bid = message["best_bid"],
                                 .ask = message["best_ask"],
                                 .last = message["price"],
                                 .base_volume = message["volume_24h"]},
                                time_from_iso(message["time"].text())));
}

ParsedItem read_match(JsonValue message) {
  return make_quote(coinbase_instrument(message["product_id"].text()), QuoteKind::trade,
                    {.bid = {}, .ask = {}, .last = message["price"], .base_volume = {}},
                    time_from_iso(message["time"].text()));
}

ParsedItem read_message(JsonValue message) {
  const std::string_view type = message["type"].text();
  if (type == "ticker" || type == "ticker_batch") {
    return read_ticker(message);
  }
  if (type == "match" || type == "last_match" || type == "rfq_match") {
    return read_match(message);
  }
  if (type == "snapshot") {
    return make_book(coinbase_instrument(message["product_id"].text()), message["bids"], message["asks"], {},
                     time_from_iso(message["time"].text()));
  }
  if (is_one_of(type, order_events)) {
    return Control{"delta"};
  }
  if (type == "heartbeat" || type == "status") {
    return Control{std::string(type)};
  }
  if (type == "auction") {
    return Control{"status"};
  }
  if (type == "subscriptions") {
    return Control{"ack"};
  }
  if (is_one_of(type, subscribe_frames)) {
    return Control{"subscribe"};
  }
  if (type == "error") {
    return venue_refusal(std::string(message["message"].text()) + ": " + std::string(message["reason"].text()));
  }
  return Refusal{.error = {Errc::unsupported, "a message type that is not read"}, .text = printable(type)};
}

std::string beat_of(const std::string& product) {
  return "heartbeat " + product;
}

}  // namespace

void CoinbaseExchangeAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view /*symbol*/,
                                         Parsed& out) const {
  // The level3 channel sends changes of single orders as compact lists: ["change", product, ...].
  if (message.is_array() && is_one_of(message.at(0).text(), order_events)) {
    return add_item(out, Control{"delta"});
  }
  if (message["type"].text() == "status") {
    for (const JsonValue product : message["products"]) note_coinbase_trading(product, out);
  }
  add_item(out, message["type"].is_string() ? read_message(message) : missing("a message has a type"));
}

void CoinbaseExchangeAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol,
                                      Parsed& out) const {
  const Endpoint asked = split_endpoint(endpoint);
  const std::string product =
      !symbol.empty() ? std::string(symbol)
                      : segment_after(asked, "products").value_or(segment_after(asked, "prices").value_or(""));
  read_coinbase_rest(product, body, out);
}

/// A heartbeat names the newest trade of its product: when the next one comes, that trade's ticker must have come too.
std::string CoinbaseExchangeAdapter::remember(JsonValue message, StreamMemory& memory) const {
  const std::string product(message["product_id"].text());
  const std::string_view type = message["type"].text();
  const bool is_beat = type == "heartbeat";
  const auto trade = whole_number(message[is_beat ? "last_trade_id" : "trade_id"].text());
  if (product.empty() || !trade || (!is_beat && type != "ticker")) return {};
  const bool known = memory.counters.contains(product) || memory.counters.contains(beat_of(product));
  if (!known && memory.counters.size() + 2 > channels_max) return {};
  if (!is_beat) {
    memory.counters[product] = *trade;
    return {};
  }
  const auto told = memory.counters.find(beat_of(product));
  const auto ticked = memory.counters.find(product);
  if (told != memory.counters.end() && ticked != memory.counters.end()) {
    memory.missed = ticked->second < told->second;
  }
  memory.counters[beat_of(product)] = *trade;
  return {};
}

Subscription CoinbaseExchangeAdapter::subscribe(std::span<const std::string> symbols) const {
  return {.target = "/",
          .frames = {R"({"type":"subscribe","product_ids":)" + json_list(symbols) +
                     R"(,"channels":["ticker","heartbeat","status"]})"}};
}

std::vector<std::string> CoinbaseExchangeAdapter::rest_targets(std::span<const std::string> symbols) const {
  std::vector<std::string> targets;
  for (const std::string& symbol : symbols) {
    targets.push_back("/products/" + percent_encoded(symbol) + "/ticker");
  }
  return targets;
}

}  // namespace assay::fetchers
