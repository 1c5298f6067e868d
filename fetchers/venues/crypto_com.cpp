#include "fetchers/venues/crypto_com.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 5> contract_quotes = {"USDT", "USDC", "USD", "EUR", "BTC"};

/// "BTC_USDT" (spot), "BTCUSD-PERP", "BTCUSD-240927", "BTCUSD-INDEX".
Instrument crypto_com_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = {}};
  instrument.pair = symbol.find('_') != std::string_view::npos
                        ? split_delimited(symbol)
                        : split_concatenated(symbol.substr(0, symbol.find('-')), contract_quotes);
  return instrument;
}

/// Where the entries of a result come from.
struct Source {
  std::string_view channel;  ///< "ticker", "book", "trade", "candlestick", "mark", "index"...
  std::string_view symbol;   ///< of the whole result, may be empty
};

std::optional<WallTime> time_of(JsonValue entry) {
  const auto millis = time_from_epoch(entry["t"].text(), TimeUnit::millis_or_micros);
  return millis ? millis : time_from_epoch(entry["tn"].text(), TimeUnit::nanos);
}

ParsedItem read_entry(const Source& source, JsonValue entry) {
  const std::string_view own = entry["i"].text();
  const Instrument instrument = crypto_com_instrument(own.empty() ? source.symbol : own);
  const auto time = time_of(entry);
  if (source.channel == "ticker") {
    return dated_aside(
        make_listed_quote(instrument, QuoteKind::ticker,
                          {.bid = entry["b"], .ask = entry["k"], .last = entry["a"], .base_volume = entry["v"]}, time));
  }
  if (source.channel == "trade") {
    return make_quote(instrument, QuoteKind::trade, last_only(entry["p"]), time);
  }
  if (source.channel == "book") {
    return make_book(instrument, entry["bids"], entry["asks"], {}, time);
  }
  if (source.channel == "candlestick") {
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = entry["c"], .base_volume = entry["v"]}, time);
  }
  if (source.channel == "funding" || source.channel == "estimatedfunding") {
    return Control{"funding"};
  }
  if (source.channel == "mark" || source.channel == "index" || source.channel == "valuations") {
    return make_quote(instrument, QuoteKind::index, last_only(entry["v"]), time);
  }
  return unsupported(source.channel);
}

/// The channel that a REST method answers like.
std::string_view channel_of_method(std::string_view method) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> methods = {{
      {"public/get-tickers", "ticker"},
      {"public/get-ticker", "ticker"},
      {"public/get-book", "book"},
      {"public/get-trades", "trade"},
      {"public/get-candlestick", "candlestick"},
      {"public/get-valuations", "valuations"},
  }};
  for (const auto& [name, channel] : methods) {
    if (method == name) {
      return channel;
    }
  }
  return {};
}

ParsedItem read_error(JsonValue message) {
  Refusal refusal = venue_refusal(message["message"].text());
  const std::string_view code = message["code"].text();
  if (code == "42901" || code == "10006") {
    refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
  }
  if (refusal.text.empty()) {
    refusal.text = "code " + printable(code);
  }
  return refusal;
}

void read_result(JsonValue message, std::string_view symbol, Parsed& out) {
  const JsonValue result = message["result"];
  const std::string_view method = message["method"].text();
  Source source{.channel = result["channel"].text(), .symbol = result["instrument_name"].text()};
  if (source.channel == "book.update") {
    return add_item(out, Control{"delta"});
  }
  if (source.channel.empty()) {
    source.channel = channel_of_method(method);
  }
  if (source.symbol.empty()) {
    source.symbol = symbol;
  }
  if (method == "public/get-instruments") {
    return add_item(out, Control{"instruments"});
  }
  if (source.channel == "settlement" || method == "public/get-insurance" || method == "public/get-risk-parameters" ||
      method == "public/get-expired-settlement-price" || method == "public/get-announcements") {
    return add_item(out, Control{"status"});
  }
  if (source.channel.empty()) {
    return add_item(out, unsupported(method));
  }
  const JsonValue data = result["data"];
  if (data.is_object()) {  // the v2 host's single ticker
    return add_item(out, read_entry(source, data));
  }
  if (!data.is_array()) {
    return add_item(out, missing("a result has data"));
  }
  read_each(data, out, [&](JsonValue entry) {
    return entry["update"].exists() ? ParsedItem(Control{"delta"}) : read_entry(source, entry);
  });
}

void read_message(JsonValue message, std::string_view symbol, Parsed& out) {
  const std::string_view method = message["method"].text();
  if (method == "public/heartbeat") {
    const JsonValue id = message["id"];
    out.reply = R"({"id":)" + (id.is_number() ? std::string(id.text()) : json_string(id.text())) +
                R"(,"method":"public/respond-heartbeat"})";
    return add_item(out, Control{"heartbeat"});
  }
  if (message["code"].exists() && message["code"].text() != "0") {
    return add_item(out, read_error(message));
  }
  if (message["result"].is_object()) {
    return read_result(message, symbol, out);
  }
  if (message["msg"].text() == "suc") {  // {"code":"0","msg":"suc","data":{...}}
    return add_item(out, Refusal{.error = {Errc::retired_api, "the API before v2"}, .text = {}});
  }
  if (message["params"].exists()) {
    return add_item(out, Control{"subscribe"});
  }
  add_item(out, method.empty() ? missing("a message has a method") : ParsedItem(Control{"ack"}));
}

}  // namespace

void CryptoComAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_message(body, symbol_or_query(symbol, endpoint, "instrument_name"), out);
}

Subscription CryptoComAdapter::subscribe(std::span<const std::string> symbols) const {
  std::vector<std::string> channels;
  for (const std::string& symbol : symbols) {
    channels.push_back("ticker." + symbol);
  }
  return {.target = "/exchange/v1/market",
          .frames = {R"({"id":1,"method":"subscribe","params":{"channels":)" + json_list(channels) + "}}"}};
}

std::vector<std::string> CryptoComAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  const std::string all = "/exchange/v1/public/get-tickers";
  return {symbols.size() == 1 ? all + "?instrument_name=" + percent_encoded(symbols.front()) : all};
}

}  // namespace assay::fetchers
