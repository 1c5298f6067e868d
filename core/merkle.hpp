#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/result.hpp"

namespace assay {

/// Merkle trees after RFC 9162 section 2.1: leaf hash SHA-256(00 data), node hash SHA-256(01 left right),
/// split at the largest power of two below the size; the empty tree is SHA-256 of nothing.
/// All pure, any thread. Paths run from the leaf upwards.

Digest merkle_leaf(ByteSpan data);
Digest merkle_node(const Digest& left, const Digest& right);

/// Root over leaf hashes.   cost  O(n) hashes
Digest merkle_root(std::span<const Digest> leaf_hashes);

/// Audit path of leaf `index` (RFC 9162 2.1.3.1).   index < leaf_hashes.size(), else out_of_range
Result<std::vector<Digest>> inclusion_path(std::span<const Digest> leaf_hashes, std::uint64_t index);

/// The root that `path` leads to (RFC 9162 2.1.3.2).   errors  bad_proof: path too short, too long, index >= size
Result<Digest> root_from_path(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                              std::span<const Digest> path);

/// Proof that the tree of the first `old_size` leaves is a prefix (RFC 9162 2.1.4.1).
///   0 < old_size <= leaf_hashes.size(), else out_of_range
Result<std::vector<Digest>> consistency_path(std::span<const Digest> leaf_hashes, std::uint64_t old_size);

/// Checks a consistency path (RFC 9162 2.1.4.2).   errors  bad_proof
Done verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size, const Digest& new_root,
                        std::span<const Digest> path);

/// A growing tree that keeps only the roots of its complete subtrees, largest first: one per set bit of size.
/// Enough to append and to state the root at each size; 64 digests at most.
class Frontier {
 public:
  void append(const Digest& leaf_hash);  ///< amortised O(1), worst O(log n) hashes
  Digest root() const;                   ///< O(log n) hashes
  std::uint64_t size() const noexcept { return size_; }

  Bytes encode() const;  ///< size u64 | one digest per set bit, largest subtree first
  static Result<Frontier> decode(ByteSpan bytes);

  friend bool operator==(const Frontier&, const Frontier&) = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> peaks_;
};

}  // namespace assay
