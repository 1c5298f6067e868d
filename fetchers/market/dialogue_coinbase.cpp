#include "fetchers/market/dialogue_coinbase.hpp"

#include <algorithm>

#include "fetchers/market/client_text.hpp"
#include "fetchers/market/encode_coinbase.hpp"
#include "fetchers/market/render.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

using coinbase::ChannelProducts;

std::optional<std::size_t> find_pair(std::string_view product, std::span<const Pair> pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (coinbase::product(pairs[i]) == product) return i;
  }
  return std::nullopt;
}

/// Channels are strings, or objects that may bring their own products.
std::vector<ChannelProducts> channels_of(const boost::json::object& request) {
  const std::vector<std::string> products = texts_at(request, "product_ids");
  std::vector<ChannelProducts> channels;
  const auto* list = request.if_contains("channels");
  if (list == nullptr || !list->is_array()) return channels;
  for (const auto& element : list->get_array()) {
    if (element.is_string()) channels.push_back({std::string(element.get_string()), products});
    if (!element.is_object()) continue;
    auto own = texts_at(element.get_object(), "product_ids");
    if (own.empty()) own = products;
    channels.push_back({text_at(element.get_object(), "name"), std::move(own)});
  }
  return channels;
}

Answer refused(std::string_view reason) {
  return {{coinbase::error("Failed to subscribe", reason)}, {}, {}};
}

std::string products(const Board& board) {
  std::string list;
  for (std::size_t i = 0; i < board.pairs().size(); ++i) {
    if (!board.is_listed(i)) continue;
    const Pair& pair = board.pairs()[i];
    list += render(R"({"id":"$symbol","base_currency":"$base","quote_currency":"$quote","quote_increment":"0.01",)"
                   R"("base_increment":"0.00000001","display_name":"$base/$quote",)"
                   R"("status":"$trading[online|offline]","trading_disabled":$trading[false|true]},)",
                   Said{coinbase::product(pair), &pair, nullptr, 0, {}, {}, board.is_traded(i)});
  }
  if (!list.empty()) list.pop_back();
  return "[" + list + "]";
}

}  // namespace

bool CoinbaseDialogue::serves(std::string_view target) const {
  return path_of(target).empty() || path_of(target) == "/";
}

Answer CoinbaseDialogue::greet(std::string_view, std::span<const Pair>) const {
  return {};
}

Answer CoinbaseDialogue::hear(std::string_view text, std::span<const Pair> pairs, WallTime) const {
  const auto request = json_object(text);
  if (!request) return {{coinbase::error("Malformed JSON", "not a JSON object")}, {}, {}};
  const std::string type = text_at(*request, "type");
  if (type != "subscribe" && type != "unsubscribe") return refused("Type has to be either subscribe or unsubscribe");
  Answer answer;
  const std::vector<ChannelProducts> channels = channels_of(*request);
  for (const ChannelProducts& channel : channels) {
    if (channel.channel != "ticker" && channel.channel != "heartbeat" && channel.channel != "status") {
      return refused(channel.channel + " is not a valid channel");
    }
    for (const std::string& product : channel.products) {
      const auto pair = find_pair(product, pairs);
      if (!pair) return refused(product + " is not a valid product");
      (type == "subscribe" ? answer.add : answer.drop).push_back(Topic{*pair, channel.channel});
    }
  }
  answer.frames.push_back(coinbase::subscriptions(channels));
  return answer;
}

std::string CoinbaseDialogue::push(const Topic& topic, std::string_view, const Board& board, Push) const {
  if (topic.channel != "ticker" || !board.is_listed(topic.pair)) return {};
  return coinbase::ticker(board.pairs()[topic.pair], board.ticker(topic.pair));
}

std::vector<std::string> CoinbaseDialogue::heartbeat(std::span<const Topic> topics, const Board& board,
                                                     WallTime now) const {
  std::vector<std::string> frames;
  const auto of_status = [](const Topic& topic) { return topic.channel == "status"; };
  if (std::any_of(topics.begin(), topics.end(), of_status)) {
    frames.push_back(R"({"type":"status","currencies":[],"products":)" + products(board) + "}");
  }
  for (const Topic& topic : topics) {
    if (topic.channel != "heartbeat") continue;
    frames.push_back(coinbase::heartbeat(board.pairs()[topic.pair], board.ticker(topic.pair), now));
  }
  return frames;
}

RestAnswer CoinbaseDialogue::rest(std::string_view target, const Board& board, WallTime) const {
  constexpr std::string_view before = "/products/";
  constexpr std::string_view after = "/ticker";
  std::string_view path = path_of(target);
  if (path == "/products") return {200, products(board)};
  RestAnswer missing{404, "{\"message\":\"NotFound\"}"};
  if (!path.starts_with(before) || !path.ends_with(after) || path.size() <= before.size() + after.size()) {
    return missing;
  }
  path.remove_prefix(before.size());
  path.remove_suffix(after.size());
  const auto pair = find_pair(path, board.pairs());
  return pair && board.is_listed(*pair) ? RestAnswer{200, coinbase::rest_ticker(board.ticker(*pair))} : missing;
}

}  // namespace assay::fetchers::market
