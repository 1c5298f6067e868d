#include "fetchers/venues/bitget.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 12> bitget_quotes = {"USDT", "USDC", "USDE", "BGUSD", "USD", "EUR",
                                                            "BRL",  "TRY",  "BTC",  "ETH",   "BGB", "SUSDT"};

/// "BTCUSDT"; v1 added the product: "BTCUSDT_SPBL", "BTCUSD_DMCBL".
Instrument bitget_instrument(std::string_view symbol) {
  if (symbol.size() > 4 && symbol.ends_with("PERP")) {  // settled in USDC
    return {.symbol = std::string(symbol),
            .pair = {.base = std::string(symbol.substr(0, symbol.size() - 4)), .quote = "USDC"}};
  }
  std::string_view name = symbol.substr(0, symbol.find('_'));
  if (name.size() > 6 && name.substr(0, name.size() - 3).ends_with("USD") &&
      whole_number(name.substr(name.size() - 2))) {
    name.remove_suffix(3);  // "BTCUSDZ24" ends with the quarter
  }
  return {.symbol = std::string(symbol), .pair = split_concatenated(name, bitget_quotes)};
}

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

bool is_text(ByteSpan frame, std::string_view text) {
  return std::string_view(reinterpret_cast<const char*>(frame.data()), frame.size()) == text;
}

Instrument instrument_of(JsonValue entry, std::string_view symbol) {
  const std::string_view own = first_field(entry, {"instId", "symbol"}).text();
  return bitget_instrument(own.empty() ? symbol : own);
}

std::optional<WallTime> said_at(JsonValue own, std::optional<WallTime> message) {
  const auto time = time_of(own);
  return time ? time : message;
}

ParsedItem read_ticker(JsonValue entry, std::string_view symbol, std::optional<WallTime> time) {
  return make_quote(instrument_of(entry, symbol), QuoteKind::ticker,
                    {.bid = first_field(entry, {"bidPr", "bestBid", "bid1Price", "buyOne"}),
                     .ask = first_field(entry, {"askPr", "bestAsk", "ask1Price", "sellOne"}),
                     .last = first_field(entry, {"lastPr", "last", "lastPrice", "close", "price"}),
                     .base_volume = first_field(entry, {"baseVolume", "volume24h", "baseVol"})},
                    said_at(first_field(entry, {"ts", "systemTime", "timestamp"}), time));
}

/// v1 [time, price, size, side]; objects since.
ParsedItem read_trade(JsonValue entry, std::string_view symbol) {
  if (entry.is_array()) {
    return make_quote(bitget_instrument(symbol), QuoteKind::trade, last_only(entry.at(1)), time_of(entry.at(0)));
  }
  return make_quote(instrument_of(entry, symbol), QuoteKind::trade,
                    last_only(first_field(entry, {"price", "fillPrice", "p"})),
                    time_of(first_field(entry, {"ts", "fillTime", "T"})));
}

ParsedItem read_book(JsonValue entry, std::string_view symbol) {
  return make_book(instrument_of(entry, symbol), first_field(entry, {"bids", "b"}), first_field(entry, {"asks", "a"}),
                   {}, time_of(first_field(entry, {"ts", "timestamp"})));
}

/// [start, open, high, low, close, volume of the base, ...], or an object.
ParsedItem read_candle(JsonValue entry, std::string_view symbol) {
  const Instrument instrument = instrument_of(entry, symbol);
  if (entry.is_array()) {
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = entry.at(4), .base_volume = entry.at(5)}, time_of(entry.at(0)));
  }
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {},
                     .ask = {},
                     .last = entry["close"],
                     .base_volume = first_field(entry, {"volume", "baseVol", "baseVolume"})},
                    time_of(first_field(entry, {"start", "ts"})));
}

void read_channel(JsonValue message, Parsed& out) {
  const JsonValue argument = message["arg"];
  const std::string_view channel = first_field(argument, {"channel", "topic"}).text();
  const std::string_view symbol = first_field(argument, {"instId", "symbol"}).text();
  const JsonValue data = message["data"];
  if (channel == "books" && message["action"].text() == "update") {
    return add_item(out, Control{"delta"});
  }
  if (channel == "liquidation") {
    return add_item(out, Control{"liquidation"});
  }
  if (!data.is_array()) {
    return add_item(out, missing("a channel message has a list of data"));
  }
  if (channel == "ticker" || channel == "tickers") {
    const auto time = time_of(message["ts"]);
    return read_each(data, out, [&](JsonValue entry) { return read_ticker(entry, symbol, time); });
  }
  if (channel == "trade" || channel == "publicTrade") {
    return read_each(data, out, [&](JsonValue entry) { return read_trade(entry, symbol); });
  }
  if (channel.starts_with("books")) {
    return read_each(data, out, [&](JsonValue entry) { return read_book(entry, symbol); });
  }
  if (channel.starts_with("candle") || channel == "kline") {
    return read_each(data, out, [&](JsonValue entry) { return read_candle(entry, symbol); });
  }
  add_item(out, unsupported(channel));
}

