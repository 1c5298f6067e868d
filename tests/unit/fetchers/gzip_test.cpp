#include "fetchers/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "fetchers/venue.hpp"
#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers {
namespace {

Bytes packed(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, text.size()));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string text_of(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(Gzip, unpacks_what_was_packed) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{40'000}, std::size_t{1'000'000}}) {
    const std::string text(size, 'q');
    const auto out = gunzip(packed(text));
    ASSERT_TRUE(out) << size;
    EXPECT_EQ(text_of(*out), text);
  }
}

TEST(Gzip, refuses_every_cut_and_every_tail) {
  const Bytes whole = packed("{\"symbol\":\"BTCUSDT\"}");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(gunzip(ByteSpan(whole).first(size))) << size;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(gunzip(longer).error().code, Errc::malformed);
}

TEST(Gzip, a_bomb_ends_at_the_limit) {
  const Bytes bomb = packed(std::string(payload_size_max + 1, ' '));
  ASSERT_LT(bomb.size(), 100'000U);
  EXPECT_EQ(gunzip(bomb).error().code, Errc::too_large);
}

TEST(Gzip, adapters_read_packed_bodies) {
  const Bytes body = packed(R"({"symbol":"BTCUSDT","price":"61234.50"})");
  const auto parsed = find_adapter("binance")->parse_rest("/api/v3/ticker/price", body, {});
  ASSERT_EQ(parsed.items.size(), 1U);
  ASSERT_TRUE(std::holds_alternative<ParsedQuote>(parsed.items.front()));
  EXPECT_EQ(std::get<ParsedQuote>(parsed.items.front()).last, "61234.50");
  EXPECT_EQ(testing::refusal_of(find_adapter("binance")->parse_rest("/", ByteSpan(body).first(12), {})), "malformed");
}

}  // namespace
}  // namespace assay::fetchers
