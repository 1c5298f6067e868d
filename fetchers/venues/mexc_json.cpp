#include "fetchers/venue_time.hpp"
#include "fetchers/venues/mexc_messages.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::by_size);
}

ParsedItem read_deal(const Instrument& instrument, JsonValue deal, std::optional<WallTime> time) {
  const auto own = time_of(deal["t"]);
  return make_quote(instrument, QuoteKind::trade, last_only(deal["p"]), own ? own : time);
}

/// {"c":"spot@public.deals.v3.api@BTCUSDT","d":{...},"s":"BTCUSDT","t":ms}
void read_v3(JsonValue message, Parsed& out) {
  const std::string_view channel = message["c"].text();
  const JsonValue data = message["d"];
  const Instrument instrument = mexc_instrument(message["s"].text());
  const auto time = time_of(message["t"]);
  const auto is = [&](std::string_view name) { return channel.find(name) != std::string_view::npos; };
  if (is("bookTicker")) {
    return add_item(out, make_quote(instrument, QuoteKind::bbo,
                                    {.bid = data["b"], .ask = data["a"], .last = {}, .base_volume = {}}, time));
  }
  if (is("public.deals")) {
    return read_each(data["deals"], out, [&](JsonValue deal) { return read_deal(instrument, deal, time); });
  }
  if (is("limit.depth")) {
    return add_item(out, mexc_book(instrument, data, {.price = "p", .size = "v"}, time));
  }
  if (is("increase.depth")) {
    return add_item(out, Control{"delta"});
  }
  if (is("kline")) {
    const JsonValue candle = data["k"];
    return add_item(
        out, make_quote(instrument, QuoteKind::candle,
                        {.bid = {}, .ask = {}, .last = candle["c"], .base_volume = candle["v"]}, time_of(candle["t"])));
  }
  if (is("miniTicker")) {
    const auto mini = [&](JsonValue one) {  // q counts the base asset, v the quote asset
      return make_quote(mexc_instrument(one["s"].text()), QuoteKind::ticker,
                        {.bid = {}, .ask = {}, .last = one["p"], .base_volume = one["q"]}, time);
    };
    return data.is_array() ? read_each(data, out, mini) : add_item(out, mini(data));
  }
  add_item(out, unsupported(channel));
}

/// Contracts of a number of dollars: their amounts count coins.
bool is_inverse(const Instrument& instrument) {
  return instrument.pair.quote == "USD";
}

/// ["push.symbol",{"symbol","data":{"deals":[]}}] and ["push.kline",{...}]: the spot streams before 2022.
void read_pushed_list(JsonValue message, Parsed& out) {
  const JsonValue body = message.at(1);
  const JsonValue data = body["data"];
  const Instrument instrument = mexc_instrument(body["symbol"].text());
  if (message.at(0).text() == "push.kline") {
    return add_item(
        out, make_quote(instrument, QuoteKind::candle,
                        {.bid = {}, .ask = {}, .last = data["c"], .base_volume = data["q"]}, time_of(data["t"])));
  }
  if (data["deals"].is_array()) {
    return read_each(data["deals"], out, [&](JsonValue deal) { return read_deal(instrument, deal, std::nullopt); });
  }
  const bool book = data["bids"].exists() || data["asks"].exists();
  add_item(out, book ? ParsedItem(Control{"delta"}) : unsupported(message.at(0).text()));
}

/// Its volumes count contracts, whose size is told elsewhere.
ParsedItem read_contract_ticker(JsonValue entry, std::optional<WallTime> time) {
  const auto own = time_of(entry["timestamp"]);
  const Instrument instrument = mexc_instrument(entry["symbol"].text());
  return make_listed_quote(instrument, QuoteKind::ticker,
                           {.bid = entry["bid1"],
                            .ask = entry["ask1"],
                            .last = entry["lastPrice"],
                            .base_volume = is_inverse(instrument) ? entry["amount24"] : JsonValue{}},
                           own ? own : time);
}

/// {"channel":"push.deal","symbol":"BTC_USDT","data":{...}}; the contract market still sends this shape.
void read_push(JsonValue message, Parsed& out) {
  const std::string_view channel = message["channel"].text();
  const JsonValue data = message["data"];
  const std::string_view named = message["symbol"].text();
  const Instrument instrument = mexc_instrument(named.empty() ? data["symbol"].text() : named);
  const auto said_at = time_of(message["ts"]);
  const auto time = said_at ? said_at : time_of(first_field(data, {"timestamp", "cts"}));
  if (channel == "push.deal") {
    const JsonValue deals = data["deals"].exists() ? data["deals"] : data;
    return deals.is_array() ? read_each(deals, out, [&](JsonValue deal) { return read_deal(instrument, deal, time); })
                            : add_item(out, read_deal(instrument, deals, time));
  }
  if (channel.starts_with("push.limit.depth") || channel == "push.depth.full" || channel == "push.depth.snapshot") {
    return add_item(out, make_book(instrument, data["bids"], data["asks"], {.price = "p", .size = "q"}, time));
  }
  if (channel.starts_with("push.depth")) {
    return add_item(out, Control{"delta"});
  }
  if (channel == "push.kline") {
    const auto said = time_of(data["tdt"]);  // spot alone; contracts count contracts
    const JsonValue volume = said ? data["q"] : is_inverse(instrument) ? data["a"] : JsonValue{};
    return add_item(
        out, make_quote(instrument, QuoteKind::candle, {.bid = {}, .ask = {}, .last = data["c"], .base_volume = volume},
                        said ? said : time_of(data["t"])));
  }
  if (channel == "push.ticker") {
    return add_item(out, read_contract_ticker(data, time));
  }
  if (channel == "push.tickers") {
    return read_each(data, out, [&](JsonValue entry) { return read_contract_ticker(entry, time); });
  }
  if (channel == "push.contract" || channel == "push.event.contract") {
    return add_item(out, Control{"instruments"});
  }
  if (channel == "push.funding.rate") {
    return add_item(out, Control{"funding"});
  }
  if (channel == "push.index.price" || channel == "push.fair.price") {
    return add_item(out, make_quote(instrument, QuoteKind::index, last_only(data["price"]), time));
  }
  add_item(out, unsupported(channel));
}

