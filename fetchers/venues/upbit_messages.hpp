#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// What Upbit and Bithumb, which took over its API, share.

/// "KRW-BTC": the quote asset stands first.
Instrument upbit_instrument(std::string_view code);

/// True for messages in that language: a type, a status UP, an error with a name, or a list.
bool is_upbit_message(JsonValue message);

/// Appends what one WebSocket message or REST body says.
void read_upbit(JsonValue message, Parsed& out);

/// [{"ticket":"assay"},{"type":"orderbook","codes":[...]}]
std::string upbit_subscription(std::span<const std::string> symbols);

/// "/v1/orderbook?markets=KRW-BTC,KRW-ETH"; none without symbols.
std::vector<std::string> upbit_targets(std::span<const std::string> symbols);

}  // namespace assay::fetchers
