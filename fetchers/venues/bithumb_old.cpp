#include "fetchers/venues/bithumb_old.hpp"

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr LevelNames level_names{.price = "price", .size = "quantity"};

Instrument instrument_of(std::string_view symbol) {
  return {.symbol = std::string(symbol), .pair = split_delimited(symbol)};
}

std::optional<WallTime> epoch(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

/// "2021-06-02 08:43:41.416901" in Seoul.
std::optional<WallTime> korean_time(JsonValue value) {
  return time_from_iso(std::string(value.text().substr(0, 40)) + "+09:00");
}

/// "20210602" and "084341" in Seoul.
std::optional<WallTime> korean_time(std::string_view date, std::string_view time) {
  if (date.size() != 8 || time.size() != 6) {
    return std::nullopt;
  }
  const auto part = [](std::string_view text, std::size_t at, std::size_t size) {
    return std::string(text.substr(at, size));
  };
  return time_from_iso(part(date, 0, 4) + "-" + part(date, 4, 2) + "-" + part(date, 6, 2) + "T" + part(time, 0, 2) +
                       ":" + part(time, 2, 2) + ":" + part(time, 4, 2) + "+09:00");
}

ParsedItem read_transaction(JsonValue entry) {
  return make_quote(instrument_of(entry["symbol"].text()), QuoteKind::trade, last_only(entry["contPrice"]),
                    korean_time(entry["contDtm"]));
}

/// {"opening_price","closing_price",...,"units_traded_24H"}; the oldest bodies had both sides too.
ParsedItem read_ticker(const Instrument& instrument, JsonValue entry, std::optional<WallTime> time) {
  JsonValue volume = entry["units_traded_24H"];
  if (!volume.exists()) {
    volume = entry["volume_1day"];
  }
  return make_quote(
      instrument, QuoteKind::ticker,
      {.bid = entry["buy_price"], .ask = entry["sell_price"], .last = entry["closing_price"], .base_volume = volume},
      time);
}

/// The coin of an answer to ".../ALL_KRW", whose quote asset only the endpoint names.
Instrument coin(std::string_view name, std::string_view quote) {
  return {.symbol = std::string(name), .pair = {.base = canonical_asset(name), .quote = std::string(quote)}};
}

void read_tickers(JsonValue data, std::string_view quote, Parsed& out) {
  const auto time = epoch(data["date"]);
  for (const JsonValue entry : data) {
    if (is_full(out)) {
      return;
    }
    if (entry.is_object()) {
      add_item(out, read_ticker(coin(entry.key(), quote), entry, time));
    }
  }
}

/// {"timestamp","payment_currency","BTC":{"order_currency","bids","asks"},...}
void read_books(JsonValue data, Parsed& out) {
  const std::string_view quote = data["payment_currency"].text();
  const auto time = epoch(data["timestamp"]);
  for (const JsonValue entry : data) {
    if (is_full(out)) {
      return;
    }
    if (entry.is_object()) {
      add_item(out, make_book(coin(entry.key(), quote), entry["bids"], entry["asks"], level_names, time));
    }
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

ParsedItem read_book(JsonValue data) {
  const std::string_view base = data["order_currency"].text();
  const std::string_view quote = data["payment_currency"].text();
  const std::string symbol = base.empty() || quote.empty() ? "" : std::string(base) + "_" + std::string(quote);
  return make_book(instrument_of(symbol), data["bids"], data["asks"], level_names, epoch(data["timestamp"]));
}

/// Candles are [start, open, close, high, low, volume].
ParsedItem read_row(const Instrument& instrument, JsonValue row) {
  if (row.is_array()) {
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = row.at(2), .base_volume = row.at(5)}, epoch(row.at(0)));
  }
  return make_quote(instrument, QuoteKind::trade, last_only(row["price"]), korean_time(row["transaction_date"]));
}

std::string symbol_of(const Endpoint& endpoint) {
  for (const std::string_view name : {"ticker", "orderbook", "transaction_history", "candlestick"}) {
    if (auto symbol = segment_after(endpoint, name)) {
      return *std::move(symbol);
    }
  }
  return {};
}

/// "ALL_KRW" -> "KRW", "ALL" -> "KRW" as documented; empty for anything else.
std::string quote_of_all(std::string_view symbol) {
  if (symbol == "ALL") {
    return "KRW";
  }
  return symbol.starts_with("ALL_") ? std::string(symbol.substr(4)) : std::string{};
}

}  // namespace

