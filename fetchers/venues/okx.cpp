#include "fetchers/venues/okx.hpp"

#include <algorithm>
#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/okx_v3.hpp"

namespace assay::fetchers {

namespace {

/// Channels that tell of the venue or its contracts, not of a price.
constexpr std::array<std::string_view, 11> status_channels = {"status",
                                                              "open-interest",
                                                              "funding-rate",
                                                              "price-limit",
                                                              "opt-summary",
                                                              "liquidation-orders",
                                                              "estimated-price",
                                                              "adl-warning",
                                                              "call-auction-details",
                                                              "economic-calendar",
                                                              "block-tickers"};

/// Fields by which entries of REST tell that they are statistics.
constexpr std::array<std::string_view, 10> status_fields = {
    "fundingRate", "oi", "buyLmt", "settlePx", "markVol", "maintType", "volCny", "details", "eqPx", "discountInfo"};

struct Context {
  std::string symbol;  ///< of what the message or request was about; may be empty
  std::string topic;   ///< channel, or last segment of the endpoint
};

std::optional<WallTime> time_of(JsonValue millis) {
  return time_from_epoch(millis.text(), TimeUnit::millis_or_micros);
}

bool is_contract(std::string_view symbol) {
  return std::count(symbol.begin(), symbol.end(), '-') >= 2;
}

ParsedItem read_ticker(const Instrument& instrument, JsonValue entry) {
  return make_listed_quote(instrument, QuoteKind::ticker,
                           {.bid = entry["bidPx"],
                            .ask = entry["askPx"],
                            .last = entry["last"],
                            .base_volume = entry[is_contract(instrument.symbol) ? "volCcy24h" : "vol24h"]},
                           time_of(entry["ts"]));
}

/// [time, open, high, low, close, volume, volume in currency, ...]; those of an index have no volumes.
ParsedItem read_candle(const Context& context, JsonValue row) {
  const bool has_volume = context.topic.starts_with("candle") || context.topic == "history-candles";
  const std::size_t volume = is_contract(context.symbol) ? 6 : 5;
  const auto start = time_of(row.at(0));
  return make_quote(okx_instrument(context.symbol), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = row.at(4), .base_volume = has_volume ? row.at(volume) : JsonValue{}},
                    start ? start : time_from_iso(row.at(0).text()));
}

/// {"usdCny":"7.16"}, the only rate there is.
ParsedItem read_exchange_rate(JsonValue rate) {
  return make_quote({.symbol = "USD-CNY", .pair = {.base = "USD", .quote = "CNY"}}, QuoteKind::rate, last_only(rate),
                    std::nullopt);
}

ParsedItem read_entry(const Context& context, JsonValue entry) {
  if (entry.is_array()) {
    return read_candle(context, entry);
  }
  if (entry["instrument_id"].exists() || entry["trade_id"].exists() || entry["timestamp"].exists()) {
    return read_okx_v3_entry(entry, context.symbol);
  }
  if (first_field(entry, {"ordId", "posId", "algoId"}).exists()) {  // an account's own
    return unsupported(context.topic);
  }
  if (entry["sprdId"].exists() || context.topic.starts_with("sprd-")) {  // the distance of two prices
    return unsupported("spread");
  }
  const Instrument instrument = okx_instrument(first_text({entry["instId"].text(), context.symbol}));
  if (context.topic == "bbo-tbt") {
    return make_quote(
        instrument, QuoteKind::bbo,
        {.bid = entry["bids"].at(0).at(0), .ask = entry["asks"].at(0).at(0), .last = {}, .base_volume = {}},
        time_of(entry["ts"]));
  }
  if (entry["bids"].exists() || entry["asks"].exists()) {
    return make_book(instrument, entry["bids"], entry["asks"], {}, time_of(entry["ts"]));
  }
  if (entry["last"].exists()) {
    return read_ticker(instrument, entry);
  }
  if (entry["px"].exists() && entry["sz"].exists()) {
    return make_quote(instrument, QuoteKind::trade, last_only(entry["px"]), time_of(entry["ts"]));
  }
  for (const std::string_view name : {"idxPx", "markPx"}) {
    if (entry[name].exists()) {
      return make_quote(instrument, QuoteKind::index, last_only(entry[name]), time_of(entry["ts"]));
    }
  }
  if (entry["usdCny"].exists()) {
    return read_exchange_rate(entry["usdCny"]);
  }
  const bool is_status = std::any_of(status_fields.begin(), status_fields.end(),
                                     [&](std::string_view name) { return entry[name].exists(); });
  return is_status ? ParsedItem{Control{"status"}} : unsupported(context.topic);
}

bool is_instrument(JsonValue entry) {
  return entry["tickSz"].exists() || entry["lotSz"].exists() || entry["tick_size"].exists() ||
         (entry.is_array() && entry.at(0).text().find_first_not_of("0123456789-:.TZ") != std::string_view::npos);
}

Refusal read_error(JsonValue message) {
  Refusal refusal = venue_refusal(std::string(message["code"].text()) + " " +
                                  std::string(first_text({message["msg"].text(), message["message"].text()})));
  // 50011 and 50061 are documented as request limits, 60014 as too many requests on a stream.
  const std::string_view code = message["code"].text();
  if (code == "50011" || code == "50061" || code == "60014") {
    refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
  }
  return refusal;
}

ParsedItem read_event(JsonValue message) {
  const std::string_view event = message["event"].text();
  if (event == "error") {
    return read_error(message);
  }
  if (event == "subscribe" || event == "unsubscribe" || event == "login") {
    return Control{"ack"};
  }
  return Control{event == "notice" ? "shutdown" : "status"};
}

void read_push(Context context, JsonValue message, Parsed& out) {
  const JsonValue data = message["data"];
  context.topic = message["arg"]["channel"].text();
  context.symbol = first_text({message["arg"]["instId"].text(), context.symbol});
  if (context.topic == "liquidations") {
    return add_item(out, Control{"liquidation"});
  }
  const bool is_status =
      std::find(status_channels.begin(), status_channels.end(), context.topic) != status_channels.end();
  if (is_status || context.topic == "instruments") {
    return add_item(out, Control{is_status ? "status" : "instruments"});
  }
  if (message["action"].text() == "update") {
    return add_item(out, Control{"delta"});
  }
  if (!data.is_array()) {
    return add_item(out, missing("a channel message has a list of data"));
  }
  read_each(data, out, [&](JsonValue entry) { return read_entry(context, entry); });
}

void read_message(const Context& context, JsonValue message, Parsed& out) {
  if (message.is_array() && message.at(0)["channel"].is_string()) {  // [{"channel":"ok_sub_spot_btc_usdt_ticker",...}]
    return add_item(
        out, Refusal{.error = {Errc::retired_api, "WebSocket v1"}, .text = printable(message.at(0)["channel"].text())});
  }
  if (message["event"].is_string()) {
    return add_item(out, read_event(message));
  }
  if (message["arg"].is_object()) {
    return read_push(context, message, out);
  }
  if (message["table"].is_string()) {
    return read_okx_v3_stream(message, out);
  }
  if (message["op"].is_string()) {
    return add_item(out, Control{"subscribe"});
  }
  add_item(out, missing("a message has an event, an argument or a table"));
}

void read_answer(const Context& context, JsonValue body, Parsed& out) {
  if (const std::string_view code = body["code"].text(); !code.empty() && code != "0") {
    return add_item(out, read_error(body));
  }
  const JsonValue data = body["data"].exists() ? body["data"] : body;  // v3 had no envelope
  if (data["components"].exists()) {                                   // of an index, which stands beside them
    return add_item(out, make_quote(okx_instrument(data["index"].text()), QuoteKind::index, last_only(data["last"]),
                                    time_of(data["ts"])));
  }
  if (data.is_object() && (data["instrument_id"].exists() || data["bids"].exists() || data["iso"].exists())) {
    return add_item(out, data["iso"].exists() ? Control{"time"} : read_okx_v3_entry(data, context.symbol));
  }
  if (!data.is_array()) {
    return add_item(out, missing("an answer has a list of data"));
  }
  if (is_instrument(data.at(0))) {
    return add_item(out, Control{"instruments"});
  }
  if (data.at(0).size() == 1 && data.at(0)["ts"].exists()) {
    return add_item(out, Control{"time"});
  }
  read_each(data, out, [&](JsonValue entry) { return read_entry(context, entry); });
}

std::string last_segment(std::string_view path) {
  return std::string(path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1));
}

