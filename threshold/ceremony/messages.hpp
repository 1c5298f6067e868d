#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "threshold/ceremony/deal.hpp"
#include "threshold/ceremony/frame.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::threshold::ceremony {

/// Payloads. The terms fix every length; all decoders are total (truncated, trailing_bytes, too_large).

/// A digest that somebody signed, with its signature: enough to prove a second, different one.
struct SignedDigest {
  Digest digest;
  Signature signature;
  friend bool operator==(const SignedDigest&, const SignedDigest&) = default;
};

/// "These deals reached me, all hold, and so does my share in each."
struct Support {
  std::vector<SignedDigest> deals;  ///< by dealer
};
Bytes encode(const Support& support);
Result<Support> decode_support(const Terms& terms, ByteSpan payload);

/// "My share in this deal does not hold": the point opens that one ciphertext to everybody.
struct Complaint {
  Bytes deal;  ///< the dealer's whole frame
  Bytes32 shared_point{};
  Proof proof{};
};
Bytes encode(const Complaint& complaint);
Result<Complaint> decode_complaint(ByteSpan payload);

/// "My share is durable, and so is this record that the deals add up to."
struct Confirm {
  Digest transcript;
  Digest record;  ///< epoch_record_digest() of the new record
  friend bool operator==(const Confirm&, const Confirm&) = default;
};
Bytes encode(const Confirm& confirm);
Result<Confirm> decode_confirm(ByteSpan payload);

/// SHA-256("assay/transcript/v1" 00 ceremony id, digest of every deal, by dealer).
Digest transcript_digest(const Terms& terms, std::span<const SignedDigest> deals);

/// Payload of TEST_COMMIT is a commitment; this is TEST_SHARE: what it was computed from, and the share.
struct TestShare {
  struct Entry {
    frost::Commitment commitment;
    Signature signature;  ///< of that member's TEST_COMMIT of this attempt
  };
  std::vector<Entry> commitments;  ///< by member
  frost::SignatureShare share;
};
Bytes encode(const frost::Commitment& commitment);
Result<frost::Commitment> decode_commitment(ByteSpan payload);
Bytes encode(const TestShare& share);
Result<TestShare> decode_test_share(const Terms& terms, ByteSpan payload);

/// What the group signs: "assay/test/v1" padded to 16 | ceremony id | CONFIRM payload.
Bytes test_message(const Terms& terms, const Confirm& confirm);

/// Bitmaps of the deals (by dealer), supports and confirmations (by member) that the sender has.
struct Query {
  std::uint32_t deals{};
  std::uint32_t supports{};
  std::uint32_t confirms{};
};
Bytes encode(const Query& query);
Result<Query> decode_query(ByteSpan payload);

/// Every new member's confirmation of one transcript, and the new group's first signature.
struct Outcome {
  Confirm confirm;
  std::vector<Signature> certificate;  ///< of CONFIRM, by member
  Signature test_signature;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};
Bytes encode(const Outcome& outcome);
Result<Outcome> decode_outcome(const Terms& terms, ByteSpan payload);

/// Every signature of the certificate holds.   errors  bad_certificate.   cost  n * 47 us
Done verify_certificate(const Terms& terms, const Confirm& confirm, std::span<const Signature> certificate);

}  // namespace assay::threshold::ceremony
