#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "node/restore.hpp"
#include "node/storage.hpp"
#include "tests/unit/node/step_killer.hpp"
#include "tests/unit/threshold/io/scratch_folder.hpp"
#include "tests/unit/threshold/protocol/made_chain.hpp"
#include "threshold/codec.hpp"
#include "threshold/sim/world.hpp"

namespace assay::node {
namespace {

using threshold::MessageType;

/// Member 3 of four, which fetches a chain that its peers hold into a ledger on a disk: machine, storage thread, ledger
/// and safety log as in a node, with peers that answer at once.
class Fetcher {
 public:
  static constexpr std::uint32_t feeds = 2;

  Fetcher(const threshold::MadeChain& chain, const std::filesystem::path& folder) : chain_(chain) {
    ledger_ = publisher::Ledger::open(folder / "ledger.sqlite", genesis_header(chain.committee, feeds)).value();
    auto log = threshold::SafetyLog::open(folder / "safety.log", {chain.committee.network, me, chain.committee.epoch},
                                          threshold::record_height);
    auto restored = restore(*ledger_, *log, chain.committee, me);
    began_ = stored_ = told_ = restored->tip.height;
    storage_ = std::make_unique<Storage>(*ledger_, Storage::Hooks{.grown = [this](Height tip) { tell(tip); },
                                                                  .range = {},
                                                                  .accused = {},
                                                                  .failed = [](Error) { std::abort(); }});
    machine_ = threshold::Protocol::make({me, chain.committee, threshold::sim::usual_timing(64), chain.policy},
                                         chain.keys.identities[3], chain.keys.first.shares[3],
                                         std::move(restored).value(), entropy_, now())
                   .value();
  }

  Height began() const { return began_; }

  void fetch_all() {
    std::thread writer([this] { storage_->run(); });
    const Batch& newest = chain_.batches.back();
    for (std::uint16_t peer = 0; peer < 3; ++peer) {
      hear(peer, MessageType::att, newest.header.height, threshold::AttMessage{{newest.header, newest.signature}});
    }
    while (stored_ < newest.header.height) {
      const auto ask = asks_.front();
      asks_.pop_front();
      answer(ask);
      while (stored_ < attested_) step(threshold::Stored{wait_stored()});  // a transaction for each range, or more
    }
    storage_->stop();
    writer.join();
  }

 private:
  struct Ask {
    std::uint16_t peer;
    Height from;
    std::uint32_t count;
  };
  static constexpr MemberIndex me{3};

  threshold::Now now() const { return {MonoTime{1'000'000}, WallTime{1'800'000'000'000'000}}; }

  void step(const threshold::Event& event) {
    for (const auto& effect : machine_->step(event, now())) {
      if (const auto* attested = std::get_if<threshold::Attested>(&effect)) {
        ASSERT_TRUE(storage_->append(attested->batch));
        attested_ = attested->batch->header.height;
      }
      const auto* send = std::get_if<threshold::Send>(&effect);
      if (send == nullptr) continue;
      const auto envelope = open_envelope(chain_.committee, *send->frame);
      if (envelope->type != MessageType::get) continue;
      const auto get = decode_payload(MessageType::get, envelope->payload, {threshold::Quorum{4}, feeds});
      asks_.push_back({send->to.value, envelope->height, std::get<threshold::GetMessage>(*get).count});
    }
  }
  void hear(std::uint16_t peer, MessageType type, Height height, const threshold::Message& message) {
    const threshold::Scope scope{type, View{0}, height, MemberIndex{peer}};
    step(threshold::FromPeer{MemberIndex{peer},
                             seal(chain_.committee, chain_.keys.identities[peer], scope, encode_payload(message))});
  }
  void answer(const Ask& ask) {
    threshold::RangeMessage range;
    for (std::uint64_t i = 0; i < ask.count; ++i) {
      range.batches.push_back(encode(chain_.at(Height{ask.from.value + i})));
    }
    hear(ask.peer, MessageType::range, ask.from, range);
  }

  void tell(Height tip) {
    {
      const std::lock_guard guard(mutex_);
      told_ = tip;
    }
    grown_.notify_one();
  }
  Height wait_stored() {
    std::unique_lock guard(mutex_);
    grown_.wait(guard, [this] { return told_ > stored_; });
    return stored_ = told_;
  }

  const threshold::MadeChain& chain_;
  threshold::SeededEntropy entropy_{5};
  std::unique_ptr<publisher::Ledger> ledger_;
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<threshold::Protocol> machine_;
  Height began_{0};
  std::deque<Ask> asks_;
  Height attested_{0};
  Height stored_{0};
  std::mutex mutex_;
  std::condition_variable grown_;
  Height told_{0};
};

TEST(Backfill, a_node_killed_while_it_stores_ranges_goes_on_and_ends_with_the_same_bytes) {
  threshold::MadeChain chain(Fetcher::feeds);
  chain.grow(1500);
  const threshold::ScratchFolder folder;
  const auto holds = [&] {
    const auto ledger =
        publisher::Ledger::open(folder / "ledger.sqlite", genesis_header(chain.committee, Fetcher::feeds)).value();
    const Height tip = ledger->tip_height().value();
    for (Height height{1}; height <= tip; height = next(height)) {
      EXPECT_EQ(encode(ledger->at(height).value().value()), encode(chain.at(height)));
    }
    return tip.value;
  };
  std::vector<std::uint64_t> tips;
  for (int step = 1; step < 1000; ++step) {
    const auto life = run_until_step(step, [&] {
      Fetcher fetcher(chain, folder.path());
      EXPECT_EQ(fetcher.began().value, tips.empty() ? 0 : tips.back()) << "it goes on where its ledger ended";
      fetcher.fetch_all();
    });
    const std::uint64_t tip = holds();
    EXPECT_GE(tip, tips.empty() ? 0 : tips.back());
    tips.push_back(tip);
    if (life == Life::ended) break;
  }
  EXPECT_EQ(tips.back(), 1500U);
  std::vector<std::uint64_t> ends = tips;
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  EXPECT_GT(ends.size(), 5U) << "it was killed in the middle, several times";
}

}  // namespace
}  // namespace assay::node
