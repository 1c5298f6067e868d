#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/quote.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// Something worth a log line. A refusal that repeats is told at its 1st, 2nd, 4th, 8th... time.
struct VenueNote {
  std::string venue;
  std::string_view what;  ///< "stream", "poll", "parse", "unlisted" or "settings"; a literal
  Error error;
  std::string text;
};

/// When a payload arrived, by both clocks.
struct Moment {
  WallTime wall;
  MonoTime mono;
};

/// One venue's payloads become quotes: read, matched with the configured symbols, checked, counted. The same code takes
/// what sockets bring and what a tape holds.
/// A REST payload may spell a symbol in another way than the stream (XXBTZUSD for BTC/USD): a quote whose canonical
/// base and quote are those of one configured symbol carries that symbol. Quotes of any other symbol are counted and
/// dropped, so that no venue decides how much a node remembers. Candles speak of an interval that is over and are not
/// handed on.
/// Pure. read_message() and opened() on one thread, read_body() on any; take() never two calls at a time.
class Intake {
 public:
  Intake(std::string venue, std::vector<std::string> symbols, const Adapter& adapter, std::function<void(Quote)> sink,
         std::function<void(VenueNote)> note);

  void opened() { memory_ = {}; }  ///< a new connection: what the one before it said is forgotten
  Parsed read_message(ByteSpan frame, std::string_view target);
  Parsed read_body(std::string_view endpoint, ByteSpan body) const;
  /// The quote under the symbol that is configured for it; none for a candle and for an instrument that is not listed.
  std::optional<ParsedQuote> listed(const ParsedQuote& parsed) const;
  /// Hands every quote of a payload to the sink.
  void take(const Parsed& parsed, Moment now);

  std::uint64_t messages() const { return messages_; }
  std::uint64_t quotes() const { return quotes_; }      ///< handed to the sink
  std::uint64_t refusals() const { return refusals_; }  ///< items that we would not read
  std::uint64_t unlisted() const { return unlisted_; }  ///< quotes of symbols that are not configured
  std::optional<MonoTime> last_message() const { return last_message_; }

 private:
  void take_quote(const ParsedQuote& parsed, Moment now);
  void refuse(Error error, std::string_view text);
  void pass_over(std::string_view symbol);

  const std::string venue_;
  const std::vector<std::string> symbols_;
  const Adapter& adapter_;
  const std::function<void(Quote)> sink_;
  const std::function<void(VenueNote)> note_;
  StreamMemory memory_;
  std::uint64_t messages_ = 0;
  std::uint64_t quotes_ = 0;
  std::uint64_t refusals_ = 0;
  std::uint64_t unlisted_ = 0;
  std::optional<MonoTime> last_message_;
};

}  // namespace assay::fetchers
