#include "core/batch.hpp"

#include <gtest/gtest.h>

#include "core/observation.hpp"
#include "vectors.hpp"

namespace assay {
namespace {

class GoldenBatch : public testing::Test {
 protected:
  GoldenBatch()
      : file_(vectors::load("batch.json")),
        key_{bytes32_from_hex(vectors::text(file_.at("group_key"))).value()},
        bytes_(vectors::bytes(file_.at("bytes"))),
        batch_(decode_batch(bytes_).value()) {}

  Errc verdict() const {
    const Done done = verify_batch(batch_, key_);
    return done ? Errc{} : done.error().code;
  }

  boost::json::object file_;
  PublicKey key_;
  Bytes bytes_;
  Batch batch_;
};

TEST_F(GoldenBatch, decodes_to_its_parts_and_back) {
  EXPECT_EQ(to_hex(encode(batch_.header)), vectors::text(file_.at("header")));
  EXPECT_EQ(to_hex(batch_.signature.bytes), vectors::text(file_.at("signature")));
  ASSERT_EQ(batch_.leaves.size(), file_.at("leaves").as_array().size());
  for (std::size_t i = 0; i < batch_.leaves.size(); ++i) {
    EXPECT_EQ(to_hex(encode(batch_.leaves[i])), vectors::text(file_.at("leaves").at(i)));
    EXPECT_EQ(inclusion_path(leaf_hashes(batch_.leaves), i).value(), vectors::digests(file_.at("paths").at(i)));
  }
  ASSERT_EQ(batch_.observations.size(), 3U);
  EXPECT_EQ(encode(batch_), bytes_);
}

TEST_F(GoldenBatch, holds_under_its_key_with_and_without_observations) {
  EXPECT_EQ(verdict(), Errc{});
  batch_.observations.clear();
  EXPECT_EQ(verdict(), Errc{});
  EXPECT_EQ(to_hex(encode(batch_)), vectors::text(file_.at("pruned")));
}

TEST_F(GoldenBatch, falls_with_any_flipped_byte_of_header_signature_leaves_or_observations) {
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    Bytes flipped = bytes_;
    flipped[at] ^= 0x01U;
    const auto decoded = decode_batch(flipped);
    EXPECT_FALSE(decoded && verify_batch(*decoded, key_)) << at;
  }
}

TEST_F(GoldenBatch, is_refused_with_the_reason) {
  const Batch good = batch_;
  key_.bytes[0] ^= 1U;
  EXPECT_EQ(verdict(), Errc::bad_signature);
  key_.bytes[0] ^= 1U;
  batch_.header.time.value += 1;
  EXPECT_EQ(verdict(), Errc::bad_signature);
  batch_ = good;
  batch_.leaves.pop_back();
  EXPECT_EQ(verdict(), Errc::bad_proof);
  batch_ = good;
  std::swap(batch_.leaves[0], batch_.leaves[1]);
  EXPECT_EQ(verdict(), Errc::bad_proof);
  batch_ = good;
  batch_.leaves[0].price += 1;
  EXPECT_EQ(verdict(), Errc::bad_proof);
  batch_ = good;
  batch_.observations.pop_back();
  EXPECT_EQ(verdict(), Errc::bad_proof);
  batch_ = good;
  batch_.observations[2].push_back(0);
  EXPECT_EQ(verdict(), Errc::bad_proof);
}

TEST_F(GoldenBatch, whose_signed_leaves_are_of_another_height_is_refused) {
  // A committee that signed such a header would be wrong; the second signed vector plays it.
  const Bytes bytes = vectors::bytes(file_.at("wrong_height"));
  batch_ = decode_batch(bytes).value();
  EXPECT_EQ(verdict(), Errc::wrong_height);
}

TEST_F(GoldenBatch, whose_signed_count_is_not_that_of_its_leaves_is_refused) {
  batch_ = decode_batch(vectors::bytes(file_.at("wrong_count"))).value();
  EXPECT_EQ(verdict(), Errc::bad_proof);
}

TEST_F(GoldenBatch, is_refused_at_each_truncation_and_extension) {
  for (std::size_t length = 0; length < bytes_.size(); ++length) {
    const auto decoded = decode_batch(ByteSpan(bytes_).first(length));
    ASSERT_FALSE(decoded) << length;
    EXPECT_EQ(decoded.error().code, Errc::truncated) << length;
  }
  bytes_.push_back(0);
  EXPECT_EQ(decode_batch(bytes_).error().code, Errc::trailing_bytes);
}

TEST_F(GoldenBatch, claims_no_more_leaves_or_observations_than_may_exist) {
  const auto claim = [&](std::uint32_t leaves, std::uint32_t observations) {
    ByteWriter out;
    out.raw(ByteSpan(bytes_).first(header_size + 64)).u32(leaves).u32(observations);
    return decode_batch(out.bytes()).error().code;
  };
  EXPECT_EQ(claim(feed_count_max + 1, 0), Errc::too_large);
  EXPECT_EQ(claim(UINT32_MAX, 0), Errc::too_large);
  EXPECT_EQ(claim(feed_count_max, 0), Errc::truncated);
  EXPECT_EQ(claim(0, observation_count_max + 1), Errc::too_large);
  EXPECT_EQ(claim(0, observation_count_max), Errc::truncated);
}

}  // namespace
}  // namespace assay