void read_bithumb_old_stream(JsonValue message, Parsed& out) {
  const std::string_view type = message["type"].text();
  const JsonValue content = message["content"];
  if (message["resmsg"].is_string()) {
    const bool fine = message["status"].text() == "0000";
    return add_item(out, fine ? ParsedItem(Control{"ack"}) : ParsedItem(venue_refusal(message["resmsg"].text())));
  }
  if (message["symbols"].is_array()) {
    return add_item(out, Control{"subscribe"});
  }
  if (type == "transaction" && content["list"].is_array()) {
    return read_each(content["list"], out, read_transaction);
  }
  if (type == "orderbookdepth") {
    return add_item(out, Control{"delta"});
  }
  const Instrument instrument = instrument_of(content["symbol"].text());
  if (type == "orderbooksnapshot") {
    return add_item(out,
                    make_book(instrument, content["bids"], content["asks"], level_names, epoch(content["datetime"])));
  }
  if (type == "ticker") {
    return add_item(out,
                    make_quote(instrument, QuoteKind::ticker,
                               {.bid = {}, .ask = {}, .last = content["closePrice"], .base_volume = content["volume"]},
                               korean_time(content["date"].text(), content["time"].text())));
  }
  add_item(out, type.empty() || type == "transaction" ? missing("a message has a type and what belongs to it")
                                                      : unsupported(type));
}

void read_bithumb_global(JsonValue message, Parsed& out) {
  const std::string_view code = message["code"].text();
  const std::string_view topic = message["topic"].text();
  const JsonValue data = message["data"];
  if (topic.empty() || !(code == "00006" || code == "00007")) {  // first and further messages of a topic
    if (code == "0" || code == "00000") {
      return add_item(out, Control{"pong"});
    }
    const bool fine = code.starts_with("0000");
    return add_item(out, fine ? ParsedItem(Control{"ack"}) : ParsedItem(venue_refusal(message["msg"].text())));
  }
  const auto time = epoch(message["timestamp"]);
  if (topic == "ORDERBOOK") {
    return add_item(out, code == "00007"
                             ? ParsedItem(Control{"delta"})
                             : make_book(instrument_of(data["symbol"].text()), data["b"], data["s"], {}, time));
  }
  if (topic == "TICKER") {
    return add_item(out, make_quote(instrument_of(data["symbol"].text()), QuoteKind::ticker,
                                    {.bid = {}, .ask = {}, .last = data["c"], .base_volume = data["v"]}, time));
  }
  if (topic == "TRADE") {  // a trade's own time is in whole seconds, the message's in milliseconds
    const auto trade = [&](JsonValue entry) {
      return make_quote(instrument_of(entry["symbol"].text()), QuoteKind::trade, last_only(entry["p"]), time);
    };
    return data.is_array() ? read_each(data, out, trade) : add_item(out, trade(data));
  }
  add_item(out, unsupported(topic));
}

void read_bithumb_old_rest(const Endpoint& endpoint, JsonValue body, std::string_view symbol, Parsed& out) {
  if (body["status"].exists() && body["status"].text() != "0000") {
    return add_item(out, venue_refusal(body["message"].text()));
  }
  const JsonValue data = body["data"].exists() ? body["data"] : body;
  const std::string asked = symbol_of(endpoint);
  const std::string all = quote_of_all(asked);
  const std::string name = !symbol.empty() ? std::string(symbol) : all.empty() ? asked : std::string{};
  if (data.is_array()) {
    return read_each(data, out, [&](JsonValue row) { return read_row(instrument_of(name), row); });
  }
  if (data["bids"].exists() || data["asks"].exists()) {
    return add_item(out, read_book(data));
  }
  if (data["payment_currency"].exists()) {
    return read_books(data, out);
  }
  if (data["closing_price"].exists()) {
    return add_item(out, read_ticker(instrument_of(name), data, epoch(data["date"])));
  }
  if (data.at(0)["closing_price"].exists()) {
    return read_tickers(data, all.empty() ? instrument_of(name).pair.quote : all, out);
  }
  const bool status = data["deposit_status"].exists() || data.at(0)["deposit_status"].exists() || data["btmi"].exists();
  if (status) {
    return add_item(out, Control{"status"});
  }
  add_item(out, data.is_object() ? unsupported({}) : missing("an answer has data"));
}

}  // namespace assay::fetchers
