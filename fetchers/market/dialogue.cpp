#include "fetchers/market/dialogue.hpp"

#include <array>

#include "fetchers/market/dialogue_binance.hpp"
#include "fetchers/market/dialogue_coinbase.hpp"
#include "fetchers/market/dialogue_kraken.hpp"
#include "fetchers/market/tongues/tongues.hpp"

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
  static const std::array tongues{
      TongueDialogue(okx_tongue()),
      TongueDialogue(bybit_tongue()),
      TongueDialogue(bitstamp_tongue()),
      TongueDialogue(gemini_tongue()),
      TongueDialogue(bitfinex_tongue()),
      TongueDialogue(kucoin_tongue()),
      TongueDialogue(gateio_tongue()),
      TongueDialogue(htx_tongue()),
      TongueDialogue(crypto_com_tongue()),
      TongueDialogue(mexc_tongue()),
      TongueDialogue(bitget_tongue()),
      TongueDialogue(upbit_tongue()),
      TongueDialogue(bithumb_tongue()),
      TongueDialogue(deribit_tongue()),
      TongueDialogue(hyperliquid_tongue()),
      TongueDialogue(dydx_tongue()),
      TongueDialogue(coinbase_advanced_tongue()),
      TongueDialogue(coingecko_tongue()),
      TongueDialogue(ecb_tongue()),
      TongueDialogue(exchangerate_host_tongue()),
      TongueDialogue(oanda_tongue()),
      TongueDialogue(polygon_tongue()),
      TongueDialogue(twelvedata_tongue()),
      TongueDialogue(uniswap_tongue()),
  };
  static const std::vector<Named> all = [] {
    std::vector<Named> list{
        {"binance", &binance}, {"binance_us", &binance}, {"coinbase_exchange", &coinbase}, {"kraken", &kraken}};
    for (const TongueDialogue& tongue : tongues) list.push_back({tongue.venue(), &tongue});
    return list;
  }();
  return all;
}

}  // namespace

RestAnswer Dialogue::post(std::string_view, std::string_view, const Board&, WallTime) const {
  return {405, R"({"error":"GET only"})", {}};
}

std::string numbered(std::string frame, std::uint64_t serial) {
  constexpr std::string_view word = "$serial";
  if (const std::size_t at = frame.find(word); at != std::string::npos) {
    frame.replace(at, word.size(), std::to_string(serial));
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
