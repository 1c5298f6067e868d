#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// HTX, formerly Huobi: spot, and the same messages of its contracts.
///   source  https://www.htx.com/en-us/opend/newApiPages/ (websocket market data, market data)
///   reads   ch and rep market.<symbol>.{ticker,detail,detail.merged,bbo,depth.step0..5,mbp.refresh.N,trade.detail,
///           kline.*,index.*,mark_price.*}; REST /market/{tickers,detail,detail/merged,depth,trade,history/trade,
///           history/kline}, batch_merged of contracts
///   says    control "ping" with its reply, "pong", "ack", "subscribe", "delta", "funding", "liquidation",
///           "instruments", "time", "empty"
///   frames  gzip, each of the server's; ours are text
///   symbol  from the topic, or in the entries of /market/tickers; else the given one, else symbol= of the endpoint
class HtxAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "htx"; }
  std::string_view rest_base() const override { return "https://api.huobi.pro"; }
  std::string_view ws_base() const override { return "wss://api.huobi.pro"; }
  Micros silence_max() const override { return millis(15'000); }  // the server asks every 5 s and cuts after two
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
