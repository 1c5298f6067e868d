#include "fetchers/market/io/market_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>

#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Market : public ::testing::Test {
 protected:
  void SetUp() override {
    market::MarketSettings settings;
    settings.pki_folder = folder_.path("pki");
    settings.symbols = {"BTC/USD", "BTC/USDT"};
    settings.push_interval = millis(5);
    settings.clock = wall_now;
    auto server = market::MarketServer::listen(settings);
    ASSERT_TRUE(server);
    market_ = std::move(*server);
    serving_ = std::make_unique<Lent>(*market_);
    client_ = std::make_unique<httplib::SSLClient>("localhost", market_->port());
    client_->set_ca_cert_path(market_->pki().ca_file.c_str());
    client_->set_keep_alive(true);
  }
  void TearDown() override { client_.reset(); }

  std::string get(const std::string& target) {
    const auto answer = client_->Get(target);
    return answer ? std::to_string(answer->status) + " " + answer->body : httplib::to_string(answer.error());
  }
  std::string control(const std::string& body) {
    const auto answer = client_->Post("/control", body, "application/json");
    return answer ? std::to_string(answer->status) + " " + answer->body : httplib::to_string(answer.error());
  }

  Folder folder_;
  std::unique_ptr<market::MarketServer> market_;
  std::unique_ptr<Lent> serving_;
  std::unique_ptr<httplib::SSLClient> client_;
};

TEST_F(Market, speaks_every_venues_format_on_one_port) {
  EXPECT_THAT(get("/binance/api/v3/ticker/bookTicker?symbol=BTCUSDT"), HasSubstr("200 {\"symbol\":\"BTCUSDT\""));
  EXPECT_THAT(get("/binance_us/api/v3/ticker/price?symbol=BTCUSD"), HasSubstr("200 {\"symbol\":\"BTCUSD\""));
  EXPECT_THAT(get("/coinbase_exchange/products/BTC-USD/ticker"), HasSubstr("200 {\"ask\""));
  EXPECT_THAT(get("/kraken/0/public/Ticker?pair=XBTUSDT"), HasSubstr("\"XBTUSDT\":{"));
  EXPECT_THAT(get("/ftx/ticker"), HasSubstr("404"));
}

TEST_F(Market, obeys_its_control_and_lists_what_it_does) {
  EXPECT_EQ(control(R"({"venue":"kraken","fault":"outage"})"), "200 {\"ok\":true}");
  EXPECT_THAT(get("/kraken/0/public/Ticker"), HasSubstr("503"));
  EXPECT_THAT(get("/binance/api/v3/ping"), HasSubstr("200"));
  EXPECT_THAT(get("/"), HasSubstr(R"({"venue":"kraken","fault":"outage")"));
  EXPECT_EQ(control(R"({"venue":"kraken","fault":"none"})"), "200 {\"ok\":true}");
  EXPECT_THAT(get("/kraken/0/public/Ticker"), HasSubstr("200"));
  EXPECT_EQ(control(R"({"venue":"kraken","fault":"malformed"})"), "200 {\"ok\":true}");
  EXPECT_THAT(get("/kraken/0/public/Time"), Not(HasSubstr("}}")));
}

TEST_F(Market, obeys_a_control_for_all_venues_at_once) {
  EXPECT_EQ(control(R"({"venue":"*","fault":"stuck"})"), "200 {\"ok\":true}");
  EXPECT_THAT(get("/"), Not(HasSubstr(R"("fault":"none")")));
}

TEST_F(Market, refuses_a_control_that_it_does_not_understand) {
  EXPECT_THAT(control("x"), HasSubstr("400"));
  EXPECT_THAT(control("{}"), HasSubstr("venue:"));
  EXPECT_THAT(control(R"({"venue":"kraken"})"), HasSubstr("fault:"));
  EXPECT_THAT(control(R"({"venue":"kraken","fault":"lie","factor":"-1"})"), HasSubstr("factor:"));
  EXPECT_THAT(control(R"({"venue":"kraken","fault":"lie","factor":10})"), HasSubstr("factor:"));
  EXPECT_THAT(get("/control"), HasSubstr("405"));
}

TEST_F(Market, is_trusted_only_through_its_own_authority) {
  httplib::SSLClient stranger("localhost", market_->port());
  EXPECT_FALSE(stranger.Get("/"));
}

TEST_F(Market, keeps_the_servers_key_to_its_owner) {
  struct stat status {};
  ASSERT_EQ(::stat(market_->pki().key_file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Market, names_the_urls_that_adapters_take_as_bases) {
  const std::string port = std::to_string(market_->port());
  EXPECT_EQ(market_->rest_url("kraken"), "https://localhost:" + port + "/kraken");
  EXPECT_EQ(market_->ws_url("kraken"), "wss://localhost:" + port + "/kraken");
  EXPECT_FALSE(market_->set_fault("ftx", {}));
}

TEST(MarketSettings, refuse_a_symbol_that_is_none) {
  const Folder folder;
  market::MarketSettings settings;
  settings.pki_folder = folder.path("pki");
  settings.symbols = {"BTCUSD"};
  settings.clock = wall_now;
  EXPECT_FALSE(market::MarketServer::listen(settings));
}

}  // namespace
}  // namespace assay::fetchers::testing
