// All adapters at once against the synthetic market, over TLS, with fifty instruments each.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "fetchers/io/venue_feed.hpp"
#include "fetchers/market/io/market_server.hpp"
#include "tests/unit/fetchers/io/support.hpp"
#include "tests/unit/fetchers/market/listings.hpp"

namespace assay::fetchers::testing {
namespace {

class Venues : public ::testing::Test {
 protected:
  /// All of them at one market.   requests  none: as much as each bears;  poll_interval  of those that are polled
  void start(Transport transport, std::optional<RateRule> requests, Micros poll_interval) {
    market::MarketSettings settings;
    settings.pki_folder = folder_.path("pki");
    settings.symbols = every_symbol();
    settings.push_interval = millis(1000);
    settings.clock = wall_now;
    settings.limits = limits_;
    auto market = market::MarketServer::listen(settings);
    ASSERT_TRUE(market);
    market_ = std::move(*market);
    serving_ = std::make_unique<Lent>(*market_);
    std::vector<VenueFeedSettings> venues;
    for (const std::string_view venue : market::market_venues()) {
      if (transport == Transport::streams && find_adapter(venue)->ws_base().empty()) continue;
      VenueFeedSettings feed;
      feed.venue = venue;
      for (const market::Pair& pair : pairs_of(venue)) feed.symbols.push_back(configured(venue, pair));
      feed.rest_url = market_->rest_url(venue);
      feed.ws_url = market_->ws_url(venue);
      feed.ca_file = market_->pki().ca_file;
      feed.transport = transport;
      feed.requests = requests;
      feed.poll_interval = poll_interval;
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

  /// What each venue refused because it was too much.
  std::map<std::string, std::uint64_t> refusals() const {
    std::map<std::string, std::uint64_t> out;
    for (const market::Tally& tally : market_->tallies()) {
      if (tally.refused > 0) out[tally.venue] = tally.refused;
    }
    return out;
  }

  bool limits_ = false;
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

class AllVenues : public Venues, public ::testing::WithParamInterface<Transport> {};

TEST_P(AllVenues, every_venue_quotes_every_instrument) {
  start(GetParam(), RateRule{}, millis(60'000));  // without limits: a round of fifty requests would take a minute
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

class LimitsOfVenues : public AllVenues {
 protected:
  LimitsOfVenues() { limits_ = true; }

  /// Venues that heard nothing yet and should have.
  std::string unasked() const {
    std::string out;
    for (const market::Tally& tally : market_->tallies()) {
      const bool silent = GetParam() == Transport::streams && find_adapter(tally.venue)->ws_base().empty();
      if (tally.asked == 0 && !silent && !trades_currencies(tally.venue)) out += tally.venue + " ";
    }
    return out;
  }
};

TEST_P(LimitsOfVenues, are_never_exceeded_by_all_of_them_at_once) {
  const MonoTime begin = mono_now();
  start(GetParam(), std::nullopt, millis(1000));
  EXPECT_TRUE(quotes_.eventually([&](const auto&) { return mono_now() - begin > millis(6000) && unasked().empty(); }))
      << "not asked at all: " << unasked();
  EXPECT_EQ(refusals(), (std::map<std::string, std::uint64_t>{}));
  std::uint64_t asked = 0;
  for (const market::Tally& tally : market_->tallies()) asked += tally.asked;
  std::cout << asked << " requests and streams in six seconds or more, none too much\n";
}

INSTANTIATE_TEST_SUITE_P(By, LimitsOfVenues, ::testing::Values(Transport::streams, Transport::polls),
                         [](const auto& instance) {
                           return std::string(instance.param == Transport::streams ? "streams" : "polls");
                         });

TEST_F(Venues, who_does_not_care_for_limits_is_refused) {
  limits_ = true;
  start(Transport::polls, RateRule{}, millis(100));
  EXPECT_TRUE(notes_.eventually([](const std::vector<VenueNote>& notes) {
    return std::any_of(notes.begin(), notes.end(),
                       [](const VenueNote& note) { return note.error.code == Errc::rate_limited; });
  }));
  EXPECT_FALSE(refusals().empty());
}

}  // namespace
}  // namespace assay::fetchers::testing
