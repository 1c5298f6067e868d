#include "fetchers/venues/hyperliquid.hpp"

#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr LevelNames level_names{.price = "px", .size = "sz"};

Instrument hyperliquid_instrument(std::string_view coin) {
  Instrument instrument{.symbol = std::string(coin), .pair = {}};
  if (coin.find('/') != std::string_view::npos) {
    instrument.pair = split_delimited(coin);
  } else if (!coin.empty() && coin.front() != '@' && coin.front() != '#') {
    const std::size_t colon = coin.find(':');
    const std::string_view asset = colon == std::string_view::npos ? coin : coin.substr(colon + 1);
    instrument.pair = {.base = canonical_asset(asset), .quote = "USD"};
  }
  return instrument;
}

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

ParsedItem read_book(JsonValue book) {
  return make_book(hyperliquid_instrument(book["coin"].text()), book["levels"].at(0), book["levels"].at(1), level_names,
                   time_of(book["time"]));
}

ParsedItem read_bbo(JsonValue data) {
  return make_listed_quote(
      hyperliquid_instrument(data["coin"].text()), QuoteKind::bbo,
      {.bid = data["bbo"].at(0)["px"], .ask = data["bbo"].at(1)["px"], .last = {}, .base_volume = {}},
      time_of(data["time"]));
}

ParsedItem read_trade(JsonValue trade) {
  return make_quote(hyperliquid_instrument(trade["coin"].text()), QuoteKind::trade, last_only(trade["px"]),
                    time_of(trade["time"]));
}

ParsedItem read_candle(JsonValue candle) {
  return make_quote(hyperliquid_instrument(candle["s"].text()), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = candle["c"], .base_volume = candle["v"]}, time_of(candle["t"]));
}

/// The mark, which margin is reckoned at; where there is none, the middle of the book.
ParsedItem read_context(const Instrument& instrument, JsonValue context) {
  const JsonValue mark = context["markPx"];
  return make_quote(instrument, QuoteKind::index,
                    {.bid = {},
                     .ask = {},
                     .last = mark.is_string() || mark.is_number() ? mark : context["midPx"],
                     .base_volume = context["dayBaseVlm"]},
                    std::nullopt);
}

ParsedItem read_mid(JsonValue mid) {
  return make_quote(hyperliquid_instrument(mid.key()), QuoteKind::index, last_only(mid), std::nullopt);
}

void read_channel(JsonValue message, Parsed& out) {
  const std::string_view channel = message["channel"].text();
  const JsonValue data = message["data"];
  if (channel == "pong") {
    return add_item(out, Control{"pong"});
  }
  if (channel == "subscriptionResponse") {
    return add_item(out, Control{"ack"});
  }
  if (channel == "error") {
    return add_item(out, venue_refusal(data.text()));
  }
  if (channel == "bbo") {
    return add_item(out, read_bbo(data));
  }
  if (channel == "l2Book") {
    return add_item(out, read_book(data));
  }
  if (channel == "trades") {
    return read_each(data, out, read_trade);
  }
  if (channel == "allMids") {
    return read_each(data["mids"], out, read_mid);
  }
  if (channel == "activeAssetCtx" || channel == "activeSpotAssetCtx") {
    return add_item(out, read_context(hyperliquid_instrument(data["coin"].text()), data["ctx"]));
  }
  if (channel == "candle") {
    return data.is_array() ? read_each(data, out, read_candle) : add_item(out, read_candle(data));
  }
  if (channel == "assetCtxs" || channel == "spotAssetCtxs") {
    return read_each(data, out, [](JsonValue context) {
      return read_context(hyperliquid_instrument(context["coin"].text()), context);
    });
  }
  if (channel == "allDexsAssetCtxs") {  // contexts by position; which coin stands where only "meta" says
    return add_item(out, read_context({}, data["ctxs"].at(0).at(1).at(0)));
  }
  add_item(out, unsupported(channel));
}

