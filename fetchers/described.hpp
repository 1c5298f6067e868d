#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fetchers/contract_call.hpp"
#include "fetchers/json_adapter.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

/// The value that a JSON pointer (RFC 6901) names: "" is `value` itself, "/data/0/last", "~1" for '/', "~0" for '~'.
/// Absent where there is none or the pointer is none.   cost  O(children) a step
JsonValue resolve(JsonValue value, std::string_view pointer);

/// True for "" and for text that starts with '/' and escapes rightly, at most pointer_length_max bytes.
bool is_json_pointer(std::string_view pointer);
inline constexpr std::size_t pointer_length_max = 256;

/// Where a described payload keeps what we read. Pointers start at one entry; "" where a payload has no such value.
struct PayloadShape {
  std::string entries;  ///< from the root: a list or object of entries, or the only entry itself
  std::string symbol;   ///< "" is the instrument that was asked for; "@key" the entry's own name in its object
  std::string bid;
  std::string ask;
  std::string last;
  std::string base_volume;
  std::string time;
  TimeUnit time_unit = TimeUnit::by_size;  ///< of digits; text as RFC 3339 is read whatever this says
  int price_exponent = 0;                  ///< prices count 10^this: -8 for "satoshis"; -18..18
};

/// A source that an operator describes instead of programming it: http_json, ws_json or both, or eth_call.
struct Description {
  std::string venue;        ///< not the name of a built-in one
  std::string rest_base;    ///< "https://api.acme.example"; "" is not polled
  std::string rest_target;  ///< "/ticker?pair={symbol}": one request an instrument; {symbols}: all, with commas
  PayloadShape rest;
  std::vector<ContractCall> calls;  ///< asked by POST at rest_base instead of all the rest
  std::string block;                ///< of the calls: "latest", "safe" or "finalized"
  std::string ws_url;               ///< "wss://..."; "" has no stream
  std::string subscribe;   ///< a frame with {symbol}: one an instrument; or with {symbols}, or neither; "" none
  std::string ping;        ///< a frame; "" is a WebSocket ping
  Micros ping_interval{};  ///< zero: none
  Micros silence_max = millis(60'000);
  PayloadShape ws;
  std::string key_header;  ///< the header that carries the key, "" none
  std::string key_prefix;  ///< before the key: "Bearer "
};

/// Reads payloads by their description. A message in which an entry has no price at all is control "other": described
/// streams may carry acknowledgements, heartbeats and whatever else.
///   refusals  as make_quote();  symbol_unknown where an entry names none and several were asked for
class DescribedAdapter final : public JsonAdapter {
 public:
  explicit DescribedAdapter(Description description) : description_(std::move(description)) {}

  std::string_view venue() const override { return description_.venue; }
  std::string_view rest_base() const override { return description_.rest_base; }
  std::string_view ws_base() const override { return description_.ws_url; }
  Micros silence_max() const override { return description_.silence_max; }
  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = description_.ping_interval, .frame = description_.ping}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;
  std::vector<RestPost> rest_posts(std::span<const std::string> symbols) const override;
  KeyRule key_rule() const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;

 private:
  /// The instrument that a request of ours was for, as far as its target tells.
  std::string asked_symbol(std::string_view endpoint) const;

  Description description_;
};

}  // namespace assay::fetchers
