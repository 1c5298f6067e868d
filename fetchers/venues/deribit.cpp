#include "fetchers/venues/deribit.hpp"

#include <algorithm>
#include <vector>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::string_view test_reply = R"({"jsonrpc":"2.0","id":2,"method":"public/test","params":{}})";

Instrument deribit_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = {}};
  const std::string name = upper_case(symbol.substr(0, symbol.find('-')));
  const bool option = std::count(symbol.begin(), symbol.end(), '-') == 3;
  if (name.find('_') != std::string::npos) {
    instrument.pair = split_delimited(name);
  } else if (symbol.find('-') != std::string_view::npos) {
    instrument.pair = {.base = canonical_asset(name), .quote = option ? canonical_asset(name) : "USD"};
  }
  return instrument;
}

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

ParsedItem read_ticker(const Instrument& instrument, JsonValue data) {
  return make_listed_quote(instrument, QuoteKind::ticker,
                           {.bid = data["best_bid_price"],
                            .ask = data["best_ask_price"],
                            .last = data["last_price"],
                            .base_volume = data["stats"]["volume"]},
                           time_of(data["timestamp"]));
}

/// "open", else "closed", "halted", "settlement", "inactive"...
void note_state(const Instrument& instrument, JsonValue data, Parsed& out) {
  const std::string_view state = data["state"].text();
  if (!state.empty()) note_trading(out, instrument, state == "open" ? Trading::trading : Trading::halted);
}

/// A row of get_book_summary_by_currency.
ParsedItem read_summary(JsonValue data) {
  return make_listed_quote(
      deribit_instrument(data["instrument_name"].text()), QuoteKind::ticker,
      {.bid = data["bid_price"], .ask = data["ask_price"], .last = data["last"], .base_volume = data["volume"]},
      time_of(data["creation_timestamp"]));
}

ParsedItem read_trade(JsonValue trade) {
  return make_quote(deribit_instrument(trade["instrument_name"].text()), QuoteKind::trade, last_only(trade["price"]),
                    time_of(trade["timestamp"]));
}

/// Levels are [price, amount], or ["new", price, amount] where changes follow.
void add_side(JsonValue levels, BookSide side, std::vector<BookLevel>& out) {
  for (const JsonValue level : levels) {
    const std::size_t first = level.at(0).is_string() ? 1 : 0;
    out.push_back({.side = side, .price = level.at(first), .size = level.at(first + 1)});
  }
}

ParsedItem read_book(const Instrument& instrument, JsonValue data) {
  const std::string_view type = data["type"].text();
  if (type == "change" || (type.empty() && data["prev_change_id"].exists())) {  // before 2020 there was no type
    return Control{"delta"};
  }
  if (!data["bids"].is_array() || !data["asks"].is_array()) {
    return missing("a book has a list of bids and one of asks");
  }
  std::vector<BookLevel> levels;
  add_side(data["bids"], BookSide::bid, levels);
  add_side(data["asks"], BookSide::ask, levels);
  return make_book(instrument, levels, time_of(data["timestamp"]));
}

/// get_order_book says what the ticker says beside the levels.
ParsedItem with_last(ParsedItem book, const ParsedItem& ticker) {
  auto* quote = std::get_if<ParsedQuote>(&book);
  const auto* other = std::get_if<ParsedQuote>(&ticker);
  if (quote != nullptr && other != nullptr) {
    quote->last = other->last;
    quote->base_volume = other->base_volume;
  }
  return book;
}

ParsedItem read_candle(const Instrument& instrument, JsonValue data) {
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = data["close"], .base_volume = data["volume"]},
                    time_of(data["tick"]));
}

ParsedItem read_index(std::string_view symbol, JsonValue data, std::optional<WallTime> time) {
  return make_quote(deribit_instrument(symbol), QuoteKind::index,
                    last_only(data["price"].exists() ? data["price"] : data["index_price"]), time);
}

/// The part of a channel's name: "BTC-PERPETUAL" is part 1 of "ticker.BTC-PERPETUAL.100ms".
std::string_view part_of(std::string_view channel, std::size_t part) {
  for (; part > 0; --part) {
    const std::size_t dot = channel.find('.');
    channel = dot == std::string_view::npos ? std::string_view{} : channel.substr(dot + 1);
  }
  return channel.substr(0, channel.find('.'));
}

