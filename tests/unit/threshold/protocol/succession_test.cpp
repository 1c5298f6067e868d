#include "threshold/succession.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"

namespace assay::threshold {
namespace {

/// Four members, and a next epoch that they may give themselves.
class SuccessionTest : public testing::Test {
 protected:
  SuccessionTest() {
    for (int i = 0; i < 8; ++i) identities_.push_back(IdentityKey::generate(entropy_));
    succession_.before = record(4, 0);
    succession_.after = succession_.before;
    succession_.after.epoch = Epoch{1};
  }

  EpochRecord record(std::uint16_t members, std::size_t first) {
    EpochRecord out;
    out.threshold = Quorum::of(members)->agree();
    for (std::size_t i = first; i < first + members; ++i) {
      out.identities.push_back(identities_[i].public_key());
      out.verifying_shares.push_back(identities_[i].public_key());
    }
    return out;
  }

  Errc refusal(const std::function<void(Succession&)>& change) {
    Succession changed = succession_;
    change(changed);
    const auto done = check_terms(changed);
    EXPECT_FALSE(done.operator bool());
    return done ? Errc{} : done.error().code;
  }

  void endorse_by(std::initializer_list<std::size_t> members) {
    for (const std::size_t i : members) ASSERT_TRUE(endorse(succession_, identities_[i]).operator bool());
  }
  std::optional<Errc> fault() const {
    const auto done = check_succession(succession_);
    return done ? std::nullopt : std::optional(done.error().code);
  }

  SeededEntropy entropy_{5};
  std::vector<IdentityKey> identities_;
  Succession succession_;
};

TEST_F(SuccessionTest, needs_every_new_member) {
  endorse_by({0, 1, 2});
  EXPECT_EQ(fault(), Errc::bad_certificate);
  EXPECT_EQ(count_endorsements(succession_).missing, std::vector{identities_[3].public_key()});
  endorse_by({3});
  EXPECT_EQ(fault(), std::nullopt);
  EXPECT_TRUE(count_endorsements(succession_).missing.empty());
}

TEST_F(SuccessionTest, needs_2f_plus_1_old_members_beside_all_new_ones) {
  // Member 0 stays, 1 to 3 make room for 4 to 6.
  succession_.after = record(4, 3);
  succession_.after.epoch = Epoch{1};
  succession_.after.share_generation = 1;
  endorse_by({3, 4, 5, 6});
  EXPECT_EQ(fault(), Errc::bad_certificate);
  endorse_by({0});
  EXPECT_EQ(fault(), Errc::bad_certificate);
  endorse_by({1});
  EXPECT_EQ(fault(), std::nullopt);
}

TEST_F(SuccessionTest, what_is_endorsed_is_all_of_it) {
  endorse_by({0, 1, 2, 3});
  const Succession sound = succession_;
  for (const auto& change : std::vector<std::function<void(Succession&)>>{
           [](Succession& s) { s.network.value.bytes[0] ^= 1; },
           [](Succession& s) { s.genesis.feed_count ^= 1; },
           [](Succession& s) { s.config_digest.bytes[31] ^= 1; },
           [](Succession& s) { s.before.epoch = s.after.epoch = Epoch{1}, ++s.after.epoch.value; },
           [](Succession& s) { s.endorsements[2].signature.bytes[5] ^= 1; },
       }) {
    succession_ = sound;
    change(succession_);
    EXPECT_EQ(fault(), Errc::bad_signature);
  }
}

TEST_F(SuccessionTest, nobody_counts_twice_and_no_stranger_counts) {
  endorse_by({0, 1, 2, 3});
  auto twice = succession_;
  twice.endorsements.insert(twice.endorsements.begin(), twice.endorsements.front());
  EXPECT_EQ(check_succession(twice).error().code, Errc::not_canonical);
  EXPECT_EQ(endorse(succession_, identities_[7]).error().code, Errc::unknown_member);
  auto strange = succession_;
  strange.endorsements[0].identity = identities_[7].public_key();
  std::sort(strange.endorsements.begin(), strange.endorsements.end(),
            [](const auto& a, const auto& b) { return a.identity < b.identity; });
  EXPECT_EQ(check_succession(strange).error().code, Errc::unknown_member);
  endorse_by({0});
  EXPECT_EQ(succession_.endorsements.size(), 4U);
}

TEST_F(SuccessionTest, copies_merge_when_they_are_of_one_succession) {
  Succession copy = succession_;
  endorse_by({0, 1});
  ASSERT_TRUE(endorse(copy, identities_[2]).operator bool());
  ASSERT_TRUE(endorse(copy, identities_[3]).operator bool());
  ASSERT_TRUE(merge(succession_, copy).operator bool());
  EXPECT_EQ(fault(), std::nullopt);
  copy.config_digest.bytes[0] ^= 1;
  EXPECT_EQ(merge(succession_, copy).error().code, Errc::wrong_committee);
}

TEST_F(SuccessionTest, members_that_stay_keep_their_order_and_those_that_join_stand_after_them) {
  const auto names = [&](std::initializer_list<std::size_t> members) {
    std::vector<PublicKey> out;
    for (const std::size_t i : members) out.push_back(identities_[i].public_key());
    return out;
  };
  const auto before = names({0, 1, 2, 3});
  for (const auto& good :
       {names({0, 1, 2, 3}), names({1, 3}), names({0, 2, 3, 7}), names({4, 5, 6, 7}), names({0, 1, 2, 3, 6, 4, 5})}) {
    EXPECT_EQ(out_of_order(before, good), std::nullopt);
  }
  EXPECT_EQ(out_of_order(before, names({1, 0, 2, 3})), 1U);
  EXPECT_EQ(out_of_order(before, names({0, 2, 1, 4})), 2U);
  EXPECT_EQ(out_of_order(before, names({0, 1, 4, 3})), 3U) << "who joins dials those that stay";
  succession_.after.share_generation = 1;
  succession_.after.verifying_shares.front() = identities_[7].public_key();
  EXPECT_TRUE(check_terms(succession_));
  EXPECT_EQ(refusal([](Succession& s) { std::swap(s.after.identities[1], s.after.identities[2]); }),
            Errc::out_of_range);
}

TEST_F(SuccessionTest, terms_that_no_signature_can_heal) {
  EXPECT_EQ(refusal([](Succession& s) { s.after.group_key.bytes[0] ^= 1; }), Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { s.after.epoch = Epoch{2}; }), Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { s.after.epoch = s.before.epoch; }), Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { s.before.epoch = Epoch{UINT32_MAX}, s.after.epoch = Epoch{0}; }),
            Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { s.genesis.epoch = Epoch{9}; }), Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { s.before.share_generation = 1; }), Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { s.after.share_generation = 1; }), Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { s.after.identities.pop_back(); }), Errc::out_of_range);
  EXPECT_EQ(refusal([](Succession& s) { std::swap(s.after.verifying_shares[0], s.after.verifying_shares[1]); }),
            Errc::out_of_range);
}

}  // namespace
}  // namespace assay::threshold
