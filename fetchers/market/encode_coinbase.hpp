#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/market/board.hpp"

/// The bytes that Coinbase Exchange sends, after its WebSocket feed and REST documentation. Numbers are strings, times
/// ISO 8601 with six places.
namespace assay::fetchers::market::coinbase {

std::string product(const Pair& pair);  ///< "BTC-USD"
std::string ticker(const Pair& pair, const Ticker& ticker);
std::string heartbeat(const Pair& pair, const Ticker& ticker, WallTime now);
/// The acknowledgement that lists every channel with its products.
struct ChannelProducts {
  std::string channel;
  std::vector<std::string> products;
};
std::string subscriptions(std::span<const ChannelProducts> channels);
std::string error(std::string_view message, std::string_view reason);
/// GET /products/<id>/ticker
std::string rest_ticker(const Ticker& ticker);

}  // namespace assay::fetchers::market::coinbase
