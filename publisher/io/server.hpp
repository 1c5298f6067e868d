#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/feed.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "publisher/service.hpp"

namespace assay::publisher {

/// Bounds on what strangers may cost the node, each with what happens beyond it.
struct ServerSettings {
  std::string listen = "127.0.0.1:0";                     ///< "address:port"; IPv6 in brackets; port 0: any free
  std::size_t connections_max = 1200;                     ///< beyond: accepted and closed at once
  std::size_t subscribers_max = 1000;                     ///< beyond: 503 to the upgrade
  std::size_t unsubscribed_per_address_max = 256;         ///< beyond: likewise closed; subscribers do not count
  std::size_t queue_bytes_max = std::size_t{256} << 10U;  ///< kernel send buffer per connection (SO_SNDBUF)
  std::size_t header_bytes_max = std::size_t{8} << 10U;   ///< beyond: 431
  std::size_t body_bytes_max = std::size_t{4} << 10U;     ///< no route reads a body; beyond: 413
  std::uint32_t request_timeout_ms = 10'000;              ///< for a whole request, and idle between requests
  std::uint32_t write_timeout_ms = 30'000;                ///< a text that nobody reads for so long: dropped
  std::uint32_t subscribe_timeout_ms = 10'000;            ///< a stream without a subscription for so long: close 1008
  std::uint32_t ping_every_ms = 15'000;                   ///< of silence; after so much more it is closed
  std::uint32_t inspect_every_ms = 1000;                  ///< how soon the two time-outs before the last are seen
};

/// A reading for metrics.
struct ServerCounters {
  std::uint64_t connections{};
  std::uint64_t subscribers{};
  std::uint64_t requests{};          ///< HTTP, in total
  std::uint64_t frames_sent{};       ///< in total
  std::uint64_t frames_conflated{};  ///< in total
  std::uint64_t closed_slow{};       ///< in total
  std::uint64_t closed_refused{};    ///< bad messages and rates, in total
};

/// The node's public face: WebSocket /v1/stream (hub.hpp) and the routes of service.hpp on one port.
///   threads  run() borrows one; stop(), publish(), port() and counters() from any thread
class Server {
 public:
  /// Binds and listens, so that port() is known before run().
  ///   errors  connect_failed: address unusable or taken;  out_of_range: listen is not address:port
  static Result<std::unique_ptr<Server>> listen(ServerSettings settings, std::vector<FeedTerms> feeds,
                                                NetworkId network, PublicKey group_key, ServerHooks hooks);
  virtual ~Server() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Serves until stop(); then says goodbye to subscribers (close 1001) and returns.
  virtual void run() = 0;
  virtual void stop() = 0;
  /// Hands a newer batch to every subscriber. Never blocks: a mailbox of one, the newest wins.
  virtual void publish(std::shared_ptr<const Batch> batch) = 0;
  [[nodiscard]] virtual ServerCounters counters() const = 0;
};

}  // namespace assay::publisher
