#include "fetchers/venues/gateio_messages.hpp"

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::by_size);
}

/// v3: [time, open, close, high, low, volume, amount, pair]
ParsedItem read_v3_candle(JsonValue row) {
  return make_quote(gateio_instrument(row.at(7).text()), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = row.at(2), .base_volume = row.at(5)}, time_of(row.at(0)));
}

/// v4: [time, quote volume, close, high, low, open, base volume, closed]
ParsedItem read_candle(std::string_view symbol, JsonValue row) {
  return make_quote(gateio_instrument(symbol), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = row.at(2), .base_volume = row.at(6)}, time_of(row.at(0)));
}

/// Contracts: {"t","v","c","h","l","o"}; they are counted.
ParsedItem read_contract_candle(std::string_view symbol, JsonValue entry) {
  return make_quote(gateio_instrument(symbol), QuoteKind::candle, last_only(entry["c"]), time_of(entry["t"]));
}

ParsedItem read_entry(std::string_view symbol, JsonValue entry) {
  if (entry.is_array()) {
    return read_candle(symbol, entry);
  }
  if (entry["c"].exists() && entry["o"].exists()) {
    return read_contract_candle(symbol, entry);
  }
  if (entry["r"].exists() && entry["t"].exists()) {
    return Control{"funding"};
  }
  if (entry["b"].exists() || entry["lsr_taker"].exists() || entry["open_interest"].exists()) {
    return Control{"status"};
  }
  if (entry["left"].exists() || entry["fill_price"].exists()) {
    return Control{"liquidation"};
  }
  if (entry["last"].exists() || entry["lowest_ask"].exists()) {
    return read_gateio_ticker(entry, std::nullopt);
  }
  if (entry["create_time"].exists()) {
    return read_gateio_trade(symbol, entry);
  }
  return unsupported({});
}

bool is_instrument(JsonValue entry) {
  return entry["trade_status"].exists() || entry["quanto_multiplier"].exists() || entry["delisted"].exists();
}

}  // namespace

Instrument gateio_instrument(std::string_view symbol) {
  std::string_view name = symbol;
  for (const std::string_view prefix : {"mark_", "index_"}) {  // candles of what nobody trades
    name.remove_prefix(name.starts_with(prefix) ? prefix.size() : 0);
  }
  const std::size_t first = name.find('_');
  const std::size_t second = first == std::string_view::npos ? first : name.find_first_of("_-", first + 1);
  return {.symbol = std::string(symbol), .pair = split_delimited(name.substr(0, second))};
}

ParsedItem read_gateio_trade(std::string_view symbol, JsonValue trade) {
  const auto millis = time_of(trade["create_time_ms"]);
  return make_quote(gateio_instrument(first_text({trade["currency_pair"].text(), trade["contract"].text(), symbol})),
                    QuoteKind::trade, last_only(trade["price"]),
                    millis ? millis : time_of(trade[trade["create_time"].exists() ? "create_time" : "time"]));
}

ParsedItem read_gateio_ticker(JsonValue ticker, std::optional<WallTime> time) {
  const JsonValue volume = ticker["base_volume"].exists() ? ticker["base_volume"] : ticker["volume_24h_base"];
  return make_listed_quote(
      gateio_instrument(first_text({ticker["currency_pair"].text(), ticker["contract"].text()})), QuoteKind::ticker,
      {.bid = ticker["highest_bid"], .ask = ticker["lowest_ask"], .last = ticker["last"], .base_volume = volume}, time);
}

void read_gateio_v3(JsonValue message, Parsed& out) {
  const std::string_view method = message["method"].text();
  const JsonValue params = message["params"];
  if (method == "trades.update") {
    return read_each(params.at(1), out, [&](JsonValue trade) { return read_gateio_trade(params.at(0).text(), trade); });
  }
  if (method == "depth.update") {
    const JsonValue book = params.at(1);
    return add_item(out, params.at(0).is_true() ? make_book(gateio_instrument(params.at(2).text()), book["bids"],
                                                            book["asks"], {}, time_of(book["current"]))
                                                : ParsedItem{Control{"delta"}});
  }
  if (method == "ticker.update" || method == "price.update") {
    const JsonValue last = params.at(1).is_object() ? params.at(1)["last"] : params.at(1);
    return add_item(
        out, make_quote(gateio_instrument(params.at(0).text()), QuoteKind::ticker, last_only(last), std::nullopt));
  }
  if (method == "kline.update") {
    return read_each(params, out, read_v3_candle);
  }
  add_item(out, method.ends_with(".update") ? unsupported(method) : ParsedItem{Control{"subscribe"}});
}

void read_gateio_rest(std::string_view symbol, JsonValue body, Parsed& out) {
  if (body.is_array()) {
    if (is_instrument(body.at(0))) {
      return add_item(out, Control{"instruments"});
    }
    return read_each(body, out, [&](JsonValue entry) { return read_entry(symbol, entry); });
  }
  if (!body.is_object()) {
    return add_item(out, missing("an object or a list was due"));
  }
  if (body["label"].exists()) {
    return add_item(out, venue_refusal(std::string(body["label"].text()) + " " +
                                       std::string(first_text({body["message"].text(), body["detail"].text()}))));
  }
  if (body["bids"].exists() || body["asks"].exists()) {
    return add_item(out, make_book(gateio_instrument(symbol), body["bids"], body["asks"], {.price = "p", .size = "s"},
                                   time_of(body["current"])));
  }
  if (is_instrument(body) || body["server_time"].exists()) {
    return add_item(out, Control{is_instrument(body) ? "instruments" : "time"});
  }
  if (body["constituents"].exists()) {
    return add_item(out, Control{"status"});
  }
  add_item(out, unsupported({}));
}

}  // namespace assay::fetchers