ParsedItem read_answer(JsonValue message) {
  const std::string_view said = message["msg"].text();
  if (said == "PONG") {
    return Control{"pong"};
  }
  // Refused streams come with code 0 as well.
  if (message["code"].text() != "0" || said.find("Not Subscribed") != std::string_view::npos ||
      said.find("no subscription") != std::string_view::npos || said.find("Blocked") != std::string_view::npos) {
    return venue_refusal(said);
  }
  return Control{"ack"};
}

/// Rows of the open API and of the contract market: a level is {"price","quantity"}, a deal
/// {"trade_time","trade_price",...}, a candle [time, open, close, high, low, volume, amount].
ParsedItem read_open_row(const Instrument& instrument, JsonValue row) {
  if (row.is_array()) {
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = row.at(2), .base_volume = row.at(5)}, time_of(row.at(0)));
  }
  if (row["trade_price"].exists()) {
    return make_quote(instrument, QuoteKind::trade, last_only(row["trade_price"]), time_of(row["trade_time"]));
  }
  if (row["last"].exists()) {
    return make_quote(mexc_instrument(row["symbol"].text()), QuoteKind::ticker,
                      {.bid = row["bid"], .ask = row["ask"], .last = row["last"], .base_volume = row["volume"]},
                      time_of(row["time"]));
  }
  if (row["lastPrice"].exists()) {  // the contract market
    return read_contract_ticker(row, std::nullopt);
  }
  if (row["fundingRate"].exists()) {
    return Control{"funding"};
  }
  if (const JsonValue price = first_field(row, {"indexPrice", "fairPrice"}); price.exists()) {
    return make_quote(mexc_instrument(row["symbol"].text()), QuoteKind::index, last_only(price),
                      time_of(row["timestamp"]));
  }
  if (row["asks"].exists() && row["bids"].exists()) {  // depth_commits
    return Control{"delta"};
  }
  if (row["p"].exists()) {
    return read_deal(instrument, row, std::nullopt);
  }
  return row.is_string() || row["symbol"].exists() ? ParsedItem(Control{"instruments"}) : unsupported({});
}

/// Candles of contracts come as columns: {"time":[],"close":[],...}.
void read_columns(const Instrument& instrument, JsonValue data, Parsed& out) {
  auto close = data["close"].begin();
  read_each(data["time"], out, [&](JsonValue start) {
    const JsonValue price = close == data["close"].end() ? JsonValue{} : *close++;
    return make_quote(instrument, QuoteKind::candle, last_only(price), time_of(start));
  });
}

}  // namespace

void read_mexc_json(JsonValue message, std::string_view symbol, Parsed& out) {
  if (message.is_array() && message.at(0).text().starts_with("push.")) {
    return read_pushed_list(message, out);
  }
  if (message["c"].is_string()) {
    return read_v3(message, out);
  }
  const std::string_view channel = message["channel"].text();
  if (channel == "pong" || channel == "ping") {
    return add_item(out, Control{std::string(channel)});
  }
  if (channel.starts_with("rs.")) {
    return add_item(
        out, channel == "rs.error" ? ParsedItem(venue_refusal(message["data"].text())) : ParsedItem(Control{"ack"}));
  }
  if (channel.starts_with("push.")) {
    return read_push(message, out);
  }
  if (message["code"].exists() && message["data"].exists()) {
    return read_mexc_open_api(message, symbol, out);
  }
  if (message["code"].exists() && message["msg"].exists()) {
    return add_item(out, read_answer(message));
  }
  if (message["method"].is_string() || message["op"].is_string()) {
    return add_item(out, Control{"subscribe"});
  }
  add_item(out, missing("a message has a channel or a code"));
}

void read_mexc_open_api(JsonValue body, std::string_view symbol, Parsed& out) {
  const std::string_view code = body["code"].text();
  if (code != "200" && code != "0") {
    return add_item(out, venue_refusal(body["msg"].text()));
  }
  const JsonValue data = body["data"];
  const Instrument instrument = mexc_instrument(symbol);
  if (data["asks"].exists() || data["bids"].exists()) {
    return add_item(out, make_book(instrument, data["bids"], data["asks"], {.price = "price", .size = "quantity"},
                                   time_of(data["timestamp"])));
  }
  if (data.is_number()) {
    return add_item(out, Control{"time"});
  }
  if (data["time"].is_array()) {
    return read_columns(instrument, data, out);
  }
  if (!data.is_array()) {
    return add_item(out, data.is_object() ? read_open_row(instrument, data) : missing("an answer has data"));
  }
  const ParsedItem first = read_open_row(instrument, data.at(0));
  if (const auto* control = std::get_if<Control>(&first); control != nullptr && control->name != "empty") {
    return add_item(out, first);
  }
  read_each(data, out, [&](JsonValue row) { return read_open_row(instrument, row); });
}

}  // namespace assay::fetchers
