#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/policy.hpp"
#include "core/keys.hpp"
#include "node/demo.hpp"
#include "node/exit_code.hpp"
#include "node/process.hpp"

namespace assay::node {

/// `assay up`: a synthetic market and a committee of separate processes on loopback, watched by a verifying client.
struct UpOptions {
  std::uint32_t seconds = 0;  ///< from readiness; 0: until Ctrl-C
  std::string folder = "build/up";
  std::uint16_t nodes = 4;
  std::uint32_t tick_ms = 250;
  std::string postgres_url;
  std::optional<aggregator::AggregationPolicy> policy;  ///< feeds in place of the demonstration's own
  std::filesystem::path scenario;                       ///< what happens to the market; empty: nothing
  bool json = false;
};

/// The demonstration as it stands on disk and in the process table. Destruction calls end().
class UpCommittee {
 public:
  /// Clears what an earlier `up` left in the folder, runs a key generation, writes files, starts the market
  /// and the nodes. Touches nothing in a folder that an earlier `up` has not marked as its own.
  ///   errors  locked: another `up` uses the folder, or it holds files of somebody else;  out_of_range: members;
  ///           io_failed
  static Result<std::unique_ptr<UpCommittee>> start(const UpOptions& options);
  ~UpCommittee();
  UpCommittee(const UpCommittee&) = delete;
  UpCommittee& operator=(const UpCommittee&) = delete;

  /// Ends every process, also those that somebody restarted by hand, and removes up.json. The files stay.
  void end();

  /// Writes `up.json` (contract for scripts): temp + rename.
  Done announce() const;

  const DemoNetwork& demo() const noexcept { return demo_; }
  NetworkId network() const;
  std::vector<std::string> stream_urls() const;
  std::vector<std::filesystem::path> ledgers() const;
  std::filesystem::path log_of(std::size_t node) const { return nodes_[node].folder / "log"; }
  std::size_t size() const noexcept { return nodes_.size(); }
  bool is_node_running(std::size_t node);
  bool is_market_running() { return market_process_->is_running(); }

 private:
  UpCommittee() = default;
  Done take_folder(const std::string& folder);
  Done start_market(std::uint16_t port, const std::filesystem::path& scenario);
  Done start_nodes(const UpOptions& options);

  std::filesystem::path folder_;
  int lock_ = -1;
  DemoNetwork demo_;
  DemoMarket market_;
  std::string market_url_;
  std::optional<Child> market_process_;
  std::vector<DemoNode> nodes_;
  std::vector<Child> node_processes_;
};

/// Runs the whole demonstration and prints its last line.
Exit run_up(const UpOptions& options);

}  // namespace assay::node
