#include <array>

#include "fetchers/venue_time.hpp"
#include "fetchers/venues/mexc_messages.hpp"

namespace assay::fetchers {

namespace {

using Field = ProtobufField;
using Type = ProtobufType;

constexpr std::array<Field, 2> level_fields = {
    {{1, "price", Type::text, nullptr}, {2, "quantity", Type::text, nullptr}}};
constexpr ProtobufMessage level{level_fields};

constexpr std::array<Field, 2> depth_fields = {
    {{1, "asks", Type::messages, &level}, {2, "bids", Type::messages, &level}}};
constexpr ProtobufMessage depth{depth_fields};

constexpr std::array<Field, 3> deal_fields = {
    {{1, "price", Type::text, nullptr}, {2, "quantity", Type::text, nullptr}, {4, "time", Type::number, nullptr}}};
constexpr ProtobufMessage deal{deal_fields};
constexpr std::array<Field, 1> deals_fields = {{{1, "deals", Type::messages, &deal}}};
constexpr ProtobufMessage deals{deals_fields};

constexpr std::array<Field, 4> bbo_fields = {{{1, "bidPrice", Type::text, nullptr},
                                              {2, "bidQuantity", Type::text, nullptr},
                                              {3, "askPrice", Type::text, nullptr},
                                              {4, "askQuantity", Type::text, nullptr}}};
constexpr ProtobufMessage bbo{bbo_fields};
constexpr std::array<Field, 1> bbo_batch_fields = {{{1, "items", Type::messages, &bbo}}};
constexpr ProtobufMessage bbo_batch{bbo_batch_fields};

constexpr std::array<Field, 3> kline_fields = {{{2, "windowStart", Type::number, nullptr},
                                                {4, "closingPrice", Type::text, nullptr},
                                                {7, "volume", Type::text, nullptr}}};
constexpr ProtobufMessage kline{kline_fields};

constexpr std::array<Field, 3> mini_fields = {
    {{1, "symbol", Type::text, nullptr}, {2, "price", Type::text, nullptr}, {8, "quantity", Type::text, nullptr}}};
constexpr ProtobufMessage mini{mini_fields};
constexpr std::array<Field, 1> minis_fields = {{{1, "items", Type::messages, &mini}}};
constexpr ProtobufMessage minis{minis_fields};

constexpr std::array<Field, 16> wrapper_fields = {{{1, "channel", Type::text, nullptr},
                                                   {3, "symbol", Type::text, nullptr},
                                                   {5, "createTime", Type::number, nullptr},
                                                   {6, "sendTime", Type::number, nullptr},
                                                   {301, "publicDeals", Type::message, &deals},
                                                   {302, "publicIncreaseDepths", Type::message, &depth},
                                                   {303, "publicLimitDepths", Type::message, &depth},
                                                   {305, "publicBookTicker", Type::message, &bbo},
                                                   {308, "publicSpotKline", Type::message, &kline},
                                                   {309, "publicMiniTicker", Type::message, &mini},
                                                   {310, "publicMiniTickers", Type::message, &minis},
                                                   {311, "publicBookTickerBatch", Type::message, &bbo_batch},
                                                   {312, "publicIncreaseDepthsBatch", Type::message, &depth},
                                                   {313, "publicAggreDepths", Type::message, &depth},
                                                   {314, "publicAggreDeals", Type::message, &deals},
                                                   {315, "publicAggreBookTicker", Type::message, &bbo}}};
constexpr ProtobufMessage wrapper_layout{wrapper_fields};

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

ParsedItem read_bbo(const Instrument& instrument, JsonValue body, std::optional<WallTime> time) {
  return make_quote(instrument, QuoteKind::bbo,
                    {.bid = body["bidPrice"], .ask = body["askPrice"], .last = {}, .base_volume = {}}, time);
}

ParsedItem read_mini(JsonValue body, std::optional<WallTime> time) {
  return make_quote(mexc_instrument(body["symbol"].text()), QuoteKind::ticker,
                    {.bid = {}, .ask = {}, .last = body["price"], .base_volume = body["quantity"]}, time);
}

ParsedItem read_deal(const Instrument& instrument, JsonValue one, std::optional<WallTime> time) {
  const auto own = time_of(one["time"]);
  return make_quote(instrument, QuoteKind::trade, last_only(one["price"]), own ? own : time);
}

ParsedItem read_kline(const Instrument& instrument, JsonValue body) {
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = body["closingPrice"], .base_volume = body["volume"]},
                    time_from_epoch(body["windowStart"].text(), TimeUnit::seconds));
}

