#include "fetchers/market/encode_binance.hpp"

#include <algorithm>

#include "fetchers/market/text.hpp"

namespace assay::fetchers::market::binance {
namespace {

constexpr std::uint64_t day_ms = 86'400'000;

std::string eight(std::int64_t value_e8) {
  return "\"" + decimal(value_e8, {8, 8}) + "\"";
}

std::uint64_t milliseconds(WallTime time) {
  return time.value / 1000;
}

/// Change against the opening price in percent, three places.
std::string percent(const Ticker& ticker) {
  const std::int64_t change = ticker.last_e8 - ticker.open_e8;
  const auto e8 = static_cast<std::int64_t>(static_cast<__int128>(change) * 10'000'000'000 /
                                            std::max<std::int64_t>(ticker.open_e8, 1));
  return "\"" + decimal(e8, {3, 3}) + "\"";
}

std::int64_t quote_volume(const Ticker& ticker) {
  return static_cast<std::int64_t>(static_cast<__int128>(ticker.volume_e8) * ticker.last_e8 / 100'000'000);
}

}  // namespace

std::string symbol(const Pair& pair) {
  return pair.base + pair.quote;
}

std::string book_ticker(const Pair& pair, const Ticker& t) {
  return "{\"u\":" + std::to_string(t.sequence) + ",\"s\":\"" + symbol(pair) + "\",\"b\":" + eight(t.bid_e8) +
         ",\"B\":" + eight(t.bid_size_e8) + ",\"a\":" + eight(t.ask_e8) + ",\"A\":" + eight(t.ask_size_e8) + "}";
}

std::string day_ticker(const Pair& pair, const Ticker& t) {
  const std::uint64_t close_ms = milliseconds(t.time);
  return "{\"e\":\"24hrTicker\",\"E\":" + std::to_string(close_ms) + ",\"s\":\"" + symbol(pair) +
         "\",\"p\":" + eight(t.last_e8 - t.open_e8) + ",\"P\":" + percent(t) + ",\"w\":" + eight(t.last_e8) +
         ",\"x\":" + eight(t.open_e8) + ",\"c\":" + eight(t.last_e8) + ",\"Q\":" + eight(t.last_size_e8) +
         ",\"b\":" + eight(t.bid_e8) + ",\"B\":" + eight(t.bid_size_e8) + ",\"a\":" + eight(t.ask_e8) +
         ",\"A\":" + eight(t.ask_size_e8) + ",\"o\":" + eight(t.open_e8) + ",\"h\":" + eight(t.high_e8) +
         ",\"l\":" + eight(t.low_e8) + ",\"v\":" + eight(t.volume_e8) + ",\"q\":" + eight(quote_volume(t)) +
         ",\"O\":" + std::to_string(close_ms - day_ms) + ",\"C\":" + std::to_string(close_ms) +
         ",\"F\":1,\"L\":" + std::to_string(t.sequence) + ",\"n\":" + std::to_string(t.sequence) + "}";
}

std::string combined(std::string_view stream, std::string_view data) {
  return "{\"stream\":\"" + std::string(stream) + "\",\"data\":" + std::string(data) + "}";
}

std::string rest_book_ticker(const Pair& pair, const Ticker& t) {
  return "{\"symbol\":\"" + symbol(pair) + "\",\"bidPrice\":" + eight(t.bid_e8) +
         ",\"bidQty\":" + eight(t.bid_size_e8) + ",\"askPrice\":" + eight(t.ask_e8) +
         ",\"askQty\":" + eight(t.ask_size_e8) + "}";
}

std::string rest_day_ticker(const Pair& pair, const Ticker& t) {
  const std::uint64_t close_ms = milliseconds(t.time);
  return "{\"symbol\":\"" + symbol(pair) + "\",\"priceChange\":" + eight(t.last_e8 - t.open_e8) +
         ",\"priceChangePercent\":" + percent(t) + ",\"weightedAvgPrice\":" + eight(t.last_e8) +
         ",\"prevClosePrice\":" + eight(t.open_e8) + ",\"lastPrice\":" + eight(t.last_e8) +
         ",\"lastQty\":" + eight(t.last_size_e8) + ",\"bidPrice\":" + eight(t.bid_e8) +
         ",\"bidQty\":" + eight(t.bid_size_e8) + ",\"askPrice\":" + eight(t.ask_e8) +
         ",\"askQty\":" + eight(t.ask_size_e8) + ",\"openPrice\":" + eight(t.open_e8) +
         ",\"highPrice\":" + eight(t.high_e8) + ",\"lowPrice\":" + eight(t.low_e8) +
         ",\"volume\":" + eight(t.volume_e8) + ",\"quoteVolume\":" + eight(quote_volume(t)) +
         ",\"openTime\":" + std::to_string(close_ms - day_ms) + ",\"closeTime\":" + std::to_string(close_ms) +
         ",\"firstId\":1,\"lastId\":" + std::to_string(t.sequence) + ",\"count\":" + std::to_string(t.sequence) + "}";
}

std::string rest_price(const Pair& pair, const Ticker& t) {
  return "{\"symbol\":\"" + symbol(pair) + "\",\"price\":" + eight(t.last_e8) + "}";
}

std::string listed(const Pair& pair, std::string_view status) {
  return "{\"symbol\":\"" + symbol(pair) + "\",\"status\":\"" + std::string(status) + "\",\"baseAsset\":\"" +
         pair.base + "\",\"baseAssetPrecision\":8,\"quoteAsset\":\"" + pair.quote +
         "\",\"quotePrecision\":8,\"isSpotTradingAllowed\":true}";
}

}  // namespace assay::fetchers::market::binance
