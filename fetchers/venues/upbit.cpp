#include "fetchers/venues/upbit.hpp"

#include "fetchers/endpoint.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/upbit_messages.hpp"

namespace assay::fetchers {

namespace {

/// A field by its full name or by the short one of the format SIMPLE.
JsonValue either(JsonValue object, std::string_view full, std::string_view brief) {
  const JsonValue value = object[full];
  return value.exists() ? value : object[brief];
}

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

std::string_view code_of(JsonValue message) {
  const std::string_view market = message["market"].text();
  return market.empty() ? either(message, "code", "cd").text() : market;
}

/// A unit is one bid and one ask; the side that has run out of orders is sent with price 0.
ParsedItem read_orderbook(JsonValue message) {
  const JsonValue units = either(message, "orderbook_units", "obu");
  if (!units.is_array()) {
    return missing("a book has units");
  }
  std::vector<BookLevel> levels;
  const auto add = [&](BookSide side, JsonValue price, JsonValue size) {
    if (price.text().find_first_not_of("0.") != std::string_view::npos) {
      levels.push_back({.side = side, .price = price, .size = size});
    }
  };
  for (const JsonValue unit : units) {
    add(BookSide::bid, either(unit, "bid_price", "bp"), either(unit, "bid_size", "bs"));
    add(BookSide::ask, either(unit, "ask_price", "ap"), either(unit, "ask_size", "as"));
  }
  return make_book(upbit_instrument(code_of(message)), levels, time_of(either(message, "timestamp", "tms")));
}

/// When the last trade was, in both tickers and trades; the REST trades call it timestamp.
std::optional<WallTime> trade_time(JsonValue message) {
  const auto own = time_of(either(message, "trade_timestamp", "ttms"));
  return own ? own : time_of(either(message, "timestamp", "tms"));
}

ParsedItem read_one(JsonValue message) {
  const std::string_view type = either(message, "type", "ty").text();
  const Instrument instrument = upbit_instrument(code_of(message));
  const JsonValue price = either(message, "trade_price", "tp");
  if (either(message, "orderbook_units", "obu").exists()) {
    return read_orderbook(message);
  }
  if (type.starts_with("candle") || message["candle_date_time_utc"].exists()) {
    return make_quote(
        instrument, QuoteKind::candle,
        {.bid = {}, .ask = {}, .last = price, .base_volume = either(message, "candle_acc_trade_volume", "catv")},
        time_from_iso(either(message, "candle_date_time_utc", "cdttmu").text()));
  }
  if (either(message, "acc_trade_volume_24h", "atv24h").exists()) {
    return make_quote(
        instrument, QuoteKind::ticker,
        {.bid = {}, .ask = {}, .last = price, .base_volume = either(message, "acc_trade_volume_24h", "atv24h")},
        trade_time(message));
  }
  if (price.exists()) {
    return make_quote(instrument, QuoteKind::trade, last_only(price), trade_time(message));
  }
  if (message["korean_name"].exists() || message["english_name"].exists() || message["supported_levels"].exists() ||
      message["tick_size"].exists() || message["warning_type"].exists()) {
    return Control{"instruments"};
  }
  return message["ticket"].exists() ? ParsedItem(Control{"subscribe"}) : unsupported(type);
}

/// {"error":{"name":"too_many_requests","message":"..."}}
ParsedItem read_error(JsonValue error) {
  std::string said(error["name"].text());
  if (said == "429" || said == "too_many_requests" || said == "TOO_MANY_REQUESTS") {
    said = "too many requests";
  }
  return venue_refusal(said + ": " + std::string(error["message"].text().substr(0, 150)));
}

}  // namespace

Instrument upbit_instrument(std::string_view code) {
  const Pair reversed = split_delimited(code);
  return {.symbol = std::string(code), .pair = {.base = reversed.quote, .quote = reversed.base}};
}

bool is_upbit_message(JsonValue message) {
  return message.is_array() || message["ty"].is_string() ||
         message["code"].text().find('-') != std::string_view::npos || message["status"].text() == "UP" ||
         message["error"].is_object();
}

void read_upbit(JsonValue message, Parsed& out) {
  if (message.is_array()) {
    const ParsedItem first = message.size() > 0 ? read_one(message.at(0)) : Control{"empty"};
    if (std::holds_alternative<Control>(first)) {
      return add_item(out, first);
    }
    return read_each(message, out, read_one);
  }
  if (message["status"].text() == "UP") {
    return add_item(out, Control{"pong"});
  }
  if (message["error"].exists()) {
    return add_item(out, read_error(message["error"]));
  }
  add_item(out, message.is_object() ? read_one(message) : missing("an object or a list was due"));
}

std::string upbit_subscription(std::span<const std::string> symbols) {
  return R"([{"ticket":"assay"},{"type":"orderbook","codes":)" + json_list(symbols) + "}]";
}

std::vector<std::string> upbit_targets(std::span<const std::string> symbols) {
  if (symbols.empty()) {
    return {};
  }
  std::string target = "/v1/orderbook?markets=";
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    target += (i == 0 ? "" : ",") + percent_encoded(symbols[i]);
  }
  return {std::move(target)};
}

void UpbitAdapter::on_body(JsonValue body, std::string_view /*endpoint*/, std::string_view /*symbol*/,
                           Parsed& out) const {
  read_upbit(body, out);
}

Subscription UpbitAdapter::subscribe(std::span<const std::string> symbols) const {
  return {.target = "/websocket/v1", .frames = {upbit_subscription(symbols)}};
}

std::vector<std::string> UpbitAdapter::rest_targets(std::span<const std::string> symbols) const {
  return upbit_targets(symbols);
}

}  // namespace assay::fetchers
