#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/quote.hpp"
#include "fetchers/halts.hpp"
#include "fetchers/standing.hpp"
#include "fetchers/venue.hpp"
#include "fetchers/venue_clock.hpp"

namespace assay::fetchers {

/// Something worth a log line. A refusal that repeats is told at its 1st, 2nd, 4th, 8th... time.
struct VenueNote {
  std::string venue;
  std::string_view what;  ///< "stream", "poll", "parse", "unlisted", "instruments", "clock", "check" or "settings"
  Error error;
  std::string text;
};

/// When a payload arrived, by both clocks.
struct Moment {
  WallTime wall;
  MonoTime mono;
};

/// What an intake reads and for whom.
struct IntakeSettings {
  std::string venue;
  std::vector<std::string> symbols;            ///< as the venue's streams write them
  std::map<std::string, std::string> names{};  ///< by such a symbol, what our quotes call it; as it is when not listed
};

/// One venue's payloads become quotes: read, matched with the configured symbols, checked, counted. The same code takes
/// what sockets bring and what a tape holds.
/// A REST payload may spell a symbol in another way than the stream (XXBTZUSD for BTC/USD): a quote whose canonical
/// base and quote are those of one configured symbol carries that symbol. Quotes of any other symbol are counted and
/// dropped, so that no venue decides how much a node remembers. Candles speak of an interval that is over and are not
/// handed on. A quote of a time that cannot be (VenueClock) is refused; rates, which are a day's, are not asked for
/// theirs, and trades may be as old as they are. So may be what is dated aside (TimeOf): with bid and ask it counts as
/// of its receipt. One that is no price takes back what was said before (no_price), but for a trade. What stands
/// without a word is handed on again (Standing), as long as nothing that was not understood may have been about it.
/// What the venue says of trading (Halts) goes with every quote, and alone when it changes.
/// Pure. read_message(), opened() and closed() on one thread, read_body() on any; take() never two calls at a time.
class Intake {
 public:
  Intake(IntakeSettings settings, const Adapter& adapter, std::function<void(Quote)> sink,
         std::function<void(VenueNote)> note);

  void opened(std::uint64_t connection);  ///< a new one: it remembers nothing. The oldest beyond connections_max goes
  void closed(std::uint64_t connection);
  Parsed read_message(std::uint64_t connection, ByteSpan frame, std::string_view target);
  Parsed read_body(std::string_view endpoint, ByteSpan body) const;
  /// The quote under the name that is configured for it; none for a candle and for an instrument that is not listed.
  std::optional<ParsedQuote> listed(const ParsedQuote& parsed) const;
  /// Hands every quote of a payload to the sink.   connection  0: it is an answer
  void take(const Parsed& parsed, Moment now, std::uint64_t connection = Halts::answers);
  /// An answer was asked for and does not tell of it, or of any: until a stream speaks again, nothing stands.
  ///   name  as quotes have it
  void doubt(std::string_view name) { standing_.forget(name); }
  void doubt() { standing_.forget(); }
  /// What is said of the trading of one configured symbol.
  void take_trading(const std::string& symbol, Halts::Road road, Trading said, Moment now);

  std::uint64_t messages() const { return messages_; }
  std::uint64_t quotes() const { return quotes_; }      ///< handed to the sink
  std::uint64_t refusals() const { return refusals_; }  ///< items that we would not read
  std::uint64_t unlisted() const { return unlisted_; }  ///< quotes of symbols that are not configured
  std::uint64_t untimely() const { return untimely_; }  ///< quotes of the future, or far too late
  std::optional<MonoTime> first_message() const { return first_message_; }
  std::optional<MonoTime> last_message() const { return last_message_; }
  const VenueClock& clock() const { return clock_; }

  static constexpr std::size_t connections_max = 64;

 private:
  void take_quote(const ParsedQuote& parsed, Moment now, std::uint64_t connection);
  void take_note(const TradingNote& note, Moment now, std::uint64_t connection);
  void tell_trading(const std::string& name, Moment now);
  void weigh(const Parsed& parsed, std::uint64_t connection);
  bool is_timely(const ParsedQuote& parsed, Moment now);
  void refuse(Error error, std::string_view text);
  void pass_over(std::string_view symbol);

  const IntakeSettings settings_;
  const Adapter& adapter_;
  const std::function<void(Quote)> sink_;
  const std::function<void(VenueNote)> note_;
  std::map<std::uint64_t, StreamMemory> memories_;  ///< by connection
  VenueClock clock_;
  Standing standing_;
  Halts halts_;
  std::uint64_t messages_ = 0;
  std::uint64_t quotes_ = 0;
  std::uint64_t refusals_ = 0;
  std::uint64_t unlisted_ = 0;
  std::uint64_t untimely_ = 0;
  std::optional<MonoTime> first_message_;
  std::optional<MonoTime> last_message_;
};

}  // namespace assay::fetchers
