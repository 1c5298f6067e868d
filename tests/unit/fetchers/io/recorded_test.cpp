// What venues really sent, served over local TLS to the real fetchers. The recordings lie beside the project and are no
// part of it: without them these tests say that they skip.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "core/decimal.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "fetchers/market/io/script_server.hpp"
#include "fetchers/quote_lines.hpp"
#include "fetchers/venue.hpp"
#include "tests/unit/fetchers/io/recorded_frames.hpp"
#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

using Reader = std::vector<Stated> (*)(const std::string& frame);

/// One recorded session, and the adapter that is to read it.
struct Session {
  const char* file;
  const char* venue;
  Reader reader;
  std::size_t quotes_min;  ///< so that a reader which finds nothing cannot agree with an adapter which finds nothing
};

void PrintTo(const Session& session, std::ostream* out) {
  *out << session.file;
}

bool same(const std::optional<Decimal>& ours, const std::optional<std::string>& stated) {
  if (!ours || !stated) return ours.has_value() == stated.has_value();
  const auto theirs = parse_decimal(*stated);
  return theirs && compare(*ours, *theirs) == 0;
}

bool same(const std::optional<Decimal>& a, const std::optional<Decimal>& b) {
  return a && b ? compare(*a, *b) == 0 : a.has_value() == b.has_value();
}

std::string text_of(const Stated& stated) {
  std::ostringstream out;
  out << stated.symbol << " bid " << stated.bid.value_or("-") << " ask " << stated.ask.value_or("-") << " last "
      << stated.last.value_or("-") << " time " << stated.time_us.value_or(0);
  return out.str();
}

/// The instruments that these quotes speak of, as sent: what the feed must be configured with to hand them on.
std::vector<std::string> symbols_of(const std::vector<Stated>& quotes) {
  std::set<std::string> symbols;
  for (const Stated& quote : quotes) symbols.insert(quote.symbol);
  return {symbols.begin(), symbols.end()};
}

/// A quote of the sink against the frame it came from.
void expect_same(const Quote& quote, const Stated& stated) {
  EXPECT_EQ(quote.symbol, stated.symbol) << text_of(stated);
  EXPECT_TRUE(same(quote.bid, stated.bid)) << text_of(stated);
  EXPECT_TRUE(same(quote.ask, stated.ask)) << text_of(stated);
  EXPECT_TRUE(same(quote.last, stated.last)) << text_of(stated);
  ASSERT_EQ(quote.venue_time.has_value(), stated.time_us.has_value()) << text_of(stated);
  if (!stated.time_us) return;
  // Kraken's REST trades carry seconds as a number, which the reader here has as floating point: one microsecond off.
  EXPECT_NEAR(static_cast<double>(quote.venue_time->value), static_cast<double>(*stated.time_us), 1) << text_of(stated);
}

class Recorded : public ::testing::Test {
 protected:
  void serve(market::Script script) {
    files_ = pki_in(folder_);
    auto server = market::ScriptServer::listen(files_, std::move(script), {});
    ASSERT_TRUE(server);
    server_ = std::move(*server);
    serving_ = std::make_unique<Lent>(*server_);
  }

  void feed(const std::string& venue, std::vector<std::string> symbols, Transport transport,
            std::function<WallTime()> wall = wall_now) {
    VenueFeedSettings settings;
    settings.venue = venue;
    settings.symbols = std::move(symbols);
    settings.rest_url = "https://localhost:" + std::to_string(server_->port());
    settings.ws_url = "wss://localhost:" + std::to_string(server_->port());
    settings.ca_file = files_.ca_file;
    settings.transport = transport;
    settings.poll_interval = millis(3'600'000);
    feeds_ = std::make_unique<VenueFeeds>(
        std::vector{settings}, Clocks{mono_now, std::move(wall)}, entropy_,
        [this](Quote quote) {
          if (is_price(quote)) quotes_.add(std::move(quote));  // else it takes back what was said
        },
        [this](VenueNote note) { notes_.add(std::move(note)); });
    streaming_ = std::make_unique<Lent>([this] { feeds_->run_streams(); }, [this] { feeds_->stop(); });
    polling_ = std::make_unique<Lent>([this] { feeds_->run_pollers(); }, [this] { feeds_->stop(); });
  }

