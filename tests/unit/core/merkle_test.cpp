#include "core/merkle.hpp"

#include <gtest/gtest.h>

#include <random>

#include "vectors.hpp"

namespace assay {
namespace {

using Hashes = std::vector<Digest>;

// Hashes of u64 counters: the leaves of the "counted" vectors.
Hashes counted(std::size_t size) {
  Hashes hashes;
  for (std::uint64_t i = 0; i < size; ++i) {
    hashes.push_back(merkle_leaf(ByteWriter().u64(i).bytes()));
  }
  return hashes;
}

Hashes first(const Hashes& hashes, std::size_t size) {
  return Hashes(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(size));
}

Hashes with_flip(Hashes path, std::size_t at) {
  path[at].bytes[at % 32] ^= 0x10U;
  return path;
}

bool leads(const Digest& leaf, std::uint64_t index, std::uint64_t size, const Hashes& path, const Digest& root) {
  const auto seen = root_from_path(leaf, index, size, path);
  if (!seen) {
    EXPECT_EQ(seen.error().code, Errc::bad_proof);
  }
  return seen && *seen == root;
}

// The inputs and roots of Certificate Transparency's own RFC 6962 tests, recomputed by tests/reference/merkle.py.
class KnownTree : public testing::Test {
 protected:
  KnownTree() : file_(vectors::load("merkle.json")) {
    for (const auto& input : file_.at("leaves").as_array()) {
      hashes_.push_back(merkle_leaf(vectors::bytes(input)));
    }
    roots_ = vectors::digests(file_.at("roots"));
  }