ParsedItem venue_fault(JsonValue message) {
  Refusal refusal = venue_refusal(message["msg"].text());
  const std::string_view code = message["code"].text();
  if (code == "429" || code == "30006" || code == "30007") {
    refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
  }
  return refusal;
}

ParsedItem read_event(JsonValue message) {
  const std::string_view event = message["event"].text();
  if (event == "error") {
    return venue_fault(message);
  }
  const bool ours = event == "subscribe" || event == "unsubscribe" || event == "login";
  return ours ? ParsedItem(Control{"ack"}) : unsupported(event);
}

ParsedItem read_rest_entry(JsonValue entry, std::string_view symbol) {
  if (entry.is_array()) {
    return read_candle(entry, symbol);
  }
  if (entry["baseCoin"].exists() || entry["coin"].exists() || entry["coinName"].exists()) {
    return Control{"instruments"};
  }
  if (first_field(entry, {"asks", "a"}).is_array()) {
    return read_book(entry, symbol);
  }
  if (first_field(entry, {"lastPr", "lastPrice", "buyOne", "last", "markPrice"}).exists()) {
    return read_ticker(entry, symbol, std::nullopt);
  }
  if (entry["fundingRate"].exists()) {
    return Control{"funding"};
  }
  if (first_field(entry, {"openInterestList", "estOpeningPrice", "takerFeeRate", "openInterest"}).exists()) {
    return Control{"status"};
  }
  if (first_field(entry, {"tradeId", "execId", "fillPrice"}).exists()) {
    return read_trade(entry, symbol);
  }
  if (entry["open"].exists() && entry["close"].exists()) {
    return read_candle(entry, symbol);
  }
  return entry["serverTime"].exists() ? ParsedItem(Control{"time"}) : unsupported({});
}

void read_body(JsonValue body, std::string_view symbol, Parsed& out) {
  const JsonValue data = body["data"];
  if (body.is_array()) {  // candles of contracts in v1 came alone
    return read_each(body, out, [&](JsonValue entry) { return read_rest_entry(entry, symbol); });
  }
  if (!body["code"].exists()) {
    return add_item(out, missing("an answer has a code"));
  }
  if (body["code"].text() != "00000") {
    return add_item(out, venue_fault(body));
  }
  if (data.is_object()) {
    return add_item(out, read_rest_entry(data, symbol));
  }
  if (!data.is_array()) {
    return add_item(out, data.text().empty() ? missing("an answer has data") : ParsedItem(Control{"time"}));
  }
  const ParsedItem first = read_rest_entry(data.at(0), symbol);
  if (std::holds_alternative<Control>(first)) {
    return add_item(out, first);
  }
  read_each(data, out, [&](JsonValue entry) { return read_rest_entry(entry, symbol); });
}

}  // namespace

std::optional<Parsed> BitgetAdapter::on_other_frame(ByteSpan frame) const {
  const bool pong = is_text(frame, "pong") || is_text(frame, R"("pong")");
  return pong ? std::optional(one_control("pong")) : std::nullopt;
}

void BitgetAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view /*symbol*/,
                               Parsed& out) const {
  if (message["table"].is_string()) {  // {"table":"swap/funding_rate","data":[...]}
    add_item(out, message["table"].text().ends_with("funding_rate")
                      ? ParsedItem(Control{"funding"})
                      : Refusal{.error = {Errc::retired_api, "the API before v1"}, .text = {}});
  } else if (message["event"].is_string()) {
    add_item(out, read_event(message));
  } else if (message["op"].is_string()) {
    add_item(out, Control{"subscribe"});
  } else if (message["arg"].is_object()) {
    read_channel(message, out);
  } else {
    add_item(out, missing("a message has an event or an argument"));
  }
}

void BitgetAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_body(body, symbol_or_query(symbol, endpoint, "symbol"), out);
}

Subscription BitgetAdapter::subscribe(std::span<const std::string> symbols) const {
  std::string list;
  for (const std::string& symbol : symbols) {
    list += list.empty() ? "" : ",";
    list += R"({"instType":"SPOT","channel":"ticker","instId":)" + json_string(symbol) + "}";
  }
  return {.target = "/v2/ws/public", .frames = {R"({"op":"subscribe","args":[)" + list + "]}"}};
}

std::vector<std::string> BitgetAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  const std::string all = "/api/v2/spot/market/tickers";
  return {symbols.size() == 1 ? all + "?symbol=" + percent_encoded(symbols.front()) : all};
}

}  // namespace assay::fetchers
