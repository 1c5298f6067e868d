#include "fetchers/io/http_exchange.hpp"

#include <gtest/gtest.h>

#include "fetchers/market/io/script_server.hpp"
#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

/// One server that answers every request alike.
class Exchange : public ::testing::Test {
 protected:
  void serve(market::HttpReply reply) {
    files_ = pki_in(folder_);
    market::Script script{
        .streams = {}, .bodies = {{"/t", std::move(reply)}}, .asked = [this](const auto& query) { asked_.add(query); }};
    auto server = market::ScriptServer::listen(files_, std::move(script), {});
    ASSERT_TRUE(server);
    server_ = std::move(*server);
    serving_ = std::make_unique<Lent>(*server_);
    host_.base_url = "https://localhost:" + std::to_string(server_->port());
    host_.ca_file = files_.ca_file;
  }
  static market::HttpReply says(std::string body) {
    market::HttpReply reply;
    reply.body = std::move(body);
    return reply;
  }

  Folder folder_;
  market::PkiFiles files_;
  HttpHost host_;
  Diary<market::HttpQuery> asked_;
  std::unique_ptr<market::ScriptServer> server_;
  std::unique_ptr<Lent> serving_;
};

TEST_F(Exchange, a_kept_connection_that_the_server_has_ended_is_made_anew_and_nobody_is_blamed) {
  market::HttpReply once = says("1");
  once.hangs_up = true;
  serve(once);
  HttpExchange exchange(host_);
  for (std::size_t i = 1; i <= 20; ++i) {
    const HttpOutcome outcome = exchange.ask({"/t", {}}, mono_now, wall_now);
    EXPECT_TRUE(outcome.answer) << outcome.text;
    EXPECT_EQ(outcome.condition, Condition::good);
    EXPECT_EQ(asked_.items().size(), i) << "each question is asked once";
  }
}

TEST_F(Exchange, a_connection_that_was_idle_for_long_is_not_used_again) {
  serve(says("1"));
  host_.connect_timeout = millis(1000);
  HttpExchange exchange(host_);
  Micros later{};
  const auto mono = [&later] { return mono_now() + later; };
  EXPECT_TRUE(exchange.ask({"/t", {}}, mono, wall_now).answer);
  later = HttpExchange::idle_max + millis(1);
  EXPECT_TRUE(exchange.ask({"/t", {}}, mono, wall_now).answer);
  serving_.reset();  // so that what is sent on the kept connection finds nobody
  later = 3 * HttpExchange::idle_max;
  EXPECT_EQ(exchange.ask({"/t", {}}, mono, wall_now).answer.error().code, Errc::connect_failed);
}

TEST_F(Exchange, a_record_that_drips_in_ends_at_the_deadline) {
  market::HttpReply drip = says(std::string(100'000, 'x'));
  drip.drip = 50;  // a record of 16 KiB takes five minutes
  serve(drip);
  host_.timeout = millis(1500);
  HttpExchange exchange(host_);
  const MonoTime start = mono_now();
  const HttpOutcome outcome = exchange.ask({"/t", {}}, mono_now, wall_now);
  ASSERT_FALSE(outcome.answer);
  EXPECT_EQ(outcome.answer.error().code, Errc::timed_out);
  EXPECT_EQ(outcome.condition, Condition::timed_out);
  EXPECT_LT(mono_now() - start, millis(30'000)) << "it is not the server that gave up, after a minute";
}

TEST_F(Exchange, an_answer_that_is_good_asks_for_no_patience) {
  market::HttpReply odd = says("1");
  odd.headers = {{"Retry-After", "86400"}};
  serve(odd);
  HttpExchange exchange(host_);
  EXPECT_EQ(exchange.ask({"/t", {}}, mono_now, wall_now).retry_after, Micros{});
  const HttpOutcome missing = exchange.ask({"/missing", {}}, mono_now, wall_now);
  EXPECT_EQ(missing.condition, Condition::bad_answer);
  EXPECT_EQ(missing.retry_after, Micros{});
}

}  // namespace
}  // namespace assay::fetchers::testing
