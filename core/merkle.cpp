#include "core/merkle.hpp"

#include <bit>
#include <limits>

namespace assay {
namespace {

using Hashes = std::span<const Digest>;

constexpr Error no_proof{Errc::bad_proof, "a path of this tree"};

// Largest power of two below n; n >= 2.
std::size_t split_point(std::size_t n) {
  return std::bit_floor(n - 1);
}

// MTH(D[n]) over leaf hashes; not empty. The recursion is as deep as the tree.
Digest subtree_root(Hashes leaves) {
  if (leaves.size() == 1) {
    return leaves.front();
  }
  const std::size_t k = split_point(leaves.size());
  return merkle_node(subtree_root(leaves.first(k)), subtree_root(leaves.subspan(k)));
}

// Shifts both until `first` is odd or zero: the levels on which the node is the last one and has no right sibling.
void climb_to_sibling(std::uint64_t& first, std::uint64_t& second) {
  while (first % 2 == 0 && first != 0) {
    first /= 2;
    second /= 2;
  }
}

}  // namespace

Digest merkle_leaf(ByteSpan data) {
  constexpr std::uint8_t prefix[] = {0};
  return sha256({prefix, data});
}

Digest merkle_node(const Digest& left, const Digest& right) {
  constexpr std::uint8_t prefix[] = {1};
  return sha256({prefix, left.bytes, right.bytes});
}

Digest merkle_root(Hashes leaf_hashes) {
  return leaf_hashes.empty() ? sha256(ByteSpan{}) : subtree_root(leaf_hashes);
}

Result<std::vector<Digest>> inclusion_path(Hashes leaf_hashes, std::uint64_t index) {
  if (index >= leaf_hashes.size()) {
    return Error{Errc::out_of_range, "an index below the tree size"};
  }
  std::vector<Digest> from_root;
  while (leaf_hashes.size() > 1) {
    const std::size_t k = split_point(leaf_hashes.size());
    const Hashes left = leaf_hashes.first(k);
    const Hashes right = leaf_hashes.subspan(k);
    const bool goes_left = index < k;
    from_root.push_back(subtree_root(goes_left ? right : left));
    leaf_hashes = goes_left ? left : right;
    index -= goes_left ? 0 : k;
  }
  return std::vector<Digest>(from_root.rbegin(), from_root.rend());
}

Result<Digest> root_from_path(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size, Hashes path) {
  if (index >= size) {
    return no_proof;
  }
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Digest root = leaf_hash;
  for (const Digest& sibling : path) {
    if (last == 0) {
      return no_proof;
    }
    if (node % 2 == 1 || node == last) {
      root = merkle_node(sibling, root);
      climb_to_sibling(node, last);
    } else {
      root = merkle_node(root, sibling);
    }
    node /= 2;
    last /= 2;
  }
  if (last != 0) {
    return no_proof;
  }
  return root;
}

Result<std::vector<Digest>> consistency_path(Hashes leaf_hashes, std::uint64_t old_size) {
  if (old_size == 0 || old_size > leaf_hashes.size()) {
    return Error{Errc::out_of_range, "an old size between 1 and the tree size"};
  }
  std::vector<Digest> from_root;
  bool whole_old_tree = true;  // the subtree at hand is the complete old tree, whose root the verifier knows
  while (old_size < leaf_hashes.size()) {
    const std::size_t k = split_point(leaf_hashes.size());
    const Hashes left = leaf_hashes.first(k);
    const Hashes right = leaf_hashes.subspan(k);
    if (old_size <= k) {
      from_root.push_back(subtree_root(right));
      leaf_hashes = left;
    } else {
      from_root.push_back(subtree_root(left));
      leaf_hashes = right;
      old_size -= k;
      whole_old_tree = false;
    }
  }
  if (!whole_old_tree) {
    from_root.push_back(subtree_root(leaf_hashes));
  }
  return std::vector<Digest>(from_root.rbegin(), from_root.rend());
}

Done verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size, const Digest& new_root,
                        Hashes path) {
  if (old_size == 0 || old_size > new_size) {
    return no_proof;
  }
  if (old_size == new_size) {
    return path.empty() && old_root == new_root ? Done(Ok{}) : Done(no_proof);
  }
  // A complete old tree is a node of the new one: the verifier has its root already.
  const bool complete = std::has_single_bit(old_size);
  if (!complete && path.empty()) {
    return no_proof;
  }
  std::uint64_t old_node = old_size - 1;
  std::uint64_t new_node = new_size - 1;
  while (old_node % 2 == 1) {
    old_node /= 2;
    new_node /= 2;
  }
  Digest old_seen = complete ? old_root : path.front();
  Digest new_seen = old_seen;
  for (const Digest& sibling : complete ? path : path.subspan(1)) {
    if (new_node == 0) {
      return no_proof;
    }
    if (old_node % 2 == 1 || old_node == new_node) {
      old_seen = merkle_node(sibling, old_seen);
      new_seen = merkle_node(sibling, new_seen);
      climb_to_sibling(old_node, new_node);
    } else {
      new_seen = merkle_node(new_seen, sibling);
    }
    old_node /= 2;
    new_node /= 2;
  }
  return new_node == 0 && old_seen == old_root && new_seen == new_root ? Done(Ok{}) : Done(no_proof);
}

void Frontier::append(const Digest& leaf_hash) {
  peaks_.push_back(leaf_hash);
  for (std::uint64_t ones = size_; ones % 2 == 1; ones /= 2) {
    const Digest right = peaks_.back();
    peaks_.pop_back();
    peaks_.back() = merkle_node(peaks_.back(), right);
  }
  ++size_;
}

Digest Frontier::root() const {
  if (peaks_.empty()) {
    return sha256(ByteSpan{});
  }
  Digest root = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) {
    root = merkle_node(*peak, root);
  }
  return root;
}

Bytes Frontier::encode() const {
  ByteWriter out(8 + 32 * peaks_.size());
  out.u64(size_);
  for (const Digest& peak : peaks_) {
    out.digest(peak);
  }
  return std::move(out).take();
}

Result<Frontier> Frontier::decode(ByteSpan bytes) {
  ByteReader in(bytes);
  Frontier frontier;
  frontier.size_ = in.u64();
  // A bound that leaves room to append; no chain comes near it.
  if (frontier.size_ > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    in.fail({Errc::out_of_range, "a tree size below 2^63"});
  }
  const int peaks = in.ok() ? std::popcount(frontier.size_) : 0;
  for (int i = 0; i < peaks; ++i) {
    frontier.peaks_.push_back(in.digest());
  }
  if (const auto done = in.done(); !done) {
    return done.error();
  }
  return frontier;
}

}  // namespace assay
