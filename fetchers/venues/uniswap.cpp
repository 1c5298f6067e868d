#include "fetchers/venues/uniswap.hpp"

#include <algorithm>
#include <array>

#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
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

/// Where a pair has several pools, the busiest first: it is the one that is asked.
struct Pool {
  std::string_view address;
  std::string_view symbol;
};

constexpr std::array<Pool, 9> pools = {{{"88e6a0c2ddd26feeb64f039a2c41296fcb3f5640", "WETH/USDC"},
                                        {"8ad599c3a0ff1de082011efddc58f1908eb6e6d8", "WETH/USDC"},
                                        {"11b815efb8f581194ae79006d24e0d814b7697f6", "WETH/USDT"},
                                        {"4e68ccd3e89f51c3074ca5072bbac773960dfa36", "WETH/USDT"},
                                        {"4585fe77225b41b697c938b018e2ac67ac5a20c0", "WBTC/WETH"},
                                        {"cbcdf9626bc03e24f779434178a73a0b4bad62ed", "WBTC/WETH"},
                                        {"99ac8ca7087fa4a2a1fb6357269965a2014abc35", "WBTC/USDC"},
                                        {"3416cf6c708da44db2624d63ea0aaef7113527c6", "USDC/USDT"},
                                        {"5777d92f208679db4b9778590fa3cab3ac9e2168", "DAI/USDC"}}};

constexpr std::size_t word_size = 64;  ///< hex digits of 32 bytes
constexpr std::size_t slot0_words = 7;
constexpr std::size_t observe_words = 8;  ///< two offsets, then two lists of two, each with its length
constexpr std::string_view observe_call = "0x883bdbfd";
constexpr std::uint32_t mean_over_s = 1800;

constexpr std::string_view slot0_call = "0x3850c7bd";

/// How a request of ours names itself: "observe 1800 WETH/USDC", 0 for slot0(); the answer repeats it.
constexpr std::string_view id_prefix = "observe ";

/// What is known of an answer from how it was asked for.
struct Asked {
  std::string symbol;
  std::uint32_t period_s = 0;              ///< 0: unknown
  std::span<const PoolDescription> pools;  ///< those that are described
};

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

