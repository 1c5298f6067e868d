// Evidence from anybody: what decodes has one spelling, and no judge aborts. The second judge takes every signature for
// good, so that the rules behind the signatures are reached too; the first is the real one and convicts nobody here.
#include <cstdlib>

#include "threshold/evidence/verify.hpp"
#include "threshold/signatures.hpp"

using namespace assay;
using namespace assay::threshold;

namespace {

class Credulous final : public Signatures {
 public:
  Signature sign(const IdentityKey&, ByteSpan) const override { return {}; }
  bool verify(const PublicKey&, ByteSpan, const Signature&) const override { return true; }
  Done validate(const frost::Commitment& commitment) const override {
    if (commitment.hiding[0] == 0xff) return Error{Errc::bad_element, "as the fuzzer likes"};
    return Ok{};
  }
  Result<std::unique_ptr<SigningSession>> open(const frost::GroupPublic& group, ByteSpan message,
                                               std::vector<frost::SignerCommitment> signers) const override {
    return Signatures::ed25519().open(group, message, std::move(signers));
  }
};

Digest filled(std::uint8_t byte) {
  Digest out;
  out.bytes.fill(byte);
  return out;
}

/// The committee of the golden messages.
Committee committee_of(const Signatures& signatures) {
  Committee committee{.quorum = Quorum{4},
                      .network = NetworkId{filled(1)},
                      .epoch = Epoch{3},
                      .config_digest = filled(2),
                      .cfg = {},
                      .record = {}};
  committee.record.threshold = 3;
  committee.record.verifying_shares.resize(4);
  committee.record.identities.resize(4);
  committee.signatures = &signatures;
  return committee;
}

aggregator::AggregationPolicy two_feeds() {
  aggregator::AggregationPolicy policy;
  policy.version = 1;
  policy.observation_age_max = millis(5000);
  for (const char* symbol : {"A/USD", "B/USD"}) {
    aggregator::FeedPolicy feed;
    feed.terms = FeedTerms{symbol, feed_id(symbol), -4, millis(2000)};
    feed.floor_price = 1;
    feed.ceiling_price = INT64_MAX / 4;
    feed.src_age_max = millis(5000);
    feed.ema_tau = millis(60'000);
    feed.always_open = true;
    policy.feeds.push_back(feed);
  }
  return policy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Credulous credulous;
  static const aggregator::AggregationPolicy policy = two_feeds();
  static const Committee strict = committee_of(Signatures::ed25519());
  static const Committee lax = committee_of(credulous);
  const ByteSpan bytes(data, size);
  const evidence::PublicNetwork network{strict, policy};
  const auto opened = evidence::decode(bytes, network.limits());
  if (!opened) return 0;
  if (evidence::encode(opened->scope, opened->evidence) != Bytes(bytes.begin(), bytes.end())) std::abort();
  // All identity keys are zeros here: a point of small order, under which nothing verifies.
  if (evidence::verify_evidence(network, bytes)) std::abort();
  (void)evidence::verify_evidence({lax, policy}, bytes);
  return 0;
}
