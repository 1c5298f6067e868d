#include "publisher/service.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/bytes.hpp"
#include "publisher/listen_address.hpp"
#include "support.hpp"

namespace assay::publisher {
namespace {

namespace json = boost::json;
using test::Chain;

class ServiceTest : public testing::Test {
 protected:
  Service service(ServerHooks hooks = {}) {
    return {chain_.feeds(), {chain_.genesis().network, chain_.signer().key()}, std::move(hooks)};
  }
  HttpResponse get(std::string_view target, ServerHooks hooks = {}) {
    return service(std::move(hooks)).answer({"GET", target, {}}, &frames_);
  }
  bool verifies(const std::string& text) {
    return std::holds_alternative<VerifiedFrame>(verify_frame(text, chain_.pinned()));
  }

  Chain chain_{5};
  std::shared_ptr<const Batch> batch_ = chain_.next();
  BatchFrames frames_ = chain_.frames(batch_);
};

TEST_F(ServiceTest, answers_the_newest_batch_whole_or_in_part_verifiable_and_never_stale_from_a_cache) {
  for (const char* target :
       {"/v1/latest", "/v1/latest?feeds=BTC-USD,ETH-USD", "/v1/latest?x=1&feeds=BTC-USD", "/v1/latest/BTC-USD"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 200U) << target;
    EXPECT_TRUE(verifies(answer.body)) << target;
    EXPECT_EQ(answer.cache_control, "no-cache");
    EXPECT_EQ(answer.etag, "\"" + to_hex(header_hash(batch_->header).bytes) + "\"");
  }
  EXPECT_EQ(json::parse(get("/v1/latest?feeds=BTC-USD,ETH-USD").body).at("leaves").as_array().size(), 2U);
  EXPECT_EQ(json::parse(get("/v1/latest/BTC-USD").body).at("type").as_string(), "update");
}

TEST_F(ServiceTest, answers_304_when_the_caller_has_this_batch) {
  const auto etag = get("/v1/latest").etag;
  const auto answer = service().answer({"GET", "/v1/latest", etag}, &frames_);
  EXPECT_EQ(answer.status, 304U);
  EXPECT_TRUE(answer.body.empty());
}

TEST_F(ServiceTest, answers_503_before_the_first_batch_and_404_for_unknown_feeds) {
  EXPECT_EQ(service().answer({"GET", "/v1/latest", {}}, nullptr).status, 503U);
  EXPECT_EQ(service().answer({"GET", "/v1/latest/BTC-USD", {}}, nullptr).status, 503U);
  EXPECT_EQ(get("/v1/latest/FOO-USD").status, 404U);
  EXPECT_EQ(get("/v1/latest?feeds=BTC-USD,FOO").status, 404U);
}

TEST_F(ServiceTest, answers_sealed_batches_for_ever_and_future_ones_never) {
  const ServerHooks hooks{.readiness = {},
                          .metrics_text = {},
                          .batch_at = [&](Height height) -> Result<std::optional<Batch>> {
                            if (height == Height{1}) return std::optional<Batch>{*batch_};
                            if (height == Height{9}) return Error{Errc::io_failed, "disk"};
                            return std::optional<Batch>{};
                          },
                          .explain_json = {},
                          .status_json = {}};
  const auto sealed = get("/v1/batch/1", hooks);
  EXPECT_EQ(sealed.status, 200U);
  EXPECT_TRUE(verifies(sealed.body));
  EXPECT_NE(sealed.cache_control.find("immutable"), std::string::npos);
  const auto future = get("/v1/batch/2", hooks);
  EXPECT_EQ(future.status, 404U);
  EXPECT_EQ(future.cache_control, "no-store");
  EXPECT_EQ(get("/v1/batch/9", hooks).status, 503U);
  for (const char* bad : {"/v1/batch/", "/v1/batch/-1", "/v1/batch/1x", "/v1/batch/99999999999999999999"}) {
    EXPECT_EQ(get(bad, hooks).status, 400U) << bad;
  }
}

TEST_F(ServiceTest, is_ready_only_when_every_check_is_ok_and_says_which_is_not) {
  Readiness state;
  const ServerHooks hooks{
      .readiness = [&] { return state; }, .metrics_text = {}, .batch_at = {}, .explain_json = {}, .status_json = {}};
  EXPECT_EQ(get("/readyz", hooks).status, 503U);
  state.checks = {{"peers", true, "3", "3"}, {"last_batch_age_ms", false, "5210", "2000"}};
  const auto stale = get("/readyz", hooks);
  EXPECT_EQ(stale.status, 503U);
  EXPECT_EQ(stale.cache_control, "no-store");
  EXPECT_EQ(json::serialize(json::parse(stale.body).at("checks").at(1)),
            R"({"check":"last_batch_age_ms","ok":false,"value":"5210","limit":"2000"})");
  state.checks[1].ok = true;
  EXPECT_EQ(get("/readyz", hooks).status, 200U);
  EXPECT_EQ(get("/healthz").status, 200U);
}

TEST_F(ServiceTest, hands_through_metrics_and_status) {
  const ServerHooks hooks{.readiness = {},
                          .metrics_text = [] { return "assay_up 1\n"; },
                          .batch_at = {},
                          .explain_json = {},
                          .status_json = [] { return "{\"view\":\"3\"}"; }};
  EXPECT_EQ(get("/metrics", hooks).body, "assay_up 1\n");
  EXPECT_EQ(get("/metrics", hooks).content_type.substr(0, 10), "text/plain");
  EXPECT_EQ(get("/v1/status", hooks).body, "{\"view\":\"3\"}");
  EXPECT_EQ(get("/metrics").status, 404U);
}

TEST_F(ServiceTest, tells_what_the_venues_say_where_somebody_knows) {
  EXPECT_EQ(get("/v1/venues").status, 404U);
  ServerHooks hooks;
  hooks.venues_json = [] { return std::string("{}"); };
  EXPECT_EQ(get("/v1/venues", hooks).body, "{}");
}

TEST_F(ServiceTest, explains_a_feed_by_its_name_in_a_url) {
  const ServerHooks hooks{.readiness = {},
                          .metrics_text = {},
                          .batch_at = {},
                          .explain_json = [](std::string_view symbol) -> std::optional<std::string> {
                            return symbol == "BTC/USD" ? std::optional<std::string>("{}") : std::nullopt;
                          },
                          .status_json = {}};
  EXPECT_EQ(get("/v1/explain/BTC-USD", hooks).body, "{}");
  EXPECT_EQ(get("/v1/explain/BTC-USD", hooks).cache_control, "no-store");
  EXPECT_EQ(get("/v1/explain/ETH-USD", hooks).status, 404U);
  EXPECT_EQ(get("/v1/explain/BTC-USD").status, 404U) << "nobody answers here";
}

TEST_F(ServiceTest, lists_feeds_with_their_terms) {
  const auto list = json::parse(get("/v1/feeds").body).at("feeds").as_array();
  ASSERT_EQ(list.size(), 5U);
  EXPECT_EQ(list[0].at("feed").as_string(), (*chain_.feeds())[0].symbol);
  EXPECT_EQ(list[0].at("exponent").as_int64(), -2);
}

TEST_F(ServiceTest, refuses_other_methods_paths_and_nonsense_as_problems) {
  const auto post = service().answer({"POST", "/v1/latest", {}}, &frames_);
  EXPECT_EQ(post.status, 405U);
  EXPECT_EQ(post.allow, "GET, HEAD");
  for (const char* target : {"/", "/v1", "/v1/latest/", "/v2/latest", "/v1/latest/BTC-USD/x"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 404U) << target;
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_EQ(json::parse(answer.body).at("status").as_int64(), 404);
  }
  for (const char* target : {"", "x", "/%zz", "http://[", "/\x01", "/v1/latest?\xff"}) {
    EXPECT_GE(get(target).status, 400U) << target;
  }
  const auto head = service().answer({"HEAD", "/v1/feeds", {}}, &frames_);
  EXPECT_TRUE(head.body.empty());
  EXPECT_EQ(head.content_length, get("/v1/feeds").body.size());
}

TEST(ListenAddress, is_an_address_and_a_port) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:0").value().port, 0);
  EXPECT_EQ(parse_listen_address("[::1]:8080").value().host, "::1");
  for (const char* bad : {"", ":1", "1", "a:", "a:65536", "a:-1", "::1:80", "[]:1", "[::1:80", "a:1x"}) {
    EXPECT_FALSE(parse_listen_address(bad)) << bad;
  }
}

}  // namespace
}  // namespace assay::publisher
