#include "fetchers/market/dialogue.hpp"

#include "fetchers/market/dialogue_binance.hpp"
#include "fetchers/market/dialogue_coinbase.hpp"
#include "fetchers/market/dialogue_kraken.hpp"

namespace assay::fetchers::market {

const Dialogue* find_dialogue(std::string_view venue) {
  static const BinanceDialogue binance;
  static const CoinbaseDialogue coinbase;
  static const KrakenDialogue kraken;
  if (venue == "binance" || venue == "binance_us") return &binance;
  if (venue == "coinbase_exchange") return &coinbase;
  return venue == "kraken" ? &kraken : nullptr;
}

std::vector<std::string_view> market_venues() {
  return {"binance", "binance_us", "coinbase_exchange", "kraken"};
}

}  // namespace assay::fetchers::market
