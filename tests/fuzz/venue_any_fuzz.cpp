// Any bytes, as a stream message and as a REST body of the venue that the first byte picks, or of the one that
// ASSAY_FUZZ_VENUE names, whatever the first byte is.
#include <array>
#include <cstdlib>

#include "tests/fuzz/venue_fuzz.hpp"

namespace {

/// Only ever grows at its end: the corpora count on the places.
constexpr std::array<std::string_view, 28> venues = {"htx",
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
                                                     "oanda",
                                                     "binance",
                                                     "binance_us",
                                                     "coinbase_exchange",
                                                     "kraken"};

std::string_view pinned_venue() {
  const char* named = std::getenv("ASSAY_FUZZ_VENUE");
  return named == nullptr ? std::string_view{} : std::string_view(named);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  static const std::string_view pinned = pinned_venue();
  if (!pinned.empty()) {
    return assay::fetchers::fuzz::run(pinned, data + 1, size - 1);
  }
  const std::size_t place = static_cast<std::size_t>(data[0] - 'A') % venues.size();
  return assay::fetchers::fuzz::run(venues.at(place), data + 1, size - 1);
}
