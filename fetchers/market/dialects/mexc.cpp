#include <array>

#include "fetchers/market/dialects/dialects.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view channel_name = "spot@public.aggre.bookTicker.v3.api.pb@100ms@$symbol";

// Numbers of the fields in the venue's PushDataV3ApiWrapper.proto and PublicAggreBookTickerV3Api.proto.
constexpr unsigned wrapper_channel = 1;
constexpr unsigned wrapper_symbol = 3;
constexpr unsigned wrapper_send_time = 6;
constexpr unsigned wrapper_book_ticker = 315;

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7fU) | 0x80U);
  return out + static_cast<char>(value);
}
std::string text_field(unsigned number, std::string_view text) {
  constexpr unsigned length_delimited = 2;
  return varint(number << 3U | length_delimited) + varint(text.size()) + std::string(text);
}
std::string number_field(unsigned number, std::uint64_t value) {
  return varint(number << 3U) + varint(value);
}

std::string book_ticker(const Said& said) {
  const std::string inner = text_field(1, render("$bid", said)) + text_field(2, render("$bid_size", said)) +
                            text_field(3, render("$ask", said)) + text_field(4, render("$ask_size", said));
  return text_field(wrapper_channel, render(channel_name, said)) + text_field(wrapper_symbol, said.symbol) +
         number_field(wrapper_send_time, said.ticker->time.value / 1000) + text_field(wrapper_book_ticker, inner);
}

constexpr std::string_view best =
    R"({"symbol":"$symbol","bidPrice":"$bid","bidQty":"$bid_size","askPrice":"$ask","askQty":"$ask_size"})";
constexpr std::string_view day =
    R"({"symbol":"$symbol","priceChange":"$change","priceChangePercent":"$change_part","prevClosePrice":"$open",)"
    R"("lastPrice":"$last","bidPrice":"$bid","bidQty":"$bid_size","askPrice":"$ask","askQty":"$ask_size",)"
    R"("openPrice":"$open","highPrice":"$high","lowPrice":"$low","volume":"$volume","quoteVolume":"$turnover",)"
    R"("openTime":$ms,"closeTime":$ms,"count":null})";
constexpr std::string_view listed =
    R"({"symbol":"$symbol","status":"$trading[1|2]","baseAsset":"$base","baseAssetPrecision":8,"quoteAsset":"$quote",)"
    R"("quotePrecision":8,"isSpotTradingAllowed":true})";

constexpr std::array replies{Reply{"/method", "PING", R"({"id":0,"code":0,"msg":"PONG"})"}};
constexpr std::array routes{
    Route{.path = "/api/v3/ticker/bookTicker", .names = Names::one, .parameter = "symbol", .entry = best},
    Route{.path = "/api/v3/ticker/bookTicker", .head = "[", .entry = best, .tail = "]"},
    Route{.path = "/api/v3/ticker/24hr", .names = Names::one, .parameter = "symbol", .entry = day},
    Route{.path = "/api/v3/ticker/24hr", .head = "[", .entry = day, .tail = "]"},
    Route{.path = "/api/v3/exchangeInfo",
          .head = R"({"timezone":"CST","serverTime":$ms,"rateLimits":[],"symbols":[)",
          .entry = listed,
          .tail = "]}"},
    Route{.path = "/api/v3/time", .names = Names::none, .head = R"({"serverTime":$ms})"},
};

}  // namespace

const Dialect& mexc_dialect() {
  static const Dialect dialect{
      .venue = "mexc",
      .spell = joined,
      .stream_path = "/ws",
      .replies = replies,
      .listening = {.key = "/method",
                    .value = "SUBSCRIPTION",
                    .names = "/params/*",
                    .channel = channel_name,
                    .ack = R"({"id":0,"code":0,"msg":"spot@public.aggre.bookTicker.v3.api.pb@100ms@$symbol"})",
                    .ack_all = {},
                    .unknown =
                        R"({"id":0,"code":0,"msg":"Not Subscribed successfully! [$symbol].  Reason： Blocked! "})"},
      .confused = R"({"id":0,"code":1,"msg":"invalid message"})",
      .push_bytes = book_ticker,
      .routes = routes,
      .unknown = {400, R"({"msg":"Invalid symbol.","code":-1121,"_extend":null})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
