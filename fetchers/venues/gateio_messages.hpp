#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// "BTC_USDT", "BTC_USDT_20240628" with its sides.
Instrument gateio_instrument(std::string_view symbol);

/// {"id","create_time_ms","currency_pair","price",...}; futures say "contract".
ParsedItem read_gateio_trade(std::string_view symbol, JsonValue trade);

/// {"currency_pair","last","lowest_ask","highest_bid","base_volume",...}
ParsedItem read_gateio_ticker(JsonValue ticker, std::optional<WallTime> time);

/// A message of the retired WebSocket v3: {"method":"trades.update","params":[...]}.
void read_gateio_v3(JsonValue message, Parsed& out);

/// Appends what one REST body says.   symbol  of the request, may be empty
void read_gateio_rest(std::string_view symbol, JsonValue body, Parsed& out);

}  // namespace assay::fetchers
