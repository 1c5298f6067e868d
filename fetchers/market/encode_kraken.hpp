#pragma once
#include <string>
#include <string_view>

#include "fetchers/market/board.hpp"

/// The bytes that Kraken sends: WebSocket API v2 (numbers are JSON numbers, symbols "BTC/USD") and REST (numbers are
/// strings, pairs under their old names such as XXBTZUSD), after docs.kraken.com.
namespace assay::fetchers::market::kraken {

std::string symbol(const Pair& pair);         ///< "BTC/USD"
std::string rest_key(const Pair& pair);       ///< "XXBTZUSD", "XBTUSDT", "SOLUSD"
std::string alt_name(const Pair& pair);       ///< "XBTUSD"
std::string status(std::string_view system);  ///< "online", "maintenance": sent when a client connects, and changes
std::string heartbeat();
struct Times {
  WallTime in;
  WallTime out;
};
/// `request_id` is the JSON text of the client's req_id; "" when it sent none.
std::string subscribed(const Pair& pair, std::string_view channel, Times times, std::string_view request_id);
std::string refused(std::string_view symbol, Times times, std::string_view request_id);
std::string pong(Times times, std::string_view request_id);
std::string ticker(const Pair& pair, const Ticker& ticker, std::string_view type);
/// Ten levels a side with their checksum: all of them, or what makes those of `before` these.
std::string book(const Pair& pair, const Ticker& ticker);
std::string book_change(const Pair& pair, const Ticker& before, const Ticker& ticker);
/// One member of /0/public/AssetPairs' result: "XXBTZUSD":{...}   status  "online", "cancel_only"
std::string rest_pair(const Pair& pair, std::string_view status);
/// One member of /0/public/Ticker's result: "XXBTZUSD":{...}
std::string rest_ticker(const Pair& pair, const Ticker& ticker);

}  // namespace assay::fetchers::market::kraken
