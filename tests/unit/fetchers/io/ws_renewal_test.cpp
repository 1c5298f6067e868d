#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <utility>

#include "tests/unit/fetchers/io/ws_story.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

class WsRenewal : public WsClient {};

TEST_F(WsRenewal, replaces_a_connection_before_its_time_without_a_gap_between_them) {
  serve({{{"/feed", stream_of({"tick"})}}, {}});
  story_.react = [](WsConnectionId, std::string_view) { return WsReaction{.settled = true}; };
  WsEndpoint wanted = endpoint("/feed");
  wanted.life_max = millis(160);
  connect(wanted);
  ASSERT_TRUE(story_.comes("renewed", 2));
  const auto items = story_.events.items();
  EXPECT_THAT(std::vector<std::string>(items.begin(), items.begin() + 6),
              ElementsAre("open", "message tick", "open", "message tick", "close", "renewed"));
  EXPECT_EQ(story_.count("down closed"), 0U);
}

/// Each attempt goes to the next of these targets, the last one again and again.
std::function<Result<WsPlan>()> targets_in_turn(const WsEndpoint& base, std::vector<std::string> targets) {
  const std::string authority = base.url.substr(0, base.url.find('/', 8));
  return [authority, targets, next = std::size_t{0}]() mutable -> Result<WsPlan> {
    const std::string& target = targets[std::min(next++, targets.size() - 1)];
    return WsPlan{.url = authority + target, .frames = {}};
  };
}

TEST_F(WsRenewal, an_old_connection_goes_on_until_a_replacement_has_spoken) {
  serve({{{"/old", stream_of({"old"})}, {"/mute", stream_of({})}, {"/new", stream_of({"new"})}}, {}});
  story_.react = [](WsConnectionId, std::string_view text) {
    return WsReaction{.settled = text == "new", .renew = text == "old"};
  };
  WsEndpoint wanted = endpoint("/old");
  wanted.overlap_max = millis(30);
  WsEvents events = story_.watch();
  events.on_connect = targets_in_turn(wanted, {"/old", "/mute", "/new"});
  ASSERT_TRUE(clients_.add(wanted, std::move(events)));
  running_ = std::make_unique<Lent>(clients_);
  ASSERT_TRUE(story_.comes("renewed"));
  EXPECT_THAT(story_.events.items(), ElementsAre("open", "message old", "open", "close", "not renewed", "open",
                                                 "message new", "close", "renewed"));
}

TEST_F(WsRenewal, a_replacement_takes_over_at_once_when_the_old_connection_breaks) {
  auto old = stream_of({"old", "end"}, market::ScriptEnd::cut);
  old.frames.back().offset = millis(200);
  serve({{{"/old", old}, {"/new", stream_of({"new"})}}, {}});
  story_.react = [](WsConnectionId, std::string_view text) { return WsReaction{.renew = text == "old"}; };
  WsEndpoint wanted = endpoint("/old");
  wanted.overlap_max = millis(3'600'000);
  WsEvents events = story_.watch();
  events.on_connect = targets_in_turn(wanted, {"/old", "/new"});
  ASSERT_TRUE(clients_.add(wanted, std::move(events)));
  running_ = std::make_unique<Lent>(clients_);
  ASSERT_TRUE(story_.comes("renewed"));
  EXPECT_EQ(story_.count("down closed"), 0U);
  EXPECT_EQ(story_.count("message new"), 1U);
}

TEST_F(WsRenewal, sends_no_more_frames_than_the_venue_bears) {
  serve({{{"/feed", stream_of({})}}, {}});
  std::atomic<std::int64_t> now{1'000'000};
  WsClients clients([&] { return MonoTime{now.load()}; }, entropy_);
  WsEndpoint wanted = endpoint("/feed");
  wanted.frames = {"1", "2", "3", "4", "5"};
  wanted.send_rule = {.allowance = 2, .window = millis(10)};
  wanted.ping_interval = millis(20);  // of the transport: they tell that time goes by
  ASSERT_TRUE(clients.add(wanted, story_.watch()));
  const Lent running(clients);
  ASSERT_TRUE(heard_.reaches(2));
  EXPECT_EQ(heard_.items().size(), 2U);
  now += 20'000;
  ASSERT_TRUE(heard_.reaches(4));
  EXPECT_EQ(heard_.items().size(), 4U);
  now += 20'000;
  ASSERT_TRUE(heard_.reaches(5));
  EXPECT_THAT(heard_.items(), ElementsAre("1", "2", "3", "4", "5"));
}

TEST_F(WsRenewal, lets_go_of_its_open_connections_when_it_is_destroyed) {
  serve({{{"/feed", stream_of({"one"})}}, {}});
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> held = token;
  {
    WsClients clients(mono_now, entropy_);
    WsEvents events = story_.watch();
    events.on_open = [this, token = std::exchange(token, nullptr)](WsConnectionId) { story_.events.add("open"); };
    ASSERT_TRUE(clients.add(endpoint("/feed"), std::move(events)));
    const Lent running(clients);
    ASSERT_TRUE(story_.comes("message one"));
    EXPECT_FALSE(held.expired());
  }
  EXPECT_TRUE(held.expired());
}

TEST_F(WsRenewal, waits_with_an_attempt_until_it_may_be_made) {
  serve({{{"/feed", stream_of({"one"})}}, {}});
  WsEvents events = story_.watch();
  events.may_connect = [this, asked = 0]() mutable {
    story_.events.add("may I");
    return ++asked < 4 ? millis(5) : Micros{};
  };
  ASSERT_TRUE(clients_.add(endpoint("/feed"), std::move(events)));
  running_ = std::make_unique<Lent>(clients_);
  ASSERT_TRUE(story_.comes("open"));
  EXPECT_EQ(story_.count("may I"), 4U);
}

}  // namespace
}  // namespace assay::fetchers::testing
