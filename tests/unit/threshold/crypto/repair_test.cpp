#include "threshold/crypto/repair.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"

namespace assay::threshold::frost {
namespace {

using Members = std::vector<MemberIndex>;

Members members(std::initializer_list<int> indices) {
  Members out;
  for (const int index : indices) out.push_back(MemberIndex{static_cast<std::uint16_t>(index)});
  return out;
}

/// What every helper passes on, each from the deltas that all helpers have for it.
std::vector<SecretScalar> sigmas_of(const Dealt& dealt, const Members& helpers, MemberIndex lost, Entropy& entropy) {
  std::vector<std::vector<SecretScalar>> by_receiver(helpers.size());
  for (const MemberIndex helper : helpers) {
    auto deltas = repair_deltas(dealt.group, dealt.shares[helper.value], helpers, lost, entropy).value();
    for (std::size_t j = 0; j < helpers.size(); ++j) by_receiver[j].push_back(std::move(deltas[j]));
  }
  std::vector<SecretScalar> sigmas;
  for (const auto& deltas : by_receiver) sigmas.push_back(repair_sigma(deltas));
  return sigmas;
}

TEST(Repair, any_threshold_of_helpers_gives_a_member_its_share_back) {
  SeededEntropy entropy(1);
  for (const auto& [n, t] : {std::pair<std::uint16_t, std::uint16_t>{4, 3}, {7, 5}, {4, 1}}) {
    const auto dealt = deal(n, t, entropy).value();
    for (std::uint16_t lost = 0; lost < n; ++lost) {
      for (std::uint16_t skipped = 0; skipped < n; ++skipped) {
        Members helpers;
        for (std::uint16_t i = 0; i < n; ++i) {
          if (i != lost && (i != skipped || n - 2 < t)) helpers.push_back(MemberIndex{i});
        }
        const auto sigmas = sigmas_of(dealt, helpers, MemberIndex{lost}, entropy);
        const auto repaired = repair_share(dealt.group, sigmas, MemberIndex{lost});
        ASSERT_TRUE(repaired) << n << " " << lost << " " << skipped;
        EXPECT_TRUE(std::ranges::equal(repaired->expose(), dealt.shares[lost].expose()));
      }
    }
  }
}

TEST(Repair, deltas_are_fresh_and_only_their_sum_is_fixed) {
  SeededEntropy entropy(2);
  const auto dealt = deal(4, 3, entropy).value();
  const auto helpers = members({0, 1, 3});
  const auto first = repair_deltas(dealt.group, dealt.shares[1], helpers, MemberIndex{2}, entropy).value();
  const auto second = repair_deltas(dealt.group, dealt.shares[1], helpers, MemberIndex{2}, entropy).value();
  for (std::size_t j = 0; j < helpers.size(); ++j) {
    EXPECT_FALSE(std::ranges::equal(first[j].expose(), second[j].expose())) << j;
  }
  EXPECT_TRUE(std::ranges::equal(sum_of(first).expose(), sum_of(second).expose()));
}

TEST(Repair, a_helper_that_lies_spoils_it_and_is_noticed) {
  SeededEntropy entropy(3);
  const auto dealt = deal(4, 3, entropy).value();
  auto sigmas = sigmas_of(dealt, members({0, 1, 2}), MemberIndex{3}, entropy);
  sigmas[1].add(SecretScalar::draw(entropy));
  EXPECT_EQ(repair_share(dealt.group, sigmas, MemberIndex{3}).error().code, Errc::bad_share);
  EXPECT_EQ(repair_share(dealt.group, sigmas, MemberIndex{4}).error().code, Errc::out_of_range);
  EXPECT_EQ(repair_share(dealt.group, {}, MemberIndex{3}).error().code, Errc::bad_scalar);
}

TEST(Repair, refuses_sets_that_could_not_help) {
  SeededEntropy entropy(4);
  const auto dealt = deal(7, 5, entropy).value();
  const auto refusal = [&](const Members& helpers, int lost) {
    return repair_deltas(dealt.group, dealt.shares[1], helpers, MemberIndex{static_cast<std::uint16_t>(lost)}, entropy)
        .error()
        .code;
  };
  EXPECT_EQ(refusal(members({0, 1, 2, 3}), 6), Errc::bad_signer_set) << "too few";
  EXPECT_EQ(refusal({}, 6), Errc::bad_signer_set);
  EXPECT_EQ(refusal(members({1, 0, 2, 3, 4}), 6), Errc::bad_signer_set) << "not ascending";
  EXPECT_EQ(refusal(members({0, 1, 1, 3, 4}), 6), Errc::bad_signer_set) << "twice";
  EXPECT_EQ(refusal(members({0, 2, 3, 4, 5}), 6), Errc::bad_signer_set) << "without me";
  EXPECT_EQ(refusal(members({0, 1, 2, 3, 6}), 6), Errc::bad_signer_set) << "with the lost one";
  EXPECT_EQ(refusal(members({0, 1, 2, 3, 7}), 6), Errc::bad_signer_set) << "no member";
  EXPECT_EQ(refusal(members({0, 1, 2, 3, 4}), 7), Errc::bad_signer_set) << "no member is lost";
}

}  // namespace
}  // namespace assay::threshold::frost
