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

enum class Side : std::uint8_t { bid, ask };
struct Level {
  std::int64_t price_e8;
  std::int64_t size_e8;  ///< 0: gone
};
using Levels = std::vector<Level>;

/// Best first, each a hundred-thousandth further away.
Levels levels(const Ticker& t, Side side) {
  Levels out;
  const std::int64_t step = std::max<std::int64_t>(t.bid_e8 / 100'000, 1);
  for (std::int64_t i = 0; i < 10; ++i) {
    const bool bid = side == Side::bid;
    const std::int64_t price = bid ? t.bid_e8 - i * step : t.ask_e8 + i * step;
    out.push_back({price, (bid ? t.bid_size_e8 : t.ask_size_e8) + i * 1'000'000});
  }
  return out;
}

Levels changes(const Ticker& before, const Ticker& t, Side side) {
  const Levels now = levels(t, side);
  Levels out;
  for (const Level& old : before.bid_e8 == 0 ? Levels{} : levels(before, side)) {
    const auto same = [&](const Level& level) { return level.price_e8 == old.price_e8; };
    if (std::none_of(now.begin(), now.end(), same)) out.push_back({old.price_e8, 0});
  }
  out.insert(out.end(), now.begin(), now.end());
  return out;
}

std::string digits(std::int64_t value_e8) {
  return std::to_string(value_e8);
}

/// CRC-32 as in Ethernet, bit by bit.
std::uint32_t crc(std::string_view text) {
  std::uint32_t value = 0xFFFFFFFFU;
  for (const char c : text) {
    value ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ (0xEDB88320U & (0U - (value & 1U)));
  }
  return ~value;
}

std::uint32_t checksum(const Ticker& t) {
  std::string text;
  for (const Side side : {Side::ask, Side::bid}) {
    for (const Level& level : levels(t, side)) text += digits(level.price_e8) + digits(level.size_e8);
  }
  return crc(text);
}

std::string side_text(const Levels& side) {
  std::string out;
  for (const Level& level : side) {
    out += (out.empty() ? "{\"price\":" : ",{\"price\":") + decimal(level.price_e8, {8, 8}) +
           ",\"qty\":" + decimal(level.size_e8, {8, 8}) + "}";
  }
  return "[" + out + "]";
}

struct BothSides {
  Levels bids;
  Levels asks;
};

std::string book_message(const Pair& pair, const Ticker& t, std::string_view type, const BothSides& sides) {
  return R"({"channel":"book","type":")" + std::string(type) + R"(","data":[{"symbol":")" + symbol(pair) +
         R"(","bids":)" + side_text(sides.bids) + R"(,"asks":)" + side_text(sides.asks) + R"(,"checksum":)" +
         std::to_string(checksum(t)) + R"(,"timestamp":")" + iso_time(t.time) + R"("}]})";
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

std::string status(std::string_view system) {
  return R"({"channel":"status","data":[{"api_version":"v2","connection_id":12393906104898154338,"system":")" +
         std::string(system) + R"(","version":"2.0.0"}],"type":"update"})";
}

std::string heartbeat() {
  return R"({"channel":"heartbeat"})";
}

std::string subscribed(const Pair& pair, std::string_view channel, Times times, std::string_view request_id) {
  return with_id("{\"method\":\"subscribe\",\"result\":{\"channel\":\"" + std::string(channel) +
                     "\",\"snapshot\":true,\"symbol\":\"" + symbol(pair) + "\"},\"success\":true," + times_text(times),
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

std::string book(const Pair& pair, const Ticker& t) {
  return book_message(pair, t, "snapshot", {levels(t, Side::bid), levels(t, Side::ask)});
}

std::string book_change(const Pair& pair, const Ticker& before, const Ticker& t) {
  return book_message(pair, t, "update", {changes(before, t, Side::bid), changes(before, t, Side::ask)});
}

std::string rest_pair(const Pair& pair, std::string_view status) {
  const std::string base(alt_asset(pair.base));
  const std::string quote(alt_asset(pair.quote));
  return "\"" + rest_key(pair) + "\":{\"altname\":\"" + alt_name(pair) + "\",\"wsname\":\"" + base + "/" + quote +
         "\",\"aclass_base\":\"currency\",\"base\":\"" + (old_coin(pair.base) ? "X" : "") + base +
         "\",\"aclass_quote\":\"currency\",\"quote\":\"" + (currency(pair.quote) ? "Z" : "") + quote +
         "\",\"pair_decimals\":1,\"lot_decimals\":8,\"status\":\"" + std::string(status) + "\"}";
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
