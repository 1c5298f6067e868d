#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/protobuf_text.hpp"

namespace assay::fetchers {

/// "BTCUSDT" or "BTC_USDT" with its sides.
Instrument mexc_instrument(std::string_view symbol);

/// A snapshot whose side without levels may be left out, as protocol buffers do.
ParsedItem mexc_book(const Instrument& instrument, JsonValue book, const LevelNames& names,
                     std::optional<WallTime> venue_time);

/// PushDataV3ApiWrapper with the public bodies that are read.
const ProtobufMessage& mexc_wrapper();

/// Appends what one wrapper says, in the JSON form of its protocol buffer.
void read_mexc_wrapper(JsonValue wrapper, Parsed& out);

/// Appends what a JSON frame says: answers to our requests, and the streams that the venue has retired: those of v3
/// ("c":"spot@public...") and those before ("channel":"push...").   symbol  from outside, may be empty
void read_mexc_json(JsonValue message, std::string_view symbol, Parsed& out);

/// Appends what a body of the retired open API v2 or of the contract market, {"code":200,"data":...}, says.
void read_mexc_open_api(JsonValue body, std::string_view symbol, Parsed& out);

}  // namespace assay::fetchers
