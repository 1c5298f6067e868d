#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Whether a canonical asset is one whose id is known here, so that it may be asked for by its code.
bool coingecko_knows(std::string_view code);

/// CoinGecko: averages over many venues, minutes old; a cross-check rather than a source. REST only.
///   source  https://docs.coingecko.com/reference/simple-price, .../coins-markets, .../coins-id-tickers,
///           .../exchange-rates
///   reads   simple/price, simple/token_price, coins/markets, coins/<id> (rate); coins and exchanges/<id>/tickers
///           (ticker); exchange_rates (rate)
///   says    control "pong", "instruments", "empty"
///   symbol  a coin's id ("ethereum", canonical base for the best-known ones, else unknown); of tickers
///           "BTC/USDT". We ask for "ETH/USD" of the well-known and for an id, in dollars, of the others
///   note    volumes are in the quote currency and are not taken over; the hosts that want a key are not spoken to
class CoingeckoAdapter final : public PolledAdapter {
 public:
  std::string_view venue() const override { return "coingecko"; }
  std::string_view rest_base() const override { return "https://api.coingecko.com/api/v3"; }
  Micros silence_max() const override { return millis(300'000); }

  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
