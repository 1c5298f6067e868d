#pragma once
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "core/merkle.hpp"
#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/codec.hpp"
#include "threshold/evidence/verify.hpp"
#include "threshold/proposal.hpp"
#include "threshold/signing.hpp"

namespace assay::threshold::evidence {

/// Four members whose keys the test holds, and a judge who knows what is public. View 1 is led by member 1.
struct Courtroom : testing::Test {
  static constexpr View view{1};
  static constexpr Height height{1};
  static constexpr MemberIndex accused{1};

  Courtroom() {
    auto dealt = frost::deal(4, 3, entropy);
    EpochRecord record{.epoch = Epoch{5},
                       .share_generation = 1,
                       .threshold = 3,
                       .group_key = dealt->group.group_key,
                       .verifying_shares = dealt->group.verifying_shares,
                       .identities = {}};
    shares = std::move(dealt->shares);
    for (int i = 0; i < 4; ++i) {
      identities.push_back(IdentityKey::generate(entropy));
      record.identities.push_back(identities.back().public_key());
    }
    committee = *make_committee(record, "court", sha256(as_bytes("configuration")));
  }

  PublicNetwork network() const { return {committee, policy}; }

  Bytes says(MemberIndex member, const Message& message, View in = view, Height at = height) const {
    const Scope scope{static_cast<MessageType>(message.index() + 1), in, at, member};
    return seal(committee, identities[member.value], scope, encode_payload(message));
  }
  Signature signature_of(const Bytes& frame) const { return open_envelope(committee, frame)->signature; }

  frost::NoncePair pair(MemberIndex member) { return frost::commit(shares[member.value], entropy); }

  Observation observation(std::int64_t price) const {
    Observation out{WallTime{1'790'000'000'000'000}, {}};
    for (std::size_t feed = 0; feed < policy.feeds.size(); ++feed) {
      out.feeds.push_back(ObservationEntry{.price = price,
                                           .bid = price - 10,
                                           .ask = price + 10,
                                           .confidence = 5,
                                           .depth_usd = 1000,
                                           .src_time = out.time,
                                           .reasons = 0,
                                           .sources = 3});
    }
    return out;
  }
  Bytes observes(MemberIndex member, std::int64_t price, View in = view, Height at = height) {
    return says(member, ObsMessage{boot, pair(member).commitment(), observation(price)}, in, at);
  }

  TipCertificate genesis() const { return {genesis_header(committee, 2), {}}; }

  /// A prepare certificate of members 0, 1 and 2.
  PrepareCertificate prepared(View in, Height at, const Digest& header, const Digest& proposal) const {
    PrepareCertificate out{in, at, header, proposal, 0b0111, {}};
    for (std::uint16_t i = 0; i < 3; ++i) {
      out.signatures.push_back(signature_of(says(MemberIndex{i}, PrepMessage{header, proposal}, in, at)));
    }
    return out;
  }

  /// A NEWVIEW of members 0, 1 and 2, who all know nothing but genesis.
  NewView new_view(const std::optional<PrepareCertificate>& lock = std::nullopt, View in = view) const {
    NewView out{{}, genesis(), lock};
    for (std::uint16_t i = 0; i < 3; ++i) {
      VenterMessage summary{header_hash(genesis().header), std::nullopt, boot, std::nullopt};
      if (lock) summary.lock = LockClaim{lock->view, lock->header_hash};
      const Bytes frame = says(MemberIndex{i}, summary, in);
      out.entries.push_back({MemberIndex{i}, height, summary, signature_of(frame)});
    }
    return out;
  }

  /// The leader's honest first proposal of a view, over the given bodies.
  PropMessage proposal(const std::vector<Bytes>& bodies, View in = view) const {
    std::vector<BodyRef> read;
    PropMessage out{
        .header = {}, .tip = genesis(), .observers = {}, .signers = 0, .new_view = new_view(std::nullopt, in)};
    for (const Bytes& body : bodies) {
      read.push_back(
          *read_body(committee, network().limits(), std::make_shared<const Bytes>(body), Author::verified_before));
      out.observers.push_back({read.back()->member, read.back()->digest});
    }
    const auto made = recompute(policy, out.tip.header, {}, committee.quorum, read);
    out.header = out.tip.header;
    out.header.height = height;
    out.header.time = made->time;
    out.header.prev_header_hash = header_hash(out.tip.header);
    out.header.history_root = merkle_root(std::vector{history_leaf(out.tip.header)});
    out.header.feeds_root = made->feeds_root;
    out.header.inputs_root = made->inputs_root;
    return out;
  }

  Result<Verdict> judged(const Evidence& evidence) const {
    return verify_evidence(network(), encode(committee.cfg, evidence));
  }

  void expect_refused(const Evidence& evidence, Errc code) const {
    const auto verdict = judged(evidence);
    ASSERT_FALSE(verdict) << verdict->what;
    EXPECT_EQ(verdict.error().code, code) << verdict.error().detail;
  }

  /// Convicts the accused, has one spelling, and convicts nobody with any one byte changed.
  void expect_conviction(const Evidence& evidence, Kind kind) const {
    const Bytes bytes = encode(committee.cfg, evidence);
    const auto verdict = verify_evidence(network(), bytes);
    ASSERT_TRUE(verdict) << verdict.error().detail;
    EXPECT_EQ(verdict->kind, kind);
    EXPECT_EQ(verdict->member, accused);
    EXPECT_EQ(verdict->identity, identities[accused.value].public_key());
    EXPECT_EQ(verdict->epoch, Epoch{5});
    EXPECT_EQ(encode(committee.cfg, decode(bytes, network().limits())->evidence), bytes);
    Bytes changed = bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
      EXPECT_FALSE(verify_evidence(network(), changed)) << name(kind) << ", byte " << i;
      changed[i] = bytes[i];
    }
    for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 64) {
      EXPECT_FALSE(verify_evidence(network(), ByteSpan(bytes).first(length))) << "cut at " << length;
    }
    changed.push_back(0);
    EXPECT_FALSE(verify_evidence(network(), changed)) << "one byte more";
  }

  SeededEntropy entropy{77};
  BootId boot{};
  std::vector<IdentityKey> identities;
  std::vector<frost::SecretShare> shares;
  Committee committee;
  aggregator::AggregationPolicy policy = test_policy(2);
};

}  // namespace assay::threshold::evidence
