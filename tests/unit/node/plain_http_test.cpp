#include "node/plain_http.hpp"

#include <gtest/gtest.h>

namespace assay::node {
namespace {

Errc refused(std::string_view answer) {
  const auto body = http_body(answer);
  return body ? Errc{} : body.error().code;
}

TEST(PlainHttp, the_body_is_what_stands_behind_the_head) {
  EXPECT_EQ(http_body("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").value(), "{}");
  EXPECT_EQ(http_body("HTTP/1.1 200 OK\r\ncontent-length:2\r\nX: y\r\n\r\n{}").value(), "{}");
  EXPECT_EQ(http_body("HTTP/1.0 200 OK\r\n\r\n").value(), "");
}

TEST(PlainHttp, half_an_answer_and_another_status_are_errors) {
  EXPECT_EQ(refused("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}"), Errc::closed);
  EXPECT_EQ(refused("HTTP/1.1 404 Not Found\r\n\r\n{}"), Errc::http_status);
  EXPECT_EQ(refused("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}"), Errc::malformed);
  EXPECT_EQ(refused("HTTP/1.1 200 OK\r\n"), Errc::malformed);
  EXPECT_EQ(refused("SSH-2.0-OpenSSH_9.2\r\n\r\n"), Errc::malformed);
  EXPECT_EQ(refused(""), Errc::malformed);
}

TEST(PlainHttp, only_plain_addresses_are_asked) {
  for (const char* url : {"https://127.0.0.1:1", "127.0.0.1:1", "", "ws://a"}) {
    const auto body = http_get(url, "/");
    ASSERT_FALSE(body) << url;
    EXPECT_EQ(body.error().code, Errc::malformed) << url;
  }
}

}  // namespace
}  // namespace assay::node
