#include "fetchers/market/dialogue_binance.hpp"

#include <boost/json/serialize.hpp>

#include "fetchers/market/client_text.hpp"
#include "fetchers/market/encode_binance.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view book_channel = "bookTicker";
constexpr std::string_view day_channel = "ticker";

bool is_combined(std::string_view target) {
  return path_of(target) == "/stream";
}

/// "btcusdt@bookTicker"; none for a stream that this market does not have (the venue is silent about those, too).
std::optional<Topic> topic_of(std::string_view stream, std::span<const Pair> pairs) {
  const std::size_t at = stream.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view channel = stream.substr(at + 1);
  if (channel != book_channel && channel != day_channel) return std::nullopt;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (lower(binance::symbol(pairs[i])) == stream.substr(0, at)) return Topic{i, std::string(channel)};
  }
  return std::nullopt;
}

std::string error_body(int code, std::string_view message) {
  return "{\"code\":" + std::to_string(code) + ",\"msg\":\"" + std::string(message) + "\"}";
}

using RestEncoder = std::string (*)(const Pair&, const Ticker&);

RestEncoder encoder_of(std::string_view path) {
  if (path == "/api/v3/ticker/bookTicker") return &binance::rest_book_ticker;
  if (path == "/api/v3/ticker/24hr") return &binance::rest_day_ticker;
  return path == "/api/v3/ticker/price" ? &binance::rest_price : nullptr;
}

std::string list_of(const std::vector<std::size_t>& chosen, const Board& board, RestEncoder encode) {
  std::string body = "[";
  for (const std::size_t pair : chosen) {
    if (body.size() > 1) body += ',';
    body += encode(board.pairs()[pair], board.ticker(pair));
  }
  return body + "]";
}

std::optional<std::size_t> find_pair(std::string_view symbol, const Board& board) {
  for (std::size_t i = 0; i < board.pairs().size(); ++i) {
    if (binance::symbol(board.pairs()[i]) == symbol && board.is_listed(i)) return i;
  }
  return std::nullopt;
}

std::string exchange_info(const Board& board, WallTime now) {
  std::string body = R"({"timezone":"UTC","serverTime":)" + std::to_string(now.value / 1000) +
                     R"(,"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,)"
                     R"("limit":6000}],"exchangeFilters":[],"symbols":[)";
  for (std::size_t i = 0; i < board.pairs().size(); ++i) {
    if (!board.is_listed(i)) continue;
    body += binance::listed(board.pairs()[i], board.is_traded(i) ? "TRADING" : "BREAK") + ",";
  }
  if (body.back() == ',') body.pop_back();
  return body + "]}";
}

}  // namespace

bool BinanceDialogue::serves(std::string_view target) const {
  const std::string_view path = path_of(target);
  return path == "/ws" || path.starts_with("/ws/") || path == "/stream";
}

Answer BinanceDialogue::greet(std::string_view target, std::span<const Pair> pairs) const {
  std::string streams;
  if (is_combined(target)) {
    streams = query_value(target, "streams").value_or("");
  } else if (path_of(target).starts_with("/ws/")) {
    streams = path_of(target).substr(4);
  }
  Answer answer;
  std::string_view rest = streams;
  while (!rest.empty()) {
    const std::string_view stream = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), stream.size() + 1));
    if (auto topic = topic_of(stream, pairs)) answer.add.push_back(std::move(*topic));
  }
  return answer;
}

Answer BinanceDialogue::hear(std::string_view text, std::span<const Pair> pairs, WallTime) const {
  const auto request = json_object(text);
  if (!request) return {{error_body(3, "Invalid JSON: expected value at line 1 column 1")}, {}, {}};
  const auto* id = request->if_contains("id");
  const std::string method = text_at(*request, "method");
  if (method != "SUBSCRIBE" && method != "UNSUBSCRIBE") {
    return {{error_body(2, "Invalid request: unknown variant `" + lower(method) + "`")}, {}, {}};
  }
  Answer answer;
  for (const std::string& stream : texts_at(*request, "params")) {
    auto topic = topic_of(stream, pairs);
    if (topic) (method == "SUBSCRIBE" ? answer.add : answer.drop).push_back(std::move(*topic));
  }
  answer.frames.push_back("{\"result\":null,\"id\":" + (id == nullptr ? "null" : boost::json::serialize(*id)) + "}");
  return answer;
}

std::string BinanceDialogue::push(const Topic& topic, std::string_view target, const Board& board, Push kind) const {
  if (kind == Push::snapshot) return {};
  if (!board.is_listed(topic.pair)) return {};
  const Pair& pair = board.pairs()[topic.pair];
  const Ticker& ticker = board.ticker(topic.pair);
  std::string data =
      topic.channel == book_channel ? binance::book_ticker(pair, ticker) : binance::day_ticker(pair, ticker);
  if (!is_combined(target)) return data;
  return binance::combined(lower(binance::symbol(pair)) + "@" + topic.channel, data);
}

std::vector<std::string> BinanceDialogue::heartbeat(std::span<const Topic>, const Board&, WallTime) const {
  return {};
}

RestAnswer BinanceDialogue::rest(std::string_view target, const Board& board, WallTime now) const {
  const std::string_view path = path_of(target);
  if (path == "/api/v3/ping") return {200, "{}"};
  if (path == "/api/v3/time") return {200, "{\"serverTime\":" + std::to_string(now.value / 1000) + "}"};
  if (path == "/api/v3/exchangeInfo") return {200, exchange_info(board, now)};
  const RestEncoder encode = encoder_of(path);
  if (encode == nullptr) return {404, error_body(-1, "Not found.")};
  RestAnswer unknown{400, error_body(-1121, "Invalid symbol.")};
  if (const auto symbol = query_value(target, "symbol")) {
    const auto pair = find_pair(*symbol, board);
    return pair ? RestAnswer{200, encode(board.pairs()[*pair], board.ticker(*pair))} : unknown;
  }
  std::vector<std::size_t> chosen;
  if (const auto symbols = query_value(target, "symbols")) {
    const auto request = json_object("{\"symbols\":" + *symbols + "}");
    if (!request) return {400, error_body(-1100, "Illegal characters found in parameter 'symbols'.")};
    for (const std::string& symbol : texts_at(*request, "symbols")) {
      const auto pair = find_pair(symbol, board);
      if (!pair) return unknown;
      chosen.push_back(*pair);
    }
  } else {
    for (std::size_t i = 0; i < board.pairs().size(); ++i) {
      if (board.is_listed(i)) chosen.push_back(i);
    }
  }
  return {200, list_of(chosen, board, encode)};
}

}  // namespace assay::fetchers::market
