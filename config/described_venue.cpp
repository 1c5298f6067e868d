#include "config/described_venue.hpp"

#include <set>
#include <string>

#include "fetchers/symbols.hpp"

namespace assay::config {

namespace {

constexpr std::size_t text_length_max = 2048;
constexpr std::int64_t price_exponent_max = 18;
constexpr std::int64_t contract_decimals_max = 36;

std::string optional_text(Section& part, std::string_view key) {
  return part.has(key) ? part.text(key, text_length_max) : std::string{};
}

std::string pointer(Section& part, std::string_view key) {
  std::string value = optional_text(part, key);
  if (!fetchers::is_json_pointer(value)) {
    part.complain(key, "expected a JSON pointer such as /data/0/last, got " + shown(value));
  }
  return value;
}

fetchers::TimeUnit time_unit(Section& part) {
  constexpr std::string_view words[] = {"seconds", "milliseconds", "nanoseconds", "by size"};
  constexpr fetchers::TimeUnit units[] = {fetchers::TimeUnit::seconds, fetchers::TimeUnit::millis_or_micros,
                                          fetchers::TimeUnit::nanos, fetchers::TimeUnit::by_size};
  return part.has("time_unit") ? units[part.choice("time_unit", words)] : fetchers::TimeUnit::by_size;
}

fetchers::PayloadShape read_shape(Section& part) {
  fetchers::PayloadShape shape;
  shape.entries = pointer(part, "entries");
  shape.symbol = optional_text(part, "symbol");
  if (shape.symbol != "@key" && !fetchers::is_json_pointer(shape.symbol)) {
    part.complain("symbol", "expected a JSON pointer, or @key for the entry's own name, got " + shown(shape.symbol));
  }
  shape.bid = pointer(part, "bid");
  shape.ask = pointer(part, "ask");
  shape.last = pointer(part, "last");
  shape.base_volume = pointer(part, "base_volume");
  shape.time = pointer(part, "time");
  shape.time_unit = time_unit(part);
  if (part.has("price_exponent")) {
    shape.price_exponent = static_cast<int>(part.integer("price_exponent", {-price_exponent_max, price_exponent_max}));
  }
  if (shape.bid.empty() && shape.ask.empty() && shape.last.empty()) {
    part.complain("url", "expected at least one of bid, ask and last beside it");
  }
  return shape;
}

bool names_symbols(std::string_view text) {
  return text.find("{symbol}") != std::string_view::npos || text.find("{symbols}") != std::string_view::npos;
}

void read_http(Section part, fetchers::Description& out) {
  out.rest_base = part.text("url", text_length_max);
  if (part.good({"url"}) && !out.rest_base.starts_with("https://")) {
    part.complain("url", "expected https://HOST, got " + shown(out.rest_base));
  }
  out.rest_target = part.text("target", text_length_max);
  out.key_header = optional_text(part, "key_header");
  out.key_prefix = optional_text(part, "key_prefix");
  out.rest = read_shape(part);
  if (part.good({"target"}) && !out.rest_target.starts_with('/')) {
    part.complain("target", "expected a path, /ticker?pair={symbol}, got " + shown(out.rest_target));
  }
  if (part.good() && !names_symbols(out.rest_target) && out.rest.symbol.empty()) {
    part.complain("target",
                  "expected {symbol} or {symbols} in it, or `symbol`: nothing tells whose price an answer is");
  }
  part.finish();
}

void read_ws(Section part, fetchers::Description& out) {
  out.ws_url = part.text("url", text_length_max);
  if (part.good({"url"}) && !out.ws_url.starts_with("wss://") && !out.ws_url.starts_with("ws://")) {
    part.complain("url", "expected wss://HOST, got " + shown(out.ws_url));
  }
  out.subscribe = optional_text(part, "subscribe");
  out.ping = optional_text(part, "ping");
  if (part.has("ping_interval_ms")) out.ping_interval = part.millis("ping_interval_ms", {1000, 3'600'000});
  if (part.has("silence_ms")) out.silence_max = part.millis("silence_ms", {1000, 86'400'000});
  out.ws = read_shape(part);
  part.finish();
}

fetchers::ContractCall read_call(Section part) {
  constexpr std::size_t symbol_length_max = 64;
  fetchers::ContractCall call;
  call.symbol = part.text("symbol", symbol_length_max);
  call.to = part.text("to", text_length_max);
  if (part.good({"to"}) && !fetchers::is_contract_address(call.to)) {
    part.complain("to", "expected a contract's address, 0x and 40 hex digits, got " + shown(call.to));
  }
  call.data = part.text("data", text_length_max);
  if (part.good({"data"}) && !fetchers::is_call_data(call.data)) {
    part.complain("data", "expected 0x, a selector of 8 hex digits and words of 64, got " + shown(call.data));
  }
  if (part.has("word"))
    call.word = static_cast<std::size_t>(part.integer("word", {0, fetchers::contract_words_max - 1}));
  call.decimals = static_cast<unsigned>(part.integer("decimals", {0, contract_decimals_max}));
  part.finish();
  return call;
}

void read_contracts(Section part, fetchers::Description& out) {
  constexpr std::string_view blocks[] = {"latest", "safe", "finalized"};
  out.rest_base = part.text("url", text_length_max);
  if (part.good({"url"}) && !out.rest_base.starts_with("https://")) {
    part.complain("url", "expected https://HOST, got " + shown(out.rest_base));
  }
  out.key_header = optional_text(part, "key_header");
  out.key_prefix = optional_text(part, "key_prefix");
  out.block = blocks[part.choice("block", blocks)];
  for (Section& call : part.sections("calls", {1, fetchers::contract_calls_max})) out.calls.push_back(read_call(call));
  part.finish();
}

fetchers::PoolDescription read_pool(Section part) {
  constexpr std::size_t name_length_max = 32;
  fetchers::PoolDescription pool;
  pool.symbol = part.text("symbol", 2 * name_length_max);
  pool.address = fetchers::lower_case(part.text("address", text_length_max));
  if (part.good({"address"}) && !fetchers::is_contract_address(pool.address)) {
    part.complain("address", "expected the pool's address, 0x and 40 hex digits, got " + shown(pool.address));
  }
  pool.token0 = part.text("token0", name_length_max);
  pool.decimals0 = static_cast<unsigned>(part.integer("decimals0", {0, contract_decimals_max}));
  pool.token1 = part.text("token1", name_length_max);
  pool.decimals1 = static_cast<unsigned>(part.integer("decimals1", {0, contract_decimals_max}));
  if (part.has("mean_s")) {
    pool.mean_s = static_cast<std::uint32_t>(part.integer("mean_s", {0, fetchers::pool_mean_max_s}));
  }
  if (part.good({"symbol", "token0", "token1"}) && !fetchers::is_symbol_of(pool)) {
    part.complain("symbol", "expected " + pool.token0 + "/" + pool.token1 + ", or " + pool.token1 + "/" + pool.token0 +
                                " for the inverse, got " + shown(pool.symbol));
  }
  part.finish();
  return pool;
}

}  // namespace

std::vector<fetchers::PoolDescription> read_pools(Section& venue, std::string_view name) {
  std::vector<fetchers::PoolDescription> out;
  if (!venue.has("pools")) return out;
  if (name != "uniswap" && fetchers::find_adapter(name) != nullptr) {
    venue.complain("pools", "expected with the venue uniswap or a name of your own, " + shown(name) + " has none");
  }
  if (!venue.has("rest_url")) venue.complain("pools", "expected beside rest_url, the Ethereum node that is asked");
  std::set<std::string> seen;
  for (Section& part : venue.sections("pools", {1, fetchers::pools_max})) {
    out.push_back(read_pool(part));
    if (!seen.insert(out.back().symbol).second) {
      part.complain("symbol", "expected each pool once, got " + shown(out.back().symbol) + " again");
    }
  }
  return out;
}

std::optional<fetchers::Description> read_description(Section& venue, std::string_view name) {
  const bool http = venue.has("http_json");
  const bool ws = venue.has("ws_json");
  const bool calls = venue.has("eth_call");
  if (!http && !ws && !calls) return std::nullopt;
  fetchers::Description out;
  out.venue = name;
  if (fetchers::find_adapter(name) != nullptr) {
    venue.complain("venue", "expected a name of your own, " + shown(name) + " is built in");
  }
  if (calls && (http || ws)) {
    venue.complain("eth_call", "expected alone; describe http_json and ws_json as a venue of another name");
  }
  if (venue.has("pools")) venue.complain("pools", "expected alone; describe the rest as a venue of another name");
  if (calls) read_contracts(venue.section("eth_call"), out);
  if (http) read_http(venue.section("http_json"), out);
  if (ws) read_ws(venue.section("ws_json"), out);
  return out;
}

}  // namespace assay::config