  boost::json::object file_;
  Hashes hashes_;
  Hashes roots_;
};

TEST_F(KnownTree, has_the_known_root_at_each_size) {
  ASSERT_EQ(roots_.size(), 9U);
  EXPECT_EQ(to_hex(roots_[8].bytes), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  for (std::size_t size = 0; size <= 8; ++size) {
    EXPECT_EQ(merkle_root(std::span(hashes_).first(size)), roots_[size]) << size;
  }
}

TEST_F(KnownTree, has_the_known_inclusion_paths) {
  ASSERT_EQ(file_.at("inclusion").as_array().size(), 36U);
  for (const auto& item : file_.at("inclusion").as_array()) {
    const auto size = item.at("size").to_number<std::size_t>();
    const auto index = item.at("index").to_number<std::size_t>();
    const Hashes path = vectors::digests(item.at("path"));
    EXPECT_EQ(inclusion_path(std::span(hashes_).first(size), index).value(), path);
    EXPECT_TRUE(leads(hashes_[index], index, size, path, roots_[size])) << index << " of " << size;
  }
}

TEST_F(KnownTree, has_the_known_consistency_paths) {
  ASSERT_EQ(file_.at("consistency").as_array().size(), 36U);
  for (const auto& item : file_.at("consistency").as_array()) {
    const auto old_size = item.at("old_size").to_number<std::size_t>();
    const auto new_size = item.at("new_size").to_number<std::size_t>();
    const Hashes path = vectors::digests(item.at("path"));
    EXPECT_EQ(consistency_path(std::span(hashes_).first(new_size), old_size).value(), path);
    EXPECT_TRUE(verify_consistency(old_size, roots_[old_size], new_size, roots_[new_size], path));
  }
}

TEST_F(KnownTree, of_counters_has_the_independent_roots_and_frontiers_up_to_64) {
  const Hashes hashes = counted(64);
  Frontier frontier;
  ASSERT_EQ(file_.at("counted").as_array().size(), 65U);
  for (const auto& item : file_.at("counted").as_array()) {
    const auto size = item.at("size").to_number<std::size_t>();
    ASSERT_EQ(frontier.size(), size);
    EXPECT_EQ(merkle_root(std::span(hashes).first(size)), vectors::digest(item.at("root"))) << size;
    EXPECT_EQ(frontier.root(), vectors::digest(item.at("root"))) << size;
    EXPECT_EQ(frontier.encode(), vectors::bytes(item.at("frontier"))) << size;
    EXPECT_EQ(Frontier::decode(frontier.encode()).value(), frontier) << size;
    if (size < hashes.size()) {
      frontier.append(hashes[size]);
    }
  }
}

TEST(Inclusion, is_proved_for_every_leaf_of_every_size_up_to_64_and_for_no_other) {
  const Hashes hashes = counted(64);
  for (std::size_t size = 1; size <= 64; ++size) {
    const auto tree = std::span(hashes).first(size);
    const Digest root = merkle_root(tree);
    for (std::size_t index = 0; index < size; ++index) {
      const Hashes path = inclusion_path(tree, index).value();
      ASSERT_TRUE(leads(hashes[index], index, size, path, root)) << index << " of " << size;
      for (std::size_t other = 0; other < size; ++other) {
        ASSERT_TRUE(other == index || !leads(hashes[index], other, size, path, root)) << other << " for " << index;
      }
      ASSERT_FALSE(leads(hashes[(index + 1) % 64], index, size, path, root));
    }
  }
}

TEST(Inclusion, is_refused_for_mutated_paths) {
  const Hashes hashes = counted(64);
  for (std::size_t size = 1; size <= 64; ++size) {
    const Digest root = merkle_root(std::span(hashes).first(size));
    for (std::size_t index = 0; index < size; ++index) {
      const Hashes path = inclusion_path(std::span(hashes).first(size), index).value();
      for (std::size_t at = 0; at < path.size(); ++at) {
        ASSERT_FALSE(leads(hashes[index], index, size, with_flip(path, at), root));
      }
      Hashes longer = path;
      longer.push_back(root);
      ASSERT_EQ(root_from_path(hashes[index], index, size, longer).error().code, Errc::bad_proof);
      if (!path.empty()) {
        const Hashes shorter = first(path, path.size() - 1);
        ASSERT_EQ(root_from_path(hashes[index], index, size, shorter).error().code, Errc::bad_proof);
      }
    }
  }
}

TEST(Inclusion, has_no_path_outside_the_tree) {
  const Hashes hashes = counted(3);
  EXPECT_EQ(inclusion_path(hashes, 3).error().code, Errc::out_of_range);
  EXPECT_EQ(inclusion_path({}, 0).error().code, Errc::out_of_range);
  EXPECT_EQ(root_from_path(hashes[0], 3, 3, {}).error().code, Errc::bad_proof);
  EXPECT_EQ(root_from_path(hashes[0], 0, 0, {}).error().code, Errc::bad_proof);
  EXPECT_EQ(root_from_path(hashes[0], UINT64_MAX, UINT64_MAX, Hashes(64)).error().code, Errc::bad_proof);
  EXPECT_TRUE(root_from_path(hashes[0], 0, UINT64_MAX, Hashes(64))) << "any size is walked in 64 steps";
}

TEST(Consistency, is_proved_between_every_two_sizes_up_to_64) {
  const Hashes hashes = counted(64);
  for (std::size_t new_size = 1; new_size <= 64; ++new_size) {
    const auto tree = std::span(hashes).first(new_size);
    const Digest new_root = merkle_root(tree);
    for (std::size_t old_size = 1; old_size <= new_size; ++old_size) {
      const Digest old_root = merkle_root(tree.first(old_size));
      const Hashes path = consistency_path(tree, old_size).value();
      ASSERT_TRUE(verify_consistency(old_size, old_root, new_size, new_root, path)) << old_size << " " << new_size;
      for (std::size_t at = 0; at < path.size(); ++at) {
        ASSERT_FALSE(verify_consistency(old_size, old_root, new_size, new_root, with_flip(path, at)));
      }
      Hashes longer = path;
      longer.push_back(new_root);
      ASSERT_FALSE(verify_consistency(old_size, old_root, new_size, new_root, longer));
      if (!path.empty()) {
        ASSERT_FALSE(verify_consistency(old_size, old_root, new_size, new_root, first(path, path.size() - 1)));
      }
      const Digest other = sha256(new_root.bytes);
      ASSERT_FALSE(verify_consistency(old_size, other, new_size, new_root, path));
      ASSERT_FALSE(verify_consistency(old_size, old_root, new_size, other, path));
    }
  }
}

TEST(Consistency, is_refused_when_a_past_leaf_changed) {
  const Hashes honest = counted(24);
  for (std::size_t old_size = 1; old_size < 24; ++old_size) {
    Hashes forged = honest;
    forged[old_size - 1] = sha256(as_bytes("another past"));
    const Digest old_root = merkle_root(std::span(honest).first(old_size));
    const Hashes path = consistency_path(forged, old_size).value();
    EXPECT_FALSE(verify_consistency(old_size, old_root, 24, merkle_root(forged), path)) << old_size;
  }
}

TEST(Consistency, is_refused_for_a_larger_or_smaller_tree_than_it_was_made_for) {
  const Hashes hashes = counted(8);
  const auto root = [&](std::size_t size) { return merkle_root(std::span(hashes).first(size)); };
  const Hashes long_path = consistency_path(hashes, 7).value();
  EXPECT_TRUE(verify_consistency(7, root(7), 8, root(8), long_path));
  EXPECT_FALSE(verify_consistency(3, root(7), 4, root(8), long_path)) << "the path goes on above the claimed root";
  const Hashes short_path = consistency_path(std::span(hashes).first(4), 2).value();
  EXPECT_TRUE(verify_consistency(2, root(2), 4, root(4), short_path));
  EXPECT_FALSE(verify_consistency(2, root(2), 5, root(4), short_path)) << "the path ends below the claimed root";
}

TEST(Consistency, has_bounds) {
  const Hashes hashes = counted(3);
  const Digest root = merkle_root(hashes);
  EXPECT_EQ(consistency_path(hashes, 0).error().code, Errc::out_of_range);
  EXPECT_EQ(consistency_path(hashes, 4).error().code, Errc::out_of_range);
  EXPECT_EQ(verify_consistency(0, root, 3, root, {}).error().code, Errc::bad_proof);
  EXPECT_EQ(verify_consistency(4, root, 3, root, {}).error().code, Errc::bad_proof);
  EXPECT_EQ(verify_consistency(3, hashes[0], 3, root, {}).error().code, Errc::bad_proof);
  EXPECT_EQ(verify_consistency(3, root, 3, root, hashes).error().code, Errc::bad_proof);
  EXPECT_FALSE(verify_consistency(0, root, 3, root, Hashes{root})) << "nothing is not a prefix that has a root";
  EXPECT_FALSE(verify_consistency(2, root, 3, root, {}));
  EXPECT_FALSE(verify_consistency(3, root, 4, root, {}));
  EXPECT_TRUE(verify_consistency(3, root, 3, root, {}));
  EXPECT_FALSE(verify_consistency(UINT64_MAX, root, UINT64_MAX, hashes[0], {}));
  EXPECT_FALSE(verify_consistency(UINT64_MAX - 1, root, UINT64_MAX, root, Hashes(64)));
}

TEST(Tree, tells_leaves_from_nodes) {
  const Hashes two = counted(2);
  ByteWriter joined;
  joined.digest(two[0]).digest(two[1]);
  EXPECT_NE(merkle_leaf(joined.bytes()), merkle_node(two[0], two[1]));
}

TEST(Frontier, refuses_bytes_that_are_not_one_frontier) {
  Frontier frontier;
  for (const Digest& hash : counted(5)) {
    frontier.append(hash);
  }
  const Bytes good = frontier.encode();
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(Frontier::decode(ByteSpan(good).first(length)).error().code, Errc::truncated) << length;
  }
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(Frontier::decode(longer).error().code, Errc::trailing_bytes);
  Bytes huge(8 + 64 * 32, 0xff);
  EXPECT_EQ(Frontier::decode(huge).error().code, Errc::out_of_range);
  huge[0] = 0x7f;
  huge.resize(8 + 63 * 32);
  Frontier last = Frontier::decode(huge).value();
  last.append(Digest{});
  EXPECT_EQ(last.encode().size(), 8U + 32U);
}

}  // namespace
}  // namespace assay
