#include "fetchers/market/encode_coinbase.hpp"

#include "fetchers/market/client_text.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market::coinbase {
namespace {

std::string price(std::int64_t value_e8) {
  return "\"" + decimal(value_e8, {2, 8}) + "\"";
}
std::string size(std::int64_t value_e8) {
  return "\"" + decimal(value_e8, {0, 8}) + "\"";
}
std::string volume(std::int64_t value_e8) {
  return "\"" + decimal(value_e8, {8, 8}) + "\"";
}

}  // namespace

std::string product(const Pair& pair) {
  return pair.base + "-" + pair.quote;
}

std::string ticker(const Pair& pair, const Ticker& t) {
  const std::string_view side = t.last_e8 == t.ask_e8 ? "buy" : "sell";
  return "{\"type\":\"ticker\",\"sequence\":" + std::to_string(t.sequence) + ",\"product_id\":\"" + product(pair) +
         "\",\"price\":" + price(t.last_e8) + ",\"open_24h\":" + price(t.open_e8) +
         ",\"volume_24h\":" + volume(t.volume_e8) + ",\"low_24h\":" + price(t.low_e8) +
         ",\"high_24h\":" + price(t.high_e8) + ",\"volume_30d\":" + volume(30 * t.volume_e8) +
         ",\"best_bid\":" + price(t.bid_e8) + ",\"best_bid_size\":" + volume(t.bid_size_e8) +
         ",\"best_ask\":" + price(t.ask_e8) + ",\"best_ask_size\":" + volume(t.ask_size_e8) + ",\"side\":\"" +
         std::string(side) + "\",\"time\":\"" + iso_time(t.time) + "\",\"trade_id\":" + std::to_string(t.sequence) +
         ",\"last_size\":" + size(t.last_size_e8) + "}";
}

std::string heartbeat(const Pair& pair, const Ticker& t, WallTime now) {
  return "{\"type\":\"heartbeat\",\"last_trade_id\":" + std::to_string(t.sequence) + ",\"product_id\":\"" +
         product(pair) + "\",\"sequence\":" + std::to_string(t.sequence) + ",\"time\":\"" + iso_time(now) + "\"}";
}

std::string subscriptions(std::span<const ChannelProducts> channels) {
  std::string text = "{\"type\":\"subscriptions\",\"channels\":[";
  for (std::size_t i = 0; i < channels.size(); ++i) {
    text += (i == 0 ? "{\"name\":" : ",{\"name\":") + quoted(channels[i].channel) + ",\"product_ids\":[";
    for (std::size_t k = 0; k < channels[i].products.size(); ++k) {
      text += (k == 0 ? "" : ",") + quoted(channels[i].products[k]);
    }
    text += "]}";
  }
  return text + "]}";
}

std::string error(std::string_view message, std::string_view reason) {
  return "{\"type\":\"error\",\"message\":" + quoted(message) + ",\"reason\":" + quoted(reason) + "}";
}

std::string rest_ticker(const Ticker& t) {
  return "{\"ask\":" + price(t.ask_e8) + ",\"bid\":" + price(t.bid_e8) + ",\"volume\":" + volume(t.volume_e8) +
         ",\"trade_id\":" + std::to_string(t.sequence) + ",\"price\":" + price(t.last_e8) +
         ",\"size\":" + size(t.last_size_e8) + ",\"time\":\"" + iso_time(t.time) + "\"}";
}

}  // namespace assay::fetchers::market::coinbase
