#include "tests/unit/threshold/crypto/frost_peer.hpp"

#include <gtest/gtest.h>

#include <map>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/ceremony/polynomial.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/proof_of_knowledge.hpp"

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

  /// Round 1 of one member: commitments and proof of knowledge, as the peer writes them.
  struct Dealing {
    std::optional<ceremony::SecretPolynomial> ours;
    std::int64_t handle = 0;  ///< the peer's
    json::object round1;
  };
  Dealing deal_alone(MemberIndex member, std::uint16_t t, std::uint16_t n, bool mine) {
    Dealing out;
    if (!mine) {
      const auto answer = ask({{"op", "dkg1"}, {"id", member.value + 1}, {"t", t}, {"n", n}});
      out.handle = answer.at("h").as_int64();
      out.round1 = answer.at("public").as_object();
      return out;
    }
    out.ours = ceremony::SecretPolynomial::draw(t, entropy);
    const auto commitments = out.ours->commitments();
    json::array points;
    for (const auto& point : commitments) points.push_back(json::string(to_hex(point)));
    const auto proof = frost::prove_knowledge(static_cast<std::uint16_t>(member.value + 1), out.ours->constant(),
                                              commitments.front(), entropy);
    out.round1 = {{"identifier", id(member)}, {"commitment", points}, {"proofOfKnowledge", to_hex(proof)}};
    return out;
  }
  static json::array all_but(const std::vector<Dealing>& dealings, std::size_t mine) {
    json::array others;
    for (std::size_t i = 0; i < dealings.size(); ++i) {
      if (i != mine) others.push_back(dealings[i].round1);
    }
    return others;
  }
  static std::vector<Bytes32> commitments_of(const json::object& round1) {
    std::vector<Bytes32> points;
    for (const auto& point : round1.at("commitment").as_array()) points.push_back(bytes32(point));
    return points;
  }
  static Done check_round1(const json::object& round1, MemberIndex member) {
    const auto points = commitments_of(round1);
    if (auto done = ceremony::validate_commitments(points); !done) return done;
    const auto proof = from_hex(std::string(round1.at("proofOfKnowledge").as_string())).value();
    return frost::verify_proof_of_knowledge(static_cast<std::uint16_t>(member.value + 1), points.front(), proof);
  }
  static frost::SecretScalar secret(const json::value& text) {
    Bytes32 bytes = bytes32(text);
    return frost::SecretScalar::take(bytes).value();
  }

  /// Distributed key generation; members below `ours` run our code. Each side checks what the other's members dealt.
  frost::Dealt generate_together(std::uint16_t n, std::uint16_t t, std::uint16_t ours) {
    std::vector<Dealing> dealings;
    for (std::uint16_t i = 0; i < n; ++i) dealings.push_back(deal_alone(MemberIndex{i}, t, n, i < ours));
    std::vector<std::vector<Bytes32>> commitments;
    for (std::uint16_t i = 0; i < n; ++i) {
      EXPECT_TRUE(check_round1(dealings[i].round1, MemberIndex{i})) << i;
      commitments.push_back(commitments_of(dealings[i].round1));
    }
    std::vector<json::object> sent(n);  // by dealer: a share for each other member, hex
    for (std::uint16_t i = 0; i < n; ++i) {
      if (dealings[i].ours) {
        for (std::uint16_t j = 0; j < n; ++j) {
          const auto share = dealings[i].ours->evaluate(static_cast<std::uint16_t>(j + 1));
          sent[i][id(MemberIndex{j})] = to_hex(share.expose());
        }
      } else {  // checks all proofs of knowledge, ours among them
        for (const auto& [to, package] :
             ask({{"op", "dkg2"}, {"h", dealings[i].handle}, {"others", all_but(dealings, i)}})) {
          sent[i][to] = package.at("signingShare");
        }
      }
    }
    frost::Dealt dealt;
    const std::vector<frost::PublicScalar> ones(n, frost::scalar_of(1));
    const auto sum = ceremony::weighted_sum(commitments, ones);
    dealt.group = {PublicKey{sum.front()}, t, {}};
    for (std::uint16_t j = 0; j < n; ++j) {
      const MemberIndex member{j};
      const auto identifier = static_cast<std::uint16_t>(j + 1);
      dealt.group.verifying_shares.push_back(PublicKey{ceremony::evaluate_commitments(sum, identifier)});
      if (dealings[j].ours) {
        auto total = dealings[j].ours->evaluate(identifier);
        for (std::uint16_t i = 0; i < n; ++i) {
          if (i == j) continue;
          const auto share = secret(sent[i].at(id(member)));
          EXPECT_TRUE(ceremony::share_fits(share, commitments[i], identifier)) << i << " to " << j;
          total.add(share);
        }
        dealt.shares.push_back(frost::SecretShare::of(member, std::move(total)).value());
      } else {
        json::array packages;
        for (std::uint16_t i = 0; i < n; ++i) {
          if (i != j) {
            packages.push_back(
                json::object{{"identifier", id(MemberIndex{i})}, {"signingShare", sent[i].at(id(member))}});
          }
        }
        const auto done =
            ask({{"op", "dkg3"}, {"h", dealings[j].handle}, {"round1", all_but(dealings, j)}, {"round2", packages}});
        EXPECT_EQ(bytes32(done.at("public").at("commitments").at(0)), dealt.group.group_key.bytes) << "one key";
        dealt.shares.push_back(frost::SecretShare::of(member, secret(done.at("secret").at("signingShare"))).value());
      }
      EXPECT_EQ(dealt.shares.back().verifying_share(), dealt.group.verifying_shares.back()) << j;
    }
    EXPECT_TRUE(frost::validate(dealt.group));
    return dealt;
  }

  static void flip(json::value& hex) {
    auto& text = hex.as_string();
    text[text.size() - 4] = text[text.size() - 4] == '0' ? '1' : '0';
  }

  /// Our proof of knowledge for another identifier or with a flipped digit, our share with one, and theirs.
  void refuse_each_other() {
    std::vector<Dealing> dealings;
    for (std::uint16_t i = 0; i < 4; ++i) dealings.push_back(deal_alone(MemberIndex{i}, 3, 4, i < 2));
    const json::object question{{"op", "dkg2"}, {"h", dealings[3].handle}, {"others", all_but(dealings, 3)}};
    for (const std::size_t bad : {std::size_t{0}, std::size_t{1}}) {
      json::object spoilt = question;
      flip(spoilt.at("others").at(bad).at("proofOfKnowledge"));
      EXPECT_TRUE(peer->ask(spoilt).contains("error")) << bad;
      json::object theirs = dealings[2 + bad].round1;
      flip(theirs.at("proofOfKnowledge"));
      EXPECT_FALSE(check_round1(theirs, MemberIndex{static_cast<std::uint16_t>(2 + bad)})) << bad;
      EXPECT_FALSE(check_round1(dealings[2].round1, MemberIndex{static_cast<std::uint16_t>(bad)}));
    }
    json::array packages;
    for (std::uint16_t i = 0; i < 3; ++i) {
      auto share = i < 2 ? json::value(to_hex(dealings[i].ours->evaluate(4).expose())) : json::value();
      if (i == 2)
        share = ask({{"op", "dkg2"}, {"h", dealings[2].handle}, {"others", all_but(dealings, 2)}})
                    .at(id(MemberIndex{3}))
                    .at("signingShare");
      packages.push_back(json::object{{"identifier", id(MemberIndex{i})}, {"signingShare", share}});
    }
    (void)ask(question);
    const auto theirs = secret(packages.at(2).at("signingShare"));
    EXPECT_TRUE(ceremony::share_fits(theirs, commitments_of(dealings[2].round1), 4));
    EXPECT_FALSE(ceremony::share_fits(theirs, commitments_of(dealings[2].round1), 3));
    json::array spoilt = packages;
    flip(spoilt.at(0).at("signingShare"));
    EXPECT_TRUE(
        peer->ask({{"op", "dkg3"}, {"h", dealings[3].handle}, {"round1", all_but(dealings, 3)}, {"round2", spoilt}})
            .contains("error"));
  }

  std::string why;
  std::unique_ptr<FrostPeer> peer;
  SeededEntropy entropy{77};
};

