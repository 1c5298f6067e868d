#include "threshold/ceremony/dleq.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/hash.hpp"
#include "threshold/crypto/nonce.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr std::string_view possession_domain{"assay/pop/v1\0\0\0\0", 16};
constexpr std::string_view shared_domain{"assay/dleq/v1\0\0\0", 16};

Bytes bytes_of(const ProofScope& scope) {
  ByteWriter out(36);
  out.digest(scope.ceremony).u16(scope.dealer).u16(scope.recipient);
  return std::move(out).take();
}

SecretSlot fresh_nonce(std::span<const std::uint8_t, 32> secret, Entropy& entropy) {
  Bytes32 randomness;
  entropy.fill(randomness);
  SecretSlot nonce = frost::nonce_generate(secret, randomness);
  wipe_bytes(randomness);
  return nonce;
}

Proof joined(const frost::PublicScalar& challenge, const Bytes32& response) {
  Proof proof;
  std::copy(challenge.bytes.begin(), challenge.bytes.end(), proof.begin());
  std::copy(response.begin(), response.end(), proof.begin() + 32);
  return proof;
}

struct Halves {
  frost::PublicScalar challenge;
  frost::PublicScalar response;
};

std::optional<Halves> split(const Proof& proof) {
  Halves halves;
  std::copy_n(proof.begin(), 32, halves.challenge.bytes.begin());
  std::copy_n(proof.begin() + 32, 32, halves.response.bytes.begin());
  if (!frost::is_canonical_scalar(halves.challenge.bytes)) return std::nullopt;
  if (!frost::is_canonical_scalar(halves.response.bytes)) return std::nullopt;
  return halves;
}

/// response * base - challenge * image: the nonce's point, if the proof is right.
std::optional<Bytes32> recovered(const Halves& halves, std::optional<Bytes32> answered, const Bytes32& image) {
  const auto keyed = frost::times(frost::negate(halves.challenge), image);
  return answered && keyed ? frost::plus(*answered, *keyed) : std::nullopt;
}

}  // namespace

Proof prove_possession(const ProofScope& scope, std::span<const std::uint8_t, 32> secret, const Bytes32& point,
                       Entropy& entropy) {
  const SecretSlot nonce = fresh_nonce(secret, entropy);
  const auto nonce_point = frost::base_times(nonce.bytes().first<32>());
  check(nonce_point.has_value(), "a hashed nonce is not zero");
  const auto challenge = frost::h2({as_bytes(possession_domain), bytes_of(scope), point, *nonce_point});
  return joined(challenge, frost::respond(nonce, challenge, secret));
}

bool verify_possession(const ProofScope& scope, const Bytes32& point, const Proof& proof) {
  const auto halves = split(proof);
  if (!halves || !frost::is_valid_element(point)) return false;
  const auto nonce_point = recovered(*halves, frost::base_times(halves->response.bytes), point);
  if (!nonce_point) return false;
  return frost::h2({as_bytes(possession_domain), bytes_of(scope), point, *nonce_point}) == halves->challenge;
}

Proof prove_shared_point(const ProofScope& scope, std::span<const std::uint8_t, 32> secret,
                         const SharedPoint& statement, Entropy& entropy) {
  const SecretSlot nonce = fresh_nonce(secret, entropy);
  const auto on_base = frost::base_times(nonce.bytes().first<32>());
  const auto on_other = frost::secret_times(nonce.bytes().first<32>(), statement.other);
  check(on_base && on_other, "a nonce is not zero and the other point is an element");
  const auto challenge = frost::h2({as_bytes(shared_domain), bytes_of(scope), statement.key, statement.other,
                                    statement.shared, *on_base, *on_other});
  return joined(challenge, frost::respond(nonce, challenge, secret));
}

bool verify_shared_point(const ProofScope& scope, const SharedPoint& statement, const Proof& proof) {
  const auto halves = split(proof);
  if (!halves) return false;
  for (const Bytes32* point : {&statement.key, &statement.other, &statement.shared}) {
    if (!frost::is_valid_element(*point)) return false;
  }
  const auto on_base = recovered(*halves, frost::base_times(halves->response.bytes), statement.key);
  const auto on_other = recovered(*halves, frost::times(halves->response, statement.other), statement.shared);
  if (!on_base || !on_other) return false;
  return frost::h2({as_bytes(shared_domain), bytes_of(scope), statement.key, statement.other, statement.shared,
                    *on_base, *on_other}) == halves->challenge;
}

}  // namespace assay::threshold::ceremony
