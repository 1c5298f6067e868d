#include "fetchers/market/dialogue_kraken.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "fetchers/market/client_text.hpp"
#include "fetchers/market/encode_kraken.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

std::optional<std::size_t> find_symbol(std::string_view symbol, std::span<const Pair> pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (kraken::symbol(pairs[i]) == symbol) return i;
  }
  return std::nullopt;
}

/// REST takes a pair under any of its names: XXBTZUSD, XBTUSD, BTCUSD, XBT/USD, BTC/USD.
std::optional<std::size_t> find_any(std::string_view name, std::span<const Pair> pairs) {
  std::string plain(name);
  std::erase(plain, '/');
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (plain == kraken::rest_key(pairs[i]) || plain == kraken::alt_name(pairs[i])) return i;
    if (plain == pairs[i].base + pairs[i].quote) return i;
  }
  return std::nullopt;
}

void hear_subscription(const boost::json::object& params, std::span<const Pair> pairs, kraken::Times times,
                       std::string_view id, Answer& answer) {
  const std::string channel = text_at(params, "channel");
  for (const std::string& symbol : texts_at(params, "symbol")) {
    const auto pair = find_symbol(symbol, pairs);
    if (!pair) {
      answer.frames.push_back(kraken::refused(symbol, times, id));
      continue;
    }
    answer.frames.push_back(kraken::subscribed(pairs[*pair], channel, times, id));
    answer.add.push_back(Topic{*pair, channel});
  }
}

std::string asset_pairs(const Board& board) {
  std::string list;
  for (std::size_t i = 0; i < board.pairs().size(); ++i) {
    if (!board.is_listed(i)) continue;
    list +=
        (list.empty() ? "" : ",") + kraken::rest_pair(board.pairs()[i], board.is_traded(i) ? "online" : "cancel_only");
  }
  return R"({"error":[],"result":{)" + list + "}}";
}

}  // namespace

bool KrakenDialogue::serves(std::string_view target) const {
  const std::string_view path = path_of(target);
  return path.empty() || path == "/" || path == "/v2";
}

Answer KrakenDialogue::greet(std::string_view, std::span<const Pair>) const {
  return {{kraken::status("online")}, {}, {}};
}

Answer KrakenDialogue::hear(std::string_view text, std::span<const Pair> pairs, WallTime now) const {
  const kraken::Times times{now, now};
  const auto request = json_object(text);
  if (!request) return {{"{\"error\":\"Malformed request\",\"success\":false}"}, {}, {}};
  const auto* id_value = request->if_contains("req_id");
  const std::string id = id_value == nullptr ? std::string{} : boost::json::serialize(*id_value);
  const std::string method = text_at(*request, "method");
  if (method == "ping") return {{kraken::pong(times, id)}, {}, {}};
  const auto* params = request->if_contains("params");
  Answer answer;
  const std::string channel =
      params != nullptr && params->is_object() ? text_at(params->get_object(), "channel") : std::string{};
  if (method == "subscribe" && (channel == "ticker" || channel == "book")) {
    hear_subscription(params->get_object(), pairs, times, id, answer);
  } else {
    answer.frames.emplace_back("{\"error\":\"Unsupported request\",\"success\":false}");
  }
  return answer;
}

std::string KrakenDialogue::push(const Topic& topic, std::string_view, const Board& board, Push kind) const {
  if (!board.is_listed(topic.pair)) return {};
  const Pair& pair = board.pairs()[topic.pair];
  const Ticker& now = board.ticker(topic.pair);
  if (topic.channel == "book") {
    return kind == Push::snapshot ? kraken::book(pair, now)
                                  : kraken::book_change(pair, board.ticker_before(topic.pair), now);
  }
  return kraken::ticker(pair, now, kind == Push::snapshot ? "snapshot" : "update");
}

std::vector<std::string> KrakenDialogue::heartbeat(std::span<const Topic>, const Board& board, WallTime) const {
  return {kraken::heartbeat(), kraken::status(board.is_open() ? "online" : "maintenance")};
}

RestAnswer KrakenDialogue::rest(std::string_view target, const Board& board, WallTime now) const {
  const std::string_view path = path_of(target);
  if (path == "/0/public/Time") {
    return {200, "{\"error\":[],\"result\":{\"unixtime\":" + std::to_string(now.value / 1'000'000) + "}}"};
  }
  if (path == "/0/public/AssetPairs") return {200, asset_pairs(board)};
  if (path != "/0/public/Ticker") return {404, "{\"error\":[\"EGeneral:Unknown method\"]}"};
  std::vector<std::size_t> chosen;
  if (const auto names = query_value(target, "pair")) {
    std::string_view rest = *names;
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), name.size() + 1));
      const auto pair = find_any(name, board.pairs());
      if (!pair || !board.is_listed(*pair)) return {200, "{\"error\":[\"EQuery:Unknown asset pair\"]}"};
      chosen.push_back(*pair);
    }
  } else {
    for (std::size_t i = 0; i < board.pairs().size(); ++i) {
      if (board.is_listed(i)) chosen.push_back(i);
    }
  }
  std::string body = "{\"error\":[],\"result\":{";
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    body += (i == 0 ? "" : ",") + kraken::rest_ticker(board.pairs()[chosen[i]], board.ticker(chosen[i]));
  }
  return {200, body + "}}"};
}

}  // namespace assay::fetchers::market
