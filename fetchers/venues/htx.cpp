#include "fetchers/venues/htx.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 20> htx_quotes = {"USDT", "USDC", "USDD", "HUSD", "TUSD", "EURT", "USD",
                                                         "BTC",  "ETH",  "TRX",  "EUR",  "GBP",  "BRL",  "TRY",
                                                         "RUB",  "UAH",  "DAI",  "UST",  "HTX",  "HT"};

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

/// "BTC_CW", "BTC_NQ": coin-margined futures by the week or quarter in which they end; all are quoted in dollars.
bool is_dated(std::string_view symbol) {
  return symbol.size() > 3 &&
         (symbol.ends_with("_CW") || symbol.ends_with("_NW") || symbol.ends_with("_CQ") || symbol.ends_with("_NQ"));
}

/// "btcusdt", "BTC-USDT" (swap), "BTC-USDT-CW", "BTC_CW", "BTC200703".
Instrument htx_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = {}};
  if (is_dated(symbol)) {
    instrument.pair = {.base = canonical_asset(symbol.substr(0, symbol.size() - 3)), .quote = "USD"};
  } else if (const std::size_t day = symbol.find_first_of("0123456789");
             day != std::string_view::npos && day > 0 && symbol.size() == day + 6 && whole_number(symbol.substr(day)) &&
             symbol.find('-') == std::string_view::npos) {
    instrument.pair = {.base = canonical_asset(symbol.substr(0, day)), .quote = "USD"};  // "BTC200703"
  } else if (const std::size_t dash = symbol.find('-'); dash != std::string_view::npos) {
    instrument.pair = split_delimited(symbol.substr(0, symbol.find('-', dash + 1)));
  } else {
    instrument.pair = split_concatenated(symbol, htx_quotes);
  }
  return instrument;
}

/// "market.btcusdt.depth.step0" taken apart.
struct Topic {
  std::string_view symbol;
  std::string_view kind;  ///< "depth.step0"
};

Topic split_topic(std::string_view text) {
  if (!text.starts_with("market.")) {
    return {};
  }
  text.remove_prefix(7);
  const std::size_t dot = text.find('.');
  return dot == std::string_view::npos ? Topic{} : Topic{.symbol = text.substr(0, dot), .kind = text.substr(dot + 1)};
}

/// A side is [price, size] in a merged ticker and a plain price elsewhere.
JsonValue price_of(JsonValue side) {
  return side.is_array() ? side.at(0) : side;
}

ParsedItem read_ticker(const Instrument& instrument, JsonValue tick, std::optional<WallTime> time) {
  const JsonValue last = first_field(tick, {"lastPrice", "close"});
  return make_listed_quote(
      instrument, last.exists() ? QuoteKind::ticker : QuoteKind::bbo,
      {.bid = price_of(tick["bid"]), .ask = price_of(tick["ask"]), .last = last, .base_volume = tick["amount"]}, time);
}

/// Options: {"ask_one","bid_one","last_price","mark_price",...}
ParsedItem read_option(const Instrument& instrument, JsonValue data, std::optional<WallTime> time) {
  return make_listed_quote(
      instrument, QuoteKind::ticker,
      {.bid = data["bid_one"], .ask = data["ask_one"], .last = data["last_price"], .base_volume = {}}, time);
}

ParsedItem read_candle(const Instrument& instrument, JsonValue tick, std::optional<WallTime> time) {
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = tick["close"], .base_volume = tick["amount"]}, time);
}

ParsedItem read_trade(const Instrument& instrument, JsonValue trade, std::optional<WallTime> time) {
  const auto own = time_of(trade["ts"]);
  return make_quote(instrument, QuoteKind::trade, last_only(trade["price"]), own ? own : time);
}

/// {"id","ts","data":[trade,...]}, or a list of those.
void read_trades(const Instrument& instrument, JsonValue group, std::optional<WallTime> time, Parsed& out) {
  if (group.is_array() && group.size() > 0) {
    for (const JsonValue entry : group) {
      if (is_full(out)) {
        return;
      }
      if (entry["data"].is_array()) {
        read_trades(instrument, entry, time, out);
      } else {
        add_item(out, read_trade(instrument, entry, time));
      }
    }
    return;
  }
  read_each(group.is_array() ? group : group["data"], out,
            [&](JsonValue trade) { return read_trade(instrument, trade, time); });
}

bool is_change(std::string_view kind, JsonValue message, JsonValue tick) {
  const bool asked = message["rep"].exists();  // an answer holds the whole book
  const bool incremental = kind.starts_with("mbp.") && !kind.starts_with("mbp.refresh") && !asked;
  return incremental || message["update"].is_true() || tick["event"].text() == "update";
}

