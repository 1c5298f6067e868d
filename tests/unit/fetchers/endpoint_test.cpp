#include "fetchers/endpoint.hpp"

#include <gtest/gtest.h>

namespace assay::fetchers {
namespace {

TEST(Endpoint, is_split_the_same_with_method_with_host_or_bare) {
  for (const std::string_view text : {"GET https://api.example.com/v1/depth?symbol=BTCUSDT&limit=5",
                                      "https://api.example.com/v1/depth?symbol=BTCUSDT&limit=5#top",
                                      "/v1/depth?symbol=BTCUSDT&limit=5", "GET /v1/depth?symbol=BTCUSDT&limit=5"}) {
    const Endpoint endpoint = split_endpoint(text);
    EXPECT_EQ(endpoint.path, "/v1/depth") << text;
    EXPECT_EQ(endpoint.query, "symbol=BTCUSDT&limit=5") << text;
    EXPECT_EQ(query_value(endpoint, "symbol"), "BTCUSDT");
    EXPECT_EQ(query_value(endpoint, "limit"), "5");
    EXPECT_EQ(query_value(endpoint, "sym"), std::nullopt);
  }
  EXPECT_EQ(split_endpoint("GET https://api.example.com/v1").host, "api.example.com");
  EXPECT_EQ(split_endpoint("/path").host, "");
}

TEST(Endpoint, decodes_percent_and_leaves_broken_escapes) {
  EXPECT_EQ(query_value(split_endpoint("/x?pair=BTC%2fUSD"), "pair"), "BTC/USD");
  EXPECT_EQ(query_value(split_endpoint("/x?pair=BTC%2"), "pair"), "BTC%2");
  EXPECT_EQ(query_value(split_endpoint("/x?pair=BTC%zz"), "pair"), "BTC%zz");
}

TEST(Endpoint, a_placeholder_names_no_symbol) {
  EXPECT_EQ(segment_after(split_endpoint("/products/BTC-USD/book?level=2"), "products"), "BTC-USD");
  for (const std::string_view path :
       {"/products/<id>/book", "/products/{product_id}/book", "/products/%7Bid%7D/book", "/products/:id/book",
        "/products/$id/book", "/products//book", "/products/", "/products", "/other/BTC-USD"}) {
    EXPECT_EQ(segment_after(split_endpoint(path), "products"), std::nullopt) << path;
  }
  EXPECT_EQ(query_value(split_endpoint("/x?symbol="), "symbol"), std::nullopt);
  EXPECT_EQ(query_value(split_endpoint("/x?symbol=<symbol>"), "symbol"), std::nullopt);
  EXPECT_EQ(query_value(split_endpoint("/x?symbol=%00A"), "symbol"), std::nullopt);
}

TEST(Endpoint, encodes_what_a_query_value_may_not_hold) {
  EXPECT_EQ(percent_encoded("[\"BTCUSDT\",\"A\"]"), "%5B%22BTCUSDT%22%2C%22A%22%5D");
  EXPECT_EQ(percent_encoded("A-z_0.9~"), "A-z_0.9~");
}

}  // namespace
}  // namespace assay::fetchers
