#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// Which of the configured symbols a parsed quote speaks of.
///   returns  the symbol itself when it is configured; else the one configured symbol whose letters are the quote's
///            canonical base and quote ("BTC/USD", "XBT/USD", "btc-usd" for BTC and USD); nothing when none or several
///            fit
std::optional<std::string> configured_symbol(const ParsedQuote& parsed, const std::vector<std::string>& configured);

}  // namespace assay::fetchers
