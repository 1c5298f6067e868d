#include "core/leaf.hpp"

#include <gtest/gtest.h>

#include "core/feed.hpp"
#include "core/merkle.hpp"
#include "vectors.hpp"

namespace assay {
namespace {

using vectors::integer;

Status status_named(const std::string& text) {
  for (int i = 0; i <= 9; ++i) {
    if (name(static_cast<Status>(i)) == text) {
      return static_cast<Status>(i);
    }
  }
  ADD_FAILURE() << text;
  return Status::invalid;
}

Leaf leaf_of(const boost::json::object& fields) {
  Leaf leaf;
  leaf.feed = FeedId{vectors::digest(fields.at("feed"))};
  leaf.height = Height{integer<std::uint64_t>(fields.at("height"))};
  leaf.exponent = integer<std::int8_t>(fields.at("exponent"));
  leaf.status = status_named(vectors::text(fields.at("status")));
  leaf.reasons = integer<std::uint16_t>(fields.at("reasons"));
  leaf.observers = integer<std::uint8_t>(fields.at("observers"));
  leaf.sources = integer<std::uint8_t>(fields.at("sources"));
  leaf.price = integer<std::int64_t>(fields.at("price"));
  leaf.bid = integer<std::int64_t>(fields.at("bid"));
  leaf.ask = integer<std::int64_t>(fields.at("ask"));
  leaf.confidence = integer<std::uint64_t>(fields.at("confidence"));
  leaf.ema = integer<std::int64_t>(fields.at("ema"));
  leaf.ema_fraction = integer<std::uint32_t>(fields.at("ema_fraction"));
  leaf.depth_usd = integer<std::uint64_t>(fields.at("depth_usd"));
  leaf.src_time = WallTime{integer<std::uint64_t>(fields.at("src_time"))};
  leaf.publish_time = WallTime{integer<std::uint64_t>(fields.at("publish_time"))};
  leaf.prev_publish_time = WallTime{integer<std::uint64_t>(fields.at("prev_publish_time"))};
  leaf.valid_until = WallTime{integer<std::uint64_t>(fields.at("valid_until"))};
  leaf.ref_price = integer<std::int64_t>(fields.at("ref_price"));
  leaf.run = integer<std::uint8_t>(fields.at("run"));
  return leaf;
}

TEST(Leaf, has_the_golden_bytes) {
  const auto file = vectors::load("leaf.json");
  ASSERT_GE(file.at("leaves").as_array().size(), 5U);
  for (const auto& item : file.at("leaves").as_array()) {
    const Leaf leaf = leaf_of(item.at("fields").as_object());
    const LeafBytes bytes = encode(leaf);
    EXPECT_EQ(to_hex(bytes), vectors::text(item.at("bytes"))) << item.at("name");
    EXPECT_EQ(decode_leaf(bytes).value(), leaf) << item.at("name");
    EXPECT_EQ(merkle_leaf(bytes), vectors::digest(item.at("leaf_hash"))) << item.at("name");
  }
}

TEST(Leaf, refuses_each_hostile_vector_with_its_reason) {
  const auto file = vectors::load("leaf.json");
  ASSERT_GE(file.at("refused").as_array().size(), 30U);
  for (const auto& item : file.at("refused").as_array()) {
    const auto decoded = decode_leaf(vectors::bytes(item.at("bytes")));
    ASSERT_FALSE(decoded) << item.at("name");
    EXPECT_EQ(name(decoded.error().code), vectors::text(item.at("error"))) << item.at("name");
  }
}

TEST(Leaf, of_any_length_but_its_own_is_refused) {
  const auto file = vectors::load("leaf.json");
  const Bytes good = vectors::bytes(file.at("leaves").at(0).at("bytes"));
  Bytes longer(good);
  longer.resize(2 * leaf_size, 0);
  for (std::size_t length = 0; length <= longer.size(); ++length) {
    EXPECT_EQ(static_cast<bool>(decode_leaf(ByteSpan(longer).first(length))), length == leaf_size) << length;
  }
}

TEST(Leaf, flipped_in_any_bit_is_refused_or_another_leaf) {
  const auto file = vectors::load("leaf.json");
  const Bytes good = vectors::bytes(file.at("leaves").at(0).at("bytes"));
  const Leaf leaf = decode_leaf(good).value();
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Bytes flipped = good;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
    const auto decoded = decode_leaf(flipped);
    if (decoded) {
      const LeafBytes again = encode(*decoded);
      EXPECT_NE(*decoded, leaf) << bit;
      EXPECT_TRUE(std::equal(again.begin(), again.end(), flipped.begin())) << bit;
    }
  }
}

TEST(Leaf, status_says_whether_the_price_is_fresh) {
  for (const Status s : {Status::ok, Status::wide, Status::divergent, Status::depeg, Status::jump}) {
    EXPECT_TRUE(is_priced(s)) << name(s);
  }
  for (const Status s : {Status::invalid, Status::stale, Status::insufficient, Status::halted, Status::closed}) {
    EXPECT_FALSE(is_priced(s)) << name(s);
  }
}

TEST(FeedId, is_the_tagged_digest_of_the_symbol) {
  const auto file = vectors::load("leaf.json");
  for (const auto& item : file.at("feeds").as_array()) {
    EXPECT_EQ(feed_id(vectors::text(item.at("symbol"))).value, vectors::digest(item.at("id")));
  }
}

}  // namespace
}  // namespace assay