TEST_F(CrossSigning, three_of_four_sign_together_under_our_dealing) {
  const auto dealt = frost::deal(4, 3, entropy).value();
  for (std::uint16_t ours = 0; ours <= 4; ++ours) sign_together(dealt, {0, 1, 3}, ours, Bytes(272, 0x5a));
  sign_together(dealt, {0, 1, 2, 3}, 2, {});
}

TEST_F(CrossSigning, three_of_four_sign_together_under_the_peers_dealing) {
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

TEST_F(CrossSigning, three_of_four_generate_a_key_together_and_sign) {
  const auto dealt = generate_together(4, 3, 2);
  sign_together(dealt, {0, 2, 3}, 2, Bytes(272, 0x5a));
}

TEST_F(CrossSigning, each_refuses_the_others_bad_key_generation_data) {
  ASSERT_NO_FATAL_FAILURE(refuse_each_other());
}

/// Larger, slower: nightly.
struct CrossSigningLarge : CrossSigning {};

TEST_F(CrossSigningLarge, five_of_seven_and_more_sign_together) {
  const auto dealt = frost::deal(7, 5, entropy).value();
  for (std::uint16_t ours = 0; ours <= 7; ++ours) sign_together(dealt, {0, 2, 3, 5, 6}, ours, Bytes(272, 0x5a));
  sign_together(dealt, {0, 1, 2, 3, 4, 5, 6}, 3, {7});
  const auto large = frost::deal(10, 7, entropy).value();
  sign_together(large, {0, 2, 3, 5, 6, 8, 9}, 4, Bytes(1000, 1));
}

TEST_F(CrossSigningLarge, five_of_seven_generate_a_key_together_and_sign) {
  for (const auto ours : std::initializer_list<std::uint16_t>{1, 4, 6}) {
    sign_together(generate_together(7, 5, ours), {0, 1, 3, 4, 6}, ours, Bytes(272, 0x5a));
  }
}

}  // namespace
}  // namespace assay::threshold
