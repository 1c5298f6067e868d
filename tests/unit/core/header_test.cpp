#include "core/header.hpp"

#include <gtest/gtest.h>

#include "vectors.hpp"

namespace assay {
namespace {

using vectors::integer;

Header header_of(const boost::json::object& fields) {
  Header header;
  header.network = NetworkId{vectors::digest(fields.at("network"))};
  header.epoch = Epoch{integer<std::uint32_t>(fields.at("epoch"))};
  header.config_digest = vectors::digest(fields.at("config_digest"));
  header.height = Height{integer<std::uint64_t>(fields.at("height"))};
  header.time = WallTime{integer<std::uint64_t>(fields.at("time"))};
  header.prev_header_hash = vectors::digest(fields.at("prev_header_hash"));
  header.feeds_root = vectors::digest(fields.at("feeds_root"));
  header.feed_count = integer<std::uint32_t>(fields.at("feed_count"));
  header.inputs_root = vectors::digest(fields.at("inputs_root"));
  header.history_root = vectors::digest(fields.at("history_root"));
  header.next_epoch_digest = vectors::digest(fields.at("next_epoch_digest"));
  header.switch_height = Height{integer<std::uint64_t>(fields.at("switch_height"))};
  return header;
}

TEST(Header, has_the_golden_bytes_and_hash) {
  const auto file = vectors::load("header.json");
  ASSERT_GE(file.at("headers").as_array().size(), 3U);
  for (const auto& item : file.at("headers").as_array()) {
    const Header header = header_of(item.at("fields").as_object());
    const HeaderBytes bytes = encode(header);
    EXPECT_EQ(to_hex(bytes), vectors::text(item.at("bytes"))) << item.at("name");
    EXPECT_EQ(decode_header(bytes).value(), header) << item.at("name");
    EXPECT_EQ(header_hash(header), vectors::digest(item.at("hash"))) << item.at("name");
  }
}

TEST(Header, refuses_each_hostile_vector_with_its_reason) {
  const auto file = vectors::load("header.json");
  ASSERT_GE(file.at("refused").as_array().size(), 7U);
  for (const auto& item : file.at("refused").as_array()) {
    const auto decoded = decode_header(vectors::bytes(item.at("bytes")));
    ASSERT_FALSE(decoded) << item.at("name");
    EXPECT_EQ(name(decoded.error().code), vectors::text(item.at("error"))) << item.at("name");
  }
}

TEST(Header, of_any_length_but_its_own_is_refused) {
  const auto file = vectors::load("header.json");
  Bytes bytes = vectors::bytes(file.at("headers").at(0).at("bytes"));
  bytes.resize(2 * header_size, 0);
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    EXPECT_EQ(static_cast<bool>(decode_header(ByteSpan(bytes).first(length))), length == header_size) << length;
  }
}

TEST(Header, flipped_in_any_bit_is_refused_or_has_another_hash) {
  const auto file = vectors::load("header.json");
  const Bytes good = vectors::bytes(file.at("headers").at(0).at("bytes"));
  const Digest hash = header_hash(decode_header(good).value());
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Bytes flipped = good;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
    const auto decoded = decode_header(flipped);
    EXPECT_TRUE(!decoded || header_hash(*decoded) != hash) << bit;
    EXPECT_TRUE(bit >= 16 * 8 || (!decoded && decoded.error().code == Errc::bad_domain)) << bit;
  }
}

}  // namespace
}  // namespace assay
