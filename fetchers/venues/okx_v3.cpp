#include "fetchers/venues/okx_v3.hpp"

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

/// {"last","open_24h",...} of what nobody trades.
ParsedItem read_index(JsonValue entry) {
  return make_quote(okx_instrument(entry["instrument_id"].text()), QuoteKind::index, last_only(entry["last"]),
                    time_from_iso(entry["timestamp"].text()));
}

}  // namespace

ParsedItem read_okx_v3_entry(JsonValue entry, std::string_view symbol) {
  const Instrument instrument = okx_instrument(first_text({entry["instrument_id"].text(), symbol}));
  if (entry["loss"].exists()) {
    return Control{"liquidation"};
  }
  if (entry["funding_rate"].exists()) {
    return Control{"funding"};
  }
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
                       .base_volume = first_field(entry, {"base_volume_24h", "volume_token_24h"})},
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
  for (const std::string_view name : {"highest", "settlement_price", "open_interest", "estimated_price"}) {
    if (entry[name].exists()) {
      return Control{"status"};
    }
  }
  return unsupported(instrument.symbol);
}

void read_okx_v3_stream(JsonValue message, Parsed& out) {
  if (message["action"].text() == "update") {
    return add_item(out, Control{"delta"});
  }
  const bool index = message["table"].text() == "index/ticker";
  read_each(message["data"], out,
            [&](JsonValue entry) { return index ? read_index(entry) : read_okx_v3_entry(entry, {}); });
}

}  // namespace assay::fetchers
