// All adapters at once against the synthetic market, over TLS, with fifty instruments each.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>

#include "fetchers/io/venue_feed.hpp"
#include "fetchers/market/io/market_server.hpp"
#include "tests/unit/fetchers/io/support.hpp"
#include "tests/unit/fetchers/market/listings.hpp"

namespace assay::fetchers::testing {
namespace {

class AllVenues : public ::testing::TestWithParam<Transport> {
 protected:
  void SetUp() override {
    market::MarketSettings settings;
    settings.pki_folder = folder_.path("pki");
    settings.symbols = every_symbol();
    settings.push_interval = millis(1000);
    settings.clock = wall_now;
    auto market = market::MarketServer::listen(settings);
    ASSERT_TRUE(market);
    market_ = std::move(*market);
    serving_ = std::make_unique<Lent>(*market_);
    std::vector<VenueFeedSettings> venues;
    for (const std::string_view venue : market::market_venues()) {
      if (GetParam() == Transport::streams && find_adapter(venue)->ws_base().empty()) continue;
      VenueFeedSettings feed;
      feed.venue = venue;
      for (const market::Pair& pair : pairs_of(venue)) feed.symbols.push_back(configured(venue, pair));
      feed.rest_url = market_->rest_url(venue);
      feed.ws_url = market_->ws_url(venue);
      feed.ca_file = market_->pki().ca_file;
      feed.transport = GetParam();
      feed.requests = RateRule{};  // the venues' limits are not the market's
      feed.poll_interval = millis(60'000);
      wanted_ += feed.symbols.size();
      venues.push_back(std::move(feed));
    }
    feeds_ = std::make_unique<VenueFeeds>(
        std::move(venues), Clocks{mono_now, wall_now}, entropy_,
        [this](const Quote& quote) {
          quotes_.add({quote.venue, quote.symbol});
        },
        [this](VenueNote note) { notes_.add(std::move(note)); });
    streaming_ = std::make_unique<Lent>([this] { feeds_->run_streams(); }, [this] { feeds_->stop(); });
    for (int i = 0; i < 4; ++i) {
      polling_.push_back(std::make_unique<Lent>([this] { feeds_->run_pollers(); }, [this] { feeds_->stop(); }));
    }
  }

  using Named = std::pair<std::string, std::string>;

  /// What was not quoted within patience; nothing is what is wanted.
  std::string missing() {
    std::set<Named> seen;
    std::size_t read = 0;
    quotes_.eventually([&](const std::vector<Named>& quotes) {
      for (; read < quotes.size(); ++read) seen.insert(quotes[read]);
      return seen.size() >= wanted_;
    });
    std::map<std::string, std::size_t> counts;
    for (const Named& one : seen) ++counts[one.first];
    std::string out;
    for (const auto& [venue, count] : counts) {
      if (count < pairs_of(venue).size()) out += venue + " quoted " + std::to_string(count) + "\n";
    }
    return seen.size() == wanted_ ? "" : out + std::to_string(seen.size()) + " of " + std::to_string(wanted_);
  }

  Folder folder_;
  SeededEntropy entropy_;
  std::size_t wanted_ = 0;
  Diary<Named> quotes_;
  Diary<VenueNote> notes_;
  std::unique_ptr<market::MarketServer> market_;
  std::unique_ptr<Lent> serving_;
  std::unique_ptr<VenueFeeds> feeds_;
  std::unique_ptr<Lent> streaming_;
  std::vector<std::unique_ptr<Lent>> polling_;
};

TEST_P(AllVenues, every_venue_quotes_every_instrument) {
  EXPECT_EQ(missing(), "");
  for (const VenueNote& note : notes_.items()) {
    if (note.what == "unlisted") continue;                 // lists of everything hold what was not asked for
    if (note.error.code == Errc::missing_field) continue;  // KuCoin's first attempt, before its token has come
    ADD_FAILURE() << note.venue << " " << note.what << " " << name(note.error.code) << " " << note.text;
  }
  std::cout << wanted_ << " instruments of " << feeds_->states().size() << " venues\n";
}

INSTANTIATE_TEST_SUITE_P(By, AllVenues, ::testing::Values(Transport::streams, Transport::polls),
                         [](const auto& instance) {
                           return std::string(instance.param == Transport::streams ? "streams" : "polls");
                         });

}  // namespace
}  // namespace assay::fetchers::testing
