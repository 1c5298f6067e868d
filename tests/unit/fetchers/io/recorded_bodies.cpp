#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tests/unit/fetchers/io/recorded_frames.hpp"

namespace assay::fetchers::testing {
namespace {

namespace json = boost::json;

std::optional<std::string> text_at(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::optional(std::string(value->as_string())) : std::nullopt;
}

std::optional<std::uint64_t> ms_at(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return static_cast<std::uint64_t>(value->as_int64()) * 1000;
}

/// Books in the recorded bodies come sorted: the best level first. True of each one, or the test would not say much.
std::optional<std::string> first_price(const json::object& book, const char* side) {
  const json::array& levels = book.at(side).as_array();
  if (levels.empty()) return std::nullopt;
  return std::string(levels.front().as_array().front().as_string());
}

Stated binance_item(const json::object& item, const std::string& asked) {
  Stated stated{text_at(item, "symbol").value_or(asked), {}, {}, {}, {}};
  if (item.contains("bids")) {
    stated.bid = first_price(item, "bids");
    stated.ask = first_price(item, "asks");
    return stated;
  }
  stated.bid = text_at(item, "bidPrice");
  stated.ask = text_at(item, "askPrice");
  for (const char* key : {"lastPrice", "price", "indexPrice", "referencePrice", "p"}) {
    if (!stated.last) stated.last = text_at(item, key);
  }
  for (const char* key : {"closeTime", "time", "timestamp", "T"}) {
    if (!stated.time_us) stated.time_us = ms_at(item, key);
  }
  return stated;
}

Stated kraken_item(const std::string& symbol, const json::object& item) {
  Stated stated{symbol, {}, {}, {}, {}};
  if (item.contains("asks")) {
    stated.bid = first_price(item, "bids");
    stated.ask = first_price(item, "asks");
    return stated;
  }
  const auto first = [&](const char* key) { return std::string(item.at(key).as_array().front().as_string()); };
  stated.bid = first("b");
  stated.ask = first("a");
  stated.last = first("c");
  return stated;
}

}  // namespace

std::vector<Stated> stated_by_binance_rest(const std::string& body, const std::string& asked) {
  const json::value value = json::parse(body);
  if (value.is_object()) return {binance_item(value.as_object(), asked)};
  std::vector<Stated> stated;
  for (const json::value& item : value.as_array()) stated.push_back(binance_item(item.as_object(), asked));
  return stated;
}

std::vector<Stated> stated_by_coinbase_rest(const std::string& body, const std::string& asked) {
  const json::value value = json::parse(body);
  std::vector<Stated> stated;
  if (value.is_array()) {
    for (const json::value& item : value.as_array()) {
      if (!item.is_object() || !item.as_object().contains("side")) continue;
      const json::object& trade = item.as_object();
      stated.push_back({asked, {}, {}, text_at(trade, "price"), iso_to_us(*text_at(trade, "time"))});
    }
    return stated;
  }
  const json::object& object = value.as_object();
  if (object.contains("data")) return {{asked, {}, {}, text_at(object.at("data").as_object(), "amount"), {}}};
  if (object.contains("bids")) return {{asked, first_price(object, "bids"), first_price(object, "asks"), {}, {}}};
  // Its time is that of the last trade, which dates no bid and no ask.
  return {{asked, text_at(object, "bid"), text_at(object, "ask"), text_at(object, "price"), {}}};
}

std::vector<Stated> stated_by_kraken_rest(const std::string& body, const std::string& asked) {
  const json::object result = json::parse(body).as_object().at("result").as_object();
  std::vector<Stated> stated;
  for (const auto& [key, value] : result) {
    // BTC/USD is what the feed asks for; its old name in REST is the only one of these that means it.
    const std::string symbol = key == "XXBTZUSD" ? asked : std::string(key);
    if (value.is_object() && value.as_object().contains("altname")) continue;
    if (value.is_object()) stated.push_back(kraken_item(symbol, value.as_object()));
    if (!value.is_array()) continue;
    for (const json::value& trade : value.as_array()) {
      const auto time = static_cast<std::uint64_t>(trade.as_array()[2].as_double() * 1e6);
      stated.push_back({symbol, {}, {}, std::string(trade.as_array()[0].as_string()), time});
    }
  }
  return stated;
}

}  // namespace assay::fetchers::testing
