#pragma once
#include "fetchers/json_reader.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// What adapters of JSON venues share: the payload is read (unpacked first when it came as gzip), what is unreadable is
/// refused, the root is handed on. An adapter says what a message means; what it knows nothing of, and what is the
/// plain error of a gateway, becomes venue_error, rate_limited or retired_api by its words.
class JsonAdapter : public Adapter {
 public:
  Parsed parse_ws(ByteSpan frame, std::string_view path) const final;
  Parsed parse_ws_with_symbol(ByteSpan frame, std::string_view path, std::string_view symbol) const final;
  Parsed parse_stream(ByteSpan frame, std::string_view path, StreamMemory& memory) const final;
  Parsed parse_rest(std::string_view endpoint, ByteSpan body, std::string_view symbol) const final;

 protected:
  /// A frame that is not JSON by the venue's own rules ("pong"); none by default.
  virtual std::optional<Parsed> on_other_frame(ByteSpan frame) const;
  /// One WebSocket message; by default it is read as a body.   symbol  "" when unknown
  virtual void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const;
  /// One message of a connection with its memory: by default remember(), then on_message().
  virtual void on_stream_message(JsonValue message, std::string_view path, StreamMemory& memory, Parsed& out) const;
  /// What a connection must remember of a message; by default nothing. Gives the symbol that the message is of, as far
  /// as only the memory knows it.
  virtual std::string remember(JsonValue message, StreamMemory& memory) const;
  /// One HTTP body.   endpoint  as in parse_rest();  symbol  "" when unknown
  virtual void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const = 0;
};

/// A JSON venue that is only polled.
class PolledAdapter : public JsonAdapter {
 public:
  std::string_view ws_base() const final { return {}; }
  Subscription subscribe(std::span<const std::string> symbols) const final;
  PingRule ping() const final { return {}; }
};

/// Notes the number of a message in a series without gaps: memory.missed when at least one before it never came. A
/// series that starts anew misses nothing, and what is no number is passed over.
void expect_next(StreamMemory& memory, std::string_view counter, JsonValue number);

/// The given symbol, else the named parameter of the endpoint's query, else "".
std::string symbol_or_query(std::string_view symbol, std::string_view endpoint, std::string_view parameter);

}  // namespace assay::fetchers
