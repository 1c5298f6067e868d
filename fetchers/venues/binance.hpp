#pragma once
#include <span>

#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// One house that speaks Binance's language: its hosts and the assets that its concatenated symbols end in.
struct BinanceSite {
  std::string_view venue;
  std::string_view rest_base;
  std::string_view ws_base;
  std::span<const std::string_view> quotes;  ///< longest first
};

const BinanceSite& binance_site();
const BinanceSite& binance_us_site();

/// Binance spot, and its sister in the United States.
///   source  https://developers.binance.com/docs/binance-spot-api-docs (rest-api, web-socket-streams),
///           https://docs.binance.us
///   reads   streams bookTicker, 24hr, mini and window tickers, trade, aggTrade, kline, partial depth, avgPrice, mark
///           and index price, combined or raw, one or a list; REST ticker, depth, trades, klines, avgPrice,
///           premiumIndex, referencePrice
///   says    control "delta", "ack", "subscribe", "shutdown", "instruments", "time", "empty"
///   symbol  of partial depth and trade lists: from the stream name, else the given one, else the endpoint's query
class BinanceAdapter final : public JsonAdapter {
 public:
  explicit BinanceAdapter(const BinanceSite& site) : site_(site) {}

  std::string_view venue() const override { return site_.venue; }
  std::string_view rest_base() const override { return site_.rest_base; }
  std::string_view ws_base() const override { return site_.ws_base; }
  Micros silence_max() const override { return millis(60'000); }
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;

 private:
  const BinanceSite& site_;
};

}  // namespace assay::fetchers
