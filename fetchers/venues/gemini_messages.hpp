#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// "BTCUSD", "btcgusd", "BTC-USD", "btcgusdperp" with their sides.
Instrument gemini_instrument(std::string_view symbol);

/// Marketdata v2: {"type":"l2_updates" | "trade" | "heartbeat" | "candles_1m_updates" | ...}.
void read_gemini_v2(JsonValue message, Parsed& out);

/// Marketdata v1: {"type":"update","events":[...]}, whose connection alone names the symbol.
void read_gemini_v1(std::string_view symbol, JsonValue message, Parsed& out);

/// Appends what one REST body says.   symbol  of the request, may be empty
void read_gemini_rest(std::string_view symbol, JsonValue body, Parsed& out);

/// [time, open, high, low, close, volume]
ParsedItem read_gemini_candle(const Instrument& instrument, JsonValue row);

}  // namespace assay::fetchers
