#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// dYdX v4 through its indexer; the messages of v3, which is shut down, are read too.
///   source  https://docs.dydx.exchange/api_integration-indexer/indexer_websocket,
///           https://docs.dydx.exchange/api_integration-indexer/indexer_api
///   reads   channels v4_orderbook (snapshot), v4_trades, v4_markets, v4_candles and their v3 forms; REST
///           perpetualMarkets, orderbooks, trades, candles, and v3 markets, orderbook, trades
///   says    control "status", "ack", "subscribe", "delta", "time", "empty"
///   symbol  the message's id, the market's key; of REST books and trades the given one, else the path's last segment
///   note    the oracle price of v4 is made by a network of oracles: a price from it would feed oracles with
///   themselves.
///           After its snapshot the book comes as changes, so trades are streamed and books polled
class DydxAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "dydx"; }
  std::string_view rest_base() const override { return "https://indexer.dydx.trade"; }
  std::string_view ws_base() const override { return "wss://indexer.dydx.trade"; }
  Micros silence_max() const override { return millis(60'000); }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
