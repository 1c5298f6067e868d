#include "fetchers/venues/kucoin.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 6> futures_quotes = {"USDTM", "USDCM", "USDM", "USDT", "USDC", "USD"};

/// "BTC-USDT"; futures as "XBTUSDTM", whose last letter says perpetual, or "XBTMM26", dated and in dollars.
Instrument kucoin_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = split_delimited(symbol)};
  if (const std::size_t size = symbol.size();
      size > 4 && symbol[size - 4] == 'M' && whole_number(symbol.substr(size - 2))) {
    instrument.pair = {.base = canonical_asset(symbol.substr(0, size - 4)), .quote = "USD"};  // "XBTMM26"
  } else if (instrument.pair.base.empty()) {
    const bool index = symbol.starts_with(".K");  // ".KXBTUSDT"
    instrument.pair = split_concatenated(symbol.substr(index ? 2 : 0), futures_quotes);
    if (instrument.pair.quote.ends_with('M')) {
      instrument.pair.quote.pop_back();
    }
  }
  return instrument;
}

std::optional<WallTime> time_of(JsonValue entry) {
  for (const std::string_view name : {"time", "ts", "timestamp", "timePoint", "datetime", "tradeTime"}) {
    if (auto time = time_from_epoch(entry[name].text(), TimeUnit::by_size)) {
      return time;
    }
  }
  return std::nullopt;
}

/// A day of an inverse contract turns over coins, that of a linear one is told in coins at once.
JsonValue volume_of(const Instrument& instrument, JsonValue entry) {
  const bool day_of_contract = entry["lastPrice"].exists() && entry["turnover"].exists();
  return day_of_contract ? entry[instrument.pair.quote == "USD" ? "turnover" : "volume"]
                         : first_field(entry, {"vol", "baseVolume"});
}

/// Every ticker of this venue, by whichever names it has.
ParsedItem read_ticker(const Instrument& instrument, JsonValue entry, std::optional<WallTime> time) {
  return make_listed_quote(instrument, QuoteKind::ticker,
                           {.bid = first_field(entry, {"bestBid", "bestBidPrice", "buy"}),
                            .ask = first_field(entry, {"bestAsk", "bestAskPrice", "sell"}),
                            .last = first_field(entry, {"last", "lastTradedPrice", "lastPrice", "price"}),
                            .base_volume = volume_of(instrument, entry)},
                           time);
}

/// Contracts in candles of objects; spot and newer ones are lists.
ParsedItem read_named_candle(const Instrument& instrument, JsonValue data, std::optional<WallTime> time) {
  return make_quote(instrument, QuoteKind::candle, last_only(data["close"]), time);
}

bool is_contract(const Instrument& instrument) {
  return instrument.symbol.find('-') == std::string::npos;
}

/// Contracts, asked for: [time, open, high, low, close, lots, ...].
ParsedItem read_contract_candle(const Instrument& instrument, JsonValue row) {
  return make_quote(instrument, QuoteKind::candle, last_only(row.at(4)),
                    time_from_epoch(row.at(0).text(), TimeUnit::by_size));
}

/// [time, open, close, high, low, volume, turnover]
ParsedItem read_candle(const Instrument& instrument, JsonValue row, std::optional<WallTime> time) {
  const auto start = time_from_epoch(row.at(0).text(), TimeUnit::by_size);
  return make_quote(instrument, QuoteKind::candle, {.bid = {}, .ask = {}, .last = row.at(2), .base_volume = row.at(5)},
                    time ? time : start);
}

/// A best level alone: {"asks":[price,size],"bids":[price,size]}.
ParsedItem read_level1(const Instrument& instrument, JsonValue data) {
  return make_quote(instrument, QuoteKind::bbo,
                    {.bid = data["bids"].at(0), .ask = data["asks"].at(0), .last = {}, .base_volume = {}},
                    time_of(data));
}

