#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// "BTC-USD" with its sides; empty in, empty out.
Instrument coinbase_instrument(std::string_view product);

/// Appends what one REST body says.   symbol  of the request, may be empty
void read_coinbase_rest(std::string_view symbol, JsonValue body, Parsed& out);

/// What an entry of a list of products says of its trading. Limit-only products trade.
void note_coinbase_trading(JsonValue product, Parsed& out);

}  // namespace assay::fetchers
