// CoinGecko, the European Central Bank and exchangerate.host: no venues, but they say rates. Every value is invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string rate(std::string_view venue, std::string_view symbol, std::string_view base, std::string_view quote,
                 std::string_view last, std::string_view time_ms = {}) {
  return said(venue,
              {.symbol = symbol, .base = base, .quote = quote, .kind = "rate", .last = last, .time_ms = time_ms});
}

TEST(Coingecko, prices_by_id_and_currency_leave_the_rest_aside) {
  EXPECT_THAT(rest("coingecko", "/simple/price?ids=ethereum,some-coin",
                   R"({"ethereum":{"usd":3000.50,"usd_market_cap":1e11,"eur":2900,"last_updated_at":1700000000},)"
                   R"("some-coin":{"usd":1e-7}})"),
              ElementsAre(rate("coingecko", "ethereum", "ETH", "USD", "3000.50", "1700000000000"),
                          rate("coingecko", "ethereum", "ETH", "EUR", "2900", "1700000000000"),
                          rate("coingecko", "some-coin", "", "USD", "1e-7")));
}

TEST(Coingecko, a_coin_that_has_no_such_currency_is_empty) {
  EXPECT_THAT(rest("coingecko", "/simple/price?ids=bitcoin", R"({"bitcoin":{}})"), ElementsAre(control("empty")));
}

TEST(Ecb, a_day_without_a_rate_is_empty) {
  EXPECT_THAT(rest("ecb", "/x",
                   "<gesmes:Envelope><Cube><Cube time='2023-11-14'><Cube currency='RUB' rate='N/A'/></Cube></Cube>"
                   "</gesmes:Envelope>"),
              ElementsAre(control("empty")));
}

TEST(Coingecko, markets_take_their_currency_from_the_endpoint) {
  EXPECT_THAT(
      rest("coingecko", "/coins/markets?vs_currency=usd",
           R"([{"id":"some-coin","symbol":"sc","current_price":1.5,"last_updated":"2023-11-14T22:13:20.123Z"}])"),
      ElementsAre(rate("coingecko", "some-coin", "SC", "USD", "1.5", "1700000000123")));
}

TEST(Coingecko, tickers_are_those_of_venues) {
  EXPECT_THAT(rest("coingecko", "/coins/bitcoin/tickers",
                   R"({"name":"Bitcoin","tickers":[{"base":"BTC","target":"USDT","last":61000,"volume":9,)"
                   R"("last_traded_at":"2023-11-14T22:13:20+00:00"}]})"),
              ElementsAre(said("coingecko", {.symbol = "BTC/USDT",
                                             .base = "BTC",
                                             .quote = "USDT",
                                             .kind = "ticker",
                                             .last = "61000",
                                             .volume = "9",
                                             .time_ms = "1700000000000"})));
}

TEST(Coingecko, controls_refusals_and_requests) {
  EXPECT_THAT(rest("coingecko", "/ping", R"({"gecko_says":"to the moon"})"), ElementsAre(control("pong")));
  EXPECT_THAT(rest("coingecko", "/coins/list", R"([{"id":"x","symbol":"y","name":"z"}])"),
              ElementsAre(control("instruments")));
  EXPECT_EQ(rest_refusal("coingecko", "/x", R"({"status":{"error_code":429,"error_message":"slow"}})"), "rate_limited");
  EXPECT_EQ(rest_refusal("coingecko", "/x", R"({"error":"coin not found"})"), "venue_error");
  EXPECT_EQ(rest_refusal("coingecko", "/x", R"({"a":{"usd":{}}})"), "missing_field");
  EXPECT_THAT(find_adapter("coingecko")->rest_targets(std::vector<std::string>{"ETH/USD", "BTC/USD", "some-coin/EUR"}),
              ElementsAre("/simple/price?ids=ethereum,bitcoin,some-coin&vs_currencies=usd,eur"
                          "&include_last_updated_at=true&precision=full"));
}

constexpr std::string_view ecb_head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gesmes:Envelope>\n<Cube>\n";

TEST(Ecb, the_daily_file_in_either_kind_of_quotes) {
  const std::string file = std::string(ecb_head) +
                           "<Cube time='2023-11-14'>\n<Cube currency='USD' rate='1.0730'/>\n"
                           "<Cube rate=\"161.5\" currency=\"JPY\"/></Cube></Cube></gesmes:Envelope>";
  EXPECT_THAT(rest("ecb", "/stats/eurofxref/eurofxref-daily.xml", file),
              ElementsAre(rate("ecb", "USD", "EUR", "USD", "1.0730", "1699920000000"),
                          rate("ecb", "JPY", "EUR", "JPY", "161.5", "1699920000000")));
}

