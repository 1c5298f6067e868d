#pragma once
#include <span>
#include <string>
#include <string_view>

namespace assay::fetchers {

/// Both sides of an instrument in canonical names ("BTC", never "XBT"); empty where a symbol does not tell.
struct Pair {
  std::string base;
  std::string quote;

  friend bool operator==(const Pair&, const Pair&) = default;
};

/// XBT -> BTC, XDG -> DOGE; every other code as it is.
std::string canonical_asset(std::string_view code);

/// "BTC-USD", "XBT/USD", "BTC_USDT": split at the first '-', '/' or '_'. Empty sides where there is none.
Pair split_delimited(std::string_view symbol);

/// "BTCUSDT": split before a quote asset.
///   quotes  upper case, longest first. The first whose remainder is a known base of a doubtful ending decides
///           (BNBUSD is BNB/USD and not BN/BUSD, DOTUSD is DOT/USD and not DO/TUSD), else the longest.
///   a contract suffix ("_PERP", "_240927") is cut first; letter case does not matter, the result is upper case
Pair split_concatenated(std::string_view symbol, std::span<const std::string_view> quotes);

/// Kraken's REST identifiers, old and new: "XXBTZUSD", "XBTUSDT", "USDTZUSD", "XTZUSD", also "XBT/USD".
Pair split_kraken(std::string_view symbol);

std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);

}  // namespace assay::fetchers
