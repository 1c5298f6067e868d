#pragma once
#include <memory>
#include <thread>
#include <vector>

#include "aggregator/policy.hpp"
#include "config/settings.hpp"
#include "fetchers/io/shared_gate.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "node/mailbox.hpp"
#include "node/system.hpp"

namespace assay::node {

/// The venues of one network file, read from construction to destruction on threads of its own, and the newest quotes
/// that they said. It outlives an epoch's node where that helps: the next epoch's venues are read before it begins, so
/// that no price goes missing when it does.
class VenueRun {
 public:
  /// gates  those of another run of this process, so that both together keep to what the hosts bear; null: new ones
  VenueRun(const config::NetworkSettings& network, const config::NodeSettings& settings,
           std::shared_ptr<fetchers::HostGates> gates);
  ~VenueRun();  ///< may wait for a venue: seconds
  VenueRun(const VenueRun&) = delete;
  VenueRun& operator=(const VenueRun&) = delete;

  QuoteMailbox quotes;  ///< on their way to the committee thread
  std::vector<fetchers::VenueState> states() const { return feeds_.states(); }  ///< any thread
  const std::shared_ptr<fetchers::HostGates>& gates() const { return gates_; }

 private:
  const std::shared_ptr<fetchers::HostGates> gates_;
  SystemEntropy entropy_;
  fetchers::VenueFeeds feeds_;
  std::vector<std::thread> threads_;
};

}  // namespace assay::node
