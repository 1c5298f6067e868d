#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/entropy.hpp"
#include "core/quote.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/intake.hpp"
#include "fetchers/tape.hpp"

namespace assay::fetchers {

/// By which road a venue is read.
enum class Transport : std::uint8_t { streams, polls, both };

/// One venue to read.
struct VenueFeedSettings {
  std::string venue;                       ///< an adapter's name: "kraken"
  std::shared_ptr<const Adapter> adapter;  ///< speaks for it instead of the built-in one of that name; none usually
  std::vector<std::string> symbols;        ///< as the venue writes them in its WebSocket API: "BTC/USD"
  std::string rest_url;                    ///< "" is the adapter's own, e.g. "https://api.kraken.com"
  std::string api_key;                     ///< put where the adapter's KeyRule says, never shown; "" is none
  std::string ws_url;                      ///< "" is the adapter's own
  std::string ca_file;                     ///< PEM roots; "" is the system's store
  Micros poll_interval = millis(1000);
  Transport transport = Transport::both;
};

/// Where the time comes from. Both are called from any lent thread.
struct Clocks {
  std::function<MonoTime()> mono;
  std::function<WallTime()> wall;
};

/// One venue's counters since the start.
struct VenueState {
  std::string venue;
  std::uint64_t messages = 0;       ///< WebSocket messages and HTTP bodies
  std::uint64_t quotes = 0;         ///< handed to the sink
  std::uint64_t refusals = 0;       ///< items that we would not read
  std::uint64_t unlisted = 0;       ///< quotes of symbols that are not configured
  std::uint64_t reconnects = 0;     ///< stream attempts that failed or ended
  std::uint64_t poll_failures = 0;  ///< requests without a usable answer
  bool connected = false;           ///< the stream is open
  std::optional<Micros> last_message_age;
  std::string state;  ///< "connecting", "streaming", "polling", "down: ..."; for people
};

/// Venues in, quotes out: an Intake per venue over WsClients and HttpPoller.
class VenueFeeds {
 public:
  /// `sink` and `note` are called on the lent threads, never two calls at a time; they must not block.
  /// A venue without an adapter is noted as `unsupported` and stays silent. `entropy` is drawn from here only.
  VenueFeeds(std::vector<VenueFeedSettings> venues, Clocks clocks, Entropy& entropy, std::function<void(Quote)> sink,
             std::function<void(VenueNote)> note);
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

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers
