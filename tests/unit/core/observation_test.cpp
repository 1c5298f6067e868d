#include "core/observation.hpp"

#include <gtest/gtest.h>

#include "vectors.hpp"

namespace assay {
namespace {

using vectors::integer;

Observation observation_of(const boost::json::object& fields) {
  Observation observation;
  observation.time = WallTime{integer<std::uint64_t>(fields.at("time"))};
  for (const auto& item : fields.at("feeds").as_array()) {
    if (item.is_null()) {
      observation.feeds.emplace_back();
      continue;
    }
    observation.feeds.push_back(ObservationEntry{
        integer<std::int64_t>(item.at("price")), integer<std::int64_t>(item.at("bid")),
        integer<std::int64_t>(item.at("ask")), integer<std::uint64_t>(item.at("confidence")),
        integer<std::uint64_t>(item.at("depth_usd")), WallTime{integer<std::uint64_t>(item.at("src_time"))},
        integer<std::uint16_t>(item.at("reasons")), integer<std::uint8_t>(item.at("sources"))});
  }
  return observation;
}

Bytes bytes_of(const Observation& observation) {
  ByteWriter out;
  encode(observation, out);
  return std::move(out).take();
}

Errc refusal(ByteSpan bytes, std::uint32_t feed_count) {
  ByteReader in(bytes);
  const Observation observation = decode_observation(in, feed_count);
  EXPECT_TRUE(in.ok() || observation == Observation{}) << "nothing half-read is handed on";
  const Done done = in.done();
  return done ? Errc{} : done.error().code;
}

TEST(Observation, has_the_golden_bytes) {
  const auto file = vectors::load("batch.json");
  ASSERT_EQ(file.at("observations").as_array().size(), 3U);
  for (const auto& item : file.at("observations").as_array()) {
    const Observation observation = observation_of(item.as_object());
    const Bytes bytes = vectors::bytes(item.at("bytes"));
    EXPECT_EQ(bytes_of(observation), bytes);
    ByteReader in(bytes);
    EXPECT_EQ(decode_observation(in, 3), observation);
    EXPECT_TRUE(in.done());
  }
}

TEST(Observation, answers_exactly_the_feeds_of_the_network) {
  const auto file = vectors::load("batch.json");
  const Bytes good = vectors::bytes(file.at("observations").at(0).at("bytes"));
  EXPECT_EQ(refusal(good, 3), Errc{});
  EXPECT_EQ(refusal(good, 2), Errc::out_of_range);
  EXPECT_EQ(refusal(good, 4), Errc::out_of_range);
  const Bytes none = bytes_of({WallTime{5}, {}});
  EXPECT_EQ(refusal(none, 0), Errc{});
  EXPECT_EQ(refusal(none, 1), Errc::out_of_range);
}

TEST(Observation, refuses_truncation_and_a_second_spelling) {
  const auto file = vectors::load("batch.json");
  const Bytes good = vectors::bytes(file.at("observations").at(0).at("bytes"));
  for (std::size_t length = 0; length < good.size(); ++length) {
    const Errc code = refusal(ByteSpan(good).first(length), 3);
    EXPECT_TRUE(code == Errc::truncated || (length < 12 && code == Errc::out_of_range)) << length;
  }
  Bytes flagged = good;
  ASSERT_EQ(flagged[12], 1);
  flagged[12] = 2;
  EXPECT_EQ(refusal(flagged, 3), Errc::not_canonical);
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(refusal(longer, 3), Errc::trailing_bytes);
}

TEST(Observation, claims_no_more_feeds_than_a_network_may_have) {
  const Bytes lying = ByteWriter().u64(1).u32(feed_count_max).bytes();
  EXPECT_EQ(refusal(lying, feed_count_max), Errc::truncated);
  const Bytes many = ByteWriter().u64(1).u32(feed_count_max + 1).raw(Bytes(feed_count_max + 1)).bytes();
  EXPECT_EQ(refusal(many, feed_count_max + 1), Errc::out_of_range);
}

TEST(Observation, leaves_what_follows_it_to_the_caller) {
  ByteWriter out;
  encode({WallTime{9}, {std::nullopt, ObservationEntry{}}}, out);
  out.u8(77);
  ByteReader in(out.bytes());
  EXPECT_EQ(decode_observation(in, 2).feeds.size(), 2U);
  EXPECT_EQ(in.u8(), 77);
  EXPECT_TRUE(in.done());
}

}  // namespace
}  // namespace assay
