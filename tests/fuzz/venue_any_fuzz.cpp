// Any bytes, as a stream message and as a REST body of the venue that the first byte picks.
#include <array>

#include "tests/fuzz/venue_fuzz.hpp"

namespace {

/// Only ever grows at its end: the corpora count on the places.
constexpr std::array<std::string_view, 24> venues = {"htx",
                                                     "crypto_com",
                                                     "mexc",
                                                     "bitget",
                                                     "upbit",
                                                     "bithumb",
                                                     "hyperliquid",
                                                     "dydx",
                                                     "coingecko",
                                                     "ecb",
                                                     "exchangerate_host",
                                                     "uniswap",
                                                     "bitfinex",
                                                     "bitstamp",
                                                     "bybit",
                                                     "coinbase_advanced",
                                                     "deribit",
                                                     "gateio",
                                                     "gemini",
                                                     "kucoin",
                                                     "okx",
                                                     "polygon",
                                                     "twelvedata",
                                                     "oanda"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::size_t place = static_cast<std::size_t>(data[0] - 'A') % venues.size();
  return assay::fetchers::fuzz::run(venues.at(place), data + 1, size - 1);
}
