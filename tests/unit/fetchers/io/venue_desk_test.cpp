#include "fetchers/io/venue_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr WsConnectionId first = 1;
constexpr WsConnectionId second = 2;

/// Kraken read at a virtual time, milliseconds since the start.
class Desk : public ::testing::Test {
 protected:
  void read(const std::string& venue, std::vector<std::string> symbols, std::map<std::string, std::string> names = {},
            const std::function<void(VenueFeedSettings&)>& further = {}) {
    VenueFeedSettings settings;
    settings.venue = venue;
    settings.symbols = std::move(symbols);
    settings.names = std::move(names);
    if (further) further(settings);
    desk_ = std::make_unique<VenueDesk>(
        std::move(settings), [this](Quote quote) { quotes_.push_back(std::move(quote)); },
        [this](const VenueNote& note) { notes_.push_back(std::string(note.what) + ": " + note.text); });
  }
  Moment at() const { return {.wall = WallTime{1'790'000'000'000'000} + now_, .mono = MonoTime{} + now_}; }
  void passes(std::int64_t ms) { now_ = now_ + millis(ms); }

  static std::string ticker(const std::string& symbol, const std::string& bid, const std::string& ask) {
    return R"({"channel":"ticker","type":"update","data":[{"symbol":")" + symbol + R"(","bid":)" + bid + R"(,"ask":)" +
           ask + R"(,"last":)" + bid + "}]}";
  }
  WsReaction hears(WsConnectionId connection, std::string_view text) {
    const Parsed parsed =
        desk_->intake->read_message(VenueDesk::tape_number(0, connection), as_bytes(text), desk_->target_of(0));
    return desk_->take_message(0, connection, parsed, at());
  }
  Condition polls(const std::string& bid, const std::string& ask) {
    const std::string body = R"({"error":[],"result":{"XXBTZUSD":{"a":[")" + ask + R"(","1","1"],"b":[")" + bid +
                             R"(","1","1"],"c":[")" + bid + R"(","1"],"v":["1","1"]}}})";
    return desk_->take_body(desk_->intake->read_body("/0/public/Ticker?pair=XBTUSD", as_bytes(body)), at());
  }
  bool asks() {
    const bool asked = desk_->next_poll(0, at().mono).has_value();
    if (asked) desk_->polled(0, at().mono);
    return asked;
  }
  bool lists(std::size_t question, const std::vector<ListedInstrument>& listed) {
    return desk_->take_problems(question, desk_->judge(question, listed), at());
  }

  std::unique_ptr<VenueDesk> desk_;
  std::vector<Quote> quotes_;
  std::vector<std::string> notes_;
  Micros now_ = millis(1'000'000);
};

TEST_F(Desk, an_instrument_that_nothing_is_known_to_be_asked_for_is_pointed_at) {
  read("uniswap", {"WETH/USDC", "NEVER/HEARD"});
  const VenueState state = desk_->state_at(at().mono);
  ASSERT_EQ(state.problems.size(), 1U);
  EXPECT_EQ(state.problems[0].symbol, "NEVER/HEARD");
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("instruments: NEVER/HEARD is not known")));
}

TEST_F(Desk, polling_rests_while_the_stream_tells_everything_and_looks_now_and_then) {
  read("kraken", {"BTC/USD", "ETH/USD"});
  EXPECT_TRUE(asks());
  desk_->opened(0, first);
  hears(first, ticker("BTC/USD", "100", "101"));
  EXPECT_TRUE(asks());  // not a word of ETH/USD yet
  hears(first, ticker("ETH/USD", "10", "11"));
  EXPECT_FALSE(asks());
  passes(2001);
  EXPECT_TRUE(asks());  // the stream is open, but quiet
  int asked = 0;
  for (int second_of_minute = 0; second_of_minute < 61; ++second_of_minute) {
    passes(1000);
    hears(first, ticker("BTC/USD", "100", "101"));
    hears(first, ticker("ETH/USD", "10", "11"));
    asked += asks() ? 1 : 0;
  }
  EXPECT_EQ(asked, 2);
  desk_->down(0);
  EXPECT_TRUE(asks());
}

