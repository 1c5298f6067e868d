#include "publisher/consumer.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace assay::publisher {
namespace {

using test::Chain;

class ConsumerTest : public testing::Test {
 protected:
  std::string text(const std::shared_ptr<const Batch>& batch, std::uint32_t index = 0) {
    return chain_.frames(batch).update(index);
  }
  static WallTime at(const std::shared_ptr<const Batch>& batch) { return batch->header.time + millis(10); }
  static std::string said(const std::variant<VerifiedFrame, Rejection>& verdict) {
    const auto* rejection = std::get_if<Rejection>(&verdict);
    return rejection == nullptr ? "ok" : std::string(name(rejection->why));
  }
  static std::string said(const std::variant<Leaf, Rejection>& verdict) {
    const auto* rejection = std::get_if<Rejection>(&verdict);
    return rejection == nullptr ? "ok" : std::string(name(rejection->why));
  }
  /// The batch with a changed header, signed again: what only a dishonest committee can make.
  template <class Change>
  std::shared_ptr<const Batch> resigned(const Batch& batch, Change change) {
    auto copy = std::make_shared<Batch>(batch);
    change(copy->header);
    copy->signature = chain_.signer().sign(encode(copy->header));
    return copy;
  }

  Chain chain_{5};
  Consumer consumer_{chain_.pinned(), *chain_.feeds(), {}};
};

TEST_F(ConsumerTest, accepts_a_chain_and_gives_its_newest_price) {
  for (int i = 0; i < 10; ++i) {
    const auto batch = chain_.next();
    ASSERT_EQ(said(consumer_.accept(text(batch), at(batch))), "ok");
    EXPECT_EQ(std::get<Leaf>(consumer_.price(batch->leaves[0].feed, at(batch))), batch->leaves[0]);
  }
  EXPECT_EQ(consumer_.height(), Height{10});
}

TEST_F(ConsumerTest, accepts_other_leaves_of_the_same_header) {
  const auto batch = chain_.next();
  EXPECT_EQ(said(consumer_.accept(text(batch, 0), at(batch))), "ok");
  EXPECT_EQ(said(consumer_.accept(text(batch, 1), at(batch))), "ok");
  EXPECT_EQ(said(consumer_.price(batch->leaves[1].feed, at(batch))), "ok");
}

TEST_F(ConsumerTest, says_why_a_frame_does_not_verify) {
  const auto verdict = consumer_.accept("{}", WallTime{});
  EXPECT_EQ(std::get<Rejection>(verdict).why, Unfit::invalid);
  EXPECT_EQ(std::get<Rejection>(verdict).code, Errc::missing_field);
}

TEST_F(ConsumerTest, latches_a_fork_at_any_remembered_height_and_believes_nothing_afterwards) {
  Chain twin = chain_;
  const auto honest = chain_.take(3);
  for (const auto& batch : honest) ASSERT_EQ(said(consumer_.accept(text(batch), at(batch))), "ok");
  const auto forged = twin.next(5);
  ASSERT_EQ(forged->header.height, Height{1});
  EXPECT_EQ(said(consumer_.accept(text(forged), at(honest.back()))), "fork");
  EXPECT_TRUE(consumer_.forked());
  const auto later = chain_.next();
  EXPECT_EQ(said(consumer_.accept(text(later), at(later))), "fork");
  EXPECT_EQ(said(consumer_.price(later->leaves[0].feed, at(later))), "fork");
}

TEST_F(ConsumerTest, never_goes_back_and_not_below_the_persisted_height) {
  const auto batches = chain_.take(3);
  ASSERT_EQ(said(consumer_.accept(text(batches[2]), at(batches[2]))), "ok");
  EXPECT_EQ(said(consumer_.accept(text(batches[1]), at(batches[2]))), "older_height");
  Consumer restarted(chain_.pinned(), *chain_.feeds(), {}, Height{2});
  EXPECT_EQ(said(restarted.accept(text(batches[0]), at(batches[2]))), "older_height");
  EXPECT_EQ(said(restarted.accept(text(batches[1]), at(batches[2]))), "ok");
}

TEST_F(ConsumerTest, refuses_a_next_height_that_does_not_link) {
  const auto first = chain_.next();
  const auto second = chain_.next();
  ASSERT_EQ(said(consumer_.accept(text(first), at(first))), "ok");
  const auto loose = resigned(*second, [](Header& header) { header.prev_header_hash.bytes[0] ^= 1; });
  EXPECT_EQ(said(consumer_.accept(text(loose), at(second))), "broken_link");
  EXPECT_EQ(said(consumer_.accept(text(second), at(second))), "ok");
}

TEST_F(ConsumerTest, follows_an_announced_epoch_and_refuses_one_that_was_not) {
  const auto first = chain_.next();
  const auto told = [&](const Header& header, std::uint64_t height) {
    Batch batch = *first;
    batch.header = header;
    batch.header.height = Height{height};
    batch.header.time = WallTime{first->header.time.value + height};
    return batch;
  };
  const auto say = [&](Batch batch) {
    for (Leaf& leaf : batch.leaves) leaf.height = batch.header.height;
    return resigned(batch, [&](Header& header) { header.feeds_root = merkle_root(leaf_hashes(batch.leaves)); });
  };
  ASSERT_EQ(said(consumer_.accept(text(first), at(first))), "ok");
  Header next_epoch = first->header;
  next_epoch.epoch = Epoch{1};
  next_epoch.config_digest.bytes[0] = 1;
  EXPECT_EQ(said(consumer_.accept(text(say(told(next_epoch, 65))), at(first))), "wrong_epoch");
  Header other_settings = first->header;
  other_settings.config_digest.bytes[0] = 1;
  EXPECT_EQ(said(consumer_.accept(text(say(told(other_settings, 9))), at(first))), "wrong_epoch");
  Header announcing = first->header;
  announcing.next_epoch_digest.bytes[0] = 1;
  announcing.switch_height = Height{70};
  EXPECT_EQ(said(consumer_.accept(text(say(told(announcing, 6))), at(first))), "ok");
  EXPECT_EQ(said(consumer_.accept(text(say(told(first->header, 8))), at(first))), "wrong_epoch");
  EXPECT_EQ(said(consumer_.accept(text(say(told(next_epoch, 69))), at(first))), "wrong_epoch");
  EXPECT_EQ(said(consumer_.accept(text(say(told(next_epoch, 71))), at(first))), "ok");
}

TEST_F(ConsumerTest, bounds_the_header_time_by_the_one_before_and_by_the_clock) {
  const auto first = chain_.next();
  const auto second = chain_.next();
  ASSERT_EQ(said(consumer_.accept(text(first), at(first))), "ok");
  const auto same_time = resigned(*second, [&](Header& header) { header.time = first->header.time; });
  EXPECT_EQ(said(consumer_.accept(text(same_time), at(second))), "too_new");
  EXPECT_EQ(said(consumer_.accept(text(second), second->header.time + millis(-2001))), "too_new");
  EXPECT_EQ(said(consumer_.accept(text(second), second->header.time + millis(10'001))), "too_old");
  EXPECT_EQ(said(consumer_.accept(text(second), second->header.time + millis(-2000))), "ok");
}

TEST_F(ConsumerTest, acts_only_on_statuses_of_its_policy_and_within_valid_until) {
  const auto batch = chain_.next();
  ASSERT_EQ(said(consumer_.accept(text(batch, 2), at(batch))), "ok");
  const auto& wide = batch->leaves[2];
  ASSERT_EQ(wide.status, Status::wide);
  EXPECT_EQ(said(consumer_.price(wide.feed, at(batch))), "bad_status");
  EXPECT_EQ(said(consumer_.price(batch->leaves[0].feed, at(batch))), "unknown_feed");

  Consumer lenient(chain_.pinned(), *chain_.feeds(), {.accepted = {Status::ok, Status::wide}});
  ASSERT_EQ(said(lenient.accept(text(batch, 2), at(batch))), "ok");
  EXPECT_EQ(said(lenient.price(wide.feed, wide.valid_until)), "ok");
  EXPECT_EQ(said(lenient.price(wide.feed, wide.valid_until + micros(1))), "expired");
}

TEST_F(ConsumerTest, notices_a_feed_that_is_left_out_while_headers_go_on) {
  Consumer strict(chain_.pinned(), *chain_.feeds(), {.lag_max = millis(500)});
  const auto batches = chain_.take(4);
  ASSERT_EQ(said(strict.accept(text(batches[0], 0), at(batches[0]))), "ok");
  for (int i = 1; i < 3; ++i) ASSERT_EQ(said(strict.accept(text(batches[i], 1), at(batches[i]))), "ok");
  EXPECT_EQ(said(strict.price(batches[0]->leaves[0].feed, at(batches[2]))), "ok");
  ASSERT_EQ(said(strict.accept(text(batches[3], 1), at(batches[3]))), "ok");
  EXPECT_EQ(said(strict.price(batches[0]->leaves[0].feed, at(batches[3]))), "suppressed");
}

}  // namespace
}  // namespace assay::publisher