/// [{"universe":[{"name"},...]},[context,...]]: a context belongs to the coin at its position, or names it itself.
void read_contexts(JsonValue answer, Parsed& out) {
  const JsonValue universe = answer.at(0)["universe"];
  auto name = universe.begin();
  for (const JsonValue context : answer.at(1)) {
    if (is_full(out)) {
      return;
    }
    const std::string_view own = context["coin"].text();
    const bool listed = name != universe.end();
    add_item(out, read_context(hyperliquid_instrument(own.empty() && listed ? (*name)["name"].text() : own), context));
    if (listed) {
      ++name;
    }
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

void read_list(JsonValue list, Parsed& out) {
  const JsonValue first = list.at(0);
  if (first["universe"].is_array() && list.at(1).is_array()) {
    return read_contexts(list, out);
  }
  if (first["oid"].exists()) {  // an account's own
    return add_item(out, unsupported("fills or orders"));
  }
  if (first["px"].exists()) {
    return read_each(list, out, read_trade);
  }
  if (first["s"].exists() && first["c"].exists()) {
    return read_each(list, out, read_candle);
  }
  if (first["fundingRate"].exists() || (first.is_array() && first.at(1).at(0).at(1)["fundingRate"].exists())) {
    return add_item(out, Control{"funding"});
  }
  if (first.is_null() || first.is_string()) {  // perpDexs, perpsAtOpenInterestCap
    return add_item(out, Control{first.is_null() ? "instruments" : "status"});
  }
  add_item(out, list.size() == 0 ? ParsedItem(Control{"empty"}) : unsupported("a list"));
}

/// {"BTC":"61000.5","@107":"12.5",...}
bool is_mids(JsonValue object) {
  for (const JsonValue mid : object) {
    if (!mid.is_string() || mid.text().empty() ||
        mid.text().find_first_not_of("0123456789.") != std::string_view::npos) {
      return false;
    }
  }
  return object.size() > 0;
}

/// What a request is answered with.
void read_info(JsonValue message, Parsed& out) {
  if (message.is_array()) {
    return read_list(message, out);
  }
  if (message["levels"].is_array()) {
    return add_item(out, read_book(message));
  }
  if (message["universe"].is_array()) {
    return add_item(out, Control{"instruments"});
  }
  if (message["method"].is_string()) {
    return add_item(out, Control{"subscribe"});
  }
  if (is_mids(message)) {
    return read_each(message, out, read_mid);
  }
  if (message.is_null()) {  // l2Book of an unknown coin
    return add_item(out, Control{"empty"});
  }
  add_item(out, message.is_string() ? ParsedItem(venue_refusal(message.text())) : missing("a message has a channel"));
}

void read_message(JsonValue message, Parsed& out) {
  if (message["channel"].text() == "post") {  // a request over the stream
    const JsonValue answer = message["data"]["response"];
    return answer["type"].text() == "error" ? add_item(out, venue_refusal(answer["payload"].text()))
                                            : read_info(answer["payload"]["data"], out);
  }
  if (message["channel"].is_string()) {
    return read_channel(message, out);
  }
  read_info(message, out);
}

}  // namespace

void HyperliquidAdapter::on_body(JsonValue body, std::string_view /*endpoint*/, std::string_view /*symbol*/,
                                 Parsed& out) const {
  read_message(body, out);
}

Subscription HyperliquidAdapter::subscribe(std::span<const std::string> symbols) const {
  Subscription subscription{.target = "/ws", .frames = {}};
  for (const std::string& symbol : symbols) {
    subscription.frames.push_back(R"({"method":"subscribe","subscription":{"type":"bbo","coin":)" +
                                  json_string(symbol) + "}}");
  }
  return subscription;
}

std::vector<std::string> HyperliquidAdapter::rest_targets(std::span<const std::string> /*symbols*/) const {
  return {};
}

std::vector<RestPost> HyperliquidAdapter::rest_posts(std::span<const std::string> symbols) const {
  std::vector<RestPost> posts;
  for (const std::string& symbol : symbols) {
    posts.push_back({.target = "/info", .body = R"({"type":"l2Book","coin":)" + json_string(symbol) + "}"});
  }
  return posts;
}

}  // namespace assay::fetchers
