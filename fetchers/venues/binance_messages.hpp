#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venues/binance.hpp"

namespace assay::fetchers {

/// What Binance's messages are read with: the house's symbol rules, and the symbol known from outside the payload.
struct BinanceContext {
  const BinanceSite& site;
  std::string symbol;   ///< from the stream, the caller or the endpoint; may be empty
  std::string stream;   ///< "btcusdt@depth5"; may be empty
  std::string asked{};  ///< last part of a request's path: "klines"; may be empty
};

/// The instrument that `symbol` names, or the context's where it is empty. Options ("BTC-240927-60000-C") are quoted in
/// USDT.
Instrument binance_instrument(const BinanceContext& context, std::string_view symbol);

/// Contracts of a fixed number of dollars ("BTCUSD_PERP"): their volume is a count, and the base stands where spot has
/// the quote.
bool is_coin_margined(const Instrument& instrument);

/// {"code","msg"} as rate_limited by the code, else as venue_refusal() has it.
ParsedItem binance_error(JsonValue code, JsonValue message);

/// Appends what one stream payload says: an event, a list of events, an answer to a request.
void read_binance_stream(const BinanceContext& context, JsonValue payload, Parsed& out);

/// Appends what one REST body says.
void read_binance_rest(const BinanceContext& context, JsonValue body, Parsed& out);

}  // namespace assay::fetchers
