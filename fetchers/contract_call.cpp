#include "fetchers/contract_call.hpp"

#include <algorithm>

#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

namespace {

constexpr std::size_t word_size = 64;  ///< hex digits of 32 bytes
constexpr std::size_t address_size = 40;
constexpr std::size_t selector_size = 8;
constexpr std::string_view hex_digits = "0123456789abcdef";

/// The digits behind "0x" in lower case; empty when it is not hex.
std::string hex_of(std::string_view text) {
  const std::string lower = lower_case(text);
  const bool good = lower.starts_with("0x") && lower.find_first_not_of(hex_digits, 2) == std::string::npos;
  return good ? lower.substr(2) : std::string{};
}

ParsedItem read_result(const ContractCall& call, std::string_view result) {
  const std::string digits = hex_of(result);
  const std::size_t from = call.word * word_size;
  // Whole words alone: what a contract reverts with begins with a selector, and some nodes call that a result.
  if (digits.size() < from + word_size || digits.size() % word_size != 0) {
    return Refusal{.error = {Errc::malformed, "the words that were called for"}, .text = printable(result)};
  }
  const auto number = word_digits(std::string_view(digits).substr(from, word_size));
  if (!number) {
    return Refusal{.error = {Errc::malformed, "a number below 2^120"}, .text = printable(result)};
  }
  const std::string price = *number + "e-" + std::to_string(call.decimals);
  return make_last({.symbol = call.symbol, .pair = split_delimited(call.symbol)}, QuoteKind::rate, price, std::nullopt);
}

ParsedItem read_answer(JsonValue answer, std::span<const ContractCall> calls) {
  if (answer["error"].exists()) {
    return venue_refusal(answer["error"]["message"].text());
  }
  const std::string_view id = answer["id"].text();
  const auto call = std::find_if(calls.begin(), calls.end(), [&](const ContractCall& c) { return c.symbol == id; });
  if (call == calls.end()) {
    return Refusal{.error = {Errc::malformed, "the id of a call of ours"}, .text = printable(id)};
  }
  return answer["result"].is_string() ? read_result(*call, answer["result"].text())
                                      : missing("an answer has a result or an error");
}

}  // namespace

bool is_contract_address(std::string_view text) {
  return hex_of(text).size() == address_size;
}

bool is_call_data(std::string_view text) {
  const std::size_t size = hex_of(text).size();
  return size >= selector_size && (size - selector_size) % word_size == 0 && size <= contract_words_max * word_size;
}

std::string contract_batch(std::span<const ContractCall> calls, std::string_view block,
                           std::span<const std::string> symbols) {
  std::string out;
  for (const ContractCall& call : calls) {
    if (std::find(symbols.begin(), symbols.end(), call.symbol) == symbols.end()) continue;
    out += (out.empty() ? R"([{"jsonrpc":"2.0","id":)" : R"(,{"jsonrpc":"2.0","id":)") + json_string(call.symbol) +
           R"(,"method":"eth_call","params":[{"to":)" + json_string(call.to) + R"(,"data":)" + json_string(call.data) +
           "}," + json_string(block) + "]}";
  }
  return out.empty() ? out : out + "]";
}

void read_contract_answers(JsonValue body, std::span<const ContractCall> calls, Parsed& out) {
  if (!body.is_array()) {
    return add_item(out, read_answer(body, calls));
  }
  read_each(body, out, [&](JsonValue answer) { return read_answer(answer, calls); });
}

std::optional<std::string> word_digits(std::string_view word) {
  constexpr std::size_t zeroes = 34;  // 120 bits are 30 digits
  if (word.size() != word_size || word.substr(0, zeroes).find_first_not_of('0') != std::string_view::npos) {
    return std::nullopt;
  }
  UInt128 value = 0;
  for (const char c : word.substr(zeroes)) {
    const std::size_t digit = hex_digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4U | digit;
  }
  std::string out;
  do {
    out.insert(out.begin(), static_cast<char>('0' + static_cast<unsigned>(value % 10)));
    value /= 10;
  } while (value != 0);
  return out;
}

}  // namespace assay::fetchers
