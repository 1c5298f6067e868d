#include "fetchers/venues/bybit.hpp"

#include <algorithm>
#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/bybit_messages.hpp"

namespace assay::fetchers {

namespace {

/// A list, or one statement that stands alone.
template <class Read>
void read_one_or_each(JsonValue data, Parsed& out, Read read) {
  if (data.is_array()) {
    return read_each(data, out, read);
  }
  add_item(out, read(data));
}

/// "BTCUSDT" of "kline.5.BTCUSDT" or "instrument_info.100ms.BTCUSDT"; empty where the topic has no parts.
std::string_view symbol_of_topic(std::string_view topic) {
  const std::size_t dot = topic.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : topic.substr(dot + 1);
}

std::optional<WallTime> time_of_message(JsonValue message) {
  for (const std::string_view name : {"ts", "timestamp_e6", "timestampE6", "sendTime"}) {
    if (auto time = time_from_epoch(message[name].text(), TimeUnit::by_size)) {
      return time;
    }
  }
  return std::nullopt;
}

/// Old spot streams put one book, or none, into a list.
ParsedItem read_stream_book(const BybitContext& context, JsonValue data) {
  const bool wrapped = data.is_array() && data.at(0)["b"].is_array();
  return read_bybit_book(context, wrapped ? data.at(0) : data);
}

void read_topic(BybitContext context, std::string_view topic, JsonValue message, Parsed& out) {
  const JsonValue data = message["data"];
  const std::string_view kind = topic.substr(0, topic.find('.'));
  context.time = time_of_message(message);
  context.symbol = first_text(
      {message["params"]["symbol"].text(), message["symbol"].text(), symbol_of_topic(topic), context.symbol});
  const bool delta = message["type"].text() == "delta" || kind == "diffDepth" || message["f"].is_false();
  if (kind.find("iquidation") != std::string_view::npos) {
    return add_item(out, Control{"liquidation"});
  }
  if (kind == "insurance" || kind == "priceLimit" || kind == "adlAlert" || kind == "system" || kind == "lt") {
    return add_item(out, Control{"status"});
  }
  if (delta) {
    return add_item(out, Control{"delta"});
  }
  if (!data.is_array() && !data.is_object()) {
    return add_item(out, missing("a topic message has data"));
  }
  if (kind.starts_with("tickers") || kind == "instrument_info" || kind == "realtimes" || kind == "bookTicker" ||
      kind == "bookticker") {
    return read_one_or_each(data, out, [&](JsonValue entry) { return read_bybit_ticker(context, entry); });
  }
  if (kind.starts_with("order") || kind == "depth" || kind == "mergedDepth") {
    return add_item(out, read_stream_book(context, data));
  }
  if (kind == "publicTrade" || kind == "trade") {
    return read_one_or_each(data, out, [&](JsonValue entry) { return read_bybit_trade(context, entry); });
  }
  if (kind.starts_with("kline") || kind == "candle") {
    return read_one_or_each(data, out, [&](JsonValue entry) { return read_bybit_candle(context, entry); });
  }
  add_item(out, unsupported(topic));
}

ParsedItem read_response(JsonValue message) {
  const std::string_view op = first_text({message["op"].text(), message["request"]["op"].text()});
  if (op == "pong" || message["ret_msg"].text() == "pong" || message["pong"].exists()) {
    return Control{"pong"};
  }
  if (message["success"].is_false()) {
    return bybit_error(message["ret_code"], message["ret_msg"]);
  }
  if (const std::string_view code = message["code"].text(); !code.empty() && code != "0") {  // old spot streams
    return bybit_error(message["code"], JsonValue(message["desc"].exists() ? message["desc"] : message["msg"]));
  }
  if (message["success"].is_true() || message["code"].exists()) {
    return Control{"ack"};
  }
  if (op == "ping" || message["ping"].exists()) {
    return Control{"ping"};
  }
  if (!op.empty() || message["event"].is_string()) {
    return Control{"subscribe"};
  }
  return missing("a message has a topic or an operation");
}

void read_message(const BybitContext& context, JsonValue message, Parsed& out) {
  const std::string_view topic = message["topic"].text();
  if (!topic.empty() && message["data"].exists()) {
    return read_topic(context, topic, message, out);
  }
  add_item(out, read_response(message));
}

bool is_instrument(JsonValue entry) {
  return entry["baseCoin"].exists() || entry["base_currency"].exists() || entry["baseCurrency"].exists();
}

/// Fields by which entries tell that they are statistics.
constexpr std::array<std::string_view, 10> status_fields = {
    "openInterest", "open_interest",  "buyRatio", "deliveryPrice", "balance",
    "maxBuy",       "riskLimitValue", "period",   "state",         "limit"};

bool is_candle(JsonValue entry) {
  return entry.is_array() || entry["open"].exists() ||
         (entry["o"].exists() && entry["c"].exists() && !first_field(entry, {"bp", "lp"}).exists());
}

ParsedItem read_listed(const BybitContext& context, JsonValue entry) {
  if (is_candle(entry)) {
    return read_bybit_candle(context, entry);
  }
  const bool ticks = first_field(entry, {"lastPrice", "last_price", "bidPrice", "bid"}).exists();
  if (!ticks && entry["fundingRate"].exists()) {
    return Control{"funding"};
  }
  if (!ticks && std::any_of(status_fields.begin(), status_fields.end(),
                            [&](std::string_view name) { return entry[name].exists(); })) {
    return Control{"status"};
  }
  if (entry["execId"].exists() || (!ticks && entry["price"].exists() && entry.size() > 2)) {
    return read_bybit_trade(context, entry);
  }
  return read_bybit_ticker(context, entry);
}

/// {"indexName","lastPrice","components":[...]}
ParsedItem read_index(JsonValue result) {
  return make_quote(bybit_instrument(result["indexName"].text()), QuoteKind::index, last_only(result["lastPrice"]),
                    time_from_epoch(result["updateTime"].text(), TimeUnit::by_size));
}

void read_result(const BybitContext& context, JsonValue result, Parsed& out) {
  const JsonValue named = first_field(result, {"list", "dataList"});
  const JsonValue list = named.is_array() ? named : result;
  if (is_instrument(list.at(0))) {
    return add_item(out, Control{"instruments"});
  }
  if (list.is_object()) {
    if (list["b"].exists() || list["a"].exists() || list["bids"].exists()) {
      return add_item(out, read_bybit_book(context, list));
    }
    if (list["timeSecond"].exists() || list["serverTime"].exists() || list.size() == 0) {
      return add_item(out, Control{list.size() == 0 ? "empty" : "time"});
    }
    if (list["components"].exists()) {
      return add_item(out, read_index(list));
    }
    return add_item(out, read_listed(context, list));
  }
  if (list.at(0)["side"].exists() && list.at(0)["price"].exists() && !list.at(0)["execId"].exists() &&
      !list.at(0)["time"].exists()) {
    return add_item(out, read_bybit_book(context, list));  // v2: levels that tell their side
  }
  read_each(list, out, [&](JsonValue entry) { return read_listed(context, entry); });
}

void read_answer(BybitContext context, JsonValue body, Parsed& out) {
  const JsonValue code = body["retCode"].exists() ? body["retCode"] : body["ret_code"];
  if (!code.exists()) {
    return add_item(out, missing("an answer has a code"));
  }
  if (code.text() != "0") {
    return add_item(out, bybit_error(code, body["retMsg"].exists() ? body["retMsg"] : body["ret_msg"]));
  }
  const JsonValue result = body["result"];
  if (!result.is_object() && !result.is_array()) {
    return add_item(out, missing("an answer has a result"));
  }
  const auto now = time_from_epoch(body["time"].text(), TimeUnit::by_size);
  context.time = now ? now : time_from_epoch(body["time_now"].text(), TimeUnit::by_size);
  context.symbol = first_text({result["symbol"].text(), context.symbol});
  context.category = first_text({result["category"].text(), context.category});
  if (context.premium) {
    return add_item(out, Control{"funding"});
  }
  read_result(context, result, out);
}

}  // namespace

void BybitAdapter::on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const {
  read_message({.symbol = std::string(symbol),
                .category = segment_after(split_endpoint(path), "public").value_or(""),
                .time = {}},
               message, out);
}

void BybitAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  read_answer({.symbol = symbol_or_query(symbol, endpoint, "symbol"),
               .category = query_value(split_endpoint(endpoint), "category").value_or(""),
               .time = {},
               .premium = endpoint.find("premium-index") != std::string_view::npos},
              body, out);
}

Subscription BybitAdapter::subscribe(std::span<const std::string> symbols) const {
  const auto topic = [](const std::string& symbol) { return json_string("orderbook.1." + symbol); };
  return {.target = "/v5/public/spot", .frames = frames_of(symbols, 10, R"({"op":"subscribe","args":[)", topic, "]}")};
}

std::vector<std::string> BybitAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  const std::string all = "/v5/market/tickers?category=spot";
  return {symbols.size() == 1 ? all + "&symbol=" + percent_encoded(symbols.front()) : all};
}

}  // namespace assay::fetchers
