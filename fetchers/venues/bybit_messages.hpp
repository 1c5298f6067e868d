#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// What Bybit's statements are read with.
struct BybitContext {
  std::string symbol;            ///< where the statement names none; may be empty
  std::string category;          ///< "spot", "linear", "inverse", "option"; may be empty
  std::optional<WallTime> time;  ///< of the message, where the statement has none
  bool premium = false;          ///< asked for the premium index: shares of a price, no prices
};

/// "BTCUSDT", "BTCUSD", "BTCPERP", "BTCUSDM24", "BTCUSDT-28JUN24", "BTC-28JUN24-60000-P" with their sides.
Instrument bybit_instrument(std::string_view symbol);

/// One statement of any generation, stream or REST.
ParsedItem read_bybit_ticker(const BybitContext& context, JsonValue entry);
ParsedItem read_bybit_trade(const BybitContext& context, JsonValue entry);
ParsedItem read_bybit_candle(const BybitContext& context, JsonValue entry);
/// {"s","b":[],"a":[]} or a list of levels that each tell their side.
ParsedItem read_bybit_book(const BybitContext& context, JsonValue book);

/// The venue's own error by its number and words.
Refusal bybit_error(JsonValue code, JsonValue said);

}  // namespace assay::fetchers
