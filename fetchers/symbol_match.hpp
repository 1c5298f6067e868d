#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// Letters and digits in upper case, XBT as BTC and XDG as DOGE: what two spellings of one symbol have in common.
std::string plain_symbol(std::string_view symbol);

/// Which of the configured symbols a parsed quote speaks of.
///   returns  the symbol itself when it is configured; else the one configured symbol whose letters are the quote's
///            canonical base and quote ("BTC/USD", "XBT/USD", "btc-usd" for BTC and USD); nothing when none or several
///            fit
std::optional<std::string> configured_symbol(const ParsedQuote& parsed, const std::vector<std::string>& configured);

/// What our quotes call a configured symbol: its name, or itself where none is listed. Borrowed from the arguments.
const std::string& name_in(const std::map<std::string, std::string>& names, const std::string& symbol);

}  // namespace assay::fetchers