ParsedItem read_statement(const Instrument& instrument, JsonValue data, std::optional<WallTime> time) {
  if (data["bids"].exists() || data["asks"].exists()) {
    return make_book(instrument, data["bids"], data["asks"], {}, time);
  }
  if (data["candles"].is_array()) {
    return read_candle(instrument, data["candles"], time);
  }
  if (data["granularity"].exists() && data["close"].exists()) {
    return read_named_candle(instrument, data, time);
  }
  if (first_field(data, {"fundingRate", "predictedValue", "dailyIntRate"}).exists()) {
    return Control{"funding"};
  }
  const bool has_best = first_field(data, {"bestBid", "bestBidPrice"}).exists();
  if (!has_best && data["price"].exists() && (data["tradeId"].exists() || data["side"].exists())) {
    return make_quote(instrument, QuoteKind::trade, last_only(data["price"]), time);
  }
  if (data["value"].exists()) {
    return make_quote(instrument, QuoteKind::index, last_only(data["value"]), time);
  }
  if (first_field(data, {"bestBid", "bestBidPrice", "buy", "last", "lastTradedPrice", "lastPrice"}).exists()) {
    return dated_aside(read_ticker(instrument, data, time));  // "the matching time of the latest transaction"
  }
  return data["estimatedPrice"].exists() ? ParsedItem(Control{"status"}) : unsupported(instrument.symbol);
}

/// "BTC-USDT" of "/market/candles:BTC-USDT_1min"; empty for "all" and for a list.
std::string_view symbol_of_topic(std::string_view topic) {
  const std::size_t colon = topic.rfind(':');
  std::string_view symbol = colon == std::string_view::npos ? std::string_view{} : topic.substr(colon + 1);
  symbol = symbol.substr(0, symbol.find('_'));
  return symbol == "all" || symbol.find(',') != std::string_view::npos ? std::string_view{} : symbol;
}

ParsedItem read_push(JsonValue message, std::string_view given) {
  const std::string_view topic = message["topic"].text();
  const std::string_view subject = message["subject"].text();
  JsonValue data = message["data"];
  if (topic.find("/level2:") != std::string_view::npos || data["changes"].exists() || data["change"].exists()) {
    return Control{"delta"};
  }
  if (topic.find("/level3") != std::string_view::npos && subject != "match") {  // single orders
    return Control{"delta"};
  }
  if (topic.find("tradeOrders") != std::string_view::npos) {  // an account's own
    return unsupported(topic);
  }
  if (data["data"].is_object()) {  // snapshots are wrapped once more
    data = data["data"];
  }
  if (!data.is_object()) {
    return missing("a message has data");
  }
  const bool all = topic.ends_with(":all");
  const Instrument instrument = kucoin_instrument(
      first_text({data["symbol"].text(), symbol_of_topic(topic), all ? subject : std::string_view{}, given}));
  if (subject == "level1" && !data["asks"].at(0).is_array()) {
    return read_level1(instrument, data);
  }
  if (subject == "mark.index.price") {
    return make_quote(instrument, QuoteKind::index, last_only(data["indexPrice"]), time_of(data));
  }
  if (topic.starts_with("/contract/")) {
    return Control{subject == "funding.rate" ? "funding" : "status"};
  }
  return read_statement(instrument, data, time_of(data));
}

ParsedItem read_message(JsonValue message, std::string_view given) {
  const std::string_view type = message["type"].text();
  if (type == "message") {
    return read_push(message, given);
  }
  if (type == "welcome" || type == "ack" || type == "ping" || type == "pong") {
    return Control{std::string(type)};
  }
  if (type == "subscribe" || type == "unsubscribe") {
    return Control{"subscribe"};
  }
  if (type == "error") {
    return venue_refusal(std::string(message["code"].text()) + " " + std::string(message["data"].text()));
  }
  return type.empty() ? missing("a message has a type") : unsupported(type);
}

void read_list(std::string_view symbol, JsonValue list, std::optional<WallTime> time, Parsed& out) {
  if (list.at(0)["baseCurrency"].exists() || list.at(0)["currency"].exists() || list.at(0).is_string()) {
    return add_item(out, Control{"instruments"});
  }
  read_each(list, out, [&](JsonValue entry) {
    const Instrument instrument = kucoin_instrument(first_text({entry["symbol"].text(), symbol}));
    if (entry.is_array()) {
      return is_contract(instrument) ? read_contract_candle(instrument, entry)
                                     : read_candle(instrument, entry, std::nullopt);
    }
    const auto own = time_of(entry);
    const bool best = entry["bestBidPrice"].exists();
    if (first_field(entry, {"value", "fundingRate"}).exists()) {
      return read_statement(instrument, entry, own);
    }
    return !best && entry["sequence"].exists() && entry["side"].exists() && entry["price"].exists()
               ? make_quote(instrument, QuoteKind::trade, last_only(entry["price"]), own ? own : time)
               : read_ticker(instrument, entry, own ? own : time);
  });
}

