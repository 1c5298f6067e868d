#include "fetchers/market/dialogue.hpp"

#include <array>

#include "fetchers/market/dialects/dialects.hpp"
#include "fetchers/market/dialogue_binance.hpp"
#include "fetchers/market/dialogue_coinbase.hpp"
#include "fetchers/market/dialogue_kraken.hpp"

namespace assay::fetchers::market {

namespace {

struct Named {
  std::string_view venue;
  const Dialogue* dialogue;
};

const std::vector<Named>& dialogues() {
  static const BinanceDialogue binance;
  static const CoinbaseDialogue coinbase;
  static const KrakenDialogue kraken;
  static const std::array dialects{
      DialectDialogue(okx_dialect()),
      DialectDialogue(bybit_dialect()),
      DialectDialogue(bitstamp_dialect()),
      DialectDialogue(gemini_dialect()),
      DialectDialogue(bitfinex_dialect()),
      DialectDialogue(kucoin_dialect()),
      DialectDialogue(gateio_dialect()),
      DialectDialogue(htx_dialect()),
      DialectDialogue(crypto_com_dialect()),
      DialectDialogue(mexc_dialect()),
      DialectDialogue(bitget_dialect()),
      DialectDialogue(upbit_dialect()),
      DialectDialogue(bithumb_dialect()),
      DialectDialogue(deribit_dialect()),
      DialectDialogue(hyperliquid_dialect()),
      DialectDialogue(dydx_dialect()),
      DialectDialogue(coinbase_advanced_dialect()),
      DialectDialogue(coingecko_dialect()),
      DialectDialogue(ecb_dialect()),
      DialectDialogue(exchangerate_host_dialect()),
      DialectDialogue(oanda_dialect()),
      DialectDialogue(polygon_dialect()),
      DialectDialogue(twelvedata_dialect()),
      DialectDialogue(uniswap_dialect()),
  };
  static const std::vector<Named> all = [] {
    std::vector<Named> list{
        {"binance", &binance}, {"binance_us", &binance}, {"coinbase_exchange", &coinbase}, {"kraken", &kraken}};
    for (const DialectDialogue& dialect : dialects) list.push_back({dialect.venue(), &dialect});
    return list;
  }();
  return all;
}

}  // namespace

RestAnswer Dialogue::post(std::string_view, std::string_view, const Board&, WallTime) const {
  return {405, R"({"error":"GET only"})", {}};
}

std::string numbered(std::string frame, std::uint64_t& serial) {
  constexpr std::string_view word = "$serial";
  if (const std::size_t at = frame.find(word); at != std::string::npos) {
    frame.replace(at, word.size(), std::to_string(serial++));
  }
  return frame;
}

Form Dialogue::form(std::string_view) const {
  return Form::text;
}

const Dialogue* find_dialogue(std::string_view venue) {
  for (const Named& named : dialogues()) {
    if (named.venue == venue) return named.dialogue;
  }
  return nullptr;
}

std::vector<std::string_view> market_venues() {
  std::vector<std::string_view> venues;
  for (const Named& named : dialogues()) venues.push_back(named.venue);
  return venues;
}

}  // namespace assay::fetchers::market