/// The symbol of the pool whose address stands in the text, any case.
std::string symbol_of_address(std::string_view text, std::span<const PoolDescription> described) {
  const std::string lower = lower_case(text.substr(0, 4096));
  for (const PoolDescription& pool : described) {
    if (lower.find(pool.address) != std::string::npos) {
      return pool.symbol;
    }
  }
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

/// Both tokens of a symbol by their decimals, which of them is priced, and whose it is.
struct PoolPair {
  Instrument instrument;
  unsigned decimals0;
  unsigned decimals1;
  PoolSide side;
};

/// Whether one side of a symbol is that token, in whatever case.
bool is_token(std::string_view side, std::string_view token) {
  return upper_case(side) == upper_case(token);
}

std::optional<PoolPair> pair_of(std::string_view symbol, std::span<const PoolDescription> described) {
  const Instrument instrument{.symbol = std::string(symbol), .pair = split_delimited(symbol)};
  for (const PoolDescription& pool : described) {
    if (pool.symbol == symbol) {
      const auto side = is_token(instrument.pair.base, pool.token0) ? PoolSide::token0 : PoolSide::token1;
      return PoolPair{instrument, pool.decimals0, pool.decimals1, side};
    }
  }
  const Token* base = token_of(instrument.pair.base);
  const Token* quote = token_of(instrument.pair.quote);
  if (base == nullptr || quote == nullptr || base == quote) {
    return std::nullopt;
  }
  return base->address < quote->address ? PoolPair{instrument, base->decimals, quote->decimals, PoolSide::token0}
                                        : PoolPair{instrument, quote->decimals, base->decimals, PoolSide::token1};
}

ParsedItem no_pair(std::string_view symbol) {
  return Refusal{.error = {Errc::symbol_unknown, "a pair of well-known tokens, or a described pool, was due"},
                 .text = printable(symbol)};
}

ParsedItem read_price(const Asked& asked, std::string_view sqrt_price) {
  const auto pair = pair_of(asked.symbol, asked.pools);
  if (!pair) {
    return no_pair(asked.symbol);
  }
  const auto price = pool_price(sqrt_price, pair->decimals0, pair->decimals1, pair->side);
  if (!price) {
    return Refusal{.error = {Errc::malformed, "not the square root of a price"}, .text = printable(sqrt_price)};
  }
  return make_last(pair->instrument, QuoteKind::pool, *price, std::nullopt);
}

/// A word that holds a signed number of 56 bits.
std::optional<std::int64_t> int56_of(std::string_view word) {
  constexpr std::size_t digits = 14;
  const std::string_view rest = word.substr(0, word.size() - digits);
  const bool negative = rest.front() == 'f';
  if (rest.find_first_not_of(negative ? 'f' : '0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
  for (const char c : word.substr(word.size() - digits)) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    value = (value << 4U) | digit;
  }
  return static_cast<std::int64_t>(value);
}

/// The mean of the tick between two moments, towards minus infinity as the contracts have it.
ParsedItem read_mean(const Asked& asked, std::string_view hex) {
  const auto pair = pair_of(asked.symbol, asked.pools);
  if (!pair) {
    return no_pair(asked.symbol);
  }
  if (asked.period_s == 0) {
    return unsupported("observe() over a period that nothing tells");
  }
  const std::string lower = lower_case(hex);
  const auto before = int56_of(std::string_view(lower).substr(3 * word_size, word_size));
  const auto now = int56_of(std::string_view(lower).substr(4 * word_size, word_size));
  if (!before || !now) {
    return Refusal{.error = {Errc::malformed, "not two sums of ticks"}, .text = printable(hex)};
  }
  const std::int64_t sum = *now - *before;
  const std::int64_t period = asked.period_s;
  const std::int64_t tick = sum / period - (sum % period < 0 ? 1 : 0);
  const auto price = tick > INT32_MAX || tick < INT32_MIN
                         ? std::nullopt
                         : tick_price(static_cast<std::int32_t>(tick), pair->decimals0, pair->decimals1, pair->side);
  if (!price) {
    return Refusal{.error = {Errc::malformed, "not a tick of a pool"}, .text = printable(hex)};
  }
  return make_last(pair->instrument, QuoteKind::pool, *price, std::nullopt);
}

ParsedItem read_event(JsonValue event, const Asked& asked) {
  const std::string_view topic = event["topics"].at(0).text();
  if (std::find(swap_topics.begin(), swap_topics.end(), topic) == swap_topics.end()) {
    return Control{"status"};
  }
  const std::string_view data = without_prefix(event["data"].text());
  if (data.size() < 5 * word_size) {
    return missing("a swap has five fields");
  }
  Asked of_pool = asked;
  if (of_pool.symbol.empty()) of_pool.symbol = symbol_of_address(event["address"].text(), asked.pools);
  return read_price(of_pool, data.substr(2 * word_size, word_size));
}

ParsedItem read_result(JsonValue result, const Asked& asked) {
  if (result.is_true() || result.is_false()) {
    return Control{"ack"};
  }
  const std::string_view hex = without_prefix(result.text());
  if (!result.is_string() || hex.size() == result.text().size()) {
    return missing("a result in hex was due");
  }
  if (hex.size() == observe_words * word_size) {
    return read_mean(asked, hex);
  }
  // Nodes pad slot0() in odd ways.
  if (hex.size() >= slot0_words * word_size && hex.size() < observe_words * word_size) {
    return read_price(asked, hex.substr(0, word_size));
  }
  if (hex.empty()) {
    return missing("a call without a result: no contract at this address");
  }
  // Shorter: a block number, the name of a subscription.
  return hex.size() < word_size ? ParsedItem(Control{"ack"}) : unsupported("a call that is not slot0() or observe()");
}

/// The number that starts a text, at most nine digits.
std::uint32_t leading_number(std::string_view text) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < text.size() && i < 9 && text[i] >= '0' && text[i] <= '9'; ++i) {
    value = value * 10 + static_cast<std::uint32_t>(text[i] - '0');
  }
  return value;
}

/// The period of a call to observe() with two moments, the second of them now.
std::uint32_t period_in(std::string_view endpoint) {
  const std::size_t call = endpoint.find(observe_call);
  const std::string_view words = call == std::string_view::npos ? "" : endpoint.substr(call + observe_call.size());
  if (words.size() < 4 * word_size ||
      words.substr(3 * word_size, word_size).find_first_not_of('0') != std::string_view::npos) {
    return 0;
  }
  std::uint64_t value = 0;
  for (const char c : lower_case(words.substr(2 * word_size, word_size))) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    value = digit == std::string_view::npos || value > UINT32_MAX ? UINT64_MAX : value * 16 + digit;
  }
  return value > UINT32_MAX ? 0 : static_cast<std::uint32_t>(value);
}

/// What an answer's own id tells, when it is one of ours; else what was given.
Asked with_id(Asked given, std::string_view id) {
  const std::size_t space = id.find(' ', std::min(id.size(), id_prefix.size()));
  if (!id.starts_with(id_prefix) || space == std::string_view::npos) {
    return given;
  }
  return {.symbol = std::string(id.substr(space + 1)),
          .period_s = leading_number(id.substr(id_prefix.size())),
          .pools = given.pools};
}

