#include "node/ceremony/demo_ceremony.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <utility>

#include "config/demo.hpp"
#include "config/load.hpp"
#include "node/ceremony/plan.hpp"
#include "node/process.hpp"
#include "node/system.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

namespace {

constexpr auto patience = millis(50'000);

/// Identities on disk, and the ceremony that the first of them proposes.
Result<config::CeremonyPlan> plan_among(const std::vector<DemoNode>& nodes, const std::string& name, Entropy& entropy) {
  CeremonyWish wish;
  wish.network = name;
  std::vector<threshold::IdentityKey> identities;
  for (const auto& node : nodes) {
    std::error_code failed;
    std::filesystem::create_directories(node.folder, failed);
    if (failed) {
      return Error{Errc::io_failed, "cannot create the node's folder"};
    }
    identities.push_back(threshold::IdentityKey::generate(entropy));
    const auto file = node.folder / "identity.key";
    if (const auto done = threshold::store_identity(file, identities.back(), threshold::KeyGuard(), entropy); !done) {
      return done.error();
    }
    wish.members.push_back({threshold::ceremony::recipient_of(identities.back()), node.peer_listen});
  }
  auto plan = plan_ceremony(wish, identities.front(), entropy);
  if (auto* made = std::get_if<config::CeremonyPlan>(&plan)) {
    return std::move(*made);
  }
  return Error{Errc::out_of_range, "a committee of 4, 7, ... 31"};
}

Result<Child> join(const DemoNode& node, const std::filesystem::path& file) {
  return Child::start({own_executable().string(), "dkg", "join", "--ceremony", file.string(), "--identity",
                       (node.folder / "identity.key").string(), "--dir", node.folder.string(), "--share-out",
                       (node.folder / "share.key").string(), "--group-out", (node.folder / "group.yaml").string(),
                       "--timeout", "45", "--linger", "5"},
                      node.folder, node.folder / "log");
}

Done wait_for_all(std::vector<Child>& processes) {
  const auto deadline = mono_now() + patience;
  for (auto& process : processes) {
    while (process.is_running()) {
      if (mono_now() >= deadline) {
        return Error{Errc::timed_out, "key generation takes less than a minute; see the nodes' logs"};
      }
      poll(nullptr, 0, 5);
    }
  }
  return Ok{};
}

/// The one record that all of them wrote.
Result<threshold::EpochRecord> common_record(const std::vector<DemoNode>& nodes) {
  std::optional<threshold::EpochRecord> common;
  for (const auto& node : nodes) {
    const auto loaded = config::load_group(node.folder / "group.yaml");
    const auto* record = std::get_if<threshold::EpochRecord>(&loaded);
    if (record == nullptr || (common && *common != *record)) {
      return Error{Errc::io_failed, "every node ends key generation with the same group file; see the nodes' logs"};
    }
    common = *record;
  }
  return *common;
}

}  // namespace

Result<DemoNetwork> generate_network(const std::filesystem::path& folder, const std::vector<DemoNode>& nodes,
                                     const std::string& name, Micros tick,
                                     const std::optional<aggregator::AggregationPolicy>& policy, Entropy& entropy) {
  const auto plan = plan_among(nodes, name, entropy);
  if (!plan) {
    return plan.error();
  }
  const auto file = folder / "ceremony.yaml";
  if (const auto done = config::write_text(file, config::emit_ceremony(*plan)); !done) {
    return done.error();
  }
  std::vector<Child> processes;
  for (const auto& node : nodes) {
    auto started = join(node, file);
    if (!started) {
      return started.error();
    }
    processes.push_back(std::move(*started));
  }
  const auto waited = wait_for_all(processes);
  for (auto& process : processes) {
    if (process.is_running()) {
      end_processes({process.pid()});
    }
  }
  if (!waited) {
    return waited.error();
  }
  auto record = common_record(nodes);
  if (!record) {
    return record.error();
  }
  DemoNetwork out{config::demo_network(record->identities, name, tick), std::move(*record)};
  if (policy) {
    out.network.policy = *policy;
  }
  if (const auto done = config::write_group(folder / "group.yaml", out.record); !done) {
    return done.error();
  }
  if (const auto done = config::write_text(folder / "network.yaml", config::emit_network(out.network)); !done) {
    return done.error();
  }
  return out;
}

}  // namespace assay::node
