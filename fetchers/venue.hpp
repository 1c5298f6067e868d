#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/digest.hpp"
#include "core/quote.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/kept_book.hpp"

namespace assay::fetchers {

/// What kind of statement a venue made.
enum class QuoteKind : std::uint8_t { ticker, bbo, book, trade, index, pool, rate, candle };
std::string_view name(QuoteKind kind) noexcept;

/// What the time that a venue states is the time of.
enum class TimeOf : std::uint8_t {
  statement,  ///< of what is said: bid and ask were so then
  aside,      ///< of the last trade, or of a volume, beside a bid and an ask that are of now
};

/// One instrument's values in one payload, prices digit for digit as the venue sent them.
struct ParsedQuote {
  std::string symbol;  ///< as sent: "XBT/USD", "BTCUSDT"
  std::string base;    ///< canonical: "BTC"; empty when the symbol does not tell
  std::string quote;   ///< canonical: "USD"
  QuoteKind kind{};
  std::optional<std::string> bid;
  std::optional<std::string> ask;
  std::optional<std::string> last;
  std::optional<std::string> base_volume;
  std::optional<WallTime> venue_time;
  TimeOf time_of = TimeOf::statement;
  std::vector<PriceLevel> bids = {};  ///< of a book, best first, at most book_levels_max; else empty
  std::vector<PriceLevel> asks = {};
};

inline bool has_price(const ParsedQuote& quote) {
  return quote.bid || quote.ask || quote.last;
}

/// A message that carries no price: "ack", "heartbeat", "status", "delta", "pong", "subscribe"...
struct Control {
  std::string name;
};

/// A message, or a part of one, that we will not read.
struct Refusal {
  Error error;
  std::string text;  ///< what the venue said or what was expected; bounded to 200 bytes, printable
};

using ParsedItem = std::variant<ParsedQuote, Control, Refusal>;

/// What a payload says of an instrument's trading, beside its items.
struct TradingNote {
  std::string symbol;  ///< as sent; empty: all of the venue's
  std::string base;    ///< canonical; empty when the symbol does not tell
  std::string quote;
  Trading said{};
};

struct Parsed {
  std::vector<ParsedItem> items;     ///< in payload order, at most items_max
  std::optional<std::string> reply;  ///< a frame the protocol obliges us to send back at once
  bool missed = false;               ///< by its numbers a message before this one never came: build the stream anew
  std::vector<TradingNote> trading = {};  ///< at most items_max
};
inline constexpr std::size_t items_max = 8192;
inline constexpr std::size_t payload_size_max = 16U << 20U;

/// How to subscribe: connect to `target` below the venue's WebSocket base, then send `frames` in order.
struct Subscription {
  std::string target;
  std::vector<std::string> frames;
};

/// What one connection has said that its later messages lean on: a venue may name an instrument once and then only
/// give its channel's number; numbered messages must follow one another. Kept by whoever holds the connection, emptied
/// when that ends.
struct StreamMemory {
  std::map<std::string, std::string, std::less<>> symbols;     ///< by channel, at most channels_max
  std::map<std::string, std::uint64_t, std::less<>> counters;  ///< newest number of what is numbered, likewise
  std::map<std::string, KeptBook, std::less<>> books;          ///< by symbol, likewise
  bool missed = false;                                         ///< by the numbers of the message being read
};
inline constexpr std::size_t channels_max = 1024;

/// A client ping the venue asks for, when it does.
struct PingRule {
  Micros interval{};  ///< zero: none; WebSocket ping frames of the server are answered by the transport
  std::string frame;
};

/// Where a venue wants its key, unless it is reached at another address than its own. Keys come from the node's
/// environment and are never shown.
struct KeyRule {
  enum class Place : std::uint8_t { none, query, header };
  Place place = Place::none;
  std::string_view name;    ///< of the parameter or header: "apikey", "Authorization"
  std::string_view prefix;  ///< before the key in a header: "Bearer "
};

/// A request whose question stands in its body.
struct RestPost {
  std::string target;  ///< path and query, "" for the base itself
  std::string body;    ///< JSON
};

/// How a stream is opened for which the venue hands out a token first.
struct TokenRule {
  RestPost request;
  Micros lifetime;  ///< a token is asked for anew this often
};

/// One venue's language: bytes in, quotes out, subscribe frames out. Pure and stateless, any thread.
class Adapter {
 public:
  virtual ~Adapter() = default;

  virtual std::string_view venue() const = 0;      ///< stem: "coinbase_exchange"
  virtual std::string_view rest_base() const = 0;  ///< "https://api.exchange.coinbase.com"
  virtual std::string_view ws_base() const = 0;    ///< "wss://ws-feed.exchange.coinbase.com"; empty: no streams
  virtual Micros silence_max() const = 0;          ///< no message for this long: the stream is dead
  /// Its streams, as subscribe() opens them, tell every change of an instrument's bid and ask: until they do, what was
  /// said last still stands, as long as anything comes. Not so where only trades make it speak.
  virtual bool tells_every_change() const;

  /// One WebSocket message, as received. `path` is the connection's target ("" when unknown).
  virtual Parsed parse_ws(ByteSpan frame, std::string_view path) const = 0;
  /// The same for a frame seen alone: `symbol` helps where neither frame nor path names one.
  virtual Parsed parse_ws_with_symbol(ByteSpan frame, std::string_view path, std::string_view symbol) const;
  /// The same with the memory of the connection; venues whose every message names its instrument leave it alone.
  virtual Parsed parse_stream(ByteSpan frame, std::string_view path, StreamMemory& memory) const;
  /// One HTTP body. `endpoint` is "GET URL" or path and query, for a RestPost "POST " + target + " " + body; `symbol`
  /// helps where the payload names none.
  virtual Parsed parse_rest(std::string_view endpoint, ByteSpan body, std::string_view symbol) const = 0;

  virtual Subscription subscribe(std::span<const std::string> symbols) const = 0;
  virtual PingRule ping() const = 0;
  /// Targets to poll, fewest requests first choice (batch endpoints where they exist).
  virtual std::vector<std::string> rest_targets(std::span<const std::string> symbols) const = 0;
  /// The same for venues that want to be asked by POST; most are not.
  virtual std::vector<RestPost> rest_posts(std::span<const std::string> symbols) const;
  /// Where the stream's token comes from; most venues want none.
  virtual std::optional<TokenRule> token_rule() const;
  /// The token in the answer to that request; "" when there is none. It becomes "?token=" behind the stream's target.
  virtual std::string token_of(ByteSpan body) const;
  /// How the requests of above carry a key; most venues want none.
  virtual KeyRule key_rule() const;
};

/// The adapter for a venue name, or nullptr.
const Adapter* find_adapter(std::string_view venue);
/// Every venue name, ascending.
std::vector<std::string_view> venue_names();

/// The exact form that the aggregator takes, symbol as sent.
///   errors  bad_number, negative_price, zero_price, overflow (first bad field; the whole quote is refused),
///           crossed_book for bid > ask, missing_field when there is neither bid nor ask nor last (an empty book)
Result<Quote> to_quote(std::string_view venue, const ParsedQuote& parsed, WallTime recv_time, MonoTime recv_mono);

}  // namespace assay::fetchers
