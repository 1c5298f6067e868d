#include "fetchers/venues/uniswap.hpp"

#include <algorithm>
#include <array>

#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venues/pool_price.hpp"

namespace assay::fetchers {

namespace {

struct Token {
  std::string_view code;
  std::string_view address;  ///< without 0x, lower case; the lower of two addresses is token0
  unsigned decimals;
};

constexpr std::array<Token, 16> tokens = {{{"WETH", "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", 18},
                                           {"WBTC", "2260fac5e5542a773aa44fbcfedf7c193bc2c599", 8},
                                           {"USDC", "a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", 6},
                                           {"USDT", "dac17f958d2ee523a2206206994597c13d831ec7", 6},
                                           {"DAI", "6b175474e89094c44da98b954eedeac495271d0f", 18},
                                           {"UNI", "1f9840a85d5af5bf1d1762f925bdaddc4201f984", 18},
                                           {"LINK", "514910771af9ca656af840dff83e8264ecf986ca", 18},
                                           {"AAVE", "7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9", 18},
                                           {"MKR", "9f8f72aa9304c8b593d555f12ef6589cc3a579a2", 18},
                                           {"LDO", "5a98fcbea516cf06857215779fd812ca3bef1b32", 18},
                                           {"FRAX", "853d955acef822db058eb8505911ed77f175b99e", 18},
                                           {"WSTETH", "7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0", 18},
                                           {"CBBTC", "cbb7c0000ab88b473b1f5afd9ef808440eed33bf", 8},
                                           {"PEPE", "6982508145454ce325ddbe47a25d4ec3d2311933", 18},
                                           {"SHIB", "95ad61b0a150d79219dcf64e1e6cc01f0b64c4ce", 18},
                                           {"MOG", "aaee1a9723aadb7afa2810263653a34ba2c21c7a", 18}}};

struct Pool {
  std::string_view address;
  std::string_view symbol;
};

constexpr std::array<Pool, 9> pools = {{{"8ad599c3a0ff1de082011efddc58f1908eb6e6d8", "WETH/USDC"},
                                        {"88e6a0c2ddd26feeb64f039a2c41296fcb3f5640", "WETH/USDC"},
                                        {"4e68ccd3e89f51c3074ca5072bbac773960dfa36", "WETH/USDT"},
                                        {"11b815efb8f581194ae79006d24e0d814b7697f6", "WETH/USDT"},
                                        {"cbcdf9626bc03e24f779434178a73a0b4bad62ed", "WBTC/WETH"},
                                        {"4585fe77225b41b697c938b018e2ac67ac5a20c0", "WBTC/WETH"},
                                        {"99ac8ca7087fa4a2a1fb6357269965a2014abc35", "WBTC/USDC"},
                                        {"3416cf6c708da44db2624d63ea0aaef7113527c6", "USDC/USDT"},
                                        {"5777d92f208679db4b9778590fa3cab3ac9e2168", "DAI/USDC"}}};

constexpr std::size_t word_size = 64;  ///< hex digits of 32 bytes
constexpr std::size_t slot0_words = 7;

/// keccak256 of the Swap events' signatures: Uniswap's, and PancakeSwap's with two more fields behind.
constexpr std::array<std::string_view, 2> swap_topics = {
    "0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67",
    "0x19b47279256b2a23a1665c810c8d55a1758940ee09377d4f8d26497a3577dc83"};

const Token* token_of(std::string_view code) {
  const std::string upper = upper_case(code);
  const std::string_view wrapped = upper == "ETH" ? "WETH" : upper == "BTC" ? "WBTC" : std::string_view(upper);
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const Token& one) { return one.code == wrapped; });
  return found == tokens.end() ? nullptr : &*found;
}

/// The pool whose address stands in the text, any case.
std::string symbol_of_address(std::string_view text) {
  const std::string lower = lower_case(text.substr(0, 4096));
  for (const Pool& pool : pools) {
    if (lower.find(pool.address) != std::string::npos) {
      return std::string(pool.symbol);
    }
  }
  return {};
}

std::string_view without_prefix(std::string_view hex) {
  return hex.starts_with("0x") ? hex.substr(2) : hex;
}

