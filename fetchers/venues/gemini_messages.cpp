#include "fetchers/venues/gemini_messages.hpp"

#include <vector>

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::by_size);
}

constexpr LevelNames level_names{.price = "price", .size = "amount"};

ParsedItem read_trade(const Instrument& instrument, JsonValue trade, std::optional<WallTime> time) {
  return make_quote(instrument, QuoteKind::trade, last_only(trade["price"]), time);
}

/// The first message of a symbol holds the whole book as changes from nothing; it alone lists auction events.
void read_levels(JsonValue message, Parsed& out) {
  if (!message["auction_events"].exists() && !message["trades"].exists()) {
    return add_item(out, Control{"delta"});
  }
  const Instrument instrument = gemini_instrument(message["symbol"].text());
  std::vector<BookLevel> levels;
  for (const JsonValue change : message["changes"]) {
    levels.push_back({.side = change.at(0).text() == "buy" ? BookSide::bid : BookSide::ask,
                      .price = change.at(1),
                      .size = change.at(2)});
  }
  add_item(out, make_book(instrument, levels, std::nullopt));
  for (const JsonValue trade : message["trades"]) {
    if (is_full(out)) {
      return;
    }
    add_item(out, read_trade(instrument, trade, time_of(trade["timestamp"])));
  }
}

ParsedItem read_ticker(std::string_view given, JsonValue body) {
  const Instrument instrument = gemini_instrument(first_text({body["pair"].text(), body["symbol"].text(), given}));
  const JsonValue volume = body["volume"];  // {"BTC":"1.5","USD":"90000","timestamp":...}
  return dated_aside(make_listed_quote(instrument, QuoteKind::ticker,
                                       {.bid = body["bid"],
                                        .ask = body["ask"],
                                        .last = body["last"].exists()    ? body["last"]
                                                : body["close"].exists() ? body["close"]
                                                                         : body["price"],
                                        .base_volume = volume[instrument.pair.base]},
                                       time_of(volume["timestamp"])));
}

ParsedItem read_entry(std::string_view given, JsonValue entry) {
  if (entry.is_array()) {
    return read_gemini_candle(gemini_instrument(given), entry);
  }
  if (entry["tid"].exists()) {
    const auto millis = time_of(entry["timestampms"]);
    return read_trade(gemini_instrument(given), entry, millis ? millis : time_of(entry["timestamp"]));
  }
  if (entry["pair"].exists() && entry["price"].exists()) {
    return read_ticker(given, entry);
  }
  if (entry["auction_id"].exists()) {
    return Control{"status"};
  }
  return unsupported({});
}

}  // namespace

ParsedItem read_gemini_candle(const Instrument& instrument, JsonValue row) {
  return make_quote(instrument, QuoteKind::candle, {.bid = {}, .ask = {}, .last = row.at(4), .base_volume = row.at(5)},
                    time_of(row.at(0)));
}

void read_gemini_v2(JsonValue message, Parsed& out) {
  const std::string_view type = message["type"].text();
  const Instrument instrument = gemini_instrument(message["symbol"].text());
  if (type == "l2_updates") {
    return read_levels(message, out);
  }
  if (type == "trade" || type == "block_trade") {
    return add_item(out, read_trade(instrument, message, time_of(message["timestamp"])));
  }
  if (type.starts_with("candles_")) {
    return read_each(message["changes"], out, [&](JsonValue row) { return read_gemini_candle(instrument, row); });
  }
  if (type == "heartbeat") {
    return add_item(out, Control{"heartbeat"});
  }
  if (type == "subscribe" || type == "unsubscribe") {
    return add_item(out, Control{"subscribe"});
  }
  if (type == "subscription_ack") {
    return add_item(out, Control{"ack"});
  }
  if (type.starts_with("auction")) {
    return add_item(out, Control{"status"});
  }
  add_item(out, unsupported(type));
}

void read_gemini_v1(std::string_view symbol, JsonValue message, Parsed& out) {
  const auto millis = time_of(message["timestampms"]);
  Instrument instrument = gemini_instrument(symbol);
  std::vector<BookLevel> levels;
  bool auction = false;
  for (const JsonValue event : message["events"]) {
    if (is_full(out)) {
      return;
    }
    const std::string_view type = event["type"].text();
    auction = auction || type.starts_with("auction");
    if (const std::string_view named = event["symbol"].text(); !named.empty() && named != instrument.symbol) {
      if (!levels.empty()) {  // several markets share one stream: the book of the one before is complete
        add_item(out, make_book(instrument, levels, millis));
        levels.clear();
      }
      instrument = gemini_instrument(named);
    }
    if (type == "trade" || type == "block_trade") {
      add_item(out, read_trade(instrument, event, millis));
    } else if (type == "change" && event["reason"].text() == "initial") {
      levels.push_back({.side = event["side"].text() == "bid" ? BookSide::bid : BookSide::ask,
                        .price = event["price"],
                        .size = event["remaining"]});
    }
  }
  if (!levels.empty()) {
    add_item(out, make_book(instrument, levels, millis));
  } else if (out.items.empty()) {
    add_item(out, Control{message["type"].text() == "heartbeat" ? "heartbeat" : auction ? "status" : "delta"});
  }
}

void read_gemini_rest(std::string_view symbol, JsonValue body, Parsed& out) {
  if (body.is_array()) {
    if (body.at(0).is_string()) {
      return add_item(out, Control{"instruments"});
    }
    return read_each(body, out, [&](JsonValue entry) { return read_entry(symbol, entry); });
  }
  if (!body.is_object()) {
    return add_item(out, missing("an object or a list was due"));
  }
  if (body["result"].text() == "error") {
    return add_item(out,
                    venue_refusal(std::string(body["reason"].text()) + ": " + std::string(body["message"].text())));
  }
  if (body["base_currency"].exists() || body["symbols"].is_array() || body["network"].exists()) {
    return add_item(out, Control{"instruments"});
  }
  if (body["mark_price"].exists()) {
    return add_item(
        out, make_quote(gemini_instrument(symbol), QuoteKind::index, last_only(body["mark_price"]), std::nullopt));
  }
  if (body["fundingDateTime"].exists() || body["next_auction_ms"].exists() || body["closed_until_ms"].exists()) {
    return add_item(out, Control{body["fundingDateTime"].exists() ? "funding" : "status"});
  }
  if (body["bids"].exists() || body["asks"].exists()) {  // its levels carry a time that the venue calls a dummy
    return add_item(out, make_book(gemini_instrument(symbol), body["bids"], body["asks"], level_names, std::nullopt));
  }
  if (body["bid"].exists() || body["last"].exists() || body["close"].exists()) {
    return add_item(out, read_ticker(symbol, body));
  }
  add_item(out, unsupported({}));
}

}  // namespace assay::fetchers
