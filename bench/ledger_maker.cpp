// Makes a ledger of many heights with the keys of a whole committee, as if it had run for so long: each batch signed by
// FROST, each observation by its member. For `./dev bench catchup`; the members must not run.
//   ledger_maker LEDGER_FILE HEIGHTS TICK_MS NETWORK_FILE NODE_FILE...        all node files, by member
#include <charconv>
#include <cstdio>
#include <cstring>
#include <span>

#include "config/digest.hpp"
#include "node/config_files.hpp"
#include "node/node_keys.hpp"
#include "node/system.hpp"
#include "publisher/audit/ledger.hpp"
#include "threshold/codec.hpp"
#include "threshold/envelope.hpp"
#include "threshold/protocol.hpp"

namespace assay::node {
namespace {

using namespace threshold;

constexpr std::size_t batches_per_commit = 256;

struct Maker {
  Committee committee;
  aggregator::AggregationPolicy policy;
  std::vector<NodeKeys> keys;
  SystemEntropy entropy;
  Header before;
  Frontier history;

  std::vector<Leaf> leaves(Height height, WallTime time) const {
    std::vector<Leaf> out;
    for (const auto& feed : policy.feeds) {
      Leaf leaf;
      leaf.feed = feed.terms.id;
      leaf.height = height;
      leaf.exponent = feed.terms.exponent;
      leaf.status = Status::ok;
      leaf.observers = static_cast<std::uint8_t>(committee.quorum.n);
      leaf.sources = 3;
      leaf.price = leaf.ema = leaf.ref_price = feed.reference_price + static_cast<std::int64_t>(height.value % 1000);
      leaf.bid = leaf.price - 2;
      leaf.ask = leaf.price + 2;
      leaf.confidence = 10;
      leaf.src_time = leaf.publish_time = time;
      leaf.prev_publish_time = WallTime{time.value - 1};
      leaf.valid_until = time + feed.terms.ttl;
      out.push_back(leaf);
    }
    return out;
  }

  Bytes observation(const NodeKeys& author, Height height, WallTime time) {
    ObsMessage message;
    message.commitment = frost::commit(author.share, entropy).commitment();
    message.observation.time = time;
    for (const auto& feed : policy.feeds) {
      message.observation.feeds.push_back(ObservationEntry{.price = feed.reference_price,
                                                           .bid = feed.reference_price - 1,
                                                           .ask = feed.reference_price + 1,
                                                           .confidence = 10,
                                                           .depth_usd = 1'000'000,
                                                           .src_time = time,
                                                           .reasons = 0,
                                                           .sources = 3});
    }
    const Scope scope{MessageType::obs, View{0}, height, author.share.member()};
    return seal(committee, author.identity, scope, encode_payload(message));
  }

  Result<Signature> sign(const Header& header) {
    std::vector<frost::NoncePair> pairs;
    std::vector<frost::SignerCommitment> signers;
    for (std::uint16_t i = 0; i < committee.quorum.agree(); ++i) {
      pairs.push_back(frost::commit(keys[i].share, entropy));
      signers.push_back({MemberIndex{i}, pairs.back().commitment()});
    }
    const frost::GroupPublic group{committee.record.group_key, committee.record.threshold,
                                   committee.record.verifying_shares};
    const auto session = frost::Session::make(group, encode(header), std::move(signers));
    if (!session) return session.error();
    std::vector<frost::SignatureShare> shares;
    for (std::uint16_t i = 0; i < committee.quorum.agree(); ++i) {
      const auto share = session->sign(keys[i].share, std::move(pairs[i]));
      if (!share) return share.error();
      shares.push_back(*share);
    }
    return session->aggregate(shares);
  }

  Result<std::shared_ptr<const Batch>> next_batch(WallTime time) {
    Batch batch;
    batch.header = before;
    batch.header.height = next(before.height);
    batch.header.time = time;
    batch.header.prev_header_hash = header_hash(before);
    batch.header.history_root = history.root();
    batch.leaves = leaves(batch.header.height, time);
    batch.header.feeds_root = merkle_root(leaf_hashes(batch.leaves));
    std::vector<Digest> inputs;
    for (const NodeKeys& author : keys) {
      batch.observations.push_back(observation(author, batch.header.height, time));
      inputs.push_back(merkle_leaf(batch.observations.back()));
    }
    batch.header.inputs_root = merkle_root(inputs);
    const auto signature = sign(batch.header);
    if (!signature) return signature.error();
    batch.signature = *signature;
    before = batch.header;
    history.append(history_leaf(before));
    return std::make_shared<const Batch>(std::move(batch));
  }
};

int fail(const char* what, Error error) {
  std::fprintf(stderr, "ledger_maker: %s: %s\n", what, error.detail);
  return 3;
}

int make(const char* ledger_file, std::uint64_t heights, std::int64_t tick_ms, const char* network_file,
         std::span<char*> node_files) {
  const auto network = read_network(network_file);
  const auto record = network ? read_group(network->group_file) : std::nullopt;
  if (!record) return 2;
  auto committee = make_committee(*record, network->name, config::config_digest(*network));
  if (!committee) return fail(network_file, committee.error());
  Maker maker{*committee, network->policy, {}, {}, {}, {}};
  for (const char* file : node_files) {
    const auto settings = read_node(file);
    if (!settings) return 2;
    auto keys = open_keys(*committee, *network, *settings);
    if (const auto* failure = std::get_if<Failure>(&keys)) {
      return std::fprintf(stderr, "ledger_maker: %s\n", failure->text.c_str()), 3;
    }
    maker.keys.push_back(std::move(std::get<NodeKeys>(keys)));
  }
  if (maker.keys.size() != committee->quorum.n) return fail("all node files, please", {});
  maker.before = genesis_header(*committee, static_cast<std::uint32_t>(network->policy.feeds.size()));
  maker.history.append(history_leaf(maker.before));
  auto ledger = publisher::Ledger::open(ledger_file, maker.before);
  if (!ledger) return fail(ledger_file, ledger.error());
  const auto tick_us = static_cast<std::uint64_t>(tick_ms) * 1000;
  WallTime time{wall_now().value - (heights + 1) * tick_us};
  std::vector<std::shared_ptr<const Batch>> made;
  for (std::uint64_t height = 1; height <= heights; ++height) {
    time.value += tick_us;
    auto batch = maker.next_batch(time);
    if (!batch) return fail("signing", batch.error());
    made.push_back(std::move(*batch));
    if (made.size() < batches_per_commit && height < heights) continue;
    if (const auto done = (*ledger)->append(made); !done) return fail(ledger_file, done.error());
    made.clear();
  }
  return 0;
}

bool number(const char* text, std::uint64_t& out) {
  const char* end = text + std::strlen(text);
  return std::from_chars(text, end, out).ptr == end && out > 0;
}

}  // namespace
}  // namespace assay::node

int main(int argc, char** argv) {
  std::uint64_t heights = 0;
  std::uint64_t tick_ms = 0;
  if (argc < 9 || !assay::node::number(argv[2], heights) || !assay::node::number(argv[3], tick_ms)) {
    std::fputs("usage: ledger_maker LEDGER_FILE HEIGHTS TICK_MS NETWORK_FILE NODE_FILE...\n", stderr);
    return 2;
  }
  return assay::node::make(argv[1], heights, static_cast<std::int64_t>(tick_ms), argv[4],
                           {argv + 5, static_cast<std::size_t>(argc - 5)});
}
