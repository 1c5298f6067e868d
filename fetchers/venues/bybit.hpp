#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Bybit, API v5 (spot is subscribed and polled, every category is read); messages of the retired v2 and of the older
/// spot streams are read too.
///   source  https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook and its neighbours,
///           https://bybit-exchange.github.io/docs/v5/market/tickers and its neighbours
///   reads   topics tickers, orderbook, publicTrade, kline; v2 instrument_info, orderBook*, trade, candle, klineV2;
///   spot
///           bookTicker, depth, realtimes; REST tickers, orderbook, recent-trade, klines
///   says    control "delta" (of tickers too: what did not change is not said), "ack", "subscribe", "ping", "pong",
///           "liquidation", "status", "instruments", "time", "empty"
///   symbol  of REST candles: in the payload, else the given one, else the endpoint's query
///   volume  in the base currency: the turnover of inverse contracts
class BybitAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "bybit"; }
  std::string_view rest_base() const override { return "https://api.bybit.com"; }
  std::string_view ws_base() const override { return "wss://stream.bybit.com"; }
  Micros silence_max() const override { return millis(10'000); }  // level 1 repeats itself after 3 s without a change
  bool tells_every_change() const override { return true; }

  /// Level 1 of the book: the spot tickers have no bid and ask, and this channel has snapshots only.
  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(20'000), .frame = R"({"op":"ping"})"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
