#include "fetchers/market/encode_kraken.hpp"

#include <algorithm>
#include <array>

#include "fetchers/market/client_text.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market::kraken {
namespace {

std::string number(std::int64_t value_e8) {
  return decimal(value_e8, {1, 8});
}
std::string price(std::int64_t value_e8) {
  return "\"" + decimal(value_e8, {5, 8}) + "\"";
}
std::string volume(std::int64_t value_e8) {
  return "\"" + decimal(value_e8, {8, 8}) + "\"";
}
std::string lots(std::int64_t value_e8) {
  return "\"" + decimal(value_e8, {3, 3}) + "\"";
}
std::string whole(std::int64_t value_e8) {
  return "\"" + std::to_string(std::max<std::int64_t>(value_e8 / 100'000'000, 1)) + "\"";
}

std::string_view alt_asset(std::string_view asset) {
  if (asset == "BTC") return "XBT";
  return asset == "DOGE" ? std::string_view("XDG") : asset;
}

/// The oldest coins carry an X, national currencies a Z, but only where both sides do; two pairs are older than the
/// rule.
bool old_coin(std::string_view asset) {
  constexpr std::array<std::string_view, 8> coins{"BTC", "ETH", "XRP", "LTC", "DOGE", "XMR", "ZEC", "ETC"};
  return std::find(coins.begin(), coins.end(), asset) != coins.end();
}
bool currency(std::string_view asset) {
  constexpr std::array<std::string_view, 5> currencies{"USD", "EUR", "GBP", "CAD", "JPY"};
  return std::find(currencies.begin(), currencies.end(), asset) != currencies.end();
}

std::string with_id(std::string body, std::string_view request_id) {
  if (!request_id.empty()) body += ",\"req_id\":" + std::string(request_id);
  return body + "}";
}

std::string times_text(Times times) {
  return "\"time_in\":\"" + iso_time(times.in) + "\",\"time_out\":\"" + iso_time(times.out) + "\"";
}

std::string change_percent(const Ticker& t) {
  const auto change =
      static_cast<__int128>(t.last_e8 - t.open_e8) * 10'000'000'000 / std::max<std::int64_t>(t.open_e8, 1);
  return decimal(static_cast<std::int64_t>(change), {2, 2});
}

}  // namespace

std::string symbol(const Pair& pair) {
  return pair.base + "/" + pair.quote;
}

std::string alt_name(const Pair& pair) {
  return std::string(alt_asset(pair.base)) + std::string(alt_asset(pair.quote));
}

std::string rest_key(const Pair& pair) {
  const std::string base(alt_asset(pair.base));
  if (pair.base == "USDT" && pair.quote == "USD") return "USDTZUSD";
  if (old_coin(pair.base) && currency(pair.quote)) return "X" + base + "Z" + pair.quote;
  if (currency(pair.base) && currency(pair.quote)) return "Z" + base + "Z" + pair.quote;
  if (old_coin(pair.base) && pair.quote == "BTC") return "X" + base + "XXBT";
  return alt_name(pair);
}

std::string status() {
  return R"({"channel":"status","data":[{"api_version":"v2","connection_id":12393906104898154338,"system":"online",)"
         R"("version":"2.0.0"}],"type":"update"})";
}

std::string heartbeat() {
  return R"({"channel":"heartbeat"})";
}

std::string subscribed(const Pair& pair, Times times, std::string_view request_id) {
  return with_id("{\"method\":\"subscribe\",\"result\":{\"channel\":\"ticker\",\"snapshot\":true,\"symbol\":\"" +
                     symbol(pair) + "\"},\"success\":true," + times_text(times),
                 request_id);
}

std::string refused(std::string_view name, Times times, std::string_view request_id) {
  return with_id("{\"error\":" + quoted("Currency pair not supported " + std::string(name)) +
                     ",\"method\":\"subscribe\",\"success\":false,\"symbol\":" + quoted(name) + "," + times_text(times),
                 request_id);
}

std::string pong(Times times, std::string_view request_id) {
  return with_id("{\"method\":\"pong\"," + times_text(times), request_id);
}

std::string ticker(const Pair& pair, const Ticker& t, std::string_view type) {
  return "{\"channel\":\"ticker\",\"type\":\"" + std::string(type) + "\",\"data\":[{\"symbol\":\"" + symbol(pair) +
         "\",\"bid\":" + number(t.bid_e8) + ",\"bid_qty\":" + number(t.bid_size_e8) + ",\"ask\":" + number(t.ask_e8) +
         ",\"ask_qty\":" + number(t.ask_size_e8) + ",\"last\":" + number(t.last_e8) +
         ",\"volume\":" + number(t.volume_e8) + ",\"vwap\":" + number(t.last_e8) + ",\"low\":" + number(t.low_e8) +
         ",\"high\":" + number(t.high_e8) + ",\"change\":" + number(t.last_e8 - t.open_e8) +
         ",\"change_pct\":" + change_percent(t) + ",\"timestamp\":\"" + iso_time(t.time) + "\"}]}";
}

std::string rest_pair(const Pair& pair) {
  const std::string base(alt_asset(pair.base));
  const std::string quote(alt_asset(pair.quote));
  return "\"" + rest_key(pair) + "\":{\"altname\":\"" + alt_name(pair) + "\",\"wsname\":\"" + base + "/" + quote +
         "\",\"aclass_base\":\"currency\",\"base\":\"" + (old_coin(pair.base) ? "X" : "") + base +
         "\",\"aclass_quote\":\"currency\",\"quote\":\"" + (currency(pair.quote) ? "Z" : "") + quote +
         "\",\"pair_decimals\":1,\"lot_decimals\":8,\"status\":\"online\"}";
}

std::string rest_ticker(const Pair& pair, const Ticker& t) {
  const std::string both_volumes = "[" + volume(t.volume_e8) + "," + volume(t.volume_e8) + "]";
  const std::string trades = std::to_string(t.sequence);
  const auto twice = [](std::int64_t value_e8) { return "[" + price(value_e8) + "," + price(value_e8) + "]"; };
  return "\"" + rest_key(pair) + "\":{\"a\":[" + price(t.ask_e8) + "," + whole(t.ask_size_e8) + "," +
         lots(t.ask_size_e8) + "],\"b\":[" + price(t.bid_e8) + "," + whole(t.bid_size_e8) + "," + lots(t.bid_size_e8) +
         "],\"c\":[" + price(t.last_e8) + "," + volume(t.last_size_e8) + "],\"v\":" + both_volumes +
         ",\"p\":" + twice(t.last_e8) + ",\"t\":[" + trades + "," + trades + "],\"l\":" + twice(t.low_e8) +
         ",\"h\":" + twice(t.high_e8) + ",\"o\":" + price(t.open_e8) + "}";
}

}  // namespace assay::fetchers::market::kraken