  /// This many messages or bodies were read to their end, quotes or not.
  bool arrives(std::uint64_t messages) {
    const MonoTime end = mono_now() + Micros{std::chrono::microseconds(patience).count()};
    while (feeds_->states().front().messages < messages) {
      if (mono_now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  Folder folder_;
  market::PkiFiles files_;
  SeededEntropy entropy_;
  Diary<Quote> quotes_;
  Diary<VenueNote> notes_;
  std::unique_ptr<market::ScriptServer> server_;
  std::unique_ptr<Lent> serving_;
  std::unique_ptr<VenueFeeds> feeds_;
  std::unique_ptr<Lent> streaming_;
  std::unique_ptr<Lent> polling_;
};

class RecordedSession : public Recorded, public ::testing::WithParamInterface<Session> {};

TEST_P(RecordedSession, every_quote_that_reaches_the_sink_is_the_frames_own) {
  const Session session = GetParam();
  const auto log = fixtures_folder() / "recordings" / session.file;
  const std::vector<RecordedFrame> frames = recorded_frames(log);
  if (frames.empty())
    GTEST_SKIP() << "no recording at " << log << ": set ASSAY_SHARED to the folder that holds fixtures/";

  // The session as if its last frame had been said just now, a hundred times as fast.
  const WallTime start = wall_now();
  const auto by_ms = (static_cast<std::int64_t>(start.value) - static_cast<std::int64_t>(frames.back().at_us)) / 1000;
  market::ScriptStream stream;
  std::vector<Stated> expected;
  for (const RecordedFrame& frame : frames) {
    const std::string text = with_times_moved(frame.text, by_ms);
    ASSERT_EQ(text.size(), frame.text.size()) << frame.text;
    stream.frames.push_back({Micros{static_cast<std::int64_t>(frame.at_us - frames.front().at_us) / 100}, text});
    for (Stated& stated : session.reader(text)) expected.push_back(std::move(stated));
  }
  ASSERT_GE(expected.size(), session.quotes_min);
  const Subscription subscription = find_adapter(session.venue)->subscribe({});
  const std::string path = subscription.target.substr(0, subscription.target.find('?'));
  serve({{{path, stream}}, {}});
  feed(session.venue, symbols_of(expected), Transport::streams);

  ASSERT_TRUE(arrives(frames.size())) << quotes_.items().size() << " of " << expected.size();
  const std::vector<Quote> quotes = quotes_.items();
  ASSERT_EQ(quotes.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(quotes[i].venue, session.venue);
    EXPECT_GE(quotes[i].recv_time, start);
    if (i > 0) {
      EXPECT_GE(quotes[i].recv_mono, quotes[i - 1].recv_mono);
    }
    expect_same(quotes[i], expected[i]);
    if (HasFailure()) FAIL() << "at quote " << i;
  }
  EXPECT_EQ(feeds_->states().front().refusals, 0U);
  for (const VenueNote& note : notes_.items()) {
    if (note.what == "instruments") continue;  // the recording holds no list of them
    ADD_FAILURE() << note.what << " " << name(note.error.code) << " " << note.text;
  }
  std::cout << session.file << ": " << frames.size() << " frames, " << quotes.size() << " quotes compared\n";
}

INSTANTIATE_TEST_SUITE_P(Venues, RecordedSession,
                         ::testing::Values(Session{"binance_us.1.log", "binance_us", &stated_by_binance, 100},
                                           Session{"coinbase_exchange.28.log", "coinbase_exchange", &stated_by_coinbase,
                                                   40},
                                           Session{"kraken.48.log", "kraken", &stated_by_kraken_v1, 8},
                                           Session{"kraken.50.log", "kraken", &stated_by_kraken_v1, 2}),
                         [](const auto& instance) {
                           std::string text = instance.param.file;
                           std::replace(text.begin(), text.end(), '.', '_');
                           return text;
                         });

/// What a session's frames are to its adapter, read one after the other as `assay venues parse` reads one.
struct Read {
  std::vector<Quote> quotes;      ///< those that reach a sink
  std::set<std::string> symbols;  ///< of these, and of those that are refused
  std::uint64_t refusals = 0;
};

Read read_frames(const Adapter& adapter, const std::vector<RecordedFrame>& frames, const std::string& target) {
  Read out;
  StreamMemory memory;
  for (const RecordedFrame& frame : frames) {
    for (const ParsedItem& item : adapter.parse_stream(as_bytes(frame.text), target, memory).items) {
      out.refusals += std::holds_alternative<Refusal>(item) ? 1 : 0;
      const auto* parsed = std::get_if<ParsedQuote>(&item);
      if (parsed == nullptr || parsed->kind == QuoteKind::candle) continue;
      out.symbols.insert(parsed->symbol);
      auto quote = to_quote(adapter.venue(), *parsed, WallTime{1}, MonoTime{1});
      const bool aside = parsed->time_of == TimeOf::aside && parsed->bid && parsed->ask;
      if (quote && aside) quote->venue_time.reset();
      if (quote) out.quotes.push_back(*std::move(quote));
      if (!quote) ++out.refusals;
    }
  }
  return out;
}

class RecordedVenue : public Recorded, public ::testing::WithParamInterface<const char*> {};

TEST_P(RecordedVenue, says_through_a_socket_what_its_frames_say_one_by_one) {
  const std::string file = GetParam();
  const std::string venue = file.substr(0, file.find('.'));
  const std::vector<RecordedFrame> frames = recorded_frames(fixtures_folder() / "recordings" / file);
  if (frames.empty())
    GTEST_SKIP() << "no recording " << file << ": set ASSAY_SHARED to the folder that holds fixtures/";
  const Adapter& adapter = *find_adapter(venue);
  const Subscription subscription = adapter.subscribe({});
  const Read expected = read_frames(adapter, frames, subscription.target);
  ASSERT_FALSE(expected.quotes.empty());

  market::Script script;
  auto& stream = script.streams[subscription.target.substr(0, subscription.target.find('?'))];
  for (const RecordedFrame& frame : frames) stream.frames.push_back({{}, frame.text, frame.opcode});
  if (const auto rule = adapter.token_rule()) {
    auto& token = script.bodies["POST " + rule->request.target + " " + rule->request.body];
    token.body = R"({"code":"200000","data":{"token":"t"}})";
  }
  serve(std::move(script));
  // The node's clock stands where the recorder's stood.
  const WallTime started = wall_now();
  const WallTime recorded{frames.back().at_us};
  feed(venue, {expected.symbols.begin(), expected.symbols.end()}, Transport::streams,
       [=] { return recorded + (wall_now() - started); });

  ASSERT_TRUE(arrives(frames.size())) << feeds_->states().front().messages << " of " << frames.size();
  const std::vector<Quote> quotes = quotes_.items();
  ASSERT_EQ(quotes.size(), expected.quotes.size());
  for (std::size_t i = 0; i < quotes.size(); ++i) {
    const Quote& theirs = expected.quotes[i];
    ASSERT_EQ(quotes[i].symbol, theirs.symbol) << i;
    ASSERT_TRUE(same(quotes[i].bid, theirs.bid)) << i;
    ASSERT_TRUE(same(quotes[i].ask, theirs.ask)) << i;
    ASSERT_TRUE(same(quotes[i].last, theirs.last)) << i;
    ASSERT_EQ(quotes[i].venue_time, theirs.venue_time) << i;
  }
  EXPECT_EQ(feeds_->states().front().refusals, expected.refusals);
  std::cout << file << ": " << frames.size() << " frames, " << quotes.size() << " quotes compared, "
            << expected.refusals << " refused\n";
}

INSTANTIATE_TEST_SUITE_P(Every, RecordedVenue,
                         ::testing::Values("binance_us.1.log", "bitfinex.11.log", "bitget.1.log", "bithumb.1.log",
                                           "bybit.25.log", "coinbase_exchange.28.log", "deribit.1.log", "dydx.1.log",
                                           "gemini.1.log", "htx.44.log", "kraken.48.log", "kraken.50.log",
                                           "kucoin.1.log"),
                         [](const auto& instance) {
                           std::string text = instance.param;
                           std::replace(text.begin(), text.end(), '.', '_');
                           return text;
                         });

/// The recorded HTTP bodies of one venue, and what its feed is asked for.
struct Bodies {
  const char* venue;
  const char* symbol;
  std::vector<Stated> (*reader)(const std::string& body, const std::string& asked);
  std::size_t bodies_min;
};

void PrintTo(const Bodies& bodies, std::ostream* out) {
  *out << bodies.venue;
}

class RecordedBodies : public Recorded, public ::testing::WithParamInterface<Bodies> {
 protected:
  /// Serves one body wherever the venue's feed asks, and compares what comes out.
  std::size_t compare(const Bodies& bodies, const std::string& body) {
    market::HttpReply reply;
    reply.body = body;
    market::Script script;
    const std::vector<Stated> expected = bodies.reader(body, bodies.symbol);
    const auto symbols = expected.empty() ? std::vector<std::string>{bodies.symbol} : symbols_of(expected);
    for (const std::string& target : find_adapter(bodies.venue)->rest_targets(symbols)) script.bodies[target] = reply;
    serve(std::move(script));
    feed(bodies.venue, symbols, Transport::polls);
    EXPECT_TRUE(arrives(1));
    const std::vector<Quote> quotes = quotes_.items();
    EXPECT_EQ(quotes.size(), expected.size());
    for (std::size_t i = 0; i < std::min(quotes.size(), expected.size()); ++i) expect_same(quotes[i], expected[i]);
    for (const VenueNote& note : notes_.items()) {
      if (note.what == "instruments") continue;  // the recording holds no list of them
      ADD_FAILURE() << note.what << " " << name(note.error.code) << note.text;
    }
    polling_.reset();
    streaming_.reset();
    serving_.reset();
    quotes_.clear();
    return expected.size();
  }
};

TEST_P(RecordedBodies, every_quote_that_reaches_the_sink_is_the_bodys_own) {
  const Bodies bodies = GetParam();
  const auto folder = fixtures_folder() / "raw" / bodies.venue;
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "no bodies at " << folder << ": set ASSAY_SHARED to the folder that holds fixtures/";
  std::size_t files = 0;
  std::size_t quotes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream body;
    body << file.rdbuf();
    SCOPED_TRACE(entry.path().filename().string());
    quotes += compare(bodies, body.str());
    ++files;
  }
  EXPECT_GE(files, bodies.bodies_min);
  std::cout << bodies.venue << ": " << files << " bodies, " << quotes << " quotes compared\n";
}

INSTANTIATE_TEST_SUITE_P(Venues, RecordedBodies,
                         ::testing::Values(Bodies{"binance", "BTCUSDT", &stated_by_binance_rest, 15},
                                           Bodies{"binance_us", "COMPUSDT", &stated_by_binance_rest, 2},
                                           Bodies{"coinbase_exchange", "BTC-USD", &stated_by_coinbase_rest, 5},
                                           Bodies{"kraken", "BTC/USD", &stated_by_kraken_rest, 8}),
                         [](const auto& instance) { return std::string(instance.param.venue); });

}  // namespace
}  // namespace assay::fetchers::testing
