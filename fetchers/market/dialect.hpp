#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fetchers/market/dialogue.hpp"
#include "fetchers/market/heard.hpp"
#include "fetchers/market/render.hpp"

/// What a venue says, as tables: most venues differ in names and places only. Forms are those of render(); places are
/// those of Heard.
namespace assay::fetchers::market {

/// A message of the client that has one answer: its ping, a request that we only acknowledge.
struct Reply {
  std::string_view place;  ///< "" is the whole text
  std::string_view value;  ///< "*" is anything
  std::string_view form;   ///< "" is no answer
};

/// How a client subscribes.
struct Listening {
  std::string_view key{};      ///< the place that tells a subscription; "": that there are names
  std::string_view value{};    ///< what stands there
  std::string_view names{};    ///< places of the channels
  std::string_view channel{};  ///< form of one: "tickers.$symbol"; a comma list may stand for the symbol
  std::string_view ack{};      ///< one for each instrument; "" none
  std::string_view ack_all{};  ///< one for the request; "" none
  std::string_view unknown{};  ///< for a channel that is none; $symbol is what was asked for
};

enum class Method : std::uint8_t { get, post };

/// Which instruments a request is about.
enum class Names : std::uint8_t {
  none,  ///< it is about none: `head` is the answer
  one,   ///< exactly one, named by the parameter or in the path
  some,  ///< those that the parameter lists; all without it
  all,   ///< all, whatever else is said
};

/// One kind of request and its answer: head, an entry for each instrument with commas between, tail.
struct Route {
  Method method = Method::get;
  std::string_view path;  ///< "/products/$symbol/ticker"; a slash at its end does not matter
  Names names = Names::all;
  std::string_view parameter{};  ///< of the query; for a POST the place in the body
  std::string_view key{};        ///< POST: only bodies with `value` at this place
  std::string_view value{};
  std::string_view head{};
  std::string_view entry{};
  std::string_view tail{};
};

/// Where a table does not reach.
struct Asked {
  Method method;
  std::string_view target;
  std::string_view body;
  const Board& board;
  WallTime now;
};

/// What is said to a request that names no instrument of ours.
struct Unknown {
  unsigned status = 400;
  std::string_view form;  ///< $symbol is what was asked for
};

struct Dialect {
  std::string_view venue;
  std::string (*spell)(const Pair& pair);  ///< "" is not listed here
  Form stream_form = Form::text;
  std::string_view stream_path{};  ///< "" has no streams
  std::string_view greeting{};     ///< said to whoever connects
  std::span<const Reply> replies{};
  Listening listening{};
  std::string_view confused{};                            ///< said to what is not understood
  std::string_view push{};                                ///< form of an update
  std::string (*push_bytes)(const Said& said) = nullptr;  ///< in place of a form
  std::string_view beat{};                                ///< said every beat_s
  std::uint64_t beat_s = 0;
  std::string_view standing{};       ///< said as often of each instrument that a client follows
  std::string_view separator = ",";  ///< between the entries of an answer
  std::string_view content_type = "application/json";
  std::span<const Route> routes{};
  Unknown unknown{};
  std::optional<RestAnswer> (*rest_otherwise)(const Asked& asked) = nullptr;  ///< asked before the routes
};

std::string joined(const Pair& pair);        ///< "BTCUSD"
std::string lower_joined(const Pair& pair);  ///< "btcusd"
std::string dashed(const Pair& pair);        ///< "BTC-USD"
std::string slashed(const Pair& pair);       ///< "BTC/USD"
std::string underlined(const Pair& pair);    ///< "BTC_USD"
std::string reversed(const Pair& pair);      ///< "USD-BTC"

/// A venue that its table describes.
class DialectDialogue final : public Dialogue {
 public:
  explicit DialectDialogue(const Dialect& dialect) : dialect_(dialect) {}

  std::string_view venue() const { return dialect_.venue; }
  bool serves(std::string_view target) const override;
  Answer greet(std::string_view target, std::span<const Pair> pairs) const override;
  Answer hear(std::string_view text, std::span<const Pair> pairs, WallTime now) const override;
  std::string push(const Topic& topic, std::string_view target, const Board& board, Push kind) const override;
  std::vector<std::string> heartbeat(std::span<const Topic> topics, const Board& board, WallTime now) const override;
  RestAnswer rest(std::string_view target, const Board& board, WallTime now) const override;
  RestAnswer post(std::string_view target, std::string_view body, const Board& board, WallTime now) const override;
  Form form(std::string_view frame) const override;

 private:
  RestAnswer answer(const Asked& asked) const;

  const Dialect& dialect_;
};

}  // namespace assay::fetchers::market
