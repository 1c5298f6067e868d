#include "courtroom.hpp"

namespace assay::threshold::evidence {
namespace {

/// Sessions of members 0, 1 and 2 about one header, with real shares.
struct Sessions : Courtroom {
  struct Made {
    SharedSession shared;
    ShareMessage message;
  };
  Header header = genesis().header;

  /// The accused's share in a session whose list holds its `commitment`.
  Made share_in(std::vector<frost::SignerCommitment> signers, std::optional<frost::NoncePair> mine,
                std::uint8_t attempt = 0) {
    const SessionScope scope{view, height, attempt, MemberIndex{1}, header_hash(header)};
    ShareMessage message{session_id(committee.cfg, scope, signers), attempt, header_hash(header), {}};
    const auto session = frost::Session::make(group_public(committee), assay::encode(header), signers);
    if (session && mine) message.share = *session->sign(shares[accused.value], std::move(*mine));
    return {{says(accused, message), signers}, message};
  }
  std::vector<frost::SignerCommitment> list(const frost::Commitment& mine) {
    return {{MemberIndex{0}, pair(MemberIndex{0}).commitment()},
            {MemberIndex{1}, mine},
            {MemberIndex{2}, pair(MemberIndex{2}).commitment()}};
  }
  SharedSession again(Made made) { return {says(accused, made.message), made.shared.signers}; }
  NonceReuse both(Made one, Made other) const {
    if (other.message.sid < one.message.sid) std::swap(one, other);
    return {{one.shared, other.shared}};
  }
};

TEST_F(Sessions, a_share_that_fails_in_the_session_it_names_convicts) {
  auto mine = pair(accused);
  auto made = share_in(list(mine.commitment()), std::move(mine));
  made.message.share.z[0] ^= 1;
  expect_conviction(BadShare{again(made), header}, Kind::bad_share);
}

TEST_F(Sessions, a_share_above_the_group_order_convicts) {
  auto made = share_in(list(pair(accused).commitment()), std::nullopt);
  made.message.share.z.fill(0xff);
  expect_conviction(BadShare{again(made), header}, Kind::bad_share);
}

TEST_F(Sessions, a_good_share_convicts_nobody) {
  auto mine = pair(accused);
  const auto made = share_in(list(mine.commitment()), std::move(mine));
  expect_refused(BadShare{made.shared, header}, Errc::bad_proof);
}

TEST_F(Sessions, a_good_share_is_not_judged_by_the_list_that_a_leader_showed_to_others) {
  auto mine = pair(accused);
  const auto made = share_in(list(mine.commitment()), std::move(mine));
  expect_refused(BadShare{{made.shared.share, list(pair(accused).commitment())}, header}, Errc::bad_proof);
}

TEST_F(Sessions, a_good_share_is_not_judged_by_another_header) {
  auto mine = pair(accused);
  const auto made = share_in(list(mine.commitment()), std::move(mine));
  Header other = header;
  other.time = WallTime{7};
  expect_refused(BadShare{made.shared, other}, Errc::bad_proof);
}

TEST_F(Sessions, a_list_with_a_commitment_that_is_none_convicts_nobody) {
  auto mine = pair(accused);
  auto signers = list(mine.commitment());
  signers[2].commitment.hiding.fill(0xff);
  expect_refused(BadShare{share_in(signers, std::nullopt).shared, header}, Errc::bad_element);
}

TEST_F(Sessions, a_share_of_somebody_outside_the_list_convicts_nobody) {
  auto signers = list(pair(accused).commitment());
  signers[1].member = MemberIndex{2};
  signers[2].member = MemberIndex{3};
  expect_refused(BadShare{share_in(signers, std::nullopt).shared, header}, Errc::bad_proof);
}

TEST_F(Sessions, shares_for_two_sessions_from_one_pair_convict) {
  const auto mine = pair(accused).commitment();
  expect_conviction(both(share_in(list(mine), std::nullopt, 0), share_in(list(mine), std::nullopt, 1)),
                    Kind::nonce_reuse);
}

TEST_F(Sessions, shares_for_two_sessions_from_two_pairs_are_a_retry) {
  expect_refused(both(share_in(list(pair(accused).commitment()), std::nullopt, 0),
                      share_in(list(pair(accused).commitment()), std::nullopt, 1)),
                 Errc::bad_proof);
}

TEST_F(Sessions, one_share_shown_twice_convicts_nobody) {
  const auto made = share_in(list(pair(accused).commitment()), std::nullopt);
  expect_refused(NonceReuse{{made.shared, made.shared}}, Errc::bad_proof);
}

TEST_F(Sessions, a_list_that_the_author_did_not_sign_proves_no_reuse) {
  const auto mine = pair(accused).commitment();
  auto one = share_in(list(mine), std::nullopt, 0);
  auto other = share_in(list(pair(accused).commitment()), std::nullopt, 1);
  other.shared.signers[1].commitment = mine;
  expect_refused(both(one, other), Errc::bad_proof);
}

struct Requests : Sessions {
  SignRequest request(std::uint8_t attempt = 1) {
    const Digest hash = header_hash(header);
    SignRequest out{attempt, prepared(view, height, hash, sha256(as_bytes("proposal"))), {}};
    for (std::uint16_t i = 0; i < 3; ++i) {
      const NonceMessage nonce{attempt, accused, hash, boot, pair(MemberIndex{i}).commitment()};
      out.signers.push_back({MemberIndex{i}, boot, nonce.commitment, signature_of(says(MemberIndex{i}, nonce))});
    }
    return out;
  }
};

TEST_F(Requests, a_request_over_a_forged_certificate_convicts) {
  SignRequest forged = request();
  forged.certificate.header_hash = sha256(as_bytes("never prepared"));
  expect_conviction(BadRequest{says(accused, forged)}, Kind::bad_request);
}

TEST_F(Requests, a_request_with_a_commitment_that_its_owner_did_not_sign_convicts) {
  SignRequest forged = request();
  forged.signers[2].commitment = pair(MemberIndex{2}).commitment();
  expect_conviction(BadRequest{says(accused, forged)}, Kind::bad_request);
}

TEST_F(Requests, a_request_for_an_attempt_that_does_not_exist_convicts) {
  expect_conviction(BadRequest{says(accused, request(2))}, Kind::bad_request);
}

TEST_F(Requests, a_request_with_a_certificate_of_another_view_convicts) {
  expect_conviction(BadRequest{says(accused, request(), View{5})}, Kind::bad_request);
}

TEST_F(Requests, a_good_request_convicts_nobody) {
  expect_refused(BadRequest{says(accused, request())}, Errc::bad_proof);
}

TEST_F(Requests, a_request_of_somebody_who_does_not_lead_is_nobodys_business) {
  expect_refused(BadRequest{says(MemberIndex{2}, request())}, Errc::not_leader);
}

}  // namespace
}  // namespace assay::threshold::evidence
