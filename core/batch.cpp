#include "core/batch.hpp"

#include <algorithm>

#include "core/observation.hpp"

namespace assay {
namespace {

std::vector<Digest> blob_hashes(std::span<const Bytes> blobs) {
  std::vector<Digest> hashes;
  hashes.reserve(blobs.size());
  for (const Bytes& blob : blobs) {
    hashes.push_back(merkle_leaf(blob));
  }
  return hashes;
}

std::vector<Leaf> decode_leaves(ByteReader& in) {
  const std::uint32_t count = in.count(feed_count_max);
  std::vector<Leaf> leaves;
  leaves.reserve(std::min<std::size_t>(count, in.left() / leaf_size));
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    const ByteSpan bytes = in.raw(leaf_size);
    if (!in.ok()) {
      break;
    }
    const auto leaf = decode_leaf(bytes);
    if (!leaf) {
      in.fail(leaf.error());
      break;
    }
    leaves.push_back(*leaf);
  }
  return leaves;
}

std::vector<Bytes> decode_blobs(ByteReader& in) {
  const std::uint32_t count = in.count(observation_count_max);
  std::vector<Bytes> blobs;
  blobs.reserve(count);
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    const ByteSpan bytes = in.blob(UINT32_MAX);  // borrowed: the input itself is the bound
    blobs.emplace_back(bytes.begin(), bytes.end());
  }
  return blobs;
}

}  // namespace

std::vector<Digest> leaf_hashes(std::span<const Leaf> leaves) {
  std::vector<Digest> hashes;
  hashes.reserve(leaves.size());
  for (const Leaf& leaf : leaves) {
    hashes.push_back(merkle_leaf(encode(leaf)));
  }
  return hashes;
}

Done verify_batch(const Batch& batch, const PublicKey& group_key) {
  if (!verify_ed25519(group_key, encode(batch.header), batch.signature)) {
    return Error{Errc::bad_signature, "the group's signature over the header"};
  }
  return verify_contents(batch);
}

Done verify_contents(const Batch& batch) {
  const Header& header = batch.header;
  if (batch.leaves.size() != header.feed_count || merkle_root(leaf_hashes(batch.leaves)) != header.feeds_root) {
    return Error{Errc::bad_proof, "the leaves of the signed root"};
  }
  const bool same_height =
      std::all_of(batch.leaves.begin(), batch.leaves.end(), [&](const Leaf& l) { return l.height == header.height; });
  if (!same_height) {
    return Error{Errc::wrong_height, "leaves of the header's height"};
  }
  if (!batch.observations.empty() && merkle_root(blob_hashes(batch.observations)) != header.inputs_root) {
    return Error{Errc::bad_proof, "the observations of the signed root"};
  }
  return Ok{};
}

Bytes encode(const Batch& batch) {
  ByteWriter out(header_size + 64 + 8 + leaf_size * batch.leaves.size());
  out.raw(encode(batch.header)).raw(batch.signature.bytes);
  out.u32(static_cast<std::uint32_t>(batch.leaves.size()));
  for (const Leaf& leaf : batch.leaves) {
    out.raw(encode(leaf));
  }
  out.u32(static_cast<std::uint32_t>(batch.observations.size()));
  for (const Bytes& observation : batch.observations) {
    out.blob(observation);
  }
  return std::move(out).take();
}

Result<Batch> decode_batch(ByteSpan bytes) {
  ByteReader in(bytes);
  const ByteSpan header_bytes = in.raw(header_size);
  if (!in.ok()) {
    return in.error();
  }
  const auto header = decode_header(header_bytes);
  if (!header) {
    return header.error();
  }
  Batch batch;
  batch.header = *header;
  batch.signature = Signature{in.array<64>()};
  batch.leaves = decode_leaves(in);
  batch.observations = decode_blobs(in);
  if (const auto done = in.done(); !done) {
    return done.error();
  }
  return batch;
}

}  // namespace assay