/// "spot@public.kline.v3.api.pb@BTCUSDT@Min1": bodies without a symbol of their own are named by their channel.
std::string_view symbol_of_channel(std::string_view channel) {
  while (!channel.empty()) {
    const std::string_view part = channel.substr(0, channel.find('@'));
    if (!mexc_instrument(part).pair.base.empty() && part == upper_case(part)) {
      return part;
    }
    channel.remove_prefix(part.size() < channel.size() ? part.size() + 1 : part.size());
  }
  return {};
}

}  // namespace

const ProtobufMessage& mexc_wrapper() {
  return wrapper_layout;
}

ParsedItem mexc_book(const Instrument& instrument, JsonValue book, const LevelNames& names,
                     std::optional<WallTime> venue_time) {
  if (!book.is_object()) {
    return missing("a book is an object");
  }
  std::vector<BookLevel> levels;
  for (const JsonValue one : book["bids"]) {
    levels.push_back({.side = BookSide::bid, .price = one[names.price], .size = one[names.size]});
  }
  for (const JsonValue one : book["asks"]) {
    levels.push_back({.side = BookSide::ask, .price = one[names.price], .size = one[names.size]});
  }
  return make_book(instrument, levels, venue_time);
}

void read_mexc_wrapper(JsonValue wrapper, Parsed& out) {
  const std::string_view channel = wrapper["channel"].text();
  const std::string_view named = wrapper["symbol"].text();
  const Instrument instrument = mexc_instrument(named.empty() ? symbol_of_channel(channel) : named);
  const auto sent = time_of(wrapper["sendTime"]);
  const auto time = sent ? sent : time_of(wrapper["createTime"]);
  const auto has = [&](std::string_view name) { return wrapper[name].is_object(); };
  for (const std::string_view name : {"publicAggreBookTicker", "publicBookTicker"}) {
    if (has(name)) {
      return add_item(out, read_bbo(instrument, wrapper[name], time));
    }
  }
  if (has("publicBookTickerBatch")) {
    return read_each(wrapper["publicBookTickerBatch"]["items"], out,
                     [&](JsonValue item) { return read_bbo(instrument, item, time); });
  }
  for (const std::string_view name : {"publicAggreDeals", "publicDeals"}) {
    if (has(name)) {
      return read_each(wrapper[name]["deals"], out, [&](JsonValue one) { return read_deal(instrument, one, time); });
    }
  }
  if (has("publicLimitDepths")) {
    return add_item(out,
                    mexc_book(instrument, wrapper["publicLimitDepths"], {.price = "price", .size = "quantity"}, time));
  }
  if (const JsonValue snapshot = wrapper["publicAggreDepthsSnapshot"]; snapshot.is_object()) {
    return add_item(out, make_book(instrument, snapshot["bids"], snapshot["asks"],
                                   {.price = "price", .size = "quantity"}, time_of(snapshot["timestamp"])));
  }
  for (const std::string_view name : {"publicAggreDepths", "publicIncreaseDepths", "publicIncreaseDepthsBatch"}) {
    if (has(name)) {
      return add_item(out, Control{"delta"});
    }
  }
  if (has("publicSpotKline")) {
    return add_item(out, read_kline(instrument, wrapper["publicSpotKline"]));
  }
  if (has("publicMiniTicker")) {
    return add_item(out, read_mini(wrapper["publicMiniTicker"], time));
  }
  if (has("publicMiniTickers")) {
    return read_each(wrapper["publicMiniTickers"]["items"], out, [&](JsonValue item) { return read_mini(item, time); });
  }
  add_item(out, unsupported(channel));
}

}  // namespace assay::fetchers
