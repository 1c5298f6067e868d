#include "fetchers/io/venue_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "fetchers/described.hpp"
#include "fetchers/market/board.hpp"
#include "fetchers/market/dialogue.hpp"
#include "fetchers/market/io/market_server.hpp"
#include "fetchers/market/io/script_server.hpp"
#include "fetchers/market/walk.hpp"
#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

using market::Fault;
using market::FaultKind;

constexpr std::uint64_t seed = 42;
const std::vector<std::string> market_symbols = {"BTC/USD", "ETH/USD", "USDT/USD"};

/// How each venue spells the market's pairs in its stream, in the same order.
const std::map<std::string, std::vector<std::string>> spellings = {
    {"binance", {"BTCUSD", "ETHUSD", "USDTUSD"}},
    {"binance_us", {"BTCUSD", "ETHUSD", "USDTUSD"}},
    {"coinbase_exchange", {"BTC-USD", "ETH-USD", "USDT-USD"}},
    {"kraken", {"BTC/USD", "ETH/USD", "USDT/USD"}}};

using BidAsk = std::pair<std::int64_t, std::int64_t>;

/// Every bid and ask that a venue's board states in the first steps of the market, found by walking a twin of it.
std::vector<std::set<BidAsk>> all_statements(std::size_t venue_index, int steps) {
  std::vector<market::Pair> pairs;
  for (const std::string& symbol : market_symbols) pairs.push_back(market::pair_of(symbol));
  market::Walk walk(seed, market::assets_of(pairs));
  market::Board board(market::board_seed(seed, venue_index), pairs, {});
  std::vector<std::set<BidAsk>> statements(pairs.size());
  for (int step = 0; step < steps; ++step) {
    walk.step();
    board.step(walk, Fault{}, WallTime{1});
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      statements[i].insert({board.ticker(i).bid_e8, board.ticker(i).ask_e8});
    }
  }
  return statements;
}

/// The value at 1e-8 when it has one there; 0 otherwise.
std::int64_t exact_e8(const std::optional<Decimal>& value) {
  const auto mantissa = value ? rescale(*value, -8) : Result<std::int64_t>(Error{});
  if (!mantissa) return 0;
  const Decimal back{static_cast<UInt128>(*mantissa), -8};
  return compare(back, *value) == 0 ? *mantissa : 0;
}

std::ptrdiff_t parse_notes(const std::vector<VenueNote>& notes, const std::string& venue) {
  return std::count_if(notes.begin(), notes.end(),
                       [&](const VenueNote& note) { return note.what == "parse" && note.venue == venue; });
}

class Feeding : public ::testing::Test {
 protected:
  void SetUp() override {
    market::MarketSettings settings;
    settings.seed = seed;
    settings.pki_folder = folder_.path("pki");
    settings.symbols = market_symbols;
    settings.push_interval = millis(10);
    settings.clock = wall_now;
    auto server = market::MarketServer::listen(settings);
    ASSERT_TRUE(server);
    market_ = std::move(*server);
    serving_ = std::make_unique<Lent>(*market_);
  }

  VenueFeedSettings of(const std::string& venue, Transport transport) const {
    VenueFeedSettings settings;
    settings.venue = venue;
    if (spellings.contains(venue)) settings.symbols = spellings.at(venue);
    settings.rest_url = market_->rest_url(venue);
    settings.ws_url = market_->ws_url(venue);
    settings.ca_file = market_->pki().ca_file;
    settings.poll_interval = millis(20);
    settings.requests = RateRule{};  // of the market's own machine, not of the venue
    settings.transport = transport;
    return settings;
  }

  void feed(std::vector<VenueFeedSettings> venues) {
    feeds_ = std::make_unique<VenueFeeds>(
        std::move(venues), Clocks{mono_now, wall_now}, entropy_, [this](Quote quote) { quotes_.add(std::move(quote)); },
        [this](VenueNote note) { notes_.add(std::move(note)); });
    streaming_ = std::make_unique<Lent>([this] { feeds_->run_streams(); }, [this] { feeds_->stop(); });
    polling_ = std::make_unique<Lent>([this] { feeds_->run_pollers(); }, [this] { feeds_->stop(); });
  }

