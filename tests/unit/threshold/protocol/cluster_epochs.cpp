#include "core/check.hpp"
#include "tests/unit/threshold/protocol/cluster_node.hpp"
#include "threshold/sim/market.hpp"

namespace assay::threshold {

/// Prices move under the simulator's rules in both.
aggregator::AggregationPolicy test_policy(std::uint32_t feeds) {
  return sim::Market(0, feeds).policy();
}

void Cluster::deal_epoch(std::uint16_t nodes, std::uint32_t feeds) {
  SeededEntropy entropy(options_.seed * 7919 + 1 + epochs_.size());
  const auto quorum = Quorum::of(nodes);
  check(static_cast<bool>(quorum), "a committee size of the protocol");
  // Another committee has another polynomial with the same group secret, as a resharing would give it.
  if (secrets_.empty()) secrets_.push_back(frost::SecretScalar::draw(entropy));
  if (secrets_.size() != quorum->agree()) {
    secrets_.resize(1);
    while (secrets_.size() < quorum->agree()) secrets_.push_back(frost::SecretScalar::draw(entropy));
  }
  auto dealt = frost::deal(nodes, secrets_);
  check(static_cast<bool>(dealt), "the dealer deals");
  const auto* last = epochs_.empty() ? nullptr : &epochs_.back().committee.record;
  const bool reshared = last != nullptr && last->verifying_shares != dealt->group.verifying_shares;
  EpochRecord record{.epoch = Epoch{static_cast<std::uint32_t>(epochs_.size())},
                     .share_generation = last == nullptr ? 0 : last->share_generation + (reshared ? 1 : 0),
                     .threshold = quorum->agree(),
                     .group_key = dealt->group.group_key,
                     .verifying_shares = dealt->group.verifying_shares,
                     .identities = {}};
  for (std::uint16_t i = 0; i < nodes; ++i) {
    if (i >= nodes_.size()) {
      nodes_.push_back(std::make_unique<Node>(IdentityKey::generate(entropy), options_.seed * 131 + i));
    }
    record.identities.push_back(nodes_[i]->identity.public_key());
  }
  const std::string configuration = "configuration " + std::to_string(record.epoch.value);
  auto committee = *make_committee(record, "test", sha256(as_bytes(configuration)));
  if (last != nullptr) {
    const Committee& first = epochs_.front().committee;
    Succession succession{.network = committee.network,
                          .genesis = {first.epoch, first.config_digest, options_.feeds},
                          .before = *last,
                          .after = record,
                          .config_digest = committee.config_digest,
                          .endorsements = {}};
    for (const auto& node : nodes_) check(static_cast<bool>(endorse(succession, node->identity)), "members endorse");
    check(static_cast<bool>(check_succession(succession)), "an epoch that can follow");
    committee.descent = Descent{succession.genesis, next_epoch_digest(succession)};
  }
  epochs_.push_back({std::move(committee), test_policy(feeds), std::move(dealt->shares), nullptr});
  epochs_.back().wire = std::make_unique<WireObserver>(epochs_.back().committee, feeds);
}

void Cluster::add_epoch(std::uint16_t nodes, std::uint32_t feeds) {
  const auto present = static_cast<std::uint16_t>(nodes_.size());
  deal_epoch(nodes, feeds);
  for (auto joiner = present; joiner < nodes_.size(); ++joiner) {
    nodes_[joiner]->epoch = epochs_.size() - 1;
    start(joiner, true);
  }
}

Digest Cluster::next_epoch_of(std::uint16_t node) const {
  return epochs_[nodes_[node]->epoch + 1].committee.descent->announced_as;
}

void Cluster::stage(std::uint16_t node) {
  nodes_[node]->staged = next_epoch_of(node);
  step(node, Staged{nodes_[node]->staged});
}

void Cluster::stage_wrong(std::uint16_t node) {
  nodes_[node]->staged = sha256(as_bytes("another network file"));
  step(node, Staged{nodes_[node]->staged});
}

Epoch Cluster::epoch(std::uint16_t node) const {
  return epochs_[nodes_[node]->epoch].committee.epoch;
}

/// As a node does: the next machine starts from what its ledger holds, with a safety log of its own.
void Cluster::follow_epochs(std::uint16_t index) {
  Node& node = *nodes_[index];
  const auto status = node.protocol->status();
  if (status.part != Part::ended || status.next_epoch != node.staged) return;
  if (node.staged != next_epoch_of(index)) return;
  if (node.ledger.empty() || node.ledger.back().header.height != status.tip) return;
  kill(index);
  ++node.epoch;
  node.staged.reset();
  node.log.clear();
  node.log_exists = false;
  if (index < epochs_[node.epoch].committee.quorum.n) start(index, true);
}

}  // namespace assay::threshold
