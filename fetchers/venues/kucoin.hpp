#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// KuCoin spot; its futures are read where they share a shape.
///   source  https://www.kucoin.com/docs/websocket/spot-trading/public-channels/ticker and its neighbours,
///           https://www.kucoin.com/docs/rest/spot-trading/market-data/get-all-tickers and its neighbours
///   reads   topics ticker (one and all), snapshot, level1, level2Depth5 and 50, match, candles, index and mark price;
///           REST allTickers, level1, level2, stats, histories, candles, mark price
///   says    control "delta", "ack", "subscribe", "welcome", "ping", "pong", "status", "token", "instruments", "time",
///           "empty"
///   symbol  of streams: in the data, else the topic, else the subject; of REST bodies that name none: the given one,
///           else the endpoint's query
///   token   a stream needs one: POST /api/v1/bullet-public. It lives a day; asked for anew every ten minutes
class KucoinAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "kucoin"; }
  std::string_view rest_base() const override { return "https://api.kucoin.com"; }
  std::string_view ws_base() const override { return "wss://ws-api-spot.kucoin.com"; }
  Micros silence_max() const override { return millis(40'000); }  // two of our pings without an answer
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(18'000), .frame = R"({"id":"1","type":"ping"})"}; }
  std::optional<TokenRule> token_rule() const override;
  std::string token_of(ByteSpan body) const override;
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
