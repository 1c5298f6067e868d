#include "fetchers/venues/bitstamp.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 14> quotes = {"RLUSD", "EURCV", "USDT", "USDC", "EURC", "GBPT", "PAX",
                                                     "USD",   "EUR",   "GBP",  "BTC",  "ETH",  "XRP",  "DAI"};

Instrument bitstamp_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = {}};
  const std::string_view name = symbol.substr(0, symbol.find("-perp"));
  instrument.pair = name.find('/') != std::string_view::npos ? split_delimited(name) : split_concatenated(name, quotes);
  return instrument;
}

/// Microseconds where the statement has them, else seconds.
std::optional<WallTime> time_of(JsonValue entry) {
  for (const std::string_view name : {"microtimestamp", "timestamp", "date", "datetime"}) {
    if (auto time = time_from_epoch(entry[name].text(), TimeUnit::by_size)) {
      return time;
    }
  }
  return std::nullopt;
}

/// The text keeps the digits that the number beside it may have lost.
ParsedItem read_trade(const Instrument& instrument, JsonValue trade) {
  return make_quote(instrument, QuoteKind::trade,
                    last_only(trade["price_str"].exists() ? trade["price_str"] : trade["price"]), time_of(trade));
}

ParsedItem read_book(const Instrument& instrument, JsonValue book) {
  return make_book(instrument, book["bids"], book["asks"], {}, time_of(book));
}

ParsedItem read_protocol_event(std::string_view event, JsonValue message) {
  if (event == "bts:heartbeat") {
    return Control{"heartbeat"};
  }
  if (event == "bts:request_reconnect") {
    return Control{"shutdown"};
  }
  if (event == "bts:error") {
    return venue_refusal(message["data"]["message"].text());
  }
  if (event == "bts:subscribe" || event == "bts:unsubscribe") {
    return Control{"subscribe"};
  }
  return Control{"ack"};  // subscription_succeeded, unsubscription_succeeded
}

ParsedItem read_event(JsonValue message, std::string_view given) {
  const std::string_view event = message["event"].text();
  const std::string_view channel = message["channel"].text();
  if (event.starts_with("bts:")) {
    return read_protocol_event(event, message);
  }
  if (event.starts_with("pusher") || message["data"].is_string()) {
    return Refusal{.error = {Errc::retired_api, "the venue left this transport in 2019"}, .text = printable(event)};
  }
  if (event.starts_with("order_") || (channel.starts_with("diff_order_book") && event != "snapshot")) {
    return Control{"delta"};
  }
  const std::size_t mark = channel.rfind('_');
  const std::string_view named = mark == std::string_view::npos ? std::string_view{} : channel.substr(mark + 1);
  const Instrument instrument = bitstamp_instrument(first_text({named, given}));
  if (event == "trade") {
    return read_trade(instrument, message["data"]);
  }
  if ((event == "data" || event == "snapshot") && channel.find("order_book") != std::string_view::npos) {
    return read_book(instrument, message["data"]);
  }
  return event == "data" ? ParsedItem{Control{"status"}} : unsupported(event);  // funding rates
}

ParsedItem read_ticker(std::string_view symbol, JsonValue entry) {
  return make_listed_quote(
      bitstamp_instrument(first_text({entry["pair"].text(), symbol})), QuoteKind::ticker,
      {.bid = entry["bid"], .ask = entry["ask"], .last = entry["last"], .base_volume = entry["volume"]},
      time_of(entry));
}

ParsedItem read_entry(std::string_view symbol, JsonValue entry) {
  if (entry["last"].exists()) {
    return read_ticker(symbol, entry);
  }
  if (entry["tid"].exists() || entry["price"].exists()) {
    return read_trade(bitstamp_instrument(symbol), entry);
  }
  return unsupported({});
}

void read_candles(std::string_view symbol, JsonValue data, Parsed& out) {
  const Instrument instrument = bitstamp_instrument(first_text({data["pair"].text(), symbol}));
  read_each(data["ohlc"], out, [&](JsonValue candle) {
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = candle["close"], .base_volume = candle["volume"]},
                      time_of(candle));
  });
}

bool is_instrument(JsonValue entry) {
  return entry["url_symbol"].exists() || (entry["currency"].exists() && entry["decimals"].exists()) ||
         entry["market_symbol"].exists() || entry["base_decimals"].exists();
}

ParsedItem read_error(JsonValue body) {
  const JsonValue reason = body["reason"].exists() ? body["reason"] : body["error"];
  return venue_refusal(first_text({reason.text(), reason.at(0).text(), reason.at(0).at(0).text(),
                                   body["message"].text(), body["code"].text(), "no reason given"}));
}

void read_answer(std::string_view symbol, JsonValue body, Parsed& out) {
  if (body.is_array()) {
    if (is_instrument(body.at(0))) {
      return add_item(out, Control{"instruments"});
    }
    return read_each(body, out, [&](JsonValue entry) { return read_entry(symbol, entry); });
  }
  if (!body.is_object()) {
    return add_item(out, missing("an object or a list was due"));
  }
  if (body["status"].text() == "error" || body["error"].exists() || body["code"].exists()) {
    return add_item(out, read_error(body));
  }
  if (body["bids"].exists() || body["asks"].exists()) {
    return add_item(out, read_book(bitstamp_instrument(symbol), body));
  }
  if (body["data"]["ohlc"].is_array()) {
    return read_candles(symbol, body["data"], out);
  }
  if (body["funding_rate"].exists()) {
    return add_item(out, Control{"funding"});
  }
  add_item(out, read_entry(symbol, body));
}

std::string symbol_of_path(const Endpoint& asked) {
  for (const std::string_view segment : {"ticker", "ticker_hour", "order_book", "transactions", "ohlc"}) {
    if (auto symbol = segment_after(asked, segment)) {
      return *symbol;
    }
  }
  return {};
}

/// "BTC/USD" is "btcusd" in channels and paths.
std::string url_symbol(const std::string& symbol) {
  std::string out = lower_case(symbol);
  std::erase(out, '/');
  return out;
}

}  // namespace

void BitstampAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol,
                                 Parsed& out) const {
  add_item(out, message["event"].is_string() ? read_event(message, symbol) : missing("a message has an event"));
}

void BitstampAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_answer(symbol.empty() ? symbol_of_path(split_endpoint(endpoint)) : std::string(symbol), body, out);
}

Subscription BitstampAdapter::subscribe(std::span<const std::string> symbols) const {
  const auto channel = [](const std::string& symbol) { return json_string("order_book_" + url_symbol(symbol)); };
  return {.target = "/",
          .frames = frames_of(symbols, 1, R"({"event":"bts:subscribe","data":{"channel":)", channel, "}}")};
}

std::vector<std::string> BitstampAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  return {symbols.size() == 1 ? "/api/v2/ticker/" + percent_encoded(url_symbol(symbols.front())) + "/"
                              : std::string("/api/v2/ticker/")};
}

}  // namespace assay::fetchers
