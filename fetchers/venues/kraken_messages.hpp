#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// Any of Kraken's symbol spellings with its sides.
Instrument kraken_instrument(std::string_view symbol);

/// The fields {"a":[ask,..],"b":[bid,..],"c":[last,..],"v":[today,24h]} that REST and v1 share.
ParsedItem kraken_ticker(const Instrument& instrument, JsonValue fields);

/// Appends what one REST body {"error":[],"result":{}} says.
void read_kraken_rest(JsonValue body, Parsed& out);

}  // namespace assay::fetchers
