#include "fetchers/venues/okx_v3.hpp"

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

ParsedItem read_okx_v3_entry(JsonValue entry) {
  const Instrument instrument = okx_instrument(entry["instrument_id"].text());
  const auto time = time_from_iso(entry["timestamp"].text());
  if (entry["bids"].exists() || entry["asks"].exists()) {
    return make_book(instrument, entry["bids"], entry["asks"], {}, time);
  }
  if (entry["trade_id"].exists()) {
    return make_quote(instrument, QuoteKind::trade, last_only(entry["price"]), time);
  }
  if (entry["last"].exists()) {
    return make_quote(instrument, QuoteKind::ticker,
                      {.bid = entry["best_bid"],
                       .ask = entry["best_ask"],
                       .last = entry["last"],
                       .base_volume = entry["base_volume_24h"]},
                      time);
  }
  if (entry["mark_price"].exists()) {
    return make_quote(instrument, QuoteKind::index, last_only(entry["mark_price"]), time);
  }
  if (const JsonValue candle = entry["candle"]; candle.is_array()) {  // [time, open, high, low, close, volume]
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = candle.at(4), .base_volume = candle.at(5)},
                      time_from_iso(candle.at(0).text()));
  }
  return unsupported(instrument.symbol);
}

void read_okx_v3_stream(JsonValue message, Parsed& out) {
  if (message["action"].text() == "update") {
    return add_item(out, Control{"delta"});
  }
  read_each(message["data"], out, read_okx_v3_entry);
}

}  // namespace assay::fetchers
