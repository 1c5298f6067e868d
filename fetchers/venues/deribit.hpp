#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Deribit: perpetuals, futures, options, spot and price indices.
///   source  https://docs.deribit.com/#subscriptions, https://docs.deribit.com/#public-ticker and its neighbours
///   reads   channels ticker, incremental_ticker, quote, book (snapshots), trades, chart.trades, deribit_price_index;
///   the
///           answers to ticker, get_order_book, get_book_summary_by_*, get_last_trades_*, get_index_price,
///           get_tradingview_chart_data, over REST or a stream
///   says    control "delta", "ack", "heartbeat", "subscribe", "status", "instruments", "time", "empty"; a test_request
///   is
///           answered, or the venue closes
///   symbol  "BTC-PERPETUAL" is BTC and USD, "SOL_USDC-PERPETUAL" SOL and USDC; an option is priced in its own coin, so
///           "BTC-27AUG27-40000-P" is BTC and BTC; an index is "btc_usd"
class DeribitAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "deribit"; }
  std::string_view rest_base() const override { return "https://www.deribit.com"; }
  std::string_view ws_base() const override { return "wss://www.deribit.com"; }
  Micros silence_max() const override { return millis(30'000); }  // a heartbeat every 10 s
  bool tells_every_change() const override { return true; }

  /// A symbol in lower case is an index.
  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  /// One request an instrument: the summaries of a whole currency hold a thousand options.
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
