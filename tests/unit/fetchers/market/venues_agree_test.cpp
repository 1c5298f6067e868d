// Every venue of the synthetic market, heard by the adapter that reads the real one: what is subscribed or asked for
// comes back as the board says it, digit for digit. The two sides share no code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/decimal.hpp"
#include "fetchers/gzip.hpp"
#include "fetchers/instruments.hpp"
#include "fetchers/market/dialogue.hpp"
#include "fetchers/market/io/gzip_frame.hpp"
#include "fetchers/market/text.hpp"
#include "fetchers/parse_lines.hpp"
#include "fetchers/venue.hpp"
#include "tests/unit/fetchers/market/listings.hpp"

namespace assay::fetchers::testing {
namespace {

constexpr WallTime now{1'700'000'000'123'456};

class EveryVenue : public ::testing::TestWithParam<std::string_view> {
 protected:
  EveryVenue() : pairs_(pairs_of(GetParam())), board_(7, pairs_, {}) {
    market::Walk walk(7, market::assets_of(pairs_));
    walk.step();
    board_.step(walk, {}, now);
    board_.step(walk, {}, now);
    for (const market::Pair& pair : pairs_) symbols_.push_back(configured(GetParam(), pair));
  }

  const Adapter& adapter() const { return *find_adapter(GetParam()); }
  const market::Dialogue& dialogue() const { return *market::find_dialogue(GetParam()); }

  std::size_t place_of(const ParsedQuote& quote) const {
    const auto is_it = [&](const market::Pair& pair) {
      return (pair.base == quote.base || pair.base == "W" + quote.base) &&
             (pair.quote == quote.quote || pair.quote == "W" + quote.quote);
    };
    return static_cast<std::size_t>(std::find_if(pairs_.begin(), pairs_.end(), is_it) - pairs_.begin());
  }

  static void expect_digits(const std::optional<std::string>& said, std::int64_t value_e8, const std::string& line) {
    if (!said) return;
    const auto ours = parse_decimal(*said);
    const auto theirs = parse_decimal(market::decimal(value_e8, {}));
    EXPECT_TRUE(ours && theirs && compare(*ours, *theirs) == 0) << line;
  }

  /// Each quote is of a pair on the board and says what the board says; their pairs join `seen_`.
  void expect_board(const Parsed& parsed) {
    const auto lines = to_json_lines(GetParam(), parsed);
    for (std::size_t i = 0; i < parsed.items.size(); ++i) {
      EXPECT_FALSE(std::holds_alternative<Refusal>(parsed.items[i])) << lines[i];
      const auto* quote = std::get_if<ParsedQuote>(&parsed.items[i]);
      if (quote == nullptr) continue;
      const std::size_t place = place_of(*quote);
      ASSERT_LT(place, pairs_.size()) << lines[i];
      seen_.insert(place);
      const market::Ticker& ticker = board_.ticker(place);
      expect_digits(quote->bid, ticker.bid_e8, lines[i]);
      expect_digits(quote->ask, ticker.ask_e8, lines[i]);
      if (quote->venue_time) {
        EXPECT_NEAR(static_cast<double>(quote->venue_time->value), static_cast<double>(now.value), 1e6 * 86'400);
      }
      if (quote->kind == QuoteKind::rate || quote->kind == QuoteKind::index) {
        expect_digits(quote->last, ticker.bid_e8 / 2 + ticker.ask_e8 / 2, lines[i]);
      } else if (quote->kind == QuoteKind::pool) {
        expect_near(quote->last, ticker.bid_e8 / 2 + ticker.ask_e8 / 2, lines[i]);
      } else {
        expect_digits(quote->last, ticker.last_e8, lines[i]);
        expect_digits(quote->base_volume, ticker.volume_e8, lines[i]);
      }
    }
  }

  /// A tick is a ten-thousandth wide.
  static void expect_near(const std::optional<std::string>& said, std::int64_t value_e8, const std::string& line) {
    const auto ours = parse_decimal(said.value_or("none"));
    ASSERT_TRUE(ours) << line;
    const auto low = parse_decimal(market::decimal(value_e8 - value_e8 / 9'000, {}));
    const auto high = parse_decimal(market::decimal(value_e8 + value_e8 / 9'000, {}));
    EXPECT_TRUE(compare(*low, *ours) <= 0 && compare(*ours, *high) <= 0) << line;
  }

  /// What the venue sends, as it comes off the wire.
  Bytes wire(const std::string& frame) const {
    std::uint64_t serial = 1;
    const std::string sent =
        dialogue().form(frame) == market::Form::gzip ? market::gzipped(frame) : market::numbered(frame, serial);
    const auto bytes = as_bytes(sent);
    return {bytes.begin(), bytes.end()};
  }

  const std::vector<market::Pair> pairs_;
  market::Board board_;
  std::vector<std::string> symbols_;
  std::set<std::size_t> seen_;
};

TEST_P(EveryVenue, says_to_a_subscriber_what_its_board_says) {
  if (adapter().ws_base().empty()) GTEST_SKIP() << "no stream";
  const Subscription subscription = adapter().subscribe(symbols_);
  ASSERT_TRUE(dialogue().serves(subscription.target)) << subscription.target;
  StreamMemory memory;
  std::vector<market::Topic> topics;
  std::size_t replies = 0;
  const auto hear = [&](market::Answer answer) {
    for (const std::string& frame : answer.frames) {
      const Parsed parsed = adapter().parse_stream(wire(frame), subscription.target, memory);
      expect_board(parsed);
      replies += parsed.reply ? 1 : 0;
    }
    topics.insert(topics.end(), answer.add.begin(), answer.add.end());
  };
  hear(dialogue().greet(subscription.target, pairs_));
  for (const std::string& frame : subscription.frames) hear(dialogue().hear(frame, pairs_, now));
  EXPECT_EQ(topics.size() >= pairs_.size(), true) << topics.size();
  if (!adapter().ping().frame.empty()) {
    const auto pong = dialogue().hear(adapter().ping().frame, pairs_, now);
    ASSERT_EQ(pong.frames.size(), 1U);
    hear(pong);
  }
  for (const market::Push kind : {market::Push::snapshot, market::Push::update}) {
    seen_.clear();
    for (const market::Topic& topic : topics) {
      const std::string frame = dialogue().push(topic, subscription.target, board_, kind);
      if (!frame.empty()) expect_board(adapter().parse_stream(wire(frame), subscription.target, memory));
    }
  }
  EXPECT_EQ(seen_.size(), pairs_.size());
}

TEST_P(EveryVenue, answers_a_poller_with_what_its_board_says) {
  std::size_t asked = 0;
  for (const std::string& target : adapter().rest_targets(symbols_)) {
    const auto answer = dialogue().rest(target, board_, now);
    EXPECT_EQ(answer.status, 200U) << target << "\n" << answer.body;
    expect_board(adapter().parse_rest(target, as_bytes(answer.body), {}));
    ++asked;
  }
  for (const RestPost& post : adapter().rest_posts(symbols_)) {
    const auto answer = dialogue().post(post.target, post.body, board_, now);
    EXPECT_EQ(answer.status, 200U) << post.body << "\n" << answer.body;
    expect_board(adapter().parse_rest("POST " + post.target + " " + post.body, as_bytes(answer.body), {}));
    ++asked;
  }
  EXPECT_GT(asked, 0U);
  EXPECT_EQ(seen_.size(), pairs_.size());
}

TEST_P(EveryVenue, answers_a_poller_of_one_instrument) {
  const std::vector<std::string> one{symbols_.front()};
  for (const std::string& target : adapter().rest_targets(one)) {
    const auto answer = dialogue().rest(target, board_, now);
    EXPECT_EQ(answer.status, 200U) << target << "\n" << answer.body;
    expect_board(adapter().parse_rest(target, as_bytes(answer.body), {}));
  }
  for (const RestPost& post : adapter().rest_posts(one)) {
    expect_board(adapter().parse_rest("POST " + post.target + " " + post.body,
                                      as_bytes(dialogue().post(post.target, post.body, board_, now).body), {}));
  }
  EXPECT_TRUE(seen_.contains(0));
}

TEST_P(EveryVenue, a_delisted_instrument_is_gone_from_streams_and_answers) {
  ASSERT_TRUE(board_.delist(pairs_.front().base + "/" + pairs_.front().quote));
  const Subscription subscription = adapter().ws_base().empty() ? Subscription{} : adapter().subscribe(symbols_);
  for (const char* channel : {"", "bookTicker", "ticker"}) {
    if (adapter().ws_base().empty()) break;
    EXPECT_EQ(dialogue().push({0, channel}, subscription.target, board_, market::Push::update), "");
  }
  const auto listed = [&](const std::string& endpoint, const std::string& body) {
    for (const ParsedItem& item : adapter().parse_rest(endpoint, as_bytes(body), {}).items) {
      const auto* quote = std::get_if<ParsedQuote>(&item);
      if (quote == nullptr) continue;
      EXPECT_NE(place_of(*quote), 0U) << endpoint << "\n" << body;
    }
  };
  for (const std::string& target : adapter().rest_targets(symbols_)) {
    listed(target, dialogue().rest(target, board_, now).body);
  }
  for (const RestPost& post : adapter().rest_posts(symbols_)) {
    listed("POST " + post.target + " " + post.body, dialogue().post(post.target, post.body, board_, now).body);
  }
  board_.relist("*");
  EXPECT_TRUE(board_.is_listed(0));
}

/// Whose lists say nothing of trading, or that have none.
bool tells_in_its_list(std::string_view venue) {
  const std::string_view silent[] = {"bitfinex", "gemini", "upbit", "bithumb"};
  return std::find(std::begin(silent), std::end(silent), venue) == std::end(silent);
}

TEST_P(EveryVenue, a_halted_instrument_is_halted_in_its_list_and_goes_on_quoting) {
  const auto halted_in_list = [&] {
    std::size_t halted = 0;
    for (const InstrumentQuestion& question : instrument_questions(GetParam(), symbols_)) {
      const RestPost& post = question.request;
      const auto answer = post.body.empty() ? dialogue().rest(post.target, board_, now)
                                            : dialogue().post(post.target, post.body, board_, now);
      const auto listed = read_instruments(question, as_bytes(answer.body));
      if (!listed) continue;
      halted += static_cast<std::size_t>(std::count_if(
          listed->begin(), listed->end(), [](const ListedInstrument& one) { return !one.status.empty(); }));
    }
    return halted;
  };
  EXPECT_EQ(halted_in_list(), 0U);
  const std::string first = pairs_.front().base + "/" + pairs_.front().quote;
  ASSERT_TRUE(board_.halt(first));
  const bool has_list = !instrument_questions(GetParam(), symbols_).empty();
  EXPECT_EQ(halted_in_list(), has_list && tells_in_its_list(GetParam()) ? 1U : 0U);
  for (const std::string& target : adapter().rest_targets(symbols_)) {
    expect_board(adapter().parse_rest(target, as_bytes(dialogue().rest(target, board_, now).body), {}));
  }
  board_.resume("*");
  EXPECT_EQ(halted_in_list(), 0U);
}

TEST_P(EveryVenue, a_stream_that_has_a_word_for_it_tells_that_an_instrument_is_halted) {
  const std::set<std::string_view> by_instrument{"coinbase_exchange", "coinbase_advanced", "deribit"};
  const std::set<std::string_view> as_a_whole{"kraken"};
  if (adapter().ws_base().empty()) GTEST_SKIP() << "no stream";
  const Subscription subscription = adapter().subscribe(symbols_);
  std::vector<market::Topic> topics;
  for (const std::string& frame : subscription.frames) {
    for (market::Topic& topic : dialogue().hear(frame, pairs_, now).add) topics.push_back(std::move(topic));
  }
  const auto halts = [&] {
    std::vector<std::string> frames = dialogue().heartbeat(topics, board_, now);
    for (const market::Topic& topic : topics) {
      frames.push_back(dialogue().push(topic, subscription.target, board_, market::Push::update));
    }
    std::set<std::string> halted;
    for (const std::string& frame : frames) {
      for (const TradingNote& note : adapter().parse_ws(wire(frame), subscription.target).trading) {
        if (note.said == Trading::halted) halted.insert(note.symbol);
      }
    }
    return halted;
  };
  EXPECT_TRUE(halts().empty());
  std::set<std::string> told;
  if (by_instrument.contains(GetParam())) told = {symbols_.front()};
  if (as_a_whole.contains(GetParam())) told = {""};
  ASSERT_TRUE(board_.halt(as_a_whole.contains(GetParam()) ? "*" : pairs_.front().base + "/" + pairs_.front().quote));
  EXPECT_EQ(halts(), told);
  board_.resume("*");
  EXPECT_TRUE(halts().empty());
}

TEST_P(EveryVenue, refuses_what_it_does_not_know_in_words_that_the_adapter_takes_for_a_refusal) {
  const std::vector<std::string> unknown{configured(GetParam(), {"NOSUCH", "USD"})};
  if (adapter().ws_base().empty() || GetParam() == "binance" || GetParam() == "binance_us") {
    GTEST_SKIP() << "the venue is silent about it";
  }
  const Subscription subscription = adapter().subscribe(unknown);
  bool refused = false;
  for (const std::string& frame : subscription.frames) {
    for (const std::string& said : dialogue().hear(frame, pairs_, now).frames) {
      const Parsed parsed = adapter().parse_ws(wire(said), subscription.target);
      refused = refused || std::holds_alternative<Refusal>(parsed.items.front());
    }
  }
  EXPECT_TRUE(refused);
}

TEST_P(EveryVenue, takes_any_text_from_a_client) {
  const std::string deep(1000, '[');
  const std::string odd[] = {
      "",
      "ping",
      "null",
      "{}",
      "[]",
      "[[[]]]",
      deep,
      "{\"op\":\"subscribe\"}",
      R"({"op":"subscribe","method":"subscribe","event":"subscribe","type":"subscribe","args":[1,{}]})",
      R"({"method":"SUBSCRIPTION","params":[null,"","@","$symbol"],"channels":{},"sub":"market.."})",
      R"([{"ticket":"x"},{"type":"orderbook","codes":"BTC"}])",
      "\xff\xfe{\"id\":\"\\ud800\"}",
      R"([{"id":1,"params":[{"to":"0x"}]},{"id":{}}])"};
  for (const std::string& text : odd) {
    (void)dialogue().hear(text, pairs_, now);
    (void)dialogue().post("", text, board_, now);
    (void)dialogue().post("/info", text, board_, now);
    (void)dialogue().rest(text, board_, now);
    (void)dialogue().rest("/" + text + "?symbol=%zz&symbols=[\"&ids=,&markets=,,", board_, now);
    EXPECT_FALSE(dialogue().serves("/no/such/path"));
  }
}

INSTANTIATE_TEST_SUITE_P(Market, EveryVenue, ::testing::ValuesIn(market::market_venues()),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(Market, speaks_for_every_venue_that_has_an_adapter) {
  const auto ours = venue_names();
  const auto theirs = market::market_venues();
  EXPECT_THAT(theirs, ::testing::UnorderedElementsAreArray(ours));
}

}  // namespace
}  // namespace assay::fetchers::testing
