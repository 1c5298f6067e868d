#include "fetchers/venues/kraken_v1.hpp"

#include <algorithm>

#include "fetchers/venue_time.hpp"
#include "fetchers/venues/kraken_messages.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> time_of(JsonValue seconds) {
  return time_from_epoch(seconds.text(), TimeUnit::seconds);
}

/// Levels are [price, volume, time of change]; the newest change tells when the book was as shown.
std::optional<WallTime> newest_level(JsonValue levels, std::optional<WallTime> newest) {
  for (const JsonValue level : levels) {
    const auto time = time_of(level.at(2));
    newest = std::max(newest, time);  // nothing is below every time
  }
  return newest;
}

ParsedItem read_book(const Instrument& instrument, JsonValue book) {
  if (!book["as"].exists() && !book["bs"].exists()) {
    return Control{"delta"};
  }
  return make_book(instrument, book["bs"], book["as"], {}, newest_level(book["as"], newest_level(book["bs"], {})));
}

/// [bid, ask, time, bid volume, ask volume]
ParsedItem read_spread(const Instrument& instrument, JsonValue spread) {
  return make_quote(instrument, QuoteKind::bbo,
                    {.bid = spread.at(0), .ask = spread.at(1), .last = {}, .base_volume = {}}, time_of(spread.at(2)));
}

/// [time of last update, end, open, high, low, close, average, volume, count]
ParsedItem read_candle(const Instrument& instrument, JsonValue candle) {
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = candle.at(5), .base_volume = candle.at(7)}, time_of(candle.at(0)));
}

/// [[price, volume, time, side, type, misc], ...]
void read_trades(const Instrument& instrument, JsonValue trades, Parsed& out) {
  if (trades.size() == 0) {
    return add_item(out, Control{"empty"});
  }
  for (const JsonValue trade : trades) {
    if (is_full(out)) {
      return;
    }
    add_item(out, make_quote(instrument, QuoteKind::trade,
                             {.bid = {}, .ask = {}, .last = trade.at(0), .base_volume = {}}, time_of(trade.at(2))));
  }
}

}  // namespace

void read_kraken_v1_data(JsonValue message, Parsed& out) {
  const std::size_t size = message.size();
  if (size == 2 && message.at(0).is_number() && (message.at(1).is_array() || message.at(1).is_object())) {
    return add_item(out, Refusal{.error = {Errc::retired_api, "a v1 frame without channel name and pair"}, .text = {}});
  }
  if (size == 3 && message.at(1).is_string()) {  // [[...], "openOrders", {...}]: of an account
    return add_item(out, unsupported(message.at(1).text()));
  }
  const std::string_view channel = size >= 4 ? message.at(size - 2).text() : std::string_view{};
  const JsonValue payload = message.at(1);
  if (channel.empty() || !message.at(0).is_number() || !message.at(size - 1).is_string() ||
      !(payload.is_array() || payload.is_object())) {
    return add_item(out, Refusal{.error = {Errc::missing_field, "[channel id, payload, channel name, pair] was due"},
                                 .text = printable(channel)});
  }
  const Instrument instrument = kraken_instrument(message.at(size - 1).text());
  if (channel == "ticker") {
    return add_item(out, kraken_ticker(instrument, payload));
  }
  if (channel == "trade") {
    return read_trades(instrument, payload, out);
  }
  if (channel == "spread") {
    return add_item(out, read_spread(instrument, payload));
  }
  if (channel.starts_with("ohlc")) {
    return add_item(out, read_candle(instrument, payload));
  }
  if (channel.starts_with("book")) {
    return add_item(out, read_book(instrument, payload));
  }
  add_item(out, Refusal{.error = {Errc::unsupported, "a v1 channel that is not read"}, .text = printable(channel)});
}

ParsedItem read_kraken_v1_event(JsonValue message) {
  const std::string_view event = message["event"].text();
  if (event == "heartbeat" || event == "pong" || event == "ping") {
    return Control{std::string(event)};
  }
  if (event == "systemStatus") {
    return Control{"status"};
  }
  if (event == "error" || message["status"].text() == "error") {
    return venue_refusal(message["errorMessage"].text());
  }
  if (event == "subscriptionStatus") {
    return Control{"ack"};
  }
  if (event == "subscribe" || event == "unsubscribe") {
    return Control{"subscribe"};
  }
  return Refusal{.error = {Errc::unsupported, "a v1 event that is not read"}, .text = printable(event)};
}

}  // namespace assay::fetchers
