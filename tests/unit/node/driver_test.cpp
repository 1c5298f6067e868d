#include "node/driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace assay::node {
namespace {

using threshold::Effect;
using threshold::Event;

/// A machine that answers the i-th event with the i-th prepared list, and writes down what it heard.
class Scripted final : public threshold::Protocol {
 public:
  std::vector<Effect> step(const Event& event, threshold::Now) override {
    heard.push_back(event.index());
    if (answers.empty()) {
      return {};
    }
    auto effects = std::move(answers.front());
    answers.erase(answers.begin());
    return effects;
  }
  MonoTime next_deadline() const override { return MonoTime{77}; }
  threshold::ProtocolStatus status() const override { return {}; }

  std::vector<std::vector<Effect>> answers;
  std::vector<std::size_t> heard;
};

struct Bench {
  Bench() {
    auto owned = std::make_unique<Scripted>();
    machine = owned.get();
    driver = std::make_unique<Driver>(std::move(owned), ports());
  }

  DriverPorts ports() {
    return {
        .now = [] { return threshold::Now{}; },
        .persist = [this](std::uint64_t id, Bytes) { done.push_back("persist " + std::to_string(id)); },
        .send = [this](MemberIndex to, threshold::SharedFrame) { done.push_back("send " + std::to_string(to.value)); },
        .broadcast = [this](threshold::SharedFrame) { done.push_back("broadcast"); },
        .observe =
            [this](threshold::Now) {
              done.push_back("observe");
              return Observation{.time = WallTime{5}, .feeds = {}};
            },
        .attested = [this](const threshold::Attested&) { done.push_back("attested"); },
        .read_ledger = [this](const threshold::ReadLedger&) { done.push_back("read"); },
        .note = [this](const threshold::Note&) { done.push_back("note"); },
        .accuse = [this](const threshold::Accuse&) { done.push_back("accuse"); },
        .stop = [this](Error) { done.push_back("stop"); },
        .disconnect = [this](MemberIndex member) { done.push_back("disconnect " + std::to_string(member.value)); },
        .wake_at = [this](MonoTime at) { done.push_back("wake " + std::to_string(at.value)); },
        .status = [](const threshold::ProtocolStatus&) {}};
  }

  Scripted* machine = nullptr;
  std::unique_ptr<Driver> driver;
  std::vector<std::string> done;
};

const auto frame = std::make_shared<const Bytes>();

TEST(Driver, performs_effects_in_their_order_and_asks_to_be_woken_last) {
  Bench bench;
  bench.machine->answers = {
      {threshold::Persist{1, {}}, threshold::Broadcast{frame}, threshold::Send{MemberIndex{2}, frame}}};
  bench.driver->handle(threshold::Tick{});
  EXPECT_THAT(bench.done, testing::ElementsAre("persist 1", "broadcast", "send 2", "wake 77"));
}

TEST(Driver, answers_observe_with_an_observation_after_the_other_effects) {
  Bench bench;
  bench.machine->answers = {{threshold::Observe{Height{9}}, threshold::Broadcast{frame}},
                            {threshold::Send{MemberIndex{1}, frame}}};
  bench.driver->handle(threshold::Tick{});
  EXPECT_THAT(bench.done, testing::ElementsAre("observe", "broadcast", "send 1", "wake 77"));
  EXPECT_EQ(bench.machine->heard,
            (std::vector<std::size_t>{Event(threshold::Tick{}).index(), Event(threshold::Observed{}).index()}));
}

TEST(Driver, disconnects_whom_the_machine_caught) {
  Bench bench;
  bench.machine->answers = {{threshold::Disconnect{MemberIndex{3}}}};
  bench.driver->handle(threshold::Tick{});
  EXPECT_THAT(bench.done, testing::ElementsAre("disconnect 3", "wake 77"));
}

TEST(Driver, does_nothing_after_stop) {
  Bench bench;
  bench.machine->answers = {{threshold::Stop{Error{Errc::log_behind, ""}}, threshold::Broadcast{frame}}};
  bench.driver->handle(threshold::Tick{});
  bench.driver->handle(threshold::Tick{});
  EXPECT_THAT(bench.done, testing::ElementsAre("stop"));
  EXPECT_EQ(bench.machine->heard.size(), 1U);
}

}  // namespace
}  // namespace assay::node
