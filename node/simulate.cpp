#include "node/simulate.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "core/bytes.hpp"

namespace assay::node {
namespace {

namespace sim = threshold::sim;

/// What of a run is kept: a campaign may have a million.
struct Kept {
  std::uint64_t trace{};
  std::uint64_t heights{};
};

}  // namespace

CampaignReport simulate(const Campaign& campaign, const Telling& telling) {
  std::map<std::uint16_t, sim::Keys> keys;
  for (const std::uint16_t nodes : campaign.nodes) keys.try_emplace(nodes, threshold::Quorum{nodes});
  const std::uint64_t runs = (campaign.to - campaign.from + 1) * campaign.nodes.size();
  std::vector<Kept> kept(runs);
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> done{0};
  const unsigned workers = std::max(1U, std::thread::hardware_concurrency());
  struct Mine {
    sim::Counts counts;
    std::vector<sim::RunReport> failures;
  };
  std::vector<Mine> mine(workers);
  std::mutex one_teller;  // tidy: allow(mutex) the workers tell one at a time, and share nothing else
  const auto work = [&](unsigned me) {
    for (std::uint64_t i = next++; i < runs; i = next++) {
      const std::uint16_t nodes = campaign.nodes[i % campaign.nodes.size()];
      auto report = sim::run(keys.at(nodes), sim::draw_plan(campaign.from + i / campaign.nodes.size(), nodes));
      kept[i] = {report.trace, report.heights};
      mine[me].counts.add(report.counts);
      ++done;
      if (me == 0 || report.violation) {
        const std::scoped_lock lock(one_teller);
        if (me == 0) telling.progress(done, runs);
        if (report.violation) telling.failed(report);
      }
      if (report.violation) mine[me].failures.push_back(std::move(report));
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < workers; ++i) others.emplace_back(work, i);
    work(0);
  }
  CampaignReport report;
  report.runs = runs;
  ByteWriter traces;
  for (const Kept& one : kept) {
    report.heights += one.heights;
    traces.u64(one.trace);
  }
  report.trace_hash = tagged_sha256("assay/sim/v1", {traces.bytes()});
  for (Mine& one : mine) {
    report.counts.add(one.counts);
    std::move(one.failures.begin(), one.failures.end(), std::back_inserter(report.failures));
  }
  std::sort(report.failures.begin(), report.failures.end(), [](const auto& a, const auto& b) {
    return std::pair{a.seed, a.nodes} < std::pair{b.seed, b.nodes};
  });
  return report;
}

}  // namespace assay::node
