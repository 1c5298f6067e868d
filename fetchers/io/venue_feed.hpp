#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/entropy.hpp"
#include "core/quote.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/condition.hpp"
#include "fetchers/instruments.hpp"
#include "fetchers/intake.hpp"
#include "fetchers/rate_ledger.hpp"
#include "fetchers/tape.hpp"

namespace assay::fetchers {

class HostGates;

/// By which road a venue is read. Both: streams first; polling takes over where they say nothing, and looks every half
/// minute whether they say the same.
enum class Transport : std::uint8_t { streams, polls, both };

/// One venue to read.
struct VenueFeedSettings {
  std::string venue;                           ///< an adapter's name: "kraken"
  std::shared_ptr<const Adapter> adapter;      ///< speaks for it instead of the built-in one of that name; none usually
  std::vector<std::string> symbols;            ///< as the venue writes them in its WebSocket API: "BTC/USD"
  std::map<std::string, Pair> pairs{};         ///< by symbol: base and quote, where they are known; for advice only
  std::map<std::string, std::string> names{};  ///< by symbol: what quotes of it are called, where that is another name
  std::string rest_url;                        ///< "" is the adapter's own, e.g. "https://api.kraken.com"
  std::string api_key;                         ///< put where the adapter's KeyRule says, never shown; "" is none
  std::string ws_url;                          ///< "" is the adapter's own
  std::string ca_file;                         ///< PEM roots; "" is the system's store
  std::string proxy{};                         ///< "http://host:port", never shown; "" connects directly
  std::optional<RateRule> requests{};          ///< instead of what the venue publishes; an allowance of 0: no limit
  Micros poll_interval = millis(1000);
  std::optional<Micros> age_max{};  ///< after so long without a word the first of the symbols ceases to count
  Transport transport = Transport::both;
};

/// Where the time comes from. Both are called from any lent thread.
struct Clocks {
  std::function<MonoTime()> mono;
  std::function<WallTime()> wall;
};

/// One venue's counters since the start, and how it is doing.
struct VenueState {
  std::string venue;
  std::uint64_t messages = 0;       ///< WebSocket messages and HTTP bodies
  std::uint64_t quotes = 0;         ///< handed to the sink
  std::uint64_t refusals = 0;       ///< items that we would not read
  std::uint64_t unlisted = 0;       ///< quotes of symbols that are not configured
  std::uint64_t untimely = 0;       ///< quotes of the future, or far too late
  std::uint64_t reconnects = 0;     ///< stream attempts that failed or ended
  std::uint64_t renewals = 0;       ///< streams replaced while they went on
  std::uint64_t gaps = 0;           ///< messages whose numbers tell that one before them is missing
  std::uint64_t disagreements = 0;  ///< times that a stream was not believed because polling kept saying another price
  std::uint64_t poll_failures = 0;  ///< requests without a usable answer
  bool connected = false;           ///< all streams are open
  bool lists_read = false;          ///< the venue's own lists of instruments have been seen
  std::optional<Micros> last_message_age;
  std::optional<Micros> clock_offset;         ///< our clock less the venue's, by its quickest messages (VenueClock)
  Condition condition{};                      ///< how its REST host answered last
  Micros left_alone;                          ///< until it is asked again; zero: it is
  std::vector<InstrumentProblem> problems{};  ///< by the venue's own list
  std::vector<std::string>
      contradicted{};      ///< what quotes are called that the stream tells and polling denies: they do not count
  Micros poll_interval{};  ///< from one request to its next; zero: it is not polled
  std::vector<std::string> mute{};  ///< symbols of which nothing came for a minute, though the venue speaks
  std::string state;                ///< "connecting", "streaming", "polling", "down: ..."; for people
};

/// Venues in, quotes out: an Intake per venue over WsClients and HttpPoller. Keeps to what each venue bears
/// (venue_limits.hpp), waits as hosts ask, reads the venues' lists of instruments at the start and every ten minutes
/// (sooner while something of ours is not in them): they tell what is halted. It does not ask for what is not listed,
/// unless nothing of what is configured is.
class VenueFeeds {
 public:
  /// `sink` and `note` are called on the lent threads, never two calls at a time; they must not block.
  /// A venue without an adapter is noted as `unsupported` and stays silent. `entropy` is drawn from here only.
  ///   gates  shared by all feeds of a process, so that hosts that they have in common are not asked twice as often;
  ///          null: its own
  VenueFeeds(std::vector<VenueFeedSettings> venues, Clocks clocks, Entropy& entropy, std::function<void(Quote)> sink,
             std::function<void(VenueNote)> note, std::shared_ptr<HostGates> gates = nullptr);
  ~VenueFeeds();
  VenueFeeds(const VenueFeeds&) = delete;
  VenueFeeds& operator=(const VenueFeeds&) = delete;

  /// Tells everything that arrives, before it is read; as `sink`. To be set before the first run.
  void tap(std::function<void(const TapeEvent&)> recorder);

  void run_streams();  ///< blocks until stop(); one thread
  void run_pollers();  ///< blocks until stop(); one thread or several, see HttpPoller::run()
  void stop();         ///< both return soon; any thread

  /// In the order of the settings. Any thread.
  std::vector<VenueState> states() const;

  static constexpr Micros list_interval = millis(600'000);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers
