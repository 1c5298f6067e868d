// The encoders byte by byte against the documented formats. Every expected text is written out by hand after the
// venue's own documentation, with the values of the ticker below.
#include <gtest/gtest.h>

#include "fetchers/market/encode_binance.hpp"
#include "fetchers/market/encode_coinbase.hpp"
#include "fetchers/market/encode_kraken.hpp"

namespace assay::fetchers::market {
namespace {

const Pair btc_usd{"BTC", "USD"};

Ticker sample() {
  Ticker t;
  t.bid_e8 = 6'500'010'000'000;
  t.ask_e8 = 6'500'025'000'000;
  t.last_e8 = 6'500'020'000'000;
  t.bid_size_e8 = 76'900'000;
  t.ask_size_e8 = 150'000'000;
  t.last_size_e8 = 769'230;
  t.open_e8 = 6'400'000'000'000;
  t.high_e8 = 6'510'000'000'000;
  t.low_e8 = 6'390'050'000'000;
  t.volume_e8 = 12'345'678'900;
  t.sequence = 400'900'217;
  t.time = WallTime{1'618'677'795'270'101};
  return t;
}

TEST(EncodeBinance, book_ticker_stream) {
  EXPECT_EQ(binance::book_ticker(btc_usd, sample()),
            R"({"u":400900217,"s":"BTCUSD","b":"65000.10000000","B":"0.76900000","a":"65000.25000000",)"
            R"("A":"1.50000000"})");
}

TEST(EncodeBinance, combined_stream_wraps_the_raw_event) {
  EXPECT_EQ(binance::combined("btcusd@bookTicker", "{}"), R"({"stream":"btcusd@bookTicker","data":{}})");
}

TEST(EncodeBinance, day_ticker_stream) {
  EXPECT_EQ(binance::day_ticker(btc_usd, sample()),
            R"({"e":"24hrTicker","E":1618677795270,"s":"BTCUSD","p":"1000.20000000","P":"1.562","w":"65000.20000000",)"
            R"("x":"64000.00000000","c":"65000.20000000","Q":"0.00769230","b":"65000.10000000","B":"0.76900000",)"
            R"("a":"65000.25000000","A":"1.50000000","o":"64000.00000000","h":"65100.00000000","l":"63900.50000000",)"
            R"("v":"123.45678900","q":"8024715.97635780","O":1618591395270,"C":1618677795270,"F":1,"L":400900217,)"
            R"("n":400900217})");
}

TEST(EncodeBinance, rest_tickers) {
  EXPECT_EQ(binance::rest_book_ticker(btc_usd, sample()),
            R"({"symbol":"BTCUSD","bidPrice":"65000.10000000","bidQty":"0.76900000","askPrice":"65000.25000000",)"
            R"("askQty":"1.50000000"})");
  EXPECT_EQ(binance::rest_price(btc_usd, sample()), R"({"symbol":"BTCUSD","price":"65000.20000000"})");
  EXPECT_EQ(binance::rest_day_ticker(btc_usd, sample()),
            R"({"symbol":"BTCUSD","priceChange":"1000.20000000","priceChangePercent":"1.562",)"
            R"("weightedAvgPrice":"65000.20000000","prevClosePrice":"64000.00000000","lastPrice":"65000.20000000",)"
            R"("lastQty":"0.00769230","bidPrice":"65000.10000000","bidQty":"0.76900000","askPrice":"65000.25000000",)"
            R"("askQty":"1.50000000","openPrice":"64000.00000000","highPrice":"65100.00000000",)"
            R"("lowPrice":"63900.50000000","volume":"123.45678900","quoteVolume":"8024715.97635780",)"
            R"("openTime":1618591395270,"closeTime":1618677795270,"firstId":1,"lastId":400900217,"count":400900217})");
}

TEST(EncodeCoinbase, ticker_channel) {
  EXPECT_EQ(coinbase::ticker(btc_usd, sample()),
            R"({"type":"ticker","sequence":400900217,"product_id":"BTC-USD","price":"65000.20","open_24h":"64000.00",)"
            R"("volume_24h":"123.45678900","low_24h":"63900.50","high_24h":"65100.00","volume_30d":"3703.70367000",)"
            R"("best_bid":"65000.10","best_bid_size":"0.76900000","best_ask":"65000.25","best_ask_size":"1.50000000",)"
            R"("side":"sell","time":"2021-04-17T16:43:15.270101Z","trade_id":400900217,"last_size":"0.0076923"})");
}

TEST(EncodeCoinbase, heartbeat_acknowledgement_and_error) {
  EXPECT_EQ(coinbase::heartbeat(btc_usd, sample(), WallTime{1'618'677'796'000'000}),
            R"({"type":"heartbeat","last_trade_id":400900217,"product_id":"BTC-USD","sequence":400900217,)"
            R"("time":"2021-04-17T16:43:16.000000Z"})");
  const std::vector<coinbase::ChannelProducts> channels{{"ticker", {"BTC-USD", "ETH-USD"}}, {"heartbeat", {"BTC-USD"}}};
  EXPECT_EQ(coinbase::subscriptions(channels),
            R"({"type":"subscriptions","channels":[{"name":"ticker","product_ids":["BTC-USD","ETH-USD"]},)"
            R"({"name":"heartbeat","product_ids":["BTC-USD"]}]})");
  EXPECT_EQ(coinbase::error("Failed to subscribe", "\"X\" is not a valid product"),
            R"({"type":"error","message":"Failed to subscribe","reason":"\"X\" is not a valid product"})");
}

TEST(EncodeCoinbase, rest_ticker) {
  EXPECT_EQ(coinbase::rest_ticker(sample()),
            R"({"ask":"65000.25","bid":"65000.10","volume":"123.45678900","trade_id":400900217,"price":"65000.20",)"
            R"("size":"0.0076923","time":"2021-04-17T16:43:15.270101Z"})");
}

TEST(EncodeKraken, ticker_channel_has_json_numbers) {
  EXPECT_EQ(kraken::ticker(btc_usd, sample(), "update"),
            R"({"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":65000.1,"bid_qty":0.769,)"
            R"("ask":65000.25,"ask_qty":1.5,"last":65000.2,"volume":123.456789,"vwap":65000.2,"low":63900.5,)"
            R"("high":65100.0,"change":1000.2,"change_pct":1.56,"timestamp":"2021-04-17T16:43:15.270101Z"}]})");
}

TEST(EncodeKraken, acknowledgement_refusal_and_pong) {
  const kraken::Times times{WallTime{1'618'677'795'270'101}, WallTime{1'618'677'795'270'150}};
  EXPECT_EQ(kraken::subscribed(btc_usd, "ticker", times, "7"),
            R"({"method":"subscribe","result":{"channel":"ticker","snapshot":true,"symbol":"BTC/USD"},"success":true,)"
            R"("time_in":"2021-04-17T16:43:15.270101Z","time_out":"2021-04-17T16:43:15.270150Z","req_id":7})");
  EXPECT_EQ(kraken::refused("FOO/USD", times, ""),
            R"({"error":"Currency pair not supported FOO/USD","method":"subscribe","success":false,"symbol":"FOO/USD",)"
            R"("time_in":"2021-04-17T16:43:15.270101Z","time_out":"2021-04-17T16:43:15.270150Z"})");
  EXPECT_EQ(kraken::pong(times, "42"),
            R"({"method":"pong","time_in":"2021-04-17T16:43:15.270101Z","time_out":"2021-04-17T16:43:15.270150Z",)"
            R"("req_id":42})");
  EXPECT_EQ(kraken::heartbeat(), R"({"channel":"heartbeat"})");
}

TEST(EncodeKraken, rest_ticker_under_the_old_name) {
  EXPECT_EQ(kraken::rest_ticker(btc_usd, sample()),
            R"("XXBTZUSD":{"a":["65000.25000","1","1.500"],"b":["65000.10000","1","0.769"],)"
            R"("c":["65000.20000","0.00769230"],"v":["123.45678900","123.45678900"],"p":["65000.20000","65000.20000"],)"
            R"("t":[400900217,400900217],"l":["63900.50000","63900.50000"],"h":["65100.00000","65100.00000"],)"
            R"("o":"64000.00000"})");
}

TEST(EncodeKraken, names_of_pairs) {
  const auto key = [](const char* symbol) { return kraken::rest_key(pair_of(symbol)); };
  EXPECT_EQ(key("BTC/USD"), "XXBTZUSD");
  EXPECT_EQ(key("ETH/EUR"), "XETHZEUR");
  EXPECT_EQ(key("ETH/BTC"), "XETHXXBT");
  EXPECT_EQ(key("DOGE/USD"), "XXDGZUSD");
  EXPECT_EQ(key("BTC/USDT"), "XBTUSDT");
  EXPECT_EQ(key("USDT/USD"), "USDTZUSD");
  EXPECT_EQ(key("USDC/USD"), "USDCUSD");
  EXPECT_EQ(key("SOL/USD"), "SOLUSD");
  EXPECT_EQ(key("EUR/USD"), "ZEURZUSD");
}

}  // namespace
}  // namespace assay::fetchers::market
