#include <gtest/gtest.h>

#include "node/stream_watch.hpp"

namespace assay::node {
namespace {

TEST(StreamUrl, completes_what_a_person_types) {
  EXPECT_EQ(stream_url("127.0.0.1:80"), "ws://127.0.0.1:80/v1/stream");
  EXPECT_EQ(stream_url("http://127.0.0.1:80/"), "ws://127.0.0.1:80/v1/stream");
  EXPECT_EQ(stream_url("https://oracle.example"), "wss://oracle.example/v1/stream");
  EXPECT_EQ(stream_url("ws://127.0.0.1:80/v1/stream"), "ws://127.0.0.1:80/v1/stream");
}

}  // namespace
}  // namespace assay::node