void read_answer(JsonValue answer, const Asked& given, Parsed& out) {
  const Asked asked = with_id(given, answer["id"].text());
  if (answer["error"].exists()) {
    Refusal refusal = venue_refusal(first_text({answer["error"]["message"].text(), answer["error"].text()}));
    if (answer["error"]["code"].text() == "-32005" || answer["error"]["code"].text() == "429") {
      refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
    }
    return add_item(out, std::move(refusal));
  }
  if (answer["topics"].is_array()) {
    return add_item(out, read_event(answer, asked));
  }
  const bool pushed = answer["method"].text() == "eth_subscription";
  const JsonValue result = pushed ? answer["params"]["result"] : answer["result"];
  if (result["topics"].is_array()) {
    return add_item(out, read_event(result, asked));
  }
  if (result.is_array()) {
    return read_each(result, out, [&](JsonValue event) { return read_event(event, asked); });
  }
  if (result.is_object()) {
    return add_item(out, unsupported("an answer that is not a call or an event"));
  }
  add_item(out, result.exists() && !result.is_null() ? read_result(result, asked)
                                                     : missing("an answer has a result or an error"));
}

/// "ETH/USDC" and "WETH/USDC" are one pool, either way round.
bool same_pair(std::string_view pool, std::string_view symbol) {
  const Pair a = split_delimited(pool);
  const Pair b = split_delimited(symbol);
  const Token* base = token_of(b.base);
  const Token* quote = token_of(b.quote);
  if (base == nullptr || quote == nullptr) {
    return false;
  }
  return (token_of(a.base) == base && token_of(a.quote) == quote) ||
         (token_of(a.base) == quote && token_of(a.quote) == base);
}

/// A small number as the 64 digits of a word.
std::string hex_word(std::uint32_t value) {
  std::string out(word_size, '0');
  for (std::size_t i = word_size; value != 0; value >>= 4U) {
    out[--i] = "0123456789abcdef"[value & 15U];
  }
  return out;
}

/// The pool that is asked for a symbol, and over how long; none: no such pool is known.
struct Question {
  std::string address;  ///< with 0x
  std::uint32_t mean_s;
};

std::optional<Question> question_of(std::string_view symbol, std::span<const PoolDescription> described) {
  for (const PoolDescription& pool : described) {
    if (pool.symbol == symbol) {
      return Question{pool.address, pool.mean_s};
    }
  }
  for (const Pool& pool : pools) {
    if (same_pair(pool.symbol, symbol)) {
      return Question{"0x" + std::string(pool.address), mean_over_s};
    }
  }
  return std::nullopt;
}

std::string call_of(const Question& question, std::string_view symbol) {
  const std::string data = question.mean_s == 0 ? std::string(slot0_call)
                                                : std::string(observe_call) + hex_word(word_size / 2) + hex_word(2) +
                                                      hex_word(question.mean_s) + hex_word(0);
  return R"({"jsonrpc":"2.0","id":)" +
         json_string(std::string(id_prefix) + std::to_string(question.mean_s) + " " + std::string(symbol)) +
         R"(,"method":"eth_call","params":[{"to":)" + json_string(question.address) + R"(,"data":")" + data +
         R"("},"latest"]})";
}

}  // namespace

bool is_symbol_of(const PoolDescription& pool) {
  const Pair pair = split_delimited(pool.symbol);
  return (is_token(pair.base, pool.token0) && is_token(pair.quote, pool.token1)) ||
         (is_token(pair.base, pool.token1) && is_token(pair.quote, pool.token0));
}

void UniswapAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  const Asked asked{.symbol = symbol.empty() ? symbol_of_address(endpoint, pools_) : std::string(symbol),
                    .period_s = period_in(endpoint),
                    .pools = pools_};
  if (!body.is_array()) {
    return read_answer(body, asked, out);
  }
  for (const JsonValue answer : body) {
    if (is_full(out)) {
      return;
    }
    read_answer(answer, body.size() == 1 ? asked : Asked{.symbol = {}, .period_s = 0, .pools = pools_}, out);
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

std::vector<std::string> UniswapAdapter::rest_targets(std::span<const std::string> /*symbols*/) const {
  return {};
}

std::vector<RestPost> UniswapAdapter::rest_posts(std::span<const std::string> symbols) const {
  std::string calls;
  for (const std::string& symbol : symbols) {
    if (const auto question = question_of(symbol, pools_)) {
      calls += (calls.empty() ? "" : ",") + call_of(*question, symbol);
    }
  }
  return calls.empty() ? std::vector<RestPost>{} : std::vector<RestPost>{{.target = "", .body = "[" + calls + "]"}};
}

}  // namespace assay::fetchers
