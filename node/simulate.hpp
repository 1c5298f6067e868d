#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "threshold/sim/run.hpp"

namespace assay::node {

/// Seeds from..to, each with every committee size.
struct Campaign {
  std::uint64_t from{};
  std::uint64_t to{};
  std::vector<std::uint16_t> nodes;
};

struct CampaignReport {
  std::uint64_t runs{};
  std::uint64_t heights{};
  threshold::sim::Counts counts;
  std::vector<threshold::sim::RunReport> failures;  ///< in the order of the seeds
  Digest trace_hash;                                ///< over every run's trace, in the order of the seeds
};

/// What is told while a campaign runs, by one thread at a time.
struct Telling {
  std::function<void(std::uint64_t done, std::uint64_t of)> progress;   ///< now and then
  std::function<void(const threshold::sim::RunReport& report)> failed;  ///< at once
};

/// Runs a campaign on one thread a processor.
CampaignReport simulate(const Campaign& campaign, const Telling& telling);

}  // namespace assay::node