void read_channel(std::string_view channel, JsonValue data, Parsed& out) {
  const std::string_view kind = part_of(channel, 0);
  const Instrument instrument =
      deribit_instrument(first_text({data["instrument_name"].text(), part_of(channel, kind == "chart" ? 2 : 1)}));
  if (kind == "incremental_ticker" && data["type"].text() == "change") {
    return add_item(out, Control{"delta"});
  }
  if (kind == "ticker" || kind == "incremental_ticker") {
    note_state(instrument, data, out);
    return add_item(out, read_ticker(instrument, data));
  }
  if (kind == "quote") {
    return add_item(
        out, make_quote(instrument, QuoteKind::bbo,
                        {.bid = data["best_bid_price"], .ask = data["best_ask_price"], .last = {}, .base_volume = {}},
                        time_of(data["timestamp"])));
  }
  if (kind == "book") {
    return add_item(out, read_book(instrument, data));
  }
  if (kind == "trades") {
    return read_each(data, out, read_trade);
  }
  if (kind == "chart") {
    return add_item(out, read_candle(instrument, data));
  }
  if (kind == "deribit_price_index" || kind == "perpetual") {
    const std::string_view name = first_text({data["index_name"].text(), part_of(channel, 1)});
    return add_item(
        out, kind == "perpetual" ? ParsedItem{Control{"status"}} : read_index(name, data, time_of(data["timestamp"])));
  }
  if (kind == "instrument" || kind == "platform_state" || kind == "markprice" || kind == "announcements" ||
      kind == "estimated_expiration_price" || kind.starts_with("deribit_") || kind == "rfq" ||
      kind.starts_with("block_")) {
    return add_item(out, Control{"status"});
  }
  add_item(out, unsupported(channel));
}

/// get_tradingview_chart_data: columns {"ticks":[],"close":[],"volume":[],...}.
void read_chart(std::string_view symbol, JsonValue result, Parsed& out) {
  const Instrument instrument = deribit_instrument(symbol);
  auto close = result["close"].begin();
  auto volume = result["volume"].begin();
  read_each(result["ticks"], out, [&](JsonValue tick) {
    const JsonValue price = close == result["close"].end() ? JsonValue{} : *close++;
    const JsonValue amount = volume == result["volume"].end() ? JsonValue{} : *volume++;
    return make_quote(instrument, QuoteKind::candle, {.bid = {}, .ask = {}, .last = price, .base_volume = amount},
                      time_of(tick));
  });
}

void read_list(JsonValue list, Parsed& out) {
  const JsonValue first = list.at(0);
  if (first["tick_size"].exists()) {
    return add_item(out, Control{"instruments"});
  }
  if (first.is_string()) {  // channels subscribed have dots; else names of indices
    return add_item(out, Control{first.text().find('.') == std::string_view::npos ? "instruments" : "ack"});
  }
  if (first["coin_type"].exists() || first["legs"].exists()) {
    return add_item(out, Control{"instruments"});
  }
  if (first["interest_8h"].exists()) {
    return add_item(out, Control{"funding"});
  }
  if (first["currency_pair"].exists() || first["title"].exists()) {  // volumes of the day, announcements
    return add_item(out, Control{"status"});
  }
  if (first["trade_id"].exists()) {
    return read_each(list, out, read_trade);
  }
  if (first["mid_price"].exists() || first["creation_timestamp"].exists() || list.size() == 0) {
    return read_each(list, out, read_summary);
  }
  add_item(out, unsupported({}));
}

