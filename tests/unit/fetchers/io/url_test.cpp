#include "fetchers/io/url.hpp"

#include <gtest/gtest.h>

namespace assay::fetchers {
namespace {

TEST(Url, splits_into_what_a_connection_needs) {
  const auto url = parse_url("wss://stream.binance.com:9443/stream?streams=a@b/c@d");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "wss");
  EXPECT_EQ(url->host, "stream.binance.com");
  EXPECT_EQ(url->port, "9443");
  EXPECT_EQ(url->target, "/stream?streams=a@b/c@d");
  EXPECT_EQ(url->authority(), "stream.binance.com:9443");
  EXPECT_TRUE(url->secure());
}

TEST(Url, knows_the_default_ports_and_leaves_them_out_of_the_host_header) {
  EXPECT_EQ(parse_url("https://a")->port, "443");
  EXPECT_EQ(parse_url("wss://a:443/x")->authority(), "a");
  EXPECT_EQ(parse_url("http://a")->port, "80");
  EXPECT_EQ(parse_url("ws://a?q")->target, "/?q");
  EXPECT_EQ(parse_url("ws://a")->target, "/");
  EXPECT_FALSE(parse_url("ws://a")->secure());
}

TEST(Url, takes_an_address_literal) {
  const auto url = parse_url("ws://[::1]:8080/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->authority(), "[::1]:8080");
}

TEST(Url, refuses_what_is_none) {
  for (const char* text :
       {"", "host", "ftp://a", "://a", "wss://", "wss:///x", "wss://a:", "wss://a:0", "wss://a:65536", "wss://a:12x",
        "wss://u@a", "wss://a b", "wss://a/\n", "wss://a/#f", "wss://[::1", "wss://[]"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
  EXPECT_EQ(parse_url("ws://" + std::string(5000, 'a')).error().code, Errc::too_large);
}

TEST(Url, joins_base_and_target_with_one_slash) {
  EXPECT_EQ(join_url("wss://h/kraken", "/v2"), "wss://h/kraken/v2");
  EXPECT_EQ(join_url("wss://h/kraken/", "v2"), "wss://h/kraken/v2");
  EXPECT_EQ(join_url("wss://h", "/"), "wss://h/");
  EXPECT_EQ(join_url("wss://h", "?a"), "wss://h?a");
  EXPECT_EQ(join_url("wss://h/", ""), "wss://h");
}

TEST(Proxy, is_a_host_a_port_and_perhaps_somebody) {
  const auto plain = parse_proxy("http://proxy.example:3129/");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host + " " + plain->port + " " + plain->user, "proxy.example 3129 ");
  const auto person = parse_proxy("http://me:a%3Ab@[2001:db8::1]");
  ASSERT_TRUE(person);
  EXPECT_EQ(person->host + " " + person->port + " " + person->user + " " + person->password, "2001:db8::1 3128 me a:b");
  for (const char* text :
       {"", "proxy:3128", "https://proxy:3128", "socks5://proxy", "http://", "http://a b", "http://p:0"}) {
    EXPECT_FALSE(parse_proxy(text)) << text;
  }
}

TEST(Proxy, is_asked_for_a_tunnel_to_host_and_port) {
  const auto url = parse_url("wss://[2001:db8::2]/ws");
  EXPECT_EQ(tunnel_request(*url, {.host = "p", .port = "3128", .user = {}, .password = {}}),
            "CONNECT [2001:db8::2]:443 HTTP/1.1\r\nHost: [2001:db8::2]:443\r\n\r\n");
  EXPECT_EQ(tunnel_request(*parse_url("https://a:7"), {.host = "p", .port = "3128", .user = "me", .password = "a:b"}),
            "CONNECT a:7 HTTP/1.1\r\nHost: a:7\r\nProxy-Authorization: Basic bWU6YTpi\r\n\r\n");
}

TEST(HostKey, is_the_host_and_on_this_machine_the_path_too) {
  EXPECT_EQ(host_key("https://api.binance.com/a"), "api.binance.com:443");
  EXPECT_EQ(host_key("wss://API.example:9443/ws?x"), "API.example:9443");
  EXPECT_NE(host_key("https://localhost:7/kraken"), host_key("https://localhost:7/okx"));
  EXPECT_EQ(host_key("nothing"), "");
}

}  // namespace
}  // namespace assay::fetchers
