#pragma once
#include <string_view>

#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// Kraken's derivatives, which speak a language of their own under other hosts.
///   source  https://docs.kraken.com/api/docs/futures-api
///   reads   feeds ticker, ticker_lite, trade, trade_snapshot, book_snapshot; REST tickers, orderbook, history, candles
///   volume  of linear contracts ("PF_", "FF_"): those of inverse ones count dollars
Instrument kraken_futures_instrument(std::string_view product);

/// True for a stream message of that language.
bool is_kraken_futures(JsonValue message);

/// Appends what one stream message {"feed",...} or {"event","feed"?,...} says.
void read_kraken_futures_stream(JsonValue message, Parsed& out);

/// Appends what one body {"result":"success",...} or {"candles":[]} says.   product  where the body names none
void read_kraken_futures_rest(JsonValue body, std::string_view product, Parsed& out);

}  // namespace assay::fetchers
