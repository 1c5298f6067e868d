#include "fetchers/venues/gemini.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/gemini_messages.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 16> quotes = {"RLUSD", "GUSD", "USDT", "USDC", "USD", "EUR", "GBP", "SGD",
                                                     "BTC",   "ETH",  "LTC",  "BCH",  "DAI", "FIL", "DOG", "SOL"};

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::by_size);
}

/// The current API: events after the manner of Binance, with nanoseconds.
ParsedItem read_event(std::string_view given, JsonValue event) {
  const Instrument instrument = gemini_instrument(first_text({event["s"].text(), given}));
  if (event["e"].text() == "depthUpdate") {
    return Control{"delta"};
  }
  if (event["bids"].exists() || event["asks"].exists()) {
    return make_book(instrument, event["bids"], event["asks"], {}, time_of(event["E"]));
  }
  if (event["p"].exists() && event["q"].exists()) {
    return make_quote(instrument, QuoteKind::trade, last_only(event["p"]), time_of(event["E"]));
  }
  if (event["b"].exists() && event["a"].exists()) {
    return make_quote(instrument, QuoteKind::bbo, {.bid = event["b"], .ask = event["a"], .last = {}, .base_volume = {}},
                      time_of(event["E"]));
  }
  return unsupported(event["e"].text());
}

ParsedItem read_response(JsonValue message) {
  if (const JsonValue error = message["error"]; error.is_object()) {
    return venue_refusal(first_text({error["msg"].text(), error["message"].text(), error["code"].text()}));
  }
  return Control{message["status"].exists() || message["result"].exists() ? "ack" : "subscribe"};
}

void read_message(std::string_view given, JsonValue message, Parsed& out) {
  if (message["result"].text() == "error") {
    return add_item(
        out, venue_refusal(std::string(message["reason"].text()) + ": " + std::string(message["message"].text())));
  }
  if (message["events"].is_array()) {
    return read_gemini_v1(given, message, out);
  }
  if (message["type"].is_string()) {
    return read_gemini_v2(message, out);
  }
  if (message["method"].is_string() || message["status"].exists() || message["error"].exists() ||
      message["result"].exists()) {
    return add_item(out, read_response(message));
  }
  if (message["e"].exists() || message["s"].exists() || message["bids"].exists()) {
    return add_item(out, read_event(given, message));
  }
  add_item(out, missing("a message has a type, an event or a symbol"));
}

std::string symbol_of_path(std::string_view path, std::initializer_list<std::string_view> segments) {
  const Endpoint asked = split_endpoint(path);
  for (const std::string_view segment : segments) {
    if (auto symbol = segment_after(asked, segment)) {
      return *symbol;
    }
  }
  return {};
}

/// "BTC/USD" is "btcusd" in streams and paths.
std::string url_symbol(const std::string& symbol) {
  std::string out = lower_case(symbol);
  std::erase_if(out, [](char c) { return c == '/' || c == '-'; });
  return out;
}

}  // namespace

Instrument gemini_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = split_delimited(symbol)};
  if (instrument.pair.base.empty()) {
    const std::string name = upper_case(symbol);
    instrument.pair =
        split_concatenated(std::string_view(name).substr(0, name.size() - (name.ends_with("PERP") ? 4 : 0)), quotes);
  }
  return instrument;
}

void GeminiAdapter::on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const {
  read_message(symbol.empty() ? symbol_of_path(path, {"marketdata"}) : std::string(symbol), message, out);
}

void GeminiAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_gemini_rest(symbol.empty()
                       ? symbol_of_path(endpoint, {"pubticker", "ticker", "book", "trades", "candles", "riskstats"})
                       : std::string(symbol),
                   body, out);
}

Subscription GeminiAdapter::subscribe(std::span<const std::string> symbols) const {
  const auto stream = [](const std::string& symbol) { return json_string(url_symbol(symbol) + "@bookTicker"); };
  return {.target = "/",
          .frames = frames_of(symbols, 100, R"({"id":"1","method":"subscribe","params":[)", stream, "]}")};
}

std::vector<std::string> GeminiAdapter::rest_targets(std::span<const std::string> symbols) const {
  std::vector<std::string> targets;
  for (const std::string& symbol : symbols) {
    targets.push_back("/v1/pubticker/" + percent_encoded(url_symbol(symbol)));
  }
  return targets;
}

}  // namespace assay::fetchers