TEST_F(Desk, a_round_of_requests_is_spread_over_what_the_venue_bears) {
  read("kraken", {"BTC/USD", "ETH/USD"});
  EXPECT_EQ(desk_->poll_interval(), millis(1000));
  read("coingecko", {"bitcoin"});
  EXPECT_EQ(desk_->poll_interval(), millis(15'000));
  std::vector<std::string> products;
  for (int i = 0; i < 50; ++i) products.push_back("A" + std::to_string(i) + "-USD");
  read("coinbase_exchange", products);
  EXPECT_EQ(desk_->poll_interval(), micros(6'250'000));
}

TEST_F(Desk, a_stream_that_polling_contradicts_three_times_is_not_believed) {
  read("kraken", {"BTC/USD"});
  desk_->opened(0, first);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(desk_->distrusts_streams());
    hears(first, ticker("BTC/USD", "100", "101"));
    EXPECT_EQ(polls("110", "111"), Condition::good);
  }
  EXPECT_TRUE(desk_->distrusts_streams());
  EXPECT_FALSE(desk_->distrusts_streams());
  EXPECT_EQ(desk_->state_at(at().mono).disagreements, 1U);
  EXPECT_THAT(notes_, ElementsAre("check: BTC/USD"));
}

TEST_F(Desk, a_stream_that_polling_contradicts_does_not_count_until_they_agree) {
  read("kraken", {"BTC/USD", "ETH/USD"});
  desk_->opened(0, first);
  for (int i = 0; i < 3; ++i) {
    hears(first, ticker("BTC/USD", "100", "101"));
    polls("110", "111");
  }
  EXPECT_THAT(desk_->state_at(at().mono).contradicted, ElementsAre("BTC/USD"));
  const std::size_t before = quotes_.size();
  hears(first, ticker("BTC/USD", "100", "101"));
  EXPECT_EQ(quotes_.size(), before);
  hears(first, ticker("ETH/USD", "10", "11"));  // nobody said anything against that one
  polls("110", "111");
  EXPECT_EQ(quotes_.size(), before + 2);
  desk_->opened(0, second);
  hears(second, ticker("BTC/USD", "110", "111"));
  EXPECT_EQ(quotes_.size(), before + 2) << "a new connection of the same venue has to be vouched for too";
  polls("110", "111");
  EXPECT_THAT(desk_->state_at(at().mono).contradicted, IsEmpty());
  hears(second, ticker("BTC/USD", "110", "111"));
  EXPECT_EQ(quotes_.size(), before + 4);
  EXPECT_EQ(desk_->state_at(at().mono).disagreements, 1U);
}

TEST_F(Desk, what_a_contradicted_stream_said_is_not_repeated_for_it_either) {
  read("kraken", {"BTC/USD"});
  desk_->opened(0, first);
  for (int i = 0; i < 3; ++i) {
    hears(first, ticker("BTC/USD", "100", "101"));
    polls("110", "111");
  }
  const std::size_t before = quotes_.size();
  passes(1'500);
  hears(first, R"({"channel":"heartbeat"})");  // by which all that was said still stands
  EXPECT_EQ(quotes_.size(), before);
}

TEST_F(Desk, what_a_replacement_has_told_the_older_connection_does_not_tell_over_again) {
  read("kraken", {"BTC/USD", "ETH/USD"});
  desk_->opened(0, first);
  hears(first, ticker("BTC/USD", "100", "101"));
  desk_->opened(0, second);
  hears(second, ticker("BTC/USD", "102", "103"));
  hears(first, ticker("BTC/USD", "100", "101"));  // on its way since before
  hears(first, ticker("BTC/USD", "104", "103"));  // nor does it take back what the newer one says
  hears(first, ticker("ETH/USD", "10", "11"));
  ASSERT_EQ(quotes_.size(), 3U);
  EXPECT_EQ(compare(*quotes_[1].bid, *parse_price("102")), 0);
  EXPECT_EQ(quotes_[2].symbol, "ETH/USD");
  desk_->closed(0, second);  // it failed before it took over
  hears(first, ticker("BTC/USD", "104", "105"));
  EXPECT_EQ(quotes_.size(), 4U);
}

TEST_F(Desk, a_look_that_the_host_had_no_room_for_is_made_as_soon_as_it_has) {
  read("kraken", {"BTC/USD"});
  desk_->opened(0, first);
  hears(first, ticker("BTC/USD", "100", "101"));
  EXPECT_TRUE(desk_->next_poll(0, at().mono));
  EXPECT_TRUE(desk_->next_poll(0, at().mono)) << "the first was put off: nothing was answered";
  desk_->polled(0, at().mono);
  EXPECT_FALSE(desk_->next_poll(0, at().mono));
}

TEST_F(Desk, polling_begins_before_what_the_stream_said_is_too_old_to_count) {
  read("kraken", {"BTC/USD"}, {}, [](VenueFeedSettings& settings) {
    settings.poll_interval = millis(10'000);
    settings.age_max = millis(5'000);
  });
  desk_->opened(0, first);
  hears(first, ticker("BTC/USD", "100", "101"));
  EXPECT_TRUE(asks());
  EXPECT_FALSE(asks());
  passes(2'501);
  EXPECT_TRUE(asks());
}

TEST_F(Desk, a_replacement_is_settled_when_it_told_all_that_the_old_one_did) {
  read("kraken", {"BTC/USD", "ETH/USD", "XMR/USD"});
  desk_->opened(0, first);
  hears(first, ticker("BTC/USD", "100", "101"));
  hears(first, ticker("ETH/USD", "10", "11"));
  desk_->opened(0, second);
  EXPECT_FALSE(hears(second, R"({"channel":"heartbeat"})").settled);
  EXPECT_FALSE(hears(second, ticker("BTC/USD", "100", "101")).settled);
  EXPECT_TRUE(hears(second, ticker("ETH/USD", "10", "11")).settled);
}

TEST_F(Desk, a_venue_that_says_it_will_hang_up_and_a_missing_message_ask_for_a_replacement) {
  read("binance", {"BTCUSDT"});
  desk_->opened(0, first);
  EXPECT_TRUE(hears(first, R"({"event":{"e":"serverShutdown","E":1770123456789}})").renew ||
              hears(first, R"({"e":"serverShutdown","E":1770123456789})").renew);
  read("coinbase_advanced", {"BTC-USD"});
  desk_->opened(0, first);
  EXPECT_FALSE(hears(first, R"({"channel":"heartbeats","sequence_num":0,"events":[]})").renew);
  EXPECT_TRUE(hears(first, R"({"channel":"heartbeats","sequence_num":2,"events":[]})").renew);
  EXPECT_EQ(desk_->state.gaps, 1U);
}

TEST_F(Desk, more_symbols_than_a_stream_may_carry_go_to_a_second_one) {
  std::vector<std::string> symbols;
  for (int i = 0; i < 31; ++i) symbols.push_back("A" + std::to_string(i) + "USDT");
  read("mexc", symbols);
  ASSERT_EQ(desk_->streams(), 2U);
  EXPECT_THAT(desk_->plan(0).frames.front(), HasSubstr("A29USDT"));
  EXPECT_THAT(desk_->plan(0).frames.front(), Not(HasSubstr("A30USDT")));
  EXPECT_THAT(desk_->plan(1).frames.front(), HasSubstr("A30USDT"));
  desk_->opened(0, first);
  EXPECT_FALSE(desk_->state.connected);
  desk_->opened(1, first);
  EXPECT_TRUE(desk_->state.connected);
}

std::vector<ListedInstrument> btc_only() {
  return {{"XBT/USD", {"BTC", "USD"}, ""}};
}

TEST_F(Desk, what_the_venue_does_not_list_is_told_and_not_asked_for_any_more) {
  read("kraken", {"BTC/USD", "BTC/USDD"});
  EXPECT_TRUE(lists(0, btc_only()));
  EXPECT_THAT(notes_, ElementsAre("instruments: BTC/USDD is not listed; nearest: XBT/USD"));
  EXPECT_THAT(desk_->plan(0).frames.front(), Not(HasSubstr("USDD")));
  EXPECT_THAT(desk_->next_poll(0, at().mono)->request.target, Not(HasSubstr("USDD")));
  EXPECT_EQ(desk_->state_at(at().mono).problems.size(), 1U);
  EXPECT_FALSE(lists(0, btc_only()));  // nothing new: told once
  EXPECT_EQ(notes_.size(), 1U);
  auto later = btc_only();
  later.push_back({"BTC/USDD", {"BTC", "USDD"}, ""});
  EXPECT_TRUE(lists(0, later));
  EXPECT_THAT(desk_->state_at(at().mono).problems, IsEmpty());
  EXPECT_THAT(desk_->plan(0).frames.front(), HasSubstr("USDD"));
}

TEST_F(Desk, what_is_listed_and_not_traded_is_halted_until_the_list_says_otherwise) {
  read("kraken", {"BTC/USD", "ETH/USD"});
  const auto listed = [](std::string status) {
    auto list = btc_only();
    list.push_back({"ETH/USD", {"ETH", "USD"}, std::move(status)});
    return list;
  };
  lists(0, listed(""));
  EXPECT_THAT(quotes_, IsEmpty());
  EXPECT_FALSE(lists(0, listed("cancel_only"))) << "it is asked for all the same";
  ASSERT_EQ(quotes_.size(), 1U);
  EXPECT_EQ(quotes_[0].symbol, "ETH/USD");
  EXPECT_EQ(quotes_[0].trading, Trading::halted);
  lists(0, listed("cancel_only"));
  EXPECT_EQ(quotes_.size(), 1U);
  lists(0, listed(""));
  ASSERT_EQ(quotes_.size(), 2U);
  EXPECT_EQ(quotes_[1].trading, Trading::trading);
}

TEST_F(Desk, a_quote_that_is_only_repeated_lets_no_poll_rest) {
  read("kraken", {"BTC/USD"});
  desk_->opened(0, first);
  hears(first, ticker("BTC/USD", "100", "101"));
  asks();
  EXPECT_FALSE(asks());
  passes(3'000);
  hears(first, R"({"channel":"heartbeat"})");
  EXPECT_EQ(quotes_.back().repeated, millis(3'000));
  EXPECT_TRUE(asks());
}

TEST_F(Desk, what_polling_does_not_know_stands_by_no_stream) {
  read("kraken", {"BTC/USD", "ETH/USD"});
  desk_->opened(0, first);
  const auto repeats = [this] {
    passes(1'500);
    quotes_.clear();
    hears(first, R"({"channel":"heartbeat"})");
    return quotes_.size();
  };
  const auto both = [this] {
    hears(first, ticker("BTC/USD", "100", "101"));
    hears(first, ticker("ETH/USD", "10", "11"));
  };
  both();
  EXPECT_EQ(repeats(), 2U);
  polls("100", "101");  // not a word of ETH/USD
  EXPECT_EQ(repeats(), 1U);
  both();
  EXPECT_EQ(repeats(), 2U);
  const std::string refused = R"({"error":["EQuery:Unknown asset pair"]})";
  desk_->take_body(desk_->intake->read_body("/0/public/Ticker?pair=XBTUSD,ETHUSD", as_bytes(refused)), at());
  EXPECT_EQ(repeats(), 0U);
}

TEST_F(Desk, a_crossed_or_priceless_word_lets_no_poll_rest) {
  read("kraken", {"BTC/USD"});
  desk_->opened(0, first);
  asks();
  hears(first, ticker("BTC/USD", "101", "100"));
  EXPECT_TRUE(quotes_.size() == 1 && compare(*quotes_[0].bid, *quotes_[0].ask) > 0);
  EXPECT_TRUE(asks());
}

TEST_F(Desk, a_venue_of_single_requests_asks_for_the_listed_ones_only) {
  read("coinbase_exchange", {"AAA-USD", "BTC-USD"});
  EXPECT_EQ(desk_->slots(), 2U);
  EXPECT_TRUE(lists(0, {{"BTC-USD", {"BTC", "USD"}, ""}}));
  EXPECT_EQ(desk_->slots(), 2U);
  EXPECT_THAT(desk_->next_poll(0, at().mono)->request.target, HasSubstr("BTC-USD"));
  EXPECT_FALSE(desk_->next_poll(1, at().mono));
}

TEST_F(Desk, each_kind_is_held_against_its_own_list_as_soon_as_that_has_come_and_each_time_it_comes) {
  read("okx", {"BTC-USDT", "ETH-USDT", "BTC-USDT-SWAP", "ETH-USDT-SWAP"});
  ASSERT_EQ(desk_->questions().size(), 2U);
  const std::vector<ListedInstrument> spot = {{"BTC-USDT", {"BTC", "USDT"}, ""}};
  EXPECT_TRUE(lists(0, spot));
  EXPECT_THAT(notes_, ElementsAre("instruments: ETH-USDT is not listed; nearest: BTC-USDT"));
  EXPECT_THAT(desk_->plan(0).frames.front(), HasSubstr("ETH-USDT-SWAP"));
  EXPECT_TRUE(lists(1, {{"BTC-USDT-SWAP", {"BTC", "USDT"}, ""}}));
  EXPECT_THAT(desk_->plan(0).frames.front(), Not(HasSubstr("ETH-USDT-SWAP")));
  EXPECT_EQ(desk_->state_at(at().mono).problems.size(), 2U);
  auto later = spot;
  later.push_back({"ETH-USDT", {"ETH", "USDT"}, ""});
  EXPECT_TRUE(lists(0, later)) << "the other list need not come again for that";
  EXPECT_EQ(desk_->state_at(at().mono).problems.size(), 1U);
}

TEST_F(Desk, a_list_in_which_nothing_of_ours_stands_is_doubted) {
  read("kraken", {"BTC/EUR", "ETH/EUR"});
  EXPECT_FALSE(lists(0, btc_only()));
  EXPECT_EQ(notes_.size(), 2U);
  EXPECT_THAT(desk_->plan(0).frames.front(), HasSubstr("BTC/EUR"));
}

TEST_F(Desk, a_symbol_of_which_nothing_comes_is_pointed_at_after_a_minute) {
  read("kraken", {"XBT/USD", "ETH/USD"}, {{"XBT/USD", "BTC/USD"}});
  desk_->opened(0, first);
  hears(first, ticker("BTC/USD", "100", "101"));
  passes(59'000);
  EXPECT_THAT(desk_->state_at(at().mono).mute, IsEmpty());
  passes(1'000);
  EXPECT_THAT(desk_->state_at(at().mono).mute, ElementsAre("ETH/USD"));
  ASSERT_EQ(quotes_.size(), 1U);
  EXPECT_EQ(quotes_[0].symbol, "BTC/USD");
}

TEST_F(Desk, a_body_of_nothing_but_refusals_is_worth_what_the_first_one_says) {
  read("kraken", {"BTC/USD"});
  const auto worth = [&](std::string_view body) {
    return desk_->take_body(desk_->intake->read_body("/0/public/Ticker?pair=XBTUSD", as_bytes(body)), at());
  };
  EXPECT_EQ(worth(R"({"error":["EAPI:Rate limit exceeded"]})"), Condition::rate_limited);
  EXPECT_EQ(worth("<html>maintenance"), Condition::html_page);
  EXPECT_EQ(worth(R"({"error":["EQuery:Unknown asset pair"]})"), Condition::bad_answer);
  EXPECT_EQ(polls("1", "2"), Condition::good);
}

}  // namespace
}  // namespace assay::fetchers::testing
