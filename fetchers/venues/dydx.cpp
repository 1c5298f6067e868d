#include "fetchers/venues/dydx.hpp"

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr LevelNames level_names{.price = "price", .size = "size"};

Instrument dydx_instrument(std::string_view market) {
  return {.symbol = std::string(market), .pair = split_delimited(market)};
}

ParsedItem read_trade(const Instrument& instrument, JsonValue trade) {
  return make_quote(instrument, QuoteKind::trade, last_only(trade["price"]), time_from_iso(trade["createdAt"].text()));
}

ParsedItem read_candle(JsonValue candle, std::string_view market) {
  std::string_view named = candle["ticker"].text();
  if (named.empty()) {
    named = candle["market"].text();
  }
  return make_quote(dydx_instrument(named.empty() ? market : named), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = candle["close"], .base_volume = candle["baseTokenVolume"]},
                    time_from_iso(candle["startedAt"].text()));
}

/// Markets by name, {"indexPrice" (v3 only), "oraclePrice", ...}; changes that move neither are left out.
void read_markets(JsonValue markets, Parsed& out) {
  for (const JsonValue market : markets) {
    if (is_full(out)) {
      return;
    }
    if (market["close"].exists() && market["baseVolume"].exists()) {  // v3 stats of a day
      add_item(out, make_quote(dydx_instrument(market.key()), QuoteKind::ticker,
                               {.bid = {}, .ask = {}, .last = market["close"], .base_volume = market["baseVolume"]},
                               std::nullopt));
      continue;
    }
    const JsonValue price = market["indexPrice"].exists() ? market["indexPrice"] : market["oraclePrice"];
    if (price.exists() && !price.is_null()) {
      add_item(out, make_quote(dydx_instrument(market.key()), QuoteKind::index, last_only(price),
                               time_from_iso(market["effectiveAt"].text())));
    }
  }
}

enum class Content : std::uint8_t { snapshot, change };

/// What one entry of a channel says.
void read_content(std::string_view channel, std::string_view id, Content content, JsonValue contents, Parsed& out) {
  if (channel.ends_with("_orderbook")) {
    return add_item(out, content == Content::change ? ParsedItem(Control{"delta"})
                                                    : make_book(dydx_instrument(id), contents["bids"], contents["asks"],
                                                                level_names, std::nullopt));
  }
  if (channel.ends_with("_trades")) {
    const Instrument instrument = dydx_instrument(id);
    return read_each(contents["trades"], out, [&](JsonValue trade) { return read_trade(instrument, trade); });
  }
  if (channel.ends_with("_candles")) {  // the id is "BTC-USD/1MIN"
    const std::string_view market = id.substr(0, id.find('/'));
    const auto candle = [&](JsonValue entry) { return read_candle(entry, market); };
    return contents["candles"].is_array() ? read_each(contents["candles"], out, candle)
                                          : add_item(out, candle(contents));
  }
  if (channel.ends_with("_block_height")) {
    return add_item(out, Control{"status"});
  }
  if (channel.ends_with("_markets")) {
    const std::size_t before = out.items.size();
    read_markets(contents["markets"].is_object() ? contents["markets"] : contents, out);
    read_markets(contents["oraclePrices"], out);
    if (out.items.size() == before) {
      add_item(out, Control{"delta"});
    }
    return;
  }
  add_item(out, unsupported(channel));
}

void read_message(JsonValue message, std::string_view symbol, Parsed& out) {
  const std::string_view type = message["type"].text();
  const std::string_view channel = message["channel"].text();
  const std::string_view named = message["id"].text();
  const std::string_view id = named.empty() ? symbol : named;
  const JsonValue contents = message["contents"];
  if (type == "error") {
    return add_item(out, venue_refusal(message["message"].text()));
  }
  if (type == "connected") {
    return add_item(out, Control{"status"});
  }
  if (type == "unsubscribed" || type == "pong") {
    return add_item(out, Control{type == "pong" ? "pong" : "ack"});
  }
  if (type == "subscribe" || type == "unsubscribe") {
    return add_item(out, Control{"subscribe"});
  }
  const bool snapshot = type == "subscribed";
  if (!snapshot && type != "channel_data" && type != "channel_batch_data") {
    return add_item(out, type.empty() ? missing("a message has a type") : unsupported(type));
  }
  if (!contents.exists()) {
    return add_item(out, missing("a channel message has contents"));
  }
  const Content content = snapshot ? Content::snapshot : Content::change;
  if (!contents.is_array()) {
    return read_content(channel, id, content, contents, out);
  }
  for (const JsonValue entry : contents) {
    if (is_full(out)) {
      return;
    }
    read_content(channel, id, content, entry, out);
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

void read_body(JsonValue body, std::string_view market, Parsed& out) {
  if (body["errors"].is_array()) {
    return add_item(out, venue_refusal(body["errors"].at(0)["msg"].text()));
  }
  if (body["markets"].is_object()) {
    read_markets(body["markets"], out);
    return out.items.empty() ? add_item(out, Control{"empty"}) : void();
  }
  if (body["asks"].exists() || body["bids"].exists()) {
    return add_item(out, make_book(dydx_instrument(market), body["bids"], body["asks"], level_names, std::nullopt));
  }
  if (body["trades"].is_array()) {
    const Instrument instrument = dydx_instrument(market);
    return read_each(body["trades"], out, [&](JsonValue trade) { return read_trade(instrument, trade); });
  }
  if (body["candles"].is_array()) {
    return read_each(body["candles"], out, [&](JsonValue candle) { return read_candle(candle, market); });
  }
  if (body["historicalFunding"].is_array() || body["height"].exists()) {
    return add_item(out, Control{body["height"].exists() ? "status" : "funding"});
  }
  add_item(out, body["iso"].exists() ? ParsedItem(Control{"time"}) : unsupported(body.at(0).key()));
}

std::string market_of(const Endpoint& endpoint) {
  for (const std::string_view name : {"perpetualMarket", "perpetualMarkets", "orderbook", "trades", "candles"}) {
    if (auto market = segment_after(endpoint, name); market && *market != "perpetualMarket") {
      return *std::move(market);
    }
  }
  return {};
}

}  // namespace

void DydxAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol, Parsed& out) const {
  read_message(message, symbol, out);
}

void DydxAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_body(body, symbol.empty() ? market_of(split_endpoint(endpoint)) : std::string(symbol), out);
}

Subscription DydxAdapter::subscribe(std::span<const std::string> symbols) const {
  Subscription subscription{.target = "/v4/ws", .frames = {}};
  for (const std::string& symbol : symbols) {
    subscription.frames.push_back(R"({"type":"subscribe","channel":"v4_trades","id":)" + json_string(symbol) +
                                  R"(,"batched":false})");
  }
  return subscription;
}

std::vector<std::string> DydxAdapter::rest_targets(std::span<const std::string> symbols) const {
  std::vector<std::string> targets;
  for (const std::string& symbol : symbols) {
    targets.push_back("/v4/orderbooks/perpetualMarket/" + percent_encoded(symbol));
  }
  return targets;
}

}  // namespace assay::fetchers