/// {"BTC":"64000.1",...}: coins in the currency that was asked for.
bool is_prices(JsonValue data) {
  return data.size() > 0 && data.at(0).is_string() && data.at(0).key() == upper_case(data.at(0).key()) &&
         data.at(0).text().find_first_not_of("0123456789.") == std::string_view::npos;
}

void read_prices(std::string_view currency, JsonValue data, Parsed& out) {
  read_each(data, out, [&](JsonValue price) {
    return make_quote({.symbol = std::string(price.key()),
                       .pair = {.base = canonical_asset(price.key()), .quote = std::string(currency)}},
                      QuoteKind::rate, last_only(price), std::nullopt);
  });
}

/// Numbers of an index that are no prices: interest, premiums.
bool is_share(std::string_view symbol) {
  return symbol.starts_with('.') && !symbol.starts_with(".K");
}

void read_answer(std::string_view symbol, std::string_view currency, JsonValue body, Parsed& out) {
  const std::string_view code = body["code"].text();
  const JsonValue data = body["data"];
  if (code != "200000") {
    return add_item(out, code.empty()
                             ? missing("an answer has a code")
                             : ParsedItem{venue_refusal(std::string(code) + " " + std::string(body["msg"].text()))});
  }
  if (data.is_number()) {
    return add_item(out, Control{"time"});
  }
  if (data["token"].exists() || data["status"].exists()) {
    return add_item(out, Control{data["token"].exists() ? "token" : "status"});
  }
  if (const JsonValue list = first_field(data, {"ticker", "list", "dataList"}); data.is_array() || list.is_array()) {
    if (is_share(first_text({list.at(0)["symbol"].text(), symbol}))) {
      return add_item(out, Control{"funding"});
    }
    return read_list(first_text({data["symbol"].text(), symbol}), data.is_array() ? data : list, time_of(data), out);
  }
  if (!data.is_object()) {
    return add_item(out, data.is_null() ? ParsedItem{Control{"empty"}} : missing("an answer has data"));
  }
  if (data["baseCurrency"].exists()) {
    return add_item(out, Control{"instruments"});
  }
  if (is_prices(data)) {
    return read_prices(currency, data, out);
  }
  add_item(out, read_statement(kucoin_instrument(first_text({data["symbol"].text(), symbol})), data, time_of(data)));
}

}  // namespace

void KucoinAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol,
                               Parsed& out) const {
  add_item(out, read_message(message, symbol));
}

void KucoinAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_answer(symbol_or_query(symbol, endpoint, "symbol"),
              query_value(split_endpoint(endpoint), "base").value_or("USD"), body, out);
}

Subscription KucoinAdapter::subscribe(std::span<const std::string> symbols) const {
  const auto plain = [](const std::string& symbol) {
    const std::string quoted = json_string(symbol);
    return quoted.substr(1, quoted.size() - 2);
  };
  return {.target = "/",
          .frames = frames_of(symbols, 100, R"({"id":"1","type":"subscribe","topic":"/market/ticker:)", plain,
                              R"(","response":true})")};
}

std::optional<TokenRule> KucoinAdapter::token_rule() const {
  return TokenRule{.request = {.target = "/api/v1/bullet-public", .body = "{}"}, .lifetime = millis(600'000)};
}

std::string KucoinAdapter::token_of(ByteSpan body) const {
  const auto document = read_payload(body);
  return document ? std::string(document->root()["data"]["token"].text()) : std::string{};
}

std::vector<std::string> KucoinAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  return {symbols.size() == 1 ? "/api/v1/market/orderbook/level1?symbol=" + percent_encoded(symbols.front())
                              : std::string("/api/v1/market/allTickers")};
}

}  // namespace assay::fetchers
