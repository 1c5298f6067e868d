#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/json_reader.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// A number that a contract on Ethereum, or a chain like it, keeps: what a staked token is redeemed for.
///   source  https://ethereum.org/en/developers/docs/apis/json-rpc (eth_call)
struct ContractCall {
  std::string symbol;   ///< what the network file calls it: "WSTETH_STETH"
  std::string to;       ///< the contract: "0x" and 40 hex digits
  std::string data;     ///< what is called: "0x" and the selector's 8 digits, then words of 64
  std::size_t word{};   ///< which 32 bytes of the answer hold the number
  unsigned decimals{};  ///< the number counts 10^-decimals; up to 36
};
inline constexpr std::size_t contract_calls_max = 64;
inline constexpr std::size_t contract_words_max = 64;

bool is_contract_address(std::string_view text);
bool is_call_data(std::string_view text);

/// All calls whose symbol is wanted, as one JSON-RPC batch; the answers repeat the symbols as ids. Empty when none is.
///   block  "latest", "safe" or "finalized"
std::string contract_batch(std::span<const ContractCall> calls, std::string_view block,
                           std::span<const std::string> symbols);

/// The answers, alone or in a batch, in any order: a quote of kind rate with `last` each.
///   refusals  what the node says of an error; malformed for an id that is none of ours and for a result that is too
///             short, not of whole words, no hex, or at least 2^120; overflow for more than 36 digits
void read_contract_answers(JsonValue body, std::span<const ContractCall> calls, Parsed& out);

/// A word of 64 hex digits, lower case, as decimal digits; none from 2^120 on.
std::optional<std::string> word_digits(std::string_view word);

}  // namespace assay::fetchers