TEST(Ecb, a_file_that_is_cut_off_ends_in_a_refusal) {
  const std::string whole = std::string(ecb_head) + "<Cube time='2023-11-14'><Cube currency='USD' rate='1.0730'/>";
  for (const std::string& file : {whole, whole + "<Cube currency='JPY' ra"}) {
    const Lines lines = rest("ecb", "/x", file);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_THAT(lines.back(), ::testing::HasSubstr("malformed"));
  }
}

TEST(Ecb, csv_by_the_names_of_its_columns) {
  EXPECT_THAT(rest("ecb", "/service/data/EXR", "FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\r\nD,USD,2023-11-14,1.0730\r\n"),
              ElementsAre(rate("ecb", "USD", "EUR", "USD", "1.0730", "1699920000000")));
  EXPECT_THAT(rest("ecb", "/service/data/EXR",
                   "KEY,TITLE,OBS_VALUE,CURRENCY,CURRENCY_DENOM,TIME_PERIOD\nx,\"a, b\",161.5,JPY,EUR,2023-11-14"),
              ElementsAre(rate("ecb", "JPY", "EUR", "JPY", "161.5", "1699920000000")));
}

TEST(Ecb, refuses_pages_other_files_and_odd_rates) {
  EXPECT_EQ(rest_refusal("ecb", "/x", "<!DOCTYPE html><html></html>"), "html_page");
  EXPECT_EQ(rest_refusal("ecb", "/x", "<?xml version=\"1.0\"?><other/>"), "malformed");
  EXPECT_EQ(rest_refusal("ecb", "/x", ""), "malformed");
  EXPECT_EQ(rest_refusal("ecb", "/x", "{}"), "malformed");
  EXPECT_EQ(rest_refusal("ecb", "/x", "CURRENCY,OBS_VALUE\nUSD,NaN"), "bad_number");
  EXPECT_EQ(rest_refusal("ecb", "/x", "CURRENCY,OBS_VALUE\nUSD,-1"), "negative_price");
  EXPECT_EQ(rest_refusal("ecb", "/x", "CURRENCY,OBS_VALUE\n,1.5"), "symbol_unknown");
}

TEST(ExchangerateHost, answers_of_both_times) {
  EXPECT_THAT(rest("exchangerate_host", "/latest?base=EUR",
                   R"({"success":true,"base":"EUR","date":"2023-11-14","rates":{"USD":1.0730,"BTC":2.7e-05}})"),
              ElementsAre(rate("exchangerate_host", "USD", "EUR", "USD", "1.0730", "1699920000000"),
                          rate("exchangerate_host", "BTC", "EUR", "BTC", "2.7e-05", "1699920000000")));
  EXPECT_THAT(rest("exchangerate_host", "/live",
                   R"({"success":true,"timestamp":1700000000,"source":"USD","quotes":{"USDEUR":0.93}})"),
              ElementsAre(rate("exchangerate_host", "USDEUR", "USD", "EUR", "0.93", "1700000000000")));
  EXPECT_THAT(rest("exchangerate_host", "/convert",
                   R"({"success":true,"query":{"from":"USD","to":"EUR","amount":10},"info":{"timestamp":1700000000,)"
                   R"("quote":0.93},"result":9.3})"),
              ElementsAre(rate("exchangerate_host", "USD/EUR", "USD", "EUR", "0.93", "1700000000000")));
  EXPECT_THAT(
      rest("exchangerate_host", "/timeseries", R"({"success":true,"base":"EUR","rates":{"2023-11-14":{"USD":1.07}}})"),
      ElementsAre(rate("exchangerate_host", "USD", "EUR", "USD", "1.07", "1699920000000")));
}

TEST(ExchangerateHost, refusals_and_requests) {
  EXPECT_EQ(rest_refusal("exchangerate_host", "/live", R"({"success":false})"), "venue_error");
  EXPECT_EQ(rest_refusal("exchangerate_host", "/live", R"({"success":false,"error":{"code":104,"info":"limit"}})"),
            "rate_limited");
  EXPECT_EQ(rest_refusal("exchangerate_host", "/live", R"({"success":true})"), "missing_field");
  EXPECT_THAT(find_adapter("exchangerate_host")->rest_targets(std::vector<std::string>{"EUR/USD", "USDJPY", "EUR/GBP"}),
              ElementsAre("/live?source=EUR&currencies=USD,GBP", "/live?source=USD&currencies=JPY"));
}

}  // namespace
}  // namespace assay::fetchers::testing