  bool noted(std::string_view what, Errc code) {
    return notes_.eventually([&](const std::vector<VenueNote>& notes) {
      return std::any_of(notes.begin(), notes.end(),
                         [&](const VenueNote& note) { return note.what == what && note.error.code == code; });
    });
  }

  /// Quotes of every symbol arrive, and each one says exactly what the board encoded at some step.
  void expect_exact(const std::string& venue, std::size_t venue_index, Transport transport) {
    feed({of(venue, transport)});
    const auto& symbols = spellings.at(venue);
    ASSERT_TRUE(quotes_.eventually([&](const std::vector<Quote>& quotes) {
      return std::all_of(symbols.begin(), symbols.end(), [&](const std::string& symbol) {
        return std::count_if(quotes.begin(), quotes.end(), [&](const Quote& q) { return q.symbol == symbol; }) >= 10;
      });
    }));
    const auto statements = all_statements(venue_index, 20'000);
    for (const Quote& quote : quotes_.items()) {
      EXPECT_EQ(quote.venue, venue);
      const auto at = std::find(symbols.begin(), symbols.end(), quote.symbol);
      ASSERT_NE(at, symbols.end()) << quote.symbol;
      const BidAsk said{exact_e8(quote.bid), exact_e8(quote.ask)};
      EXPECT_TRUE(statements[static_cast<std::size_t>(at - symbols.begin())].contains(said))
          << quote.symbol << " " << said.first << " " << said.second;
    }
    const auto states = feeds_->states();
    ASSERT_EQ(states.size(), 1U);
    EXPECT_EQ(states[0].refusals, 0U);
    EXPECT_GE(states[0].quotes, 30U);
    EXPECT_TRUE(states[0].last_message_age.has_value());
    EXPECT_EQ(states[0].state, transport == Transport::streams ? "streaming" : "polling");
  }

  Folder folder_;
  SeededEntropy entropy_;
  Diary<Quote> quotes_;
  Diary<VenueNote> notes_;
  std::unique_ptr<market::MarketServer> market_;
  std::unique_ptr<Lent> serving_;
  std::unique_ptr<VenueFeeds> feeds_;
  std::unique_ptr<Lent> streaming_;
  std::unique_ptr<Lent> polling_;
};

TEST_F(Feeding, every_binance_stream_quote_is_what_the_market_encoded) {
  expect_exact("binance", 0, Transport::streams);
}
TEST_F(Feeding, every_binance_rest_quote_is_what_the_market_encoded) {
  expect_exact("binance", 0, Transport::polls);
}
TEST_F(Feeding, every_binance_us_stream_quote_is_what_the_market_encoded) {
  expect_exact("binance_us", 1, Transport::streams);
}
TEST_F(Feeding, every_coinbase_stream_quote_is_what_the_market_encoded) {
  expect_exact("coinbase_exchange", 2, Transport::streams);
}
TEST_F(Feeding, every_coinbase_rest_quote_is_what_the_market_encoded) {
  expect_exact("coinbase_exchange", 2, Transport::polls);
}
TEST_F(Feeding, every_kraken_stream_quote_is_what_the_market_encoded) {
  expect_exact("kraken", 3, Transport::streams);
}
TEST_F(Feeding, every_kraken_rest_quote_is_what_the_market_encoded_under_the_configured_symbol) {
  expect_exact("kraken", 3, Transport::polls);
}

TEST_F(Feeding, quotes_of_symbols_that_nobody_configured_are_counted_and_go_no_further) {
  // A venue that answers with more than it was asked: here the path to every Kraken pair stands in the base URL.
  auto wide = of("kraken", Transport::polls);
  wide.symbols = {"BTC/USD"};
  wide.rest_url += "/0/public/Ticker?pair=XBTUSD,ETHUSD&ignored=";
  feed({wide});
  ASSERT_TRUE(noted("unlisted", Errc::symbol_unknown));
  ASSERT_TRUE(quotes_.reaches(1));
  for (const Quote& quote : quotes_.items()) EXPECT_EQ(quote.symbol, "BTC/USD");
  EXPECT_GE(feeds_->states().front().unlisted, 1U);
}

TEST_F(Feeding, comes_back_by_itself_after_an_outage) {
  feed({of("kraken", Transport::streams)});
  ASSERT_TRUE(quotes_.reaches(1));
  market_->set_fault("kraken", {FaultKind::outage, 1'000'000});
  ASSERT_TRUE(noted("stream", Errc::http_status));
  const auto down = feeds_->states().front();
  EXPECT_GE(down.reconnects, 1U);
  EXPECT_FALSE(down.connected);
  EXPECT_THAT(down.state, ::testing::HasSubstr("503"));
  const std::size_t before = quotes_.items().size();
  market_->set_fault("kraken", {});
  EXPECT_TRUE(quotes_.reaches(before + 1));
}

TEST_F(Feeding, tells_of_an_outage_over_rest_and_goes_on_after_it) {
  market_->set_fault("kraken", {FaultKind::outage, 1'000'000});
  feed({of("kraken", Transport::polls)});
  ASSERT_TRUE(noted("poll", Errc::http_status));
  EXPECT_TRUE(quotes_.items().empty());
  market_->set_fault("kraken", {});
  EXPECT_TRUE(quotes_.reaches(1));
}

TEST_F(Feeding, refuses_malformed_messages_without_a_quote_and_without_a_flood_of_notes) {
  const std::vector<std::string> venues{"binance", "coinbase_exchange", "kraken"};
  std::vector<VenueFeedSettings> settings;
  for (const std::string& venue : venues) {
    market_->set_fault(venue, {FaultKind::malformed, 1'000'000});
    settings.push_back(of(venue, Transport::both));
  }
  feed(settings);
  for (const std::string& venue : venues) {  // the eighth note of a venue follows its 128th refusal, not its eighth
    ASSERT_TRUE(notes_.eventually([&](const std::vector<VenueNote>& notes) { return parse_notes(notes, venue) >= 8; }));
  }
  const auto notes = notes_.items();
  EXPECT_TRUE(quotes_.items().empty());
  for (const VenueNote& note : notes) {
    if (note.what == "parse") {
      EXPECT_EQ(note.error.code, Errc::malformed) << note.text;
    }
  }
  for (const VenueState& state : feeds_->states()) {
    EXPECT_LE(parse_notes(notes, state.venue), std::bit_width(state.refusals)) << state.venue;
  }
}

class LosingBooks : public Feeding, public ::testing::WithParamInterface<FaultKind> {};

TEST_P(LosingBooks, what_a_checksum_does_not_confirm_is_no_price_and_the_stream_is_made_anew) {
  feed({of("kraken", Transport::streams)});
  market_->set_fault("kraken", market::fault_of(GetParam()));
  ASSERT_TRUE(noted("parse", Errc::malformed));
  market_->set_fault("kraken", {});
  EXPECT_TRUE(quotes_.reaches(quotes_.items().size() + 10));
  EXPECT_GE(feeds_->states().front().gaps, 1U);
  const auto statements = all_statements(3, 20'000);
  const auto& symbols = spellings.at("kraken");
  for (const Quote& quote : quotes_.items()) {
    const auto at = static_cast<std::size_t>(std::find(symbols.begin(), symbols.end(), quote.symbol) - symbols.begin());
    EXPECT_TRUE(statements[at].contains({exact_e8(quote.bid), exact_e8(quote.ask)}));
  }
}
INSTANTIATE_TEST_SUITE_P(market, LosingBooks, ::testing::Values(FaultKind::gap, FaultKind::bad_checksum));

TEST_F(Feeding, a_halt_of_the_whole_venue_is_known_within_a_heartbeat) {
  feed({of("kraken", Transport::streams)});
  for (const auto& [kind, told] : {std::pair(FaultKind::halt, Trading::halted), {FaultKind::none, Trading::trading}}) {
    Fault fault = market::fault_of(kind);
    fault.symbol = "*";
    market_->set_fault("kraken", fault);
    EXPECT_TRUE(quotes_.eventually([wanted = told](const std::vector<Quote>& quotes) {
      return !quotes.empty() && quotes.back().trading == wanted && quotes.back().bid.has_value();
    }));
  }
}

TEST_F(Feeding, a_venue_that_lies_is_heard_as_it_speaks) {
  market_->set_fault("coinbase_exchange", {FaultKind::lie, 10'000'000});
  feed({of("coinbase_exchange", Transport::streams)});
  const auto price_above = [](std::int64_t dollars) {
    return [dollars](const std::vector<Quote>& quotes) {
      return std::any_of(quotes.begin(), quotes.end(), [dollars](const Quote& quote) {
        return quote.symbol == "BTC-USD" && exact_e8(quote.bid) > dollars * 100'000'000;
      });
    };
  };
  EXPECT_TRUE(quotes_.eventually(price_above(300'000)));
}

TEST_F(Feeding, says_so_when_a_venue_has_no_adapter) {
  feed({of("no_such_venue", Transport::both)});
  ASSERT_TRUE(noted("settings", Errc::unsupported));
  EXPECT_EQ(feeds_->states().front().state, "down: no_such_venue");
}

TEST_F(Feeding, a_described_source_is_polled_and_streamed_like_any_other) {
  market::HttpReply reply;
  reply.body = R"({"bid":"1.5","ask":"1.6"})";
  market::Script script{.streams = {{"/v1",
                                     {.frames = {{.offset = Micros{}, .text = R"({"pair":"A/B","price":"1.55"})"}},
                                      .end = market::ScriptEnd::stay,
                                      .after_first_text = true}}},
                        .bodies = {{"/ticker?pair=A%2FB", reply}}};
  Diary<std::string> heard;
  auto server = market::ScriptServer::listen(market_->pki(), std::move(script),
                                             [&](std::string_view text) { heard.add(std::string(text)); });
  ASSERT_TRUE(server);
  const Lent serving(**server);
  const std::string authority = "localhost:" + std::to_string((*server)->port());
  Description acme;
  acme.venue = "acme";
  acme.rest_base = "https://" + authority;
  acme.rest_target = "/ticker?pair={symbol}";
  acme.rest = {.entries = "", .symbol = "", .bid = "/bid", .ask = "/ask", .last = "", .base_volume = "", .time = ""};
  acme.ws_url = "wss://" + authority + "/v1";
  acme.subscribe = R"({"sub":"{symbol}"})";
  acme.ws = {.entries = "", .symbol = "/pair", .bid = "", .ask = "", .last = "/price", .base_volume = "", .time = ""};
  VenueFeedSettings settings;
  settings.venue = "acme";
  settings.adapter = std::make_shared<DescribedAdapter>(acme);
  settings.symbols = {"A/B"};
  settings.ca_file = market_->pki().ca_file;
  feed({settings});
  EXPECT_TRUE(quotes_.eventually([](const std::vector<Quote>& quotes) {
    return std::any_of(quotes.begin(), quotes.end(), [](const Quote& quote) { return quote.bid.has_value(); }) &&
           std::any_of(quotes.begin(), quotes.end(), [](const Quote& quote) { return quote.last.has_value(); });
  }));
  for (const Quote& quote : quotes_.items()) EXPECT_EQ(quote.venue + " " + quote.symbol, "acme A/B");
  EXPECT_EQ(heard.items().front(), R"({"sub":"A/B"})");
}

TEST_F(Feeding, a_stream_that_wants_a_token_gets_the_one_that_was_handed_out) {
  market::HttpReply token;
  token.body = R"({"code":"200000","data":{"token":"a/b=","instanceServers":[]}})";
  market::HttpReply level1;
  level1.body = R"({"code":"500000","msg":"not now"})";
  const std::string ticker =
      R"({"type":"message","topic":"/market/ticker:BTC-USDT","data":{"bestBid":"1","bestAsk":"2","price":"1.5"}})";
  market::Script script{.streams = {{"/?token=a%2Fb%3D",
                                     {.frames = {{.offset = Micros{}, .text = ticker}},
                                      .end = market::ScriptEnd::stay,
                                      .after_first_text = true}}},
                        .bodies = {{"POST /api/v1/bullet-public {}", token},
                                   {"/api/v1/market/orderbook/level1?symbol=BTC-USDT", level1}}};
  auto server = market::ScriptServer::listen(market_->pki(), std::move(script), {});
  ASSERT_TRUE(server);
  const Lent serving(**server);
  const std::string authority = "localhost:" + std::to_string((*server)->port());
  VenueFeedSettings settings;
  settings.venue = "kucoin";
  settings.symbols = {"BTC-USDT"};
  settings.rest_url = "https://" + authority;
  settings.ws_url = "wss://" + authority;
  settings.ca_file = market_->pki().ca_file;
  feed({settings});
  EXPECT_TRUE(quotes_.reaches(1));
}

TEST_F(Feeding, what_was_recorded_gives_the_same_quotes_again) {
  Diary<TapeEvent> tape;
  feeds_ = std::make_unique<VenueFeeds>(
      std::vector{of("kraken", Transport::both), of("binance", Transport::both)}, Clocks{mono_now, wall_now}, entropy_,
      [this](Quote quote) { quotes_.add(std::move(quote)); }, [](const VenueNote&) {});
  feeds_->tap([&](const TapeEvent& event) { tape.add(event); });
  {
    const Lent streaming([this] { feeds_->run_streams(); }, [this] { feeds_->stop(); });
    const Lent polling([this] { feeds_->run_pollers(); }, [this] { feeds_->stop(); });
    ASSERT_TRUE(quotes_.reaches(100));
  }
  std::vector<Quote> again;
  std::map<std::string, Intake> intakes;
  for (const std::string venue : {"kraken", "binance"}) {
    intakes.try_emplace(
        venue, IntakeSettings{venue, spellings.at(venue)}, *find_adapter(venue),
        [&](Quote quote) { again.push_back(std::move(quote)); }, [](const VenueNote&) {});
  }
  for (const TapeEvent& recorded : tape.items()) {
    const auto event = from_tape_line(to_tape_line(recorded));
    ASSERT_TRUE(event);
    Intake& intake = intakes.at(event->venue);
    if (const auto parsed = read_event(*event, intake)) intake.take(*parsed, event->at);
  }
  const auto live = quotes_.items();
  ASSERT_EQ(again.size(), live.size());
  for (std::size_t i = 0; i < live.size(); ++i) {
    EXPECT_EQ(again[i].venue + again[i].symbol, live[i].venue + live[i].symbol);
    EXPECT_EQ(again[i].bid.has_value(), live[i].bid.has_value());
    EXPECT_EQ(exact_e8(again[i].bid), exact_e8(live[i].bid));
    EXPECT_EQ(exact_e8(again[i].ask), exact_e8(live[i].ask));
    EXPECT_EQ(again[i].recv_time, live[i].recv_time);
    EXPECT_EQ(again[i].recv_mono, live[i].recv_mono);
  }
}

TEST_F(Feeding, a_venue_that_wants_a_key_is_not_asked_without_one) {
  VenueFeedSettings settings;
  settings.venue = "twelvedata";
  settings.symbols = {"EUR/USD"};
  feed({settings});
  ASSERT_TRUE(noted("settings", Errc::missing_field));
  EXPECT_EQ(feeds_->states().front().state, "down: no key");
}

/// One venue served by hand: Kraken's ticker at /v2, its list of pairs, and whatever its Ticker shall answer.
class ByHand : public Feeding {
 protected:
  void serve_kraken(market::HttpReply ticker, market::ScriptStream stream) {
    market::HttpReply pairs;
    pairs.body = R"({"error":[],"result":{"XXBTZUSD":{"wsname":"XBT/USD","status":"online"}}})";
    market::Script script{.streams = {{"/v2", std::move(stream)}},
                          .bodies = {{"/0/public/Ticker?pair=XBTUSD%2CBTCUSDD", ticker},
                                     {"/0/public/Ticker?pair=XBTUSD,BTCUSDD", ticker},
                                     {"/0/public/Ticker?pair=XBTUSD", std::move(ticker)},
                                     {"/0/public/AssetPairs", std::move(pairs)}},
                          .asked = [this](const market::HttpQuery& query) { asked_.add(query.target); }};
    auto server = market::ScriptServer::listen(market_->pki(), std::move(script),
                                               [this](std::string_view text) { heard_.add(std::string(text)); });
    ASSERT_TRUE(server);
    server_ = std::move(*server);
    scripted_ = std::make_unique<Lent>(*server_);
  }
  VenueFeedSettings kraken(std::vector<std::string> symbols, Transport transport) const {
    const std::string authority = "localhost:" + std::to_string(server_->port());
    VenueFeedSettings settings;
    settings.venue = "kraken";
    settings.symbols = std::move(symbols);
    settings.rest_url = "https://" + authority;
    settings.ws_url = "wss://" + authority;
    settings.ca_file = market_->pki().ca_file;
    settings.poll_interval = millis(10);
    settings.requests = RateRule{};
    settings.transport = transport;
    return settings;
  }
  static market::HttpReply answer(unsigned status, std::string body) {
    market::HttpReply reply;
    reply.status = status;
    reply.body = std::move(body);
    return reply;
  }
  static market::ScriptStream says(std::vector<std::string> texts) {
    market::ScriptStream stream;
    for (std::string& text : texts) stream.frames.push_back({Micros{}, std::move(text)});
    stream.after_first_text = true;
    return stream;
  }

  Diary<std::string> asked_;
  Diary<std::string> heard_;
  std::unique_ptr<market::ScriptServer> server_;
  std::unique_ptr<Lent> scripted_;
};

const std::string btc_ticker =
    R"({"channel":"ticker","type":"snapshot","data":[{"symbol":"BTC/USD","bid":100,"ask":101,"last":100}]})";

TEST_F(ByHand, an_unknown_symbol_is_told_by_name_and_left_out_of_the_next_subscription) {
  serve_kraken(answer(200, R"({"error":["EQuery:Unknown asset pair"]})"), says({btc_ticker}));
  feed({kraken({"BTC/USD", "BTC/USDD"}, Transport::both)});
  ASSERT_TRUE(notes_.eventually([](const std::vector<VenueNote>& notes) {
    return std::any_of(notes.begin(), notes.end(), [](const VenueNote& note) {
      return note.what == "instruments" && note.text == "BTC/USDD is not listed; nearest: XBT/USD";
    });
  }));
  EXPECT_TRUE(heard_.eventually([](const std::vector<std::string>& texts) {
    return std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
      return text.find(R"("symbol":["BTC/USD"])") != std::string::npos;
    });
  }));
  EXPECT_TRUE(asked_.eventually([](const std::vector<std::string>& targets) {
    return std::find(targets.begin(), targets.end(), "/0/public/Ticker?pair=XBTUSD") != targets.end();
  }));
  EXPECT_EQ(feeds_->states().front().problems.front().text, "BTC/USDD is not listed; nearest: XBT/USD");
}

TEST_F(ByHand, a_429_with_a_date_is_shown_and_nothing_more_is_asked_until_then) {
  market::HttpReply limited = answer(429, "slow down");
  limited.headers = {{"Retry-After", "Fri, 31 Dec 2199 23:59:59 GMT"}};
  serve_kraken(std::move(limited), says({}));
  feed({kraken({"BTC/USD"}, Transport::polls)});
  ASSERT_TRUE(noted("poll", Errc::rate_limited));
  polling_.reset();  // what the answer means for the host is settled behind the note of it
  const VenueState state = feeds_->states().front();
  EXPECT_EQ(state.condition, Condition::rate_limited);
  EXPECT_GT(state.left_alone, millis(86'000'000));
}

TEST_F(ByHand, polling_takes_over_when_the_stream_falls_silent_and_rests_before) {
  serve_kraken(
      answer(200, R"({"error":[],"result":{"XXBTZUSD":{"a":["101","1","1"],"b":["100","1","1"],"c":["100","1"]}}})"),
      says({btc_ticker}));
  feed({kraken({"BTC/USD"}, Transport::both)});
  // The stream speaks once; two seconds later polling alone goes on.
  ASSERT_TRUE(quotes_.reaches(20));
  EXPECT_EQ(feeds_->states().front().state, "streaming");
}

TEST_F(ByHand, a_venue_whose_name_does_not_resolve_is_tried_again_and_stops_nobody) {
  VenueFeedSettings away = of("kraken", Transport::both);
  away.rest_url = "https://" + unresolvable;
  away.ws_url = "wss://" + unresolvable;
  feed({away, of("binance", Transport::streams)});
  ASSERT_TRUE(noted("stream", Errc::connect_failed));
  ASSERT_TRUE(noted("poll", Errc::connect_failed));
  EXPECT_TRUE(quotes_.reaches(10));
}

TEST_F(Feeding, refuses_a_market_whose_certificate_it_does_not_trust) {
  market::PkiSettings other;
  other.folder = folder_.path("other");
  VenueFeedSettings settings = of("kraken", Transport::both);
  settings.ca_file = pki_in(folder_, other).ca_file;
  feed({settings});
  ASSERT_TRUE(noted("stream", Errc::connect_failed));
  ASSERT_TRUE(noted("poll", Errc::connect_failed));
  EXPECT_TRUE(quotes_.items().empty());
}

}  // namespace
}  // namespace assay::fetchers::testing
