// What a node notices of a venue in trouble, over real sockets.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/decimal.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "fetchers/market/io/market_server.hpp"
#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

using market::Fault;
using market::FaultKind;

/// OKX in trouble beside Gate.io, which is honest; both are read at once.
class Troubles : public ::testing::Test {
 protected:
  void start(const Fault& fault, Transport transport, std::vector<market::ScenarioEvent> events = {}) {
    market::MarketSettings settings;
    settings.pki_folder = folder_.path("pki");
    settings.symbols = {"BTC/USDT", "ETH/USDT"};
    settings.push_interval = millis(20);
    settings.events = std::move(events);
    settings.clock = wall_now;
    auto listening = market::MarketServer::listen(settings);
    ASSERT_TRUE(listening);
    market_ = std::move(*listening);
    serving_ = std::make_unique<Lent>(*market_);
    market_->set_fault("okx", fault);
    std::vector<VenueFeedSettings> venues;
    for (const char* venue : {"okx", "gateio"}) {
      VenueFeedSettings feed;
      feed.venue = venue;
      const std::string mark = feed.venue == "okx" ? "-" : "_";
      feed.symbols = {"BTC" + mark + "USDT", "ETH" + mark + "USDT"};
      feed.rest_url = market_->rest_url(venue);
      feed.ws_url = market_->ws_url(venue);
      feed.ca_file = market_->pki().ca_file;
      feed.transport = transport;
      feed.poll_interval = millis(50);
      venues.push_back(std::move(feed));
    }
    feeds_ = std::make_unique<VenueFeeds>(
        std::move(venues), Clocks{mono_now, wall_now}, entropy_, [this](Quote quote) { quotes_.add(std::move(quote)); },
        [this](VenueNote note) { notes_.add(std::move(note)); });
    for (int i = 0; i < 2; ++i) {
      lent_.push_back(std::make_unique<Lent>([this] { feeds_->run_pollers(); }, [this] { feeds_->stop(); }));
    }
    lent_.push_back(std::make_unique<Lent>([this] { feeds_->run_streams(); }, [this] { feeds_->stop(); }));
  }

  /// This many quotes of one venue, and of one symbol where it is given.
  bool quoted(std::string_view venue, std::ptrdiff_t count, std::string_view symbol = {}) {
    return quotes_.eventually([=](const std::vector<Quote>& quotes) {
      return std::count_if(quotes.begin(), quotes.end(), [=](const Quote& quote) {
               return quote.venue == venue && (symbol.empty() || quote.symbol == symbol);
             }) >= count;
    });
  }
  bool noted(Errc code) {
    return notes_.eventually([=](const std::vector<VenueNote>& notes) {
      return std::any_of(notes.begin(), notes.end(),
                         [=](const VenueNote& note) { return note.venue == "okx" && note.error.code == code; });
    });
  }
  std::ptrdiff_t count_of(std::string_view venue) const {
    const auto quotes = quotes_.items();
    return std::count_if(quotes.begin(), quotes.end(), [=](const Quote& quote) { return quote.venue == venue; });
  }
  static Fault with_delay(FaultKind kind, Micros delay) {
    Fault fault = market::fault_of(kind);
    fault.delay = delay;
    return fault;
  }

  Folder folder_;
  SeededEntropy entropy_;
  Diary<Quote> quotes_;
  Diary<VenueNote> notes_;
  std::unique_ptr<market::MarketServer> market_;
  std::unique_ptr<Lent> serving_;
  std::unique_ptr<VenueFeeds> feeds_;
  std::vector<std::unique_ptr<Lent>> lent_;
};

TEST_F(Troubles, a_venue_that_speaks_a_byte_at_a_time_is_understood_in_the_end) {
  start(with_delay(FaultKind::slow, micros(100)), Transport::streams);
  EXPECT_TRUE(quoted("okx", 2));
}

TEST_F(Troubles, a_body_that_comes_a_byte_at_a_time_is_read_whole) {
  start(with_delay(FaultKind::slow, micros(100)), Transport::polls);
  EXPECT_TRUE(quoted("okx", 2));
}

TEST_F(Troubles, a_venue_whose_records_come_in_drops_is_understood_too) {
  start(with_delay(FaultKind::drip, micros(20)), Transport::both);
  EXPECT_TRUE(quoted("okx", 4));
}

TEST_F(Troubles, late_messages_keep_their_order_and_the_times_of_before) {
  start(with_delay(FaultKind::late, millis(300)), Transport::streams);
  ASSERT_TRUE(quoted("okx", 20, "BTC-USDT"));
  WallTime before;
  for (const Quote& quote : quotes_.items()) {
    if (quote.symbol != "BTC-USDT") continue;
    EXPECT_GE(quote.venue_time.value_or(WallTime{}), before);
    before = quote.venue_time.value_or(WallTime{});
    EXPECT_GE(quote.recv_time - before, millis(290));
  }
}

TEST_F(Troubles, a_venue_that_counts_requests_says_so_and_is_told_as_that) {
  for (const FaultKind kind : {FaultKind::rate_limited, FaultKind::banned}) {
    notes_.clear();
    start(market::fault_of(kind), Transport::polls);
    EXPECT_TRUE(noted(Errc::rate_limited));
    EXPECT_TRUE(quoted("gateio", 2));
    EXPECT_EQ(count_of("okx"), 0);
    lent_.clear();
    feeds_.reset();
    serving_.reset();
  }
}

TEST_F(Troubles, a_silent_venue_says_nothing_while_another_speaks) {
  start(market::fault_of(FaultKind::silent), Transport::streams);
  EXPECT_TRUE(quoted("gateio", 50));
  EXPECT_EQ(count_of("okx"), 0);
  market_->set_fault("okx", {});
  EXPECT_TRUE(quoted("okx", 2));
}

TEST_F(Troubles, a_delisted_instrument_falls_silent_and_comes_back) {
  Fault fault = market::fault_of(FaultKind::delisted);
  fault.symbol = "BTC/USDT";
  start(fault, Transport::streams);
  EXPECT_TRUE(quoted("okx", 20, "ETH-USDT"));
  const auto quotes = quotes_.items();
  EXPECT_TRUE(
      std::none_of(quotes.begin(), quotes.end(), [](const Quote& quote) { return quote.symbol == "BTC-USDT"; }));
  Fault back;
  back.symbol = "BTC/USDT";
  market_->set_fault("okx", back);
  EXPECT_TRUE(quoted("okx", 1, "BTC-USDT"));
}

TEST_F(Troubles, a_scenario_begins_with_the_market) {
  Fault lie = market::fault_of(FaultKind::lie);
  lie.factor_e6 = 10'000'000;
  start({}, Transport::streams, {{Micros{}, {}, market::FaultOrder{"gateio", lie}}});
  ASSERT_TRUE(quoted("gateio", 1, "BTC_USDT"));
  ASSERT_TRUE(quoted("okx", 1, "BTC-USDT"));
  const auto price_of = [&](std::string_view symbol) {
    const auto quotes = quotes_.items();
    return *std::find_if(quotes.begin(), quotes.end(), [&](const Quote& quote) { return quote.symbol == symbol; })->bid;
  };
  EXPECT_GT(compare(price_of("BTC_USDT"), *parse_decimal("500000")), 0);
  EXPECT_LT(compare(price_of("BTC-USDT"), *parse_decimal("70000")), 0);
}

}  // namespace
}  // namespace assay::fetchers::testing