/// Which list of tickers an instrument is in.
std::string_view list_of(std::string_view symbol) {
  if (!is_contract(symbol)) {
    return "SPOT";
  }
  return symbol.ends_with("-SWAP") ? "SWAP" : std::count(symbol.begin(), symbol.end(), '-') > 2 ? "OPTION" : "FUTURES";
}

}  // namespace

Instrument okx_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = {}};
  if (const std::size_t first = symbol.find('-'); first != std::string_view::npos) {
    instrument.pair = split_delimited(symbol.substr(0, symbol.find('-', first + 1)));
    instrument.pair.quote.resize(std::min(instrument.pair.quote.find('_'), instrument.pair.quote.size()));  // USD_UM
  }
  return instrument;
}

std::optional<Parsed> OkxAdapter::on_other_frame(ByteSpan frame) const {
  const std::string_view text(reinterpret_cast<const char*>(frame.data()), frame.size());
  for (const std::string_view word : {"pong", "ping"}) {  // plain text, quoted by some who relay it
    if (text == word || text == json_string(word)) {
      return one_control(word);
    }
  }
  return std::nullopt;
}

void OkxAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol, Parsed& out) const {
  read_message({.symbol = std::string(symbol), .topic = {}}, message, out);
}

void OkxAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  const Endpoint asked = split_endpoint(endpoint);
  std::string named = symbol_or_query(symbol, endpoint, "instId");
  if (named.empty()) {
    named = segment_after(asked, "instruments").value_or("");  // v3
  }
  read_answer({.symbol = std::move(named), .topic = last_segment(asked.path)}, body, out);
}

Subscription OkxAdapter::subscribe(std::span<const std::string> symbols) const {
  const auto argument = [](const std::string& symbol) {
    return R"({"channel":"tickers","instId":)" + json_string(symbol) + "}";
  };
  return {.target = "/ws/v5/public",
          .frames = frames_of(symbols, 100, R"({"op":"subscribe","args":[)", argument, "]}")};
}

std::vector<std::string> OkxAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.size() == 1) {
    return {"/api/v5/market/ticker?instId=" + percent_encoded(symbols.front())};
  }
  std::vector<std::string> targets;
  for (const std::string& symbol : symbols) {
    std::string target = "/api/v5/market/tickers?instType=" + std::string(list_of(symbol));
    if (std::find(targets.begin(), targets.end(), target) == targets.end()) {
      targets.push_back(std::move(target));
    }
  }
  return targets;
}

}  // namespace assay::fetchers
