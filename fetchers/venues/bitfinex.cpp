#include "fetchers/venues/bitfinex.hpp"

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/bitfinex_rows.hpp"

namespace assay::fetchers {

namespace {

/// Flags TIMESTAMP and SEQ_ALL of the conf event: every message of a channel ends with its number on the connection and
/// the time at which it was said.
constexpr std::string_view conf_frame = R"({"event":"conf","flags":98304})";

/// Parts of a message that are looked at: whatever follows is not ours.
constexpr std::size_t parts_max = 8;

/// The number of a message that ends with its number and time, whichever stands first.
JsonValue number_of(JsonValue message) {
  JsonValue number;
  bool timed = false;
  const std::size_t behind = message.at(1).is_string() && message.at(1).text() != "hb" ? 3 : 2;
  for (std::size_t i = behind; i < parts_max && message.at(i).is_number(); ++i) {
    const bool is_time = bitfinex_time(message.at(i)).has_value();
    timed = timed || is_time;
    if (!is_time) number = message.at(i);
  }
  return timed ? number : JsonValue{};
}

/// Raw books show orders, whose first column is no price.
bool is_raw_book(JsonValue channel) {
  return channel["prec"].text() == "R0";
}

std::string symbol_of_channel(JsonValue channel) {
  if (is_raw_book(channel)) {
    return {};
  }
  return std::string(
      first_text({channel["symbol"].text(), bitfinex_symbol_of_key(channel["key"].text()), channel["pair"].text()}));
}

/// 20051: restart, please reconnect; 20060 and 20061: maintenance begins and ends. The greeting says it as 0 or 1.
ParsedItem read_info(JsonValue message, Parsed& out) {
  const std::string_view code = message["code"].text();
  const std::string_view platform = message["platform"]["status"].text();
  if (code == "20060" || platform == "0") {
    note_all_trading(out, Trading::halted);
  } else if (code == "20061" || platform == "1") {
    note_all_trading(out, Trading::trading);
  }
  return Control{code == "20051" ? "shutdown" : "status"};
}

ParsedItem read_event(JsonValue message, Parsed& out) {
  const std::string_view event = message["event"].text();
  if (event == "error" || message["status"].text() == "FAILED") {
    return venue_refusal(std::string(message["code"].text()) + " " + std::string(message["msg"].text()));
  }
  if (event == "info") {
    return read_info(message, out);
  }
  if (event == "ping" || event == "pong") {
    return Control{std::string(event)};
  }
  if (event == "subscribed" || event == "unsubscribed" || event == "auth" ||
      (event == "conf" && message["status"].exists())) {
    return Control{"ack"};
  }
  if (event == "subscribe" || event == "unsubscribe" || event == "conf") {
    return Control{"subscribe"};
  }
  return unsupported(event);
}

/// Text in the second place says what the message is; data follow where there are some.
ParsedItem read_tagged(std::string_view symbol, JsonValue message) {
  const std::string_view tag = message.at(1).text();
  if (tag == "hb") {
    return Control{"heartbeat"};
  }
  if (tag == "cs") {
    return Control{"checksum"};
  }
  if (tag == "fte" || tag == "ftu") {
    return Control{"funding"};
  }
  if ((tag == "te" || tag == "tu") && message.at(2).size() == 4) {
    return read_bitfinex_trade(symbol, message.at(2));
  }
  return unsupported(tag);
}

/// What a message says behind its payload: (sequence number), (time), (channel, pair).
struct Tail {
  std::optional<WallTime> time;
  std::string_view channel;
  std::string_view pair;
};

Tail tail_of(JsonValue message) {
  Tail tail;
  for (std::size_t i = 2; i < parts_max && message.at(i).exists(); ++i) {
    const JsonValue value = message.at(i);
    if (value.is_number() && bitfinex_time(value)) {
      tail.time = bitfinex_time(value);
    } else if (value.is_string()) {
      (tail.channel.empty() ? tail.channel : tail.pair) = value.text();
    }
  }
  return tail;
}

/// [channel, payload, ...tail]; the channel is its number, or what the number stood for.
void read_channel(std::string_view symbol, JsonValue message, Parsed& out) {
  const JsonValue payload = message.at(1);
  const Tail tail = tail_of(message);
  if (payload.is_string()) {
    return add_item(out, read_tagged(symbol, message));
  }
  if (payload.is_number()) {
    return add_item(out, Refusal{.error = {Errc::retired_api, "a flat frame of WebSocket v1"}, .text = {}});
  }
  if (!payload.is_array()) {
    return add_item(out, missing("[channel, payload] was due"));
  }
  if (is_raw_book(message.at(0)) || tail.channel == "raw_book") {
    return add_item(out, payload.at(0).is_array() ? unsupported("raw book") : ParsedItem(Control{"delta"}));
  }
  if (tail.channel == "status" || tail.channel == "liquidations") {
    return add_item(out, Control{tail.channel == "status" ? "status" : "liquidation"});
  }
  read_bitfinex_rows(symbol, payload, tail.time, out);
}

void read_message(std::string_view given, JsonValue message, Parsed& out) {
  if (message["event"].is_string()) {
    return add_item(out, read_event(message, out));
  }
  if (!message.is_array() || message.size() < 2) {
    return add_item(out, missing("an event or [channel, payload] was due"));
  }
  const std::string named = symbol_of_channel(message.at(0));
  const bool traded = !message.at(1).is_string() || message.at(1).text() == "te" || message.at(1).text() == "tu";
  read_channel(first_text({named, given, traded ? tail_of(message).pair : std::string_view{}}), message, out);
}

/// A number learnt or forgotten.
void note_channel(JsonValue message, StreamMemory& memory) {
  const std::string channel(message["chanId"].text());
  if (message["event"].text() == "unsubscribed") {
    memory.symbols.erase(channel);
  } else if (message["event"].text() == "subscribed" && !channel.empty() && channel.size() <= field_length_max &&
             (memory.symbols.size() < channels_max || memory.symbols.contains(channel))) {
    memory.symbols[channel] = symbol_of_channel(message).substr(0, field_length_max);
  }
}

/// The retired v1 answers: objects with names.
ParsedItem read_v1(std::string_view given, JsonValue body) {
  const Instrument instrument = bitfinex_instrument(first_text({body["pair"].text(), given}));
  const auto time = time_from_epoch(body["timestamp"].text(), TimeUnit::seconds);
  if (body["bids"].exists() || body["asks"].exists()) {
    return make_book(instrument, body["bids"], body["asks"], {.price = "price", .size = "amount"}, std::nullopt);
  }
  if (body["last_price"].exists()) {
    return make_listed_quote(
        instrument, QuoteKind::ticker,
        {.bid = body["bid"], .ask = body["ask"], .last = body["last_price"], .base_volume = body["volume"]}, time);
  }
  if (body["tid"].exists()) {
    return make_quote(instrument, QuoteKind::trade, last_only(body["price"]), time);
  }
  if (body["price_precision"].exists() || body["period"].exists()) {
    return Control{body["period"].exists() ? "status" : "instruments"};
  }
  return body["rate"].exists() ? ParsedItem(Control{"funding"}) : unsupported({});
}

std::string symbol_of_path(const Endpoint& asked) {
  if (auto key = segment_after(asked, "candles")) {
    return std::string(bitfinex_symbol_of_key(*key));
  }
  for (const std::string_view segment : {"ticker", "book", "trades", "pubticker"}) {
    if (auto symbol = segment_after(asked, segment)) {
      return *symbol;
    }
  }
  return {};
}

void read_answer(const Endpoint& asked, std::string_view symbol, JsonValue body, Parsed& out) {
  if (body.is_object()) {
    if (body["message"].is_string() || body["error"].is_string()) {
      return add_item(out, venue_refusal(first_text({body["message"].text(), body["error"].text()})));
    }
    return add_item(out, read_v1(symbol, body));
  }
  if (!body.is_array()) {
    return add_item(out, missing("a list was due"));
  }
  if (body.at(0).text() == "error") {
    return add_item(out, venue_refusal(std::string(body.at(1).text()) + " " + std::string(body.at(2).text())));
  }
  if (segment_after(asked, "conf")) {
    return add_item(out, Control{"instruments"});
  }
  if (segment_after(asked, "platform") || segment_after(asked, "stats1") || segment_after(asked, "rankings") ||
      (body.size() == 1 && body.at(0).is_number())) {
    return add_item(out, Control{"status"});
  }
  if (segment_after(asked, "liquidations")) {
    return add_item(out, Control{body.size() == 0 ? "empty" : "liquidation"});
  }
  if (ends_with_segment(asked, "R0")) {
    return add_item(out, unsupported("raw book"));
  }
  if (body.at(0).is_object()) {
    return read_each(body, out, [&](JsonValue entry) { return read_v1(symbol, entry); });
  }
  if (body.at(0).is_string() && (body.size() == 1 || body.at(1).is_string())) {  // symbols of v1
    return add_item(out, Control{"instruments"});
  }
  read_bitfinex_rows(symbol, body, std::nullopt, out);
}

}  // namespace

void BitfinexAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol,
                                 Parsed& out) const {
  read_message(symbol, message, out);
}

std::string BitfinexAdapter::remember(JsonValue message, StreamMemory& memory) const {
  if (message.is_array()) expect_next(memory, "", number_of(message));
  note_channel(message, memory);
  const auto known = memory.symbols.find(message.at(0).text());
  return message.is_array() && known != memory.symbols.end() ? known->second : std::string{};
}

void BitfinexAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  const Endpoint asked = split_endpoint(endpoint);
  read_answer(asked, symbol.empty() ? symbol_of_path(asked) : std::string(symbol), body, out);
}

Subscription BitfinexAdapter::subscribe(std::span<const std::string> symbols) const {
  std::vector<std::string> frames = {std::string(conf_frame)};
  for (const std::string& symbol : symbols) {
    frames.push_back(R"({"event":"subscribe","channel":"ticker","symbol":)" + json_string(symbol) + "}");
  }
  return {.target = "/ws/2", .frames = std::move(frames)};
}

std::vector<std::string> BitfinexAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  std::string target = "/v2/tickers?symbols=";
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    target += (i == 0 ? "" : ",") + percent_encoded(symbols[i]);
  }
  return {std::move(target)};
}

}  // namespace assay::fetchers
