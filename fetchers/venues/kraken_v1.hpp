#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// Frames of Kraken's first WebSocket protocol, which the venue froze in favour of v2.
///   source  https://docs.kraken.com/api/docs/websocket-v1/ticker and its neighbours
///   data    [channel id, payload, (second payload), "ticker" | "trade" | "spread" | "ohlc-5" | "book-10", "XBT/USD"]
///           frames of its first drafts, [channel id, payload] alone, are refused as retired_api
void read_kraken_v1_data(JsonValue message, Parsed& out);

///   events  {"event":"heartbeat" | "systemStatus" | "subscriptionStatus" | "pong" | "error" | ...}
ParsedItem read_kraken_v1_event(JsonValue message);

}  // namespace assay::fetchers