ParsedItem read_price(std::string_view symbol, std::string_view sqrt_price) {
  const Instrument instrument{.symbol = std::string(symbol), .pair = split_delimited(symbol)};
  const Token* base = token_of(instrument.pair.base);
  const Token* quote = token_of(instrument.pair.quote);
  if (base == nullptr || quote == nullptr || base == quote) {
    return Refusal{.error = {Errc::symbol_unknown, "a pair of well-known tokens was due"}, .text = printable(symbol)};
  }
  const bool base_first = base->address < quote->address;
  const Token& token0 = base_first ? *base : *quote;
  const Token& token1 = base_first ? *quote : *base;
  const auto price =
      pool_price(sqrt_price, token0.decimals, token1.decimals, base_first ? PoolSide::token0 : PoolSide::token1);
  if (!price) {
    return Refusal{.error = {Errc::malformed, "not the square root of a price"}, .text = printable(sqrt_price)};
  }
  return make_last(instrument, QuoteKind::pool, *price, std::nullopt);
}

ParsedItem read_event(JsonValue event, std::string_view symbol) {
  const std::string_view topic = event["topics"].at(0).text();
  if (std::find(swap_topics.begin(), swap_topics.end(), topic) == swap_topics.end()) {
    return Control{"status"};
  }
  const std::string_view data = without_prefix(event["data"].text());
  if (data.size() < 5 * word_size) {
    return missing("a swap has five fields");
  }
  const std::string known = symbol_of_address(event["address"].text());
  return read_price(symbol.empty() ? std::string_view(known) : symbol, data.substr(2 * word_size, word_size));
}

ParsedItem read_result(JsonValue result, std::string_view symbol) {
  if (result.is_true() || result.is_false()) {
    return Control{"ack"};
  }
  const std::string_view hex = without_prefix(result.text());
  if (!result.is_string() || hex.size() == result.text().size()) {
    return missing("a result in hex was due");
  }
  // observe() answers with six words for one period and eight for two; nodes pad slot0() in odd ways.
  if (hex.size() >= slot0_words * word_size && hex.size() < (slot0_words + 1) * word_size) {
    return read_price(symbol, hex.substr(0, word_size));
  }
  if (hex.empty()) {
    return missing("a call without a result: no contract at this address");
  }
  // Shorter: a block number, the name of a subscription.
  return hex.size() <= word_size ? ParsedItem(Control{"ack"}) : unsupported("a call that is not slot0()");
}

void read_answer(JsonValue answer, std::string_view symbol, Parsed& out) {
  if (answer["error"].exists()) {
    Refusal refusal = venue_refusal(answer["error"]["message"].text());
    if (answer["error"]["code"].text() == "-32005" || answer["error"]["code"].text() == "429") {
      refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
    }
    return add_item(out, std::move(refusal));
  }
  if (answer["topics"].is_array()) {
    return add_item(out, read_event(answer, symbol));
  }
  const bool pushed = answer["method"].text() == "eth_subscription";
  const JsonValue result = pushed ? answer["params"]["result"] : answer["result"];
  if (result["topics"].is_array()) {
    return add_item(out, read_event(result, symbol));
  }
  if (result.is_array()) {
    return read_each(result, out, [&](JsonValue event) { return read_event(event, symbol); });
  }
  if (result.is_object()) {
    return add_item(out, unsupported("an answer that is not a call or an event"));
  }
  add_item(out, result.exists() && !result.is_null() ? read_result(result, symbol)
                                                     : missing("an answer has a result or an error"));
}

}  // namespace

void UniswapAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  const std::string known = symbol_of_address(endpoint);
  const std::string_view whose = symbol.empty() ? std::string_view(known) : symbol;
  if (!body.is_array()) {
    return read_answer(body, whose, out);
  }
  for (const JsonValue answer : body) {
    if (is_full(out)) {
      return;
    }
    read_answer(answer, body.size() == 1 ? whose : std::string_view{}, out);
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

Subscription UniswapAdapter::subscribe(std::span<const std::string> /*symbols*/) const {
  return {};
}

std::vector<std::string> UniswapAdapter::rest_targets(std::span<const std::string> /*symbols*/) const {
  return {};
}

}  // namespace assay::fetchers