void read_object(std::string_view given, JsonValue result, Parsed& out) {
  const Instrument instrument = deribit_instrument(first_text({result["instrument_name"].text(), given}));
  note_state(instrument, result, out);
  if (result["bids"].exists() && result["asks"].exists()) {
    return add_item(out, with_last(read_book(instrument, result), read_ticker(instrument, result)));
  }
  if (result["trades"].is_array()) {
    return read_each(result["trades"], out, read_trade);
  }
  if (result["best_bid_price"].exists() || result["last_price"].exists()) {
    return add_item(out, read_ticker(instrument, result));
  }
  if (result["ticks"].is_array()) {
    return read_chart(given, result, out);
  }
  if (result["index_price"].exists()) {
    return add_item(out, read_index(given, result, std::nullopt));
  }
  if (result["tick_size"].exists()) {
    return add_item(out, Control{"instruments"});
  }
  if (result["version"].exists() || result["locked"].exists() || result["settlements"].exists() ||
      result["records_total"].exists() || result["continuation"].exists()) {
    return add_item(out, Control{"status"});
  }
  if (result["contract_size"].exists() || result["interest_8h"].exists()) {
    return add_item(out, Control{result["interest_8h"].exists() ? "funding" : "instruments"});
  }
  if (result["edp"].exists()) {  // get_index before it had a name: {"BTC":5000,"edp":5000}
    return add_item(out, make_quote({.symbol = std::string(result.at(0).key()),
                                     .pair = {.base = canonical_asset(result.at(0).key()), .quote = "USD"}},
                                    QuoteKind::index, last_only(result.at(0)), std::nullopt));
  }
  add_item(out, unsupported({}));
}

/// The body of a response, with or without its JSON-RPC envelope.
void read_answer(std::string_view given, JsonValue body, Parsed& out) {
  if (const JsonValue error = body["error"]; error.is_object()) {
    return add_item(out, venue_refusal(std::string(error["code"].text()) + " " + std::string(error["message"].text())));
  }
  const JsonValue result = body["result"].exists() ? body["result"] : body;
  if (result.is_array()) {
    return read_list(result, out);
  }
  if (result.is_object()) {
    return read_object(given, result, out);
  }
  add_item(out, result.exists() ? ParsedItem{Control{result.is_number() ? "time" : "ack"}} : missing("no result"));
}

void read_message(std::string_view given, JsonValue message, Parsed& out) {
  const std::string_view method = message["method"].text();
  const JsonValue params = message["params"];
  if (method == "subscription") {
    return read_channel(params["channel"].text(), params["data"], out);
  }
  if (method == "heartbeat") {
    if (params["type"].text() == "test_request") {
      out.reply = std::string(test_reply);
    }
    return add_item(out, Control{"heartbeat"});
  }
  if (!method.empty()) {
    return add_item(out, Control{"subscribe"});
  }
  if (!message["result"].exists() && !message["error"].exists()) {
    return add_item(out, missing("a message has a method, a result or an error"));
  }
  read_answer(given, message, out);
}

bool is_index(std::string_view symbol) {
  return symbol == lower_case(symbol);
}

}  // namespace

void DeribitAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol,
                                Parsed& out) const {
  read_message(symbol, message, out);
}

void DeribitAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  const std::string named = symbol_or_query(symbol, endpoint, "instrument_name");
  const std::string_view path = split_endpoint(endpoint).path;
  if (body["result"].exists() &&
      (path.ends_with("get_funding_rate_value") || path.ends_with("get_historical_volatility"))) {
    return add_item(out, Control{path.ends_with("value") ? "funding" : "status"});
  }
  if (path.ends_with("get_mark_price_history") && body["result"].is_array()) {
    return read_each(body["result"], out, [&](JsonValue row) {
      return make_quote(deribit_instrument(named), QuoteKind::index, last_only(row.at(1)), time_of(row.at(0)));
    });
  }
  read_answer(symbol_or_query(named, endpoint, "index_name"), body, out);
}

Subscription DeribitAdapter::subscribe(std::span<const std::string> symbols) const {
  const auto channel = [](const std::string& symbol) {
    return json_string(is_index(symbol) ? "deribit_price_index." + symbol : "ticker." + symbol + ".100ms");
  };
  std::vector<std::string> frames = frames_of(
      symbols, 100, R"({"jsonrpc":"2.0","id":1,"method":"public/subscribe","params":{"channels":[)", channel, "]}}");
  frames.insert(frames.begin(), R"({"jsonrpc":"2.0","id":0,"method":"public/set_heartbeat","params":{"interval":10}})");
  return {.target = "/ws/api/v2", .frames = std::move(frames)};
}

std::vector<std::string> DeribitAdapter::rest_targets(std::span<const std::string> symbols) const {
  std::vector<std::string> targets;
  for (const std::string& symbol : symbols) {
    targets.push_back(is_index(symbol) ? "/api/v2/public/get_index_price?index_name=" + percent_encoded(symbol)
                                       : "/api/v2/public/ticker?instrument_name=" + percent_encoded(symbol));
  }
  return targets;
}

}  // namespace assay::fetchers
