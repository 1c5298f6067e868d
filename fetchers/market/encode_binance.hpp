#pragma once
#include <string>
#include <string_view>

#include "fetchers/market/board.hpp"

/// The bytes that Binance and Binance.US send, after binance-spot-api-docs (rest-api.md, web-socket-streams.md).
/// Prices and sizes are strings of eight places.
namespace assay::fetchers::market::binance {

std::string symbol(const Pair& pair);  ///< "BTCUSDT"
/// `<symbol>@bookTicker`, raw: {"u","s","b","B","a","A"}; it has no time.
std::string book_ticker(const Pair& pair, const Ticker& ticker);
/// `<symbol>@ticker`, raw: the 24hrTicker event, its time in milliseconds.
std::string day_ticker(const Pair& pair, const Ticker& ticker);
/// A raw event inside a combined stream.
std::string combined(std::string_view stream, std::string_view data);
/// GET /api/v3/ticker/{bookTicker, 24hr, price}, one object.
std::string rest_book_ticker(const Pair& pair, const Ticker& ticker);
std::string rest_day_ticker(const Pair& pair, const Ticker& ticker);
std::string rest_price(const Pair& pair, const Ticker& ticker);

/// One entry of exchangeInfo's symbols.
std::string listed(const Pair& pair, std::string_view status);

}  // namespace assay::fetchers::market::binance
