#include "fetchers/venues/coinbase_advanced.hpp"

#include <vector>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/coinbase_exchange_rest.hpp"

namespace assay::fetchers {

namespace {

constexpr LevelNames level_names{.price = "price", .size = "size"};

/// "BTC-USD"; futures as "BIP-20DEC30-CDE" do not tell their sides, perpetuals are "BTC-PERP-INTX".
Instrument product(std::string_view id) {
  Instrument instrument = coinbase_instrument(id);
  if (id.ends_with("-PERP-INTX")) {
    instrument.pair.quote = "USDC";
  } else if (instrument.pair.quote.find('-') != std::string::npos) {
    instrument.pair = {};
  }
  return instrument;
}

ParsedItem read_ticker(JsonValue ticker, std::optional<WallTime> time) {
  return make_listed_quote(product(ticker["product_id"].text()), QuoteKind::ticker,
                           {.bid = ticker["best_bid"],
                            .ask = ticker["best_ask"],
                            .last = ticker["price"],
                            .base_volume = ticker["volume_24_h"]},
                           time);
}

ParsedItem read_trade(JsonValue trade) {
  return make_quote(product(trade["product_id"].text()), QuoteKind::trade, last_only(trade["price"]),
                    time_from_iso(trade["time"].text()));
}

ParsedItem read_candle(std::string_view id, JsonValue candle) {
  return make_quote(product(first_text({candle["product_id"].text(), id})), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = candle["close"], .base_volume = candle["volume"]},
                    time_from_epoch(candle["start"].text(), TimeUnit::seconds));
}

ParsedItem read_levels(JsonValue event, std::optional<WallTime> time) {
  if (event["type"].text() != "snapshot") {
    return Control{"delta"};
  }
  std::vector<BookLevel> levels;
  for (const JsonValue update : event["updates"]) {
    levels.push_back({.side = update["side"].text() == "bid" ? BookSide::bid : BookSide::ask,
                      .price = update["price_level"],
                      .size = update["new_quantity"]});
  }
  return make_book(product(event["product_id"].text()), levels, time);
}

void read_event(std::string_view channel, JsonValue event, std::optional<WallTime> time, Parsed& out) {
  if (channel == "l2_data" || channel == "level2") {
    return add_item(out, read_levels(event, time));
  }
  if (channel == "market_trades") {
    return read_each(event["trades"], out, read_trade);
  }
  if (channel == "candles") {
    return read_each(event["candles"], out, [](JsonValue candle) { return read_candle({}, candle); });
  }
  read_each(event["tickers"], out, [&](JsonValue ticker) { return read_ticker(ticker, time); });
}

void read_channel(std::string_view channel, JsonValue message, Parsed& out) {
  if (channel == "subscriptions") {
    return add_item(out, Control{"ack"});
  }
  if (channel == "status") {
    for (const JsonValue event : message["events"]) {
      for (const JsonValue product : event["products"]) note_coinbase_trading(product, out);
    }
  }
  if (channel == "heartbeats" || channel == "status") {
    return add_item(out, Control{channel == "status" ? "status" : "heartbeat"});
  }
  if (channel != "l2_data" && channel != "level2" && channel != "market_trades" && channel != "candles" &&
      channel != "ticker" && channel != "ticker_batch") {
    return add_item(out, unsupported(channel));
  }
  const JsonValue events = message["events"];
  if (!events.is_array()) {
    return add_item(out, missing("a channel message has a list of events"));
  }
  if (events.size() == 0) {
    return add_item(out, Control{"empty"});
  }
  const auto time = time_from_iso(message["timestamp"].text());
  for (const JsonValue event : events) {
    read_event(channel, event, time, out);
  }
}

/// {"trades":[newest, ...],"best_bid","best_ask"}: the trades tell the last price and when.
ParsedItem read_trades_and_best(std::string_view id, JsonValue body) {
  const JsonValue newest = body["trades"].at(0);
  return dated_aside(
      make_quote(product(first_text({id, newest["product_id"].text()})), QuoteKind::ticker,
                 {.bid = body["best_bid"], .ask = body["best_ask"], .last = newest["price"], .base_volume = {}},
                 time_from_iso(newest["time"].text())));
}

/// A list tells the sides of a future too.
ParsedItem read_product(JsonValue entry) {
  Instrument instrument = product(entry["product_id"].text());
  if (instrument.pair.base.empty()) {
    instrument.pair = {.base = canonical_asset(entry["base_display_symbol"].text()),
                       .quote = canonical_asset(entry["quote_display_symbol"].text())};
  }
  return make_listed_quote(instrument, QuoteKind::ticker,
                           {.bid = {}, .ask = {}, .last = entry["price"], .base_volume = entry["volume_24h"]},
                           std::nullopt);
}

ParsedItem read_book(std::string_view id, JsonValue book) {
  return make_book(product(first_text({book["product_id"].text(), id})), book["bids"], book["asks"], level_names,
                   time_from_iso(book["time"].text()));
}

void read_answer(std::string_view id, JsonValue body, Parsed& out) {
  if (body["data"].exists() || body["errors"].exists()) {
    return read_coinbase_rest(id, body, out);
  }
  if (body["error"].is_string() || (body["message"].is_string() && !body["product_id"].exists())) {
    return add_item(out, venue_refusal(std::string(body["error"].text()) + " " + std::string(body["message"].text())));
  }
  if (body["pricebook"].is_object()) {
    return add_item(out, read_book(id, body["pricebook"]));
  }
  if (body["pricebooks"].is_array()) {
    return read_each(body["pricebooks"], out, [&](JsonValue book) { return read_book(id, book); });
  }
  if (body["candles"].is_array()) {
    return read_each(body["candles"], out, [&](JsonValue candle) { return read_candle(id, candle); });
  }
  if (body["products"].is_array()) {
    return read_each(body["products"], out, read_product);
  }
  if (body["best_bid"].exists() || body["best_ask"].exists()) {
    return add_item(out, read_trades_and_best(id, body));
  }
  if (body["product_id"].exists()) {
    return add_item(out, read_product(body));
  }
  if (body["epochSeconds"].exists()) {
    return add_item(out, Control{"time"});
  }
  add_item(out, body.is_object() ? unsupported({}) : missing("an object was due"));
}

}  // namespace

void CoinbaseAdvancedAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view /*symbol*/,
                                         Parsed& out) const {
  const std::string_view type = message["type"].text();
  if (type == "error") {
    add_item(out, venue_refusal(message["message"].text()));
  } else if (type == "subscribe" || type == "unsubscribe") {
    add_item(out, Control{"subscribe"});
  } else if (!message["channel"].is_string()) {
    add_item(out, missing("a message has a channel"));
  } else {
    read_channel(message["channel"].text(), message, out);
  }
}

void CoinbaseAdvancedAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol,
                                      Parsed& out) const {
  const Endpoint asked = split_endpoint(endpoint);
  const std::string id = !symbol.empty()
                             ? std::string(symbol)
                             : segment_after(asked, "products").value_or(query_value(asked, "product_id").value_or(""));
  read_answer(id, body, out);
}

/// Every message of a connection is numbered, whatever it is about.
std::string CoinbaseAdvancedAdapter::remember(JsonValue message, StreamMemory& memory) const {
  expect_next(memory, "", message["sequence_num"]);
  return {};
}

Subscription CoinbaseAdvancedAdapter::subscribe(std::span<const std::string> symbols) const {
  return {.target = "/",
          .frames = {R"({"type":"subscribe","product_ids":)" + json_list(symbols) + R"(,"channel":"ticker"})",
                     R"({"type":"subscribe","product_ids":)" + json_list(symbols) + R"(,"channel":"status"})",
                     R"({"type":"subscribe","channel":"heartbeats"})"}};
}

std::vector<std::string> CoinbaseAdvancedAdapter::rest_targets(std::span<const std::string> symbols) const {
  std::vector<std::string> targets;
  for (const std::string& symbol : symbols) {
    targets.push_back("/api/v3/brokerage/market/products/" + percent_encoded(symbol) + "/ticker?limit=1");
  }
  return targets;
}

}  // namespace assay::fetchers
