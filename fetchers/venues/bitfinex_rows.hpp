#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// "tBTCUSD", "BTCUSD" or "btcust" with its sides.
Instrument bitfinex_instrument(std::string_view symbol);

/// True for a margin currency: "fUSD".
bool is_bitfinex_funding(std::string_view symbol);

/// "tBTCUSD" of "trade:1m:tBTCUSD", the key of a candle channel; empty where there is none.
std::string_view bitfinex_symbol_of_key(std::string_view key);

/// The venue's code of a canonical asset: UST of USDT, DSH of DASH; most are the same.
std::string bitfinex_code(std::string_view asset);

/// Milliseconds since 1970, not a sequence number; none for anything smaller.
std::optional<WallTime> bitfinex_time(JsonValue value);

/// A channel's or endpoint's payload: one row or a list of rows, read by their shape.
///   [price, count, amount]                          book level: one alone is a delta, a list is a snapshot
///   [id, time, amount, price]                       trade
///   [time, open, close, high, low, volume]          candle
///   [bid, size, ask, size, change, relative, last, volume, high, low]   ticker; with the symbol before it in lists
///   time  of the message, for what has none of its own
void read_bitfinex_rows(std::string_view symbol, JsonValue payload, std::optional<WallTime> time, Parsed& out);

/// One trade row, as "te" and "tu" messages have it.
ParsedItem read_bitfinex_trade(std::string_view symbol, JsonValue row);

}  // namespace assay::fetchers
