#pragma once
#include <vector>

#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/sim/keys.hpp"

namespace assay::threshold {

/// Signatures that anybody can make: for chains of committees that are not there.
class AnybodySigns final : public Signatures {
 public:
  static Signature over(const PublicKey& key, ByteSpan message) {
    Bytes both(key.bytes.begin(), key.bytes.end());
    both.insert(both.end(), message.begin(), message.end());
    const Digest digest = sha256(both);
    Signature out;
    std::copy(digest.bytes.begin(), digest.bytes.end(), out.bytes.begin());
    return out;
  }
  Signature sign(const IdentityKey& identity, ByteSpan message) const override {
    return over(identity.public_key(), message);
  }
  bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) const override {
    return signature == over(key, message);
  }
  Done validate(const frost::Commitment&) const override { return Ok{}; }
  Result<std::unique_ptr<SigningSession>> open(const frost::GroupPublic&, ByteSpan,
                                               std::vector<frost::SignerCommitment>) const override {
    return Error{Errc::bad_signer_set, "nobody signs here"};
  }
};

/// A long chain of four members, made in no time.
struct MadeChain {
  explicit MadeChain(std::uint32_t feeds)
      : keys(Quorum{4}), committee(sim::first_committee(keys, signatures)), policy(test_policy(feeds)) {
    history.append(history_leaf(genesis_header(committee, feeds)));
  }
  MadeChain(const MadeChain&) = delete;
  MadeChain& operator=(const MadeChain&) = delete;

  void sign(Batch& batch) const {
    batch.signature = AnybodySigns::over(committee.record.group_key, encode(batch.header));
  }

  void grow(std::size_t count) {
    for (; count > 0; --count) {
      const auto feeds = static_cast<std::uint32_t>(policy.feeds.size());
      const Header& before = batches.empty() ? genesis_header(committee, feeds) : batches.back().header;
      Batch batch;
      batch.header = before;
      batch.header.height = next(before.height);
      batch.header.time = WallTime{1'700'000'000'000'000 + batch.header.height.value};
      batch.header.prev_header_hash = header_hash(before);
      for (const auto& feed : policy.feeds) {
        Leaf leaf;
        leaf.feed = feed.terms.id;
        leaf.height = batch.header.height;
        leaf.exponent = feed.terms.exponent;
        leaf.status = Status::insufficient;
        batch.leaves.push_back(leaf);
      }
      const auto number = static_cast<std::uint8_t>(batch.header.height.value);
      batch.observations = {Bytes{1, number}, Bytes{2, number}, Bytes{3, number}};
      for (Bytes& body : batch.observations) body.resize(std::max(body.size(), body_bytes));
      std::vector<Digest> bodies;
      for (const Bytes& body : batch.observations) bodies.push_back(merkle_leaf(body));
      batch.header.feeds_root = merkle_root(leaf_hashes(batch.leaves));
      batch.header.inputs_root = merkle_root(bodies);
      batch.header.history_root = history.root();
      history.append(history_leaf(batch.header));
      sign(batch);
      batches.push_back(std::move(batch));
    }
  }

  const Batch& at(Height height) const { return batches[height.value - 1]; }

  std::size_t body_bytes = 2;  ///< of each observation to come
  AnybodySigns signatures;
  sim::Keys keys;
  Committee committee;
  aggregator::AggregationPolicy policy;
  Frontier history;
  std::vector<Batch> batches;
};

}  // namespace assay::threshold
