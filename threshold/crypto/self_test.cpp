#include <sodium.h>

#include <array>
#include <string_view>
#include <utility>

#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::threshold::frost {
namespace {

/// RFC 9591 Appendix E.1, FROST(Ed25519, SHA-512): signers 1 and 3 of 3, message "test".
struct VectorSigner {
  MemberIndex member;
  std::string_view share;
  std::string_view hiding_randomness;
  std::string_view binding_randomness;
  std::string_view hiding_commitment;
  std::string_view signature_share;
};
constexpr std::string_view vector_group_key = "15d21ccd7ee42959562fc8aa63224c8851fb3ec85a3faf66040d380fb9738673";
constexpr std::string_view vector_signature =
    "36282629c383bb820a88b71cae937d41f2f2adfcc3d02e55507e2fb9e2dd3cbe"
    "bd9d2b0844e49ae0f3fa935161e1419aab7b47d21a37ebeae1f17d4987b3160b";
constexpr std::array<VectorSigner, 2> vector_signers{{
    {MemberIndex{0}, "929dcc590407aae7d388761cddb0c0db6f5627aea8e217f4a033f2ec83d93509",
     "0fd2e39e111cdc266f6c0f4d0fd45c947761f1f5d3cb583dfcb9bbaf8d4c9fec",
     "69cd85f631d5f7f2721ed5e40519b1366f340a87c2f6856363dbdcda348a7501",
     "b5aa8ab305882a6fc69cbee9327e5a45e54c08af61ae77cb8207be3d2ce13de3",
     "001719ab5a53ee1a12095cd088fd149702c0720ce5fd2f29dbecf24b7281b603"},
    {MemberIndex{2}, "d3cb090a075eb154e82fdb4b3cb507f110040905468bb9c46da8bdea643a9a02",
     "86d64a260059e495d0fb4fcc17ea3da7452391baa494d4b00321098ed2a0062f",
     "13e6b25afb2eba51716a9a7d44130c0dbae0004a9ef8d7b5550c8a0e07c61775",
     "cfbdb165bd8aad6eb79deb8d287bcc0ab6658ae57fdcc98ed12c0669e90aec91",
     "bd86125de990acc5e1f13781d8e32c03a9bbd4c53539bbc106058bfd14326007"},
}};

constexpr Error failed{Errc::self_test_failed, "FROST reproduces the vector of RFC 9591 Appendix E"};

Bytes32 bytes32(std::string_view hex) {
  return bytes32_from_hex(hex).value();
}

/// B + (0, -1) = (-x, -y): on the curve, of order 2L. libsodium before the fix of CVE-2025-69277 takes it for prime.
Done refuses_mixed_order() {
  Bytes32 mixed;
  mixed.fill(0x99);
  mixed[0] = 0x95;
  Bytes32 identity{};
  identity[0] = 1;
  if (is_valid_element(mixed) || times(scalar_of(3), mixed).has_value()) {
    return Error{Errc::self_test_failed,
                 "libsodium accepts a mixed-order point: CVE-2025-69277, install 1.0.18-1+deb12u1 or later"};
  }
  if (is_valid_element(identity) || is_valid_element(Bytes32{})) {
    return Error{Errc::self_test_failed, "libsodium refuses the identity and small-order points"};
  }
  return Ok{};
}

Done reproduces_vector() {
  GroupPublic group{PublicKey{bytes32(vector_group_key)}, 2, {}};
  std::vector<SecretShare> secrets;
  std::vector<NoncePair> pairs;
  std::vector<SignerCommitment> signers;
  for (const auto& signer : vector_signers) {
    Bytes32 scalar = bytes32(signer.share);
    auto secret = SecretShare::from_bytes(signer.member, scalar);
    if (!secret) return failed;
    group.verifying_shares.resize(signer.member.value + std::size_t{1});
    group.verifying_shares.back() = secret->verifying_share();
    pairs.push_back(commit(*secret, bytes32(signer.hiding_randomness), bytes32(signer.binding_randomness)));
    if (pairs.back().commitment().hiding != bytes32(signer.hiding_commitment)) return failed;
    signers.push_back({signer.member, pairs.back().commitment()});
    secrets.push_back(std::move(*secret));
  }
  const auto session = Session::make(group, as_bytes("test"), std::move(signers));
  if (!session) return failed;
  std::vector<SignatureShare> shares;
  for (std::size_t i = 0; i < vector_signers.size(); ++i) {
    const auto share = session->sign(secrets[i], std::move(pairs[i]));
    if (!share || share->z != bytes32(vector_signers[i].signature_share)) return failed;
    if (!session->verify_share(vector_signers[i].member, *share)) return failed;
    shares.push_back(*share);
  }
  const auto signature = session->aggregate(shares);
  if (!signature || to_hex(signature->bytes) != vector_signature) return failed;
  return Ok{};
}

}  // namespace

Done self_test() {
  if (sodium_init() < 0) return Error{Errc::self_test_failed, "libsodium initialises"};
  if (auto done = refuses_mixed_order(); !done) return done;
  return reproduces_vector();
}

}  // namespace assay::threshold::frost
