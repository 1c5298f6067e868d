#include "tests/unit/threshold/crypto/frost_peer.hpp"

#include <gtest/gtest.h>

#include <map>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::threshold {
namespace {

namespace json = boost::json;
using frost::Commitment;
using frost::SignatureShare;

std::string id(MemberIndex member) {
  return to_hex(frost::scalar_of(member.value + 1U).bytes);
}
Bytes32 bytes32(const json::value& text) {
  return bytes32_from_hex(std::string(text.as_string())).value();
}

/// A group of which some members are ours and some the peer's.
struct CrossSigning : testing::Test {
  void SetUp() override {
    peer = FrostPeer::start(why);
    if (!peer) GTEST_SKIP() << why;
  }

  json::object ask(const json::object& question) {
    auto answer = peer->ask(question);
    EXPECT_FALSE(answer.contains("error")) << json::serialize(answer);
    return answer;
  }
  json::object secret_of(const frost::SecretShare& share) {
    return {{"identifier", id(share.member())}, {"signingShare", to_hex(share.expose())}};
  }
  json::object public_of(const frost::GroupPublic& group) {
    json::object shares;
    for (std::uint16_t i = 0; i < group.verifying_shares.size(); ++i) {
      shares[id(MemberIndex{i})] = to_hex(group.verifying_shares[i].bytes);
    }
    return {{"signers", {{"min", group.threshold}, {"max", group.verifying_shares.size()}}},
            {"commitments", json::array{to_hex(group.group_key.bytes)}},
            {"verifyingShares", shares}};
  }

  /// Members below `ours` sign with our code, the others with the peer's; both aggregate, both verify.
  void sign_together(const frost::Dealt& dealt, const std::vector<std::uint16_t>& who, std::uint16_t ours,
                     const Bytes& message) {
    std::map<std::uint16_t, frost::NoncePair> pairs;
    std::map<std::uint16_t, json::value> peer_nonces;
    std::vector<frost::SignerCommitment> signers;
    json::array list;
    for (const auto i : who) {
      Commitment commitment;
      if (i < ours) {
        commitment = pairs.emplace(i, frost::commit(dealt.shares[i], entropy)).first->second.commitment();
      } else {
        const auto answer = ask({{"op", "commit"}, {"secret", secret_of(dealt.shares[i])}});
        peer_nonces[i] = answer.at("nonces");
        const auto& points = answer.at("commitments").as_object();
        commitment = {bytes32(points.at("hiding")), bytes32(points.at("binding"))};
      }
      ASSERT_TRUE(frost::validate(commitment));
      signers.push_back({MemberIndex{i}, commitment});
      list.push_back(json::object{{"identifier", id(MemberIndex{i})},
                                  {"hiding", to_hex(commitment.hiding)},
                                  {"binding", to_hex(commitment.binding)}});
    }
    const auto session = frost::Session::make(dealt.group, message, signers);
    ASSERT_TRUE(session);
    std::vector<SignatureShare> shares;
    json::object named;
    for (const auto i : who) {
      if (i < ours) {
        shares.push_back(session->sign(dealt.shares[i], std::move(pairs.at(i))).value());
      } else {
        const auto answer = ask({{"op", "sign"},
                                 {"secret", secret_of(dealt.shares[i])},
                                 {"pub", public_of(dealt.group)},
                                 {"nonces", peer_nonces.at(i)},
                                 {"list", list},
                                 {"msg", to_hex(message)}});
        shares.push_back(SignatureShare{bytes32(answer.at("share"))});
      }
      EXPECT_TRUE(session->verify_share(MemberIndex{i}, shares.back()));
      named[id(MemberIndex{i})] = to_hex(shares.back().z);
      const auto verdict = ask({{"op", "verifyShare"},
                                {"pub", public_of(dealt.group)},
                                {"list", list},
                                {"msg", to_hex(message)},
                                {"id", id(MemberIndex{i})},
                                {"share", to_hex(shares.back().z)}});
      EXPECT_TRUE(verdict.at("ok").as_bool());
    }
    const auto signature = session->aggregate(shares);
    ASSERT_TRUE(signature);
    const auto theirs = ask({{"op", "aggregate"},
                             {"pub", public_of(dealt.group)},
                             {"list", list},
                             {"msg", to_hex(message)},
                             {"shares", named}});
    EXPECT_EQ(std::string(theirs.at("sig").as_string()), to_hex(signature->bytes));
    const auto verdict = ask({{"op", "verify"},
                              {"sig", to_hex(signature->bytes)},
                              {"msg", to_hex(message)},
                              {"pk", to_hex(dealt.group.group_key.bytes)}});
    EXPECT_TRUE(verdict.at("ok").as_bool());
  }

  std::string why;
  std::unique_ptr<FrostPeer> peer;
  SeededEntropy entropy{77};
};

TEST_F(CrossSigning, members_of_two_implementations_sign_together_under_our_dealing) {
  const auto dealt = frost::deal(4, 3, entropy).value();
  for (std::uint16_t ours = 0; ours <= 4; ++ours) sign_together(dealt, {0, 1, 3}, ours, Bytes(272, 0x5a));
  sign_together(dealt, {0, 1, 2, 3}, 2, {});
  const auto large = frost::deal(10, 7, entropy).value();
  sign_together(large, {0, 2, 3, 5, 6, 8, 9}, 4, Bytes(1000, 1));
}

TEST_F(CrossSigning, members_of_two_implementations_sign_together_under_the_peers_dealing) {
  const auto answer = ask({{"op", "dealer"}, {"suite", "ed25519"}, {"t", 3}, {"n", 4}});
  frost::Dealt dealt;
  const auto& group = answer.at("public").as_object();
  dealt.group.group_key = PublicKey{bytes32(group.at("commitments").at(0))};
  dealt.group.threshold = 3;
  for (std::uint16_t i = 0; i < 4; ++i) {
    const MemberIndex member{i};
    dealt.group.verifying_shares.push_back(PublicKey{bytes32(group.at("verifyingShares").at(id(member)))});
    Bytes32 scalar = bytes32(answer.at("secretShares").at(id(member)).at("signingShare"));
    dealt.shares.push_back(frost::SecretShare::from_bytes(member, scalar).value());
    EXPECT_EQ(dealt.shares.back().verifying_share(), dealt.group.verifying_shares.back());
  }
  ASSERT_TRUE(frost::validate(dealt.group));
  for (std::uint16_t ours = 0; ours <= 4; ++ours) sign_together(dealt, {1, 2, 3}, ours, {1, 2, 3});
}

}  // namespace
}  // namespace assay::threshold
