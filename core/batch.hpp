#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.hpp"
#include "core/header.hpp"
#include "core/keys.hpp"
#include "core/leaf.hpp"
#include "core/merkle.hpp"
#include "core/result.hpp"

namespace assay {

/// The committee's agreed result for all feeds at one height, with everything needed to check and reproduce it.
struct Batch {
  Header header;
  Signature signature;              ///< by the group key over encode(header)
  std::vector<Leaf> leaves;         ///< ascending feed id
  std::vector<Bytes> observations;  ///< complete signed OBS messages, ascending member; may be empty after pruning
};

/// Leaf hashes of encoded leaves, in order: the input of merkle_root and inclusion_path.
std::vector<Digest> leaf_hashes(std::span<const Leaf> leaves);

/// Signature under `group_key`, leaf count and feeds_root against the header; inputs_root too when bodies are present.
///   errors  bad_signature, bad_proof, wrong_height.   cost  one Ed25519 verification and 2 hashes a leaf
Done verify_batch(const Batch& batch, const PublicKey& group_key);

/// The same without the signature: for whoever has checked that.   errors  bad_proof, wrong_height
Done verify_contents(const Batch& batch);

/// Observation bodies that one batch may hold: one for each member of the largest committee.
inline constexpr std::uint32_t observation_count_max = 31;

/// Wire and store form: header | signature | u32 count, leaves | u32 count, blobs. Total decode, bounded by
/// the length limit of the caller's transport, feed_count_max and observation_count_max.
///   errors  those of decode_header and decode_leaf, too_large above a count, truncated, trailing_bytes
Bytes encode(const Batch& batch);
Result<Batch> decode_batch(ByteSpan bytes);

}  // namespace assay
