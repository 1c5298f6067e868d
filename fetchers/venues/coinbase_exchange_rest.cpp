#include "fetchers/venues/coinbase_exchange_rest.hpp"

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

/// The v2 price API: {"data":{"base","currency","amount"}}.
ParsedItem read_spot_price(std::string_view symbol, JsonValue data) {
  const std::string base(data["base"].text());
  const std::string quote(data["currency"].text());
  if (base.empty() || quote.empty()) {
    return missing("a price names base and currency");
  }
  const Instrument instrument{.symbol = symbol.empty() ? base + "-" + quote : std::string(symbol),
                              .pair = {.base = canonical_asset(base), .quote = canonical_asset(quote)}};
  return make_quote(instrument, QuoteKind::rate, last_only(data["amount"]), std::nullopt);
}

/// The v2 rates API: {"data":{"currency":"USD","rates":{"BTC":"0.00001", ...}}}, one quote a rate.
void read_exchange_rates(JsonValue data, Parsed& out) {
  const std::string base(data["currency"].text());
  if (data["rates"].size() == 0) {
    return add_item(out, Control{"empty"});
  }
  for (const JsonValue rate : data["rates"]) {
    if (is_full(out)) {
      return;
    }
    const std::string quote(rate.key());
    const Instrument instrument{.symbol = base.empty() || quote.empty() ? std::string{} : base + "-" + quote,
                                .pair = {.base = canonical_asset(base), .quote = canonical_asset(quote)}};
    add_item(out, make_quote(instrument, QuoteKind::rate, last_only(rate), std::nullopt));
  }
}

ParsedItem read_trade(std::string_view symbol, JsonValue trade) {
  return make_quote(coinbase_instrument(symbol), QuoteKind::trade, last_only(trade["price"]),
                    time_from_iso(trade["time"].text()));
}

/// [bucket start in seconds, low, high, open, close, volume]
ParsedItem read_candle(std::string_view symbol, JsonValue row) {
  return make_quote(coinbase_instrument(symbol), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = row.at(4), .base_volume = row.at(5)},
                    time_from_epoch(row.at(0).text(), TimeUnit::seconds));
}

ParsedItem read_list_entry(std::string_view symbol, JsonValue entry) {
  if (entry.is_array()) {
    return read_candle(symbol, entry);
  }
  if (entry["trade_id"].exists() || entry["price"].exists()) {
    return read_trade(symbol, entry);
  }
  return Refusal{.error = {Errc::unsupported, "a list entry that is not read"}, .text = {}};
}

bool is_instrument(JsonValue entry) {
  return entry["base_currency"].exists() || entry["id"].exists();
}

void read_list(std::string_view symbol, JsonValue body, Parsed& out) {
  if (is_instrument(body.at(0))) {
    return add_item(out, Control{"instruments"});
  }
  read_each(body, out, [&](JsonValue entry) { return read_list_entry(symbol, entry); });
}

/// /products/stats: {"BTC-USD":{"stats_24hour":{...},"stats_30day":{...}}, ...}
void read_all_stats(JsonValue body, Parsed& out) {
  for (const JsonValue product : body) {
    if (is_full(out)) {
      return;
    }
    const JsonValue day = product["stats_24hour"];
    add_item(out, make_quote(coinbase_instrument(product.key()), QuoteKind::ticker,
                             {.bid = {}, .ask = {}, .last = day["last"], .base_volume = day["volume"]}, std::nullopt));
  }
}

ParsedItem read_object(std::string_view symbol, JsonValue body) {
  if (body["message"].is_string()) {
    return venue_refusal(body["message"].text());
  }
  if (body["errors"].is_array()) {  // v2 API
    return venue_refusal(body["errors"].at(0)["message"].text());
  }
  if (body["bids"].exists() || body["asks"].exists()) {
    return make_book(coinbase_instrument(symbol), body["bids"], body["asks"], {}, time_from_iso(body["time"].text()));
  }
  if (is_instrument(body)) {
    return Control{"instruments"};
  }
  if (body["price"].exists() || body["bid"].exists() || body["ask"].exists()) {
    return dated_aside(
        make_quote(coinbase_instrument(symbol), QuoteKind::ticker,
                   {.bid = body["bid"], .ask = body["ask"], .last = body["price"], .base_volume = body["volume"]},
                   time_from_iso(body["time"].text())));
  }
  if (body["last"].exists()) {  // stats
    return make_quote(coinbase_instrument(symbol), QuoteKind::ticker,
                      {.bid = {}, .ask = {}, .last = body["last"], .base_volume = body["volume"]}, std::nullopt);
  }
  if (body["epoch"].exists() || body["data"]["epoch"].exists()) {
    return Control{"time"};
  }
  if (body["data"].is_array()) {  // currencies of the v2 API
    return Control{"instruments"};
  }
  if (body["data"].is_object()) {
    return read_spot_price(symbol, body["data"]);
  }
  return Refusal{.error = {Errc::unsupported, "an answer that is not read"}, .text = {}};
}

}  // namespace

Instrument coinbase_instrument(std::string_view product) {
  return {.symbol = std::string(product), .pair = split_delimited(product)};
}

void read_coinbase_rest(std::string_view symbol, JsonValue body, Parsed& out) {
  if (body.is_array()) {
    return read_list(symbol, body, out);
  }
  if (!body.is_object()) {
    return add_item(out, missing("an object or a list was due"));
  }
  if (body["data"].at(0)["amount"].exists() && body["data"].is_array()) {  // v2 prices of all coins in one currency
    return read_each(body["data"], out, [](JsonValue price) { return read_spot_price({}, price); });
  }
  if (body["data"]["rates"].is_object()) {
    return read_exchange_rates(body["data"], out);
  }
  if (body.at(0)["stats_24hour"].exists()) {
    return read_all_stats(body, out);
  }
  add_item(out, read_object(symbol, body));
}

void note_coinbase_trading(JsonValue product, Parsed& out) {
  const std::string_view status = product["status"].text();
  if (status.empty()) return;
  const bool barred = product["trading_disabled"].is_true() || product["cancel_only"].is_true() ||
                      product["post_only"].is_true() || product["auction_mode"].is_true();
  note_trading(out, coinbase_instrument(product["id"].text()),
               status == "online" && !barred ? Trading::trading : Trading::halted);
}

}  // namespace assay::fetchers
