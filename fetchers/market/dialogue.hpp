#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "fetchers/market/board.hpp"

namespace assay::fetchers::market {

/// One thing that a client subscribed to.
struct Topic {
  std::size_t pair = 0;  ///< index into the board's pairs
  std::string channel;   ///< in the venue's words: "bookTicker"
  friend bool operator==(const Topic&, const Topic&) = default;
};

/// What a venue says at once to a client, and what it will push from now on.
struct Answer {
  std::vector<std::string> frames;
  std::vector<Topic> add;
  std::vector<Topic> drop;
};

enum class Push { snapshot, update };

struct RestAnswer {
  unsigned status = 200;
  std::string body;
  std::string_view content_type{};  ///< a literal; "" is application/json
};

/// How a frame travels.
enum class Form : std::uint8_t { text, binary, gzip };

/// One venue's side of the conversation. Pure and stateless; shares no code with the adapters in fetchers/venues.
class Dialogue {
 public:
  virtual ~Dialogue() = default;

  /// Whether a WebSocket may be opened at this target (without the market's prefix).
  virtual bool serves(std::string_view target) const = 0;
  /// What follows from opening it.
  virtual Answer greet(std::string_view target, std::span<const Pair> pairs) const = 0;
  /// What follows from a client's text.
  virtual Answer hear(std::string_view text, std::span<const Pair> pairs, WallTime now) const = 0;
  /// One pushed message; empty when this venue sends no such (Binance knows no snapshots).
  virtual std::string push(const Topic& topic, std::string_view target, const Board& board, Push kind) const = 0;
  /// What the venue sends about once a second to a client with these topics.
  virtual std::vector<std::string> heartbeat(std::span<const Topic> topics, const Board& board, WallTime now) const = 0;
  /// The answer to GET target.
  virtual RestAnswer rest(std::string_view target, const Board& board, WallTime now) const = 0;
  /// The answer to POST target with this body; most venues' market data are not asked for like that.
  virtual RestAnswer post(std::string_view target, std::string_view body, const Board& board, WallTime now) const;
  /// How a frame of this venue travels.
  virtual Form form(std::string_view frame) const;
};

/// A frame under its number on its connection, which then grows: a venue that numbers it leaves the word "$serial".
std::string numbered(std::string frame, std::uint64_t& serial);

/// One of market_venues(); nullptr for another.
const Dialogue* find_dialogue(std::string_view venue);
/// Every venue that the market speaks for. New ones stand at the end: a board's seed follows from its place.
std::vector<std::string_view> market_venues();

}  // namespace assay::fetchers::market
