#include "node/venue_run.hpp"

#include <fmt/format.h>

#include "node/log.hpp"
#include "node/venue_plan.hpp"

namespace assay::node {

namespace {

/// Blocking requests under way at once: a venue that hangs delays the others only when this many do.
constexpr int poller_threads = 3;

}  // namespace

VenueRun::VenueRun(const config::NetworkSettings& network, const config::NodeSettings& settings,
                   std::shared_ptr<fetchers::HostGates> gates)
    : gates_(gates ? std::move(gates) : std::make_shared<fetchers::HostGates>()),
      feeds_(
          venue_plan(network.policy, settings), fetchers::Clocks{.mono = mono_now, .wall = wall_now}, entropy_,
          [this](Quote quote) { quotes.put(std::move(quote)); },
          [](const fetchers::VenueNote& note) {
            log_info(fmt::format("venue {}: {}: {}: {}", note.venue, note.what, name(note.error.code), note.text));
          },
          gates_) {
  threads_.emplace_back([this] { feeds_.run_streams(); });
  for (int i = 0; i < poller_threads; ++i) {
    threads_.emplace_back([this] { feeds_.run_pollers(); });
  }
}

VenueRun::~VenueRun() {
  feeds_.stop();
  for (auto& thread : threads_) {
    thread.join();
  }
}

}  // namespace assay::node
