// Numbers of contracts, read from an Ethereum node over real HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fetchers/described.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "fetchers/market/io/script_server.hpp"
#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

std::string word(const std::string& digits) {
  return std::string(64 - digits.size(), '0') + digits;
}

/// One node that answers as its path says.
class ContractFeed : public ::testing::Test {
 protected:
  /// What two calls of one batch are answered with, by the node's name.
  void serve(std::map<std::string, std::string> answers) {
    files_ = pki_in(folder_);
    market::Script script;
    for (auto& [name, answer] : answers) {
      market::HttpReply reply;
      reply.body = std::move(answer);
      const auto batch = contract_batch(calls(), "finalized", symbols());
      script.bodies["POST /" + name + " " + batch] = reply;
    }
    script.asked = [this](const market::HttpQuery& query) { asked_.add(query); };
    auto server = market::ScriptServer::listen(files_, std::move(script), {});
    ASSERT_TRUE(server);
    server_ = std::move(*server);
    serving_ = std::make_unique<Lent>(*server_);
  }

  void read(const std::string& name) {
    Description described;
    described.venue = "reader";
    described.rest_base = "https://localhost:" + std::to_string(server_->port()) + "/" + name;
    described.block = "finalized";
    described.calls = calls();
    VenueFeedSettings settings;
    settings.venue = "reader";
    settings.adapter = std::make_shared<DescribedAdapter>(std::move(described));
    settings.symbols = symbols();
    settings.ca_file = files_.ca_file;
    settings.poll_interval = millis(20);
    settings.transport = Transport::polls;
    feeds_ = std::make_unique<VenueFeeds>(
        std::vector{std::move(settings)}, Clocks{mono_now, wall_now}, entropy_,
        [this](Quote quote) { quotes_.add(std::move(quote)); },
        [this](VenueNote note) { notes_.add(std::move(note)); });
    polling_ = std::make_unique<Lent>([this] { feeds_->run_pollers(); }, [this] { feeds_->stop(); });
  }

  static std::vector<ContractCall> calls() {
    return {{"RETH_ETH", "0x" + std::string(40, 'a'), "0xe6aa216c", 0, 18},
            {"WSTETH_STETH", "0x" + std::string(40, 'b'), "0x035faf82", 0, 18}};
  }
  static std::vector<std::string> symbols() { return {"RETH_ETH", "WSTETH_STETH"}; }
  static std::string good(const std::string& id) {
    return R"({"jsonrpc":"2.0","id":")" + id + R"(","result":"0x)" + word("f8d1d3b60acb9bd") + "\"}";
  }
  bool noted(Errc code) {
    return notes_.eventually([&](const std::vector<VenueNote>& notes) {
      return std::any_of(notes.begin(), notes.end(), [&](const VenueNote& note) { return note.error.code == code; });
    });
  }

  Folder folder_;
  market::PkiFiles files_;
  SeededEntropy entropy_;
  Diary<Quote> quotes_;
  Diary<VenueNote> notes_;
  Diary<market::HttpQuery> asked_;
  std::unique_ptr<market::ScriptServer> server_;
  std::unique_ptr<Lent> serving_;
  std::unique_ptr<VenueFeeds> feeds_;
  std::unique_ptr<Lent> polling_;
};

TEST_F(ContractFeed, both_calls_of_a_batch_become_rates_with_all_their_digits) {
  serve({{"good", "[" + good("WSTETH_STETH") + "," + good("RETH_ETH") + "]"}});
  read("good");
  ASSERT_TRUE(quotes_.reaches(4));
  for (const Quote& quote : quotes_.items()) {
    EXPECT_EQ(compare(*quote.last, *parse_price("1.120584023147329981")), 0) << quote.symbol;
    EXPECT_FALSE(quote.bid);
  }
  EXPECT_EQ(feeds_->states().front().refusals, 0U);
}

TEST_F(ContractFeed, a_call_that_reverts_leaves_the_other_one_alone) {
  serve({{"half", R"([{"jsonrpc":"2.0","id":"RETH_ETH","error":{"code":3,"message":"execution reverted"}},)" +
                      good("WSTETH_STETH") + "]"}});
  read("half");
  ASSERT_TRUE(quotes_.reaches(2));
  ASSERT_TRUE(noted(Errc::venue_error));
  for (const Quote& quote : quotes_.items()) EXPECT_EQ(quote.symbol, "WSTETH_STETH");
}

TEST_F(ContractFeed, an_answer_of_the_wrong_length_or_for_the_whole_batch_is_no_number) {
  const auto result = [](const std::string& hex) {
    return R"([{"jsonrpc":"2.0","id":"RETH_ETH","result":")" + hex + R"("},)" +
           R"({"jsonrpc":"2.0","id":"WSTETH_STETH","result":"0x"}])";
  };
  serve({{"short", result("0x" + word("1").substr(1))},
         {"long", result("0x" + word("1") + "0")},
         {"other", R"([{"jsonrpc":"2.0","id":"NOT_OURS","result":"0x)" + word("1") + "\"}]"},
         {"object", R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batches are not served"}})"}});
  for (const auto& [name, code] : {std::pair{"short", Errc::malformed},
                                   {"long", Errc::malformed},
                                   {"other", Errc::malformed},
                                   {"object", Errc::venue_error}}) {
    notes_.clear();
    read(name);
    EXPECT_TRUE(noted(code)) << name;
    polling_.reset();
    EXPECT_TRUE(quotes_.items().empty()) << name;
  }
}

TEST_F(ContractFeed, a_node_without_a_path_is_asked_at_its_root) {
  serve({{"", "[" + good("WSTETH_STETH") + "," + good("RETH_ETH") + "]"}});
  read("");
  EXPECT_TRUE(quotes_.reaches(2));
  EXPECT_EQ(asked_.items().front().target, "/");
}

}  // namespace
}  // namespace assay::fetchers::testing
