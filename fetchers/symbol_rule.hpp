#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "fetchers/symbols.hpp"

namespace assay::fetchers {

/// What a venue calls the instrument of a pair, by the rule of its names, as its streams write it: BTC and USD are
/// "BTC/USD" at Kraken, "tBTCUSD" at Bitfinex, "btcusd" at Bitstamp. Whether it is listed there is another question
/// (instruments.hpp).
///   pair     canonical; letter case does not matter
///   returns  none where no rule tells it: a venue that is not ours; one that has several instruments of such a pair
///            (Deribit in dollars: a perpetual, dated futures and an index), or names them by numbers (Hyperliquid's
///            spot); a pair that cannot be there (the ECB's are all of the euro), a coin whose id is not known
///            (CoinGecko)
///   cost     a walk through a short table;  pure, any thread
std::optional<std::string> symbol_by_rule(std::string_view venue, const Pair& pair);

}  // namespace assay::fetchers
