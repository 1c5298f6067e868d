#include "fetchers/venues/kraken.hpp"

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/kraken_book.hpp"
#include "fetchers/venues/kraken_futures.hpp"
#include "fetchers/venues/kraken_messages.hpp"
#include "fetchers/venues/kraken_v1.hpp"

namespace assay::fetchers {

namespace {

/// Item of a v2 message; `time` is the message's own, where items carry none.
ParsedItem read_item(std::string_view channel, JsonValue item, std::optional<WallTime> time) {
  const Instrument instrument = kraken_instrument(item["symbol"].text());
  const auto own = time_from_iso(item["timestamp"].text());
  if (channel == "ticker") {
    return make_quote(instrument, QuoteKind::ticker,
                      {.bid = item["bid"], .ask = item["ask"], .last = item["last"], .base_volume = item["volume"]},
                      own ? own : time);
  }
  if (channel == "trade") {
    return make_quote(instrument, QuoteKind::trade, {.bid = {}, .ask = {}, .last = item["price"], .base_volume = {}},
                      own ? own : time);
  }
  if (channel == "level3") {
    return make_book(instrument, item["bids"], item["asks"], {.price = "limit_price", .size = "order_qty"},
                     own ? own : time);
  }
  if (channel == "book") {
    return make_book(instrument, item["bids"], item["asks"], {}, own ? own : time);
  }
  // ohlc: the message's time is when it was said, the item's is the deprecated end of the interval
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = item["close"], .base_volume = item["volume"]}, time ? time : own);
}

/// What the status of the whole system means for every pair: online, maintenance, cancel_only, post_only.
Trading trading_of_system(JsonValue message) {
  const std::string_view system = message["data"].at(0)["system"].text();
  if (system.empty()) return Trading::unsaid;
  return system == "online" ? Trading::trading : Trading::halted;
}

void read_channel(JsonValue message, Parsed& out) {
  const std::string_view channel = message["channel"].text();
  if (channel == "status") {
    note_all_trading(out, trading_of_system(message));
  }
  if (channel == "heartbeat" || channel == "status") {
    return add_item(out, Control{std::string(channel)});
  }
  if (channel == "instrument") {
    return add_item(out, Control{"instruments"});
  }
  const bool is_book = channel == "book" || channel == "level3";
  if (is_book && message["type"].text() == "update") {
    return add_item(out, Control{"delta"});
  }
  if (!is_book && channel != "ticker" && channel != "trade" && channel != "ohlc") {
    return add_item(out,
                    Refusal{.error = {Errc::unsupported, "a channel that is not read"}, .text = printable(channel)});
  }
  const JsonValue data = message["data"];
  if (!data.is_array()) {
    return add_item(out, Refusal{.error = {Errc::missing_field, "a channel message has a list of data"}, .text = {}});
  }
  if (data.size() == 0) {
    return add_item(out, Control{"empty"});
  }
  const auto time = time_from_iso(message["timestamp"].text());
  for (const JsonValue item : data) {
    if (is_full(out)) {
      return;
    }
    add_item(out, read_item(channel, item, time));
  }
}

ParsedItem read_response(JsonValue message) {
  if (message["error"].is_string() || message["success"].is_false()) {
    return venue_refusal(message["error"].text());
  }
  const std::string_view method = message["method"].text();
  if (method == "pong" || method == "ping") {
    return Control{std::string(method)};
  }
  return Control{message["success"].exists() ? "ack" : "subscribe"};
}

/// v2 writes "BTC/USD" where REST and v1 have XBT.
std::string v2_symbol(const std::string& symbol) {
  const Pair pair = split_kraken(symbol);
  return pair.base.empty() ? symbol : pair.base + "/" + pair.quote;
}

/// REST knows bitcoin as XBT and dogecoin as XDG.
std::string rest_symbol(const std::string& symbol) {
  const Pair pair = split_kraken(symbol);
  const auto code = [](const std::string& asset) {
    return asset == "BTC" ? std::string("XBT") : asset == "DOGE" ? std::string("XDG") : asset;
  };
  return pair.base.empty() ? symbol : code(pair.base) + code(pair.quote);
}

}  // namespace

void KrakenAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view /*symbol*/,
                               Parsed& out) const {
  if (message.is_array()) {
    read_kraken_v1_data(message, out);
  } else if (is_kraken_futures(message)) {
    read_kraken_futures_stream(message, out);
  } else if (message["event"].is_string()) {
    add_item(out, read_kraken_v1_event(message));
  } else if (message["channel"].is_string()) {
    read_channel(message, out);
  } else if (message["method"].is_string() || message["error"].is_string()) {
    add_item(out, read_response(message));
  } else {
    add_item(out, missing("a message has a channel, a method or an event"));
  }
}

void KrakenAdapter::on_stream_message(JsonValue message, std::string_view path, StreamMemory& memory,
                                      Parsed& out) const {
  if (message["channel"].text() == "book") return read_kraken_book(message, memory, out);
  on_message(message, path, {}, out);
}

void KrakenAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  if (!body["result"].is_string() && !body["candles"].is_array() && !body["elements"].is_array()) {
    return read_kraken_rest(body, out);
  }
  std::string product = symbol_or_query(symbol, endpoint, "symbol");
  for (const std::string_view kind : {"trade", "mark", "spot", "orderbook", "tickers"}) {
    if (product.empty()) {
      product = segment_after(split_endpoint(endpoint), kind).value_or("");
    }
  }
  read_kraken_futures_rest(body, product, out);
}

Subscription KrakenAdapter::subscribe(std::span<const std::string> symbols) const {
  std::vector<std::string> names;
  for (const std::string& symbol : symbols) {
    names.push_back(v2_symbol(symbol));
  }
  return {.target = "/v2",
          .frames = {R"({"method":"subscribe","params":{"channel":"book","symbol":)" + json_list(names) +
                     R"(,"depth":)" + std::to_string(kraken_book_depth) + R"(,"snapshot":true}})"}};
}

std::vector<std::string> KrakenAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  std::string target = "/0/public/Ticker?pair=";
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    target += (i == 0 ? "" : ",") + percent_encoded(rest_symbol(symbols[i]));
  }
  return {std::move(target)};
}

}  // namespace assay::fetchers
