#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// "BTC-USDT", "BTC-USD-SWAP", "BTC-USD-240628" with the first two parts as its sides.
Instrument okx_instrument(std::string_view symbol);

/// One entry of the retired OKEx API v3, stream or REST: {"instrument_id", "last", "best_bid", ...} or a trade or book.
///   symbol  where the entry names none; may be empty
///   source  https://www.okx.com/docs-v3/en
ParsedItem read_okx_v3_entry(JsonValue entry, std::string_view symbol);

/// A stream message {"table":"spot/ticker","action"?,"data":[...]}.
void read_okx_v3_stream(JsonValue message, Parsed& out);

}  // namespace assay::fetchers
