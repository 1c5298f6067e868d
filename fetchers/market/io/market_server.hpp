#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/market/faults.hpp"
#include "fetchers/market/io/demo_pki.hpp"
#include "fetchers/market/scenario.hpp"
#include "fetchers/market/walk.hpp"

namespace assay::fetchers::market {

struct MarketSettings {
  std::uint64_t seed = 1;
  std::string pki_folder;            ///< ca.pem, server.pem and server.key are written here
  std::vector<std::string> symbols;  ///< "BTC/USD"; every venue lists what it can of them in its own spelling
  std::vector<WalkAsset> assets{};   ///< in place of known_asset()
  Micros push_interval = millis(150);
  std::vector<ScenarioEvent> events{};  ///< see Scenario
  Micros period{};
  std::uint16_t port = 0;           ///< 0: any free one
  bool limits = false;              ///< refuse what is more than a venue documents to bear (Toll)
  std::function<WallTime()> clock;  ///< the venues' clock; required
};

/// What a venue was asked.
struct Tally {
  std::string venue;
  std::uint64_t asked = 0;    ///< requests and streams, with MarketSettings::limits
  std::uint64_t refused = 0;  ///< of these, and of frames, what was too much
};

/// A synthetic market: one random walk, seen by each of market_venues() with its own bias, noise and spread, spoken in
/// that venue's REST and WebSocket formats over TLS on one loopback port. A venue's base URLs are
/// https://localhost:PORT/<venue> and wss://localhost:PORT/<venue>.
///
/// Control, from this machine only like everything here:
///   POST /control {"venue":"kraken","fault":"lie","factor":"10"}   200 {"ok":true}; 400 {"error":...}
///     venue   "*": all of them at the same step;  fault  a word of FaultKind; none ends it and lists everything again
///     factor  see factor_e6();  delay_ms, retry_after_s  whole numbers;  symbol  of halt, delisted: "BTC/USD" or "*"
///   POST /control {"asset":"USDC","move":"0.88","over_ms":5000}    draws a price away from its walk; "1" lets it go
///   GET /   lists venues, their faults, and how much was asked of them and refused (MarketSettings::limits)
/// From the start the scenario's events do the same.
class MarketServer {
 public:
  /// Writes the certificates and binds the port.   errors  io_failed; bad_number for a symbol that is none
  static Result<std::unique_ptr<MarketServer>> listen(const MarketSettings& settings);
  ~MarketServer();
  MarketServer(const MarketServer&) = delete;
  MarketServer& operator=(const MarketServer&) = delete;

  std::uint16_t port() const;
  std::string rest_url(std::string_view venue) const;  ///< "https://localhost:PORT/kraken"
  std::string ws_url(std::string_view venue) const;    ///< "wss://localhost:PORT/kraken"
  const PkiFiles& pki() const;

  /// What was asked of each venue so far, and refused because it was too much; in the order of market_venues(). Any
  /// thread.
  std::vector<Tally> tallies() const;

  /// Any thread. unknown venue: false.
  bool set_fault(std::string_view venue, Fault fault);

  void run();   ///< lends the thread until stop()
  void stop();  ///< any thread

 private:
  class Impl;
  explicit MarketServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers::market