void read_topic(const Topic& topic, JsonValue message, Parsed& out) {
  const Instrument instrument = htx_instrument(topic.symbol);
  const JsonValue tick = message["tick"].exists() ? message["tick"] : message["data"];
  const auto time = time_of(message["ts"]);
  const bool is_book = topic.kind.starts_with("depth") || topic.kind.starts_with("mbp");
  if (is_book && !is_change(topic.kind, message, tick) && !tick["bids"].exists() && !tick["asks"].exists()) {
    return add_item(out, Control{"empty"});
  }
  if (is_book) {
    return add_item(out, is_change(topic.kind, message, tick)
                             ? Control{"delta"}
                             : make_book(instrument, tick["bids"], tick["asks"], {}, time));
  }
  if (topic.kind == "bbo") {
    return add_item(
        out,
        make_quote(instrument, QuoteKind::bbo,
                   {.bid = price_of(tick["bid"]), .ask = price_of(tick["ask"]), .last = {}, .base_volume = {}}, time));
  }
  if (topic.kind == "ticker" || topic.kind.starts_with("detail")) {
    return add_item(out, read_ticker(instrument, tick, time));
  }
  if (topic.kind.starts_with("basis") || topic.kind == "open_interest" || topic.kind == "etp") {
    return add_item(out, Control{"status"});
  }
  if (topic.kind.starts_with("premium_index") || topic.kind.starts_with("estimated_rate")) {  // shares of a price
    return add_item(out, Control{"funding"});
  }
  if (topic.kind == "option_market_index") {
    return add_item(out, read_option(instrument, tick, time));
  }
  if (topic.kind == "option_index") {
    return add_item(out, make_quote(instrument, QuoteKind::index, last_only(tick["index_price"]), time));
  }
  if (topic.kind.starts_with("index") || topic.kind.starts_with("mark_price")) {  // candles of what nobody trades
    const JsonValue latest = tick.is_array() ? tick.at(tick.size() - 1) : tick;
    return add_item(out, make_quote(instrument, QuoteKind::index, last_only(latest["close"]), time));
  }
  if (topic.kind.starts_with("trade")) {
    return read_trades(instrument, tick, time, out);
  }
  if (topic.kind.starts_with("kline")) {
    if (!tick.is_array()) {
      return add_item(out, read_candle(instrument, tick, time));
    }
    return read_each(tick, out, [&](JsonValue candle) {
      return read_candle(instrument, candle, time_from_epoch(candle["id"].text(), TimeUnit::seconds));
    });
  }
  add_item(out, unsupported(topic.kind));
}

ParsedItem read_entry(JsonValue entry, std::optional<WallTime> time) {
  if (entry["base-currency"].exists() || entry["bc"].exists() || entry["currency"].exists() ||
      entry["contract_size"].exists()) {
    return Control{"instruments"};
  }
  if (entry["funding_rate"].exists()) {
    return Control{"funding"};
  }
  const std::string_view contract = entry["contract_code"].text();
  Instrument instrument = htx_instrument(contract.empty() ? entry["symbol"].text() : contract);
  if (entry["index_price"].exists()) {
    if (instrument.pair.base.empty()) {  // dated contracts are written on "BTC", in dollars
      instrument.pair = {.base = canonical_asset(instrument.symbol), .quote = "USD"};
    }
    return make_quote(instrument, QuoteKind::index, last_only(entry["index_price"]), time_of(entry["index_ts"]));
  }
  if (entry["high_limit"].exists() || (entry["volume"].exists() && !entry["close"].exists())) {
    return Control{"status"};
  }
  const auto own = time_of(entry["ts"]);
  return read_ticker(instrument, entry, own ? own : time);
}

/// Heartbeats of the three generations of sockets; the answer repeats the number that was sent.
std::optional<Control> read_ping(JsonValue message, Parsed& out) {
  const JsonValue number = message["ping"];
  if (number.is_number()) {
    out.reply = R"({"pong":)" + std::string(number.text()) + "}";
    return Control{"ping"};
  }
  if (message["op"].text() == "ping") {
    out.reply = R"({"op":"pong","ts":)" + json_string(message["ts"].text()) + "}";
    return Control{"ping"};
  }
  if (message["action"].text() == "ping" && message["data"]["ts"].is_number()) {
    out.reply = R"({"action":"pong","data":{"ts":)" + std::string(message["data"]["ts"].text()) + "}}";
    return Control{"ping"};
  }
  return message["pong"].exists() ? std::optional(Control{"pong"}) : std::nullopt;
}

void read_untitled(JsonValue message, Parsed& out) {
  const JsonValue data = message["ticks"].is_array() ? message["ticks"] : message["data"];
  if (message["op"].text() == "notify") {  // contracts only
    const std::string_view topic = message["topic"].text();
    const bool funding = topic.find("funding_rate") != std::string_view::npos;
    const bool liquidation = topic.find("liquidation") != std::string_view::npos;
    const bool contract = topic.find("contract_") != std::string_view::npos;  // contract_info, contract_elements
    return add_item(out, funding || liquidation || contract ? ParsedItem(Control{funding       ? "funding"
                                                                                 : liquidation ? "liquidation"
                                                                                               : "status"})
                                                            : unsupported(topic));
  }
  if (message["op"].text() == "close" || message["op"].text() == "error") {
    return add_item(out, message["op"].text() == "close" ? ParsedItem(Control{"shutdown"})
                                                         : ParsedItem(venue_refusal(message["err-msg"].text())));
  }
  if (message["action"].is_string() && message["code"].is_number()) {
    return add_item(out, message["code"].text() == "200" ? ParsedItem(Control{"ack"})
                                                         : ParsedItem(venue_refusal(message["message"].text())));
  }
  if (data["marketStatus"].exists() || data["funding_rate"].exists()) {
    return add_item(out, Control{data["marketStatus"].exists() ? "status" : "funding"});
  }
  if (message["op"].text() == "sub" && message["err-code"].exists()) {
    return add_item(out, message["err-code"].text() == "0" ? ParsedItem(Control{"ack"})
                                                           : ParsedItem(venue_refusal(message["err-msg"].text())));
  }
  if (message["subbed"].exists() || message["unsubbed"].exists()) {
    return add_item(out, Control{"ack"});
  }
  if (message["sub"].exists() || message["unsub"].exists() || message["req"].exists()) {
    return add_item(out, Control{"subscribe"});
  }
  if (data.is_number()) {
    return add_item(out, Control{"time"});
  }
  if (data.is_array() && data.at(0).is_object()) {
    const ParsedItem first = read_entry(data.at(0), {});
    if (const auto* control = std::get_if<Control>(&first); control != nullptr && control->name != "empty") {
      return add_item(out, first);
    }
    return read_each(data, out, [time = time_of(message["ts"])](JsonValue entry) { return read_entry(entry, time); });
  }
  if (data.is_array()) {
    return add_item(out, Control{data.size() == 0 ? "empty" : "instruments"});
  }
  if (message["status"].text() == "ok") {
    return add_item(out, Control{"ack"});
  }
  add_item(out, missing("a message has a topic, a status or a ping"));
}

void read_message(JsonValue message, Parsed& out, std::string_view symbol) {
  if (auto heartbeat = read_ping(message, out)) {
    return add_item(out, *std::move(heartbeat));
  }
  if (message["status"].text() == "error") {
    for (const std::string_view name : {"err-msg", "err_msg", "err-code", "err_code"}) {
      if (message[name].exists()) {
        return add_item(out, venue_refusal(message[name].text()));
      }
    }
    return add_item(out, venue_refusal({}));
  }
  const JsonValue named = message["ch"].exists() ? message["ch"] : message["rep"];
  Topic topic = split_topic(named.text());
  if (!topic.kind.empty()) {
    return read_topic(topic, message, out);
  }
  if (message["tick"].is_object() && !symbol.empty()) {
    return read_topic({.symbol = symbol, .kind = message["tick"]["bids"].exists() ? "depth" : "detail"}, message, out);
  }
  read_untitled(message, out);
}

}  // namespace

void HtxAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_message(body, out, symbol_or_query(symbol, endpoint, "symbol"));
}

Subscription HtxAdapter::subscribe(std::span<const std::string> symbols) const {
  Subscription subscription{.target = "/ws", .frames = {}};
  for (const std::string& symbol : symbols) {
    subscription.frames.push_back(R"({"sub":)" + json_string("market." + lower_case(symbol) + ".ticker") + R"(,"id":)" +
                                  json_string(symbol) + "}");
  }
  return subscription;
}

std::vector<std::string> HtxAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.size() == 1) {
    return {"/market/detail/merged?symbol=" + percent_encoded(lower_case(symbols.front()))};
  }
  return symbols.empty() ? std::vector<std::string>{} : std::vector<std::string>{"/market/tickers"};
}

}  // namespace assay::fetchers
