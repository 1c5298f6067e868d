#include "threshold/ceremony/dleq.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/hash.hpp"
#include "threshold/crypto/nonce.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr std::string_view possession_domain{"assay/pop/v1\0\0\0\0", 16};
constexpr std::string_view shared_domain{"assay/dleq/v1\0\0\0", 16};

Bytes bytes_of(const ProofScope& scope) {
  ByteWriter out(36);
  out.digest(scope.ceremony).u16(scope.dealer).u16(scope.recipient);
  return std::move(out).take();
}

Proof joined(const frost::PublicScalar& challenge, const frost::PublicScalar& response) {
  Proof proof;
  std::copy(challenge.bytes.begin(), challenge.bytes.end(), proof.begin());
  std::copy(response.bytes.begin(), response.bytes.end(), proof.begin() + 32);
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
std::optional<frost::Element> recovered(const Halves& halves, std::optional<frost::Element> answered,
                                        const frost::Element& image) {
  const auto keyed = frost::times(frost::negate(halves.challenge), image);
  return answered && keyed ? frost::plus(*answered, *keyed) : std::nullopt;
}

}  // namespace

Proof prove_possession(const ProofScope& scope, const frost::SecretScalar& secret, const frost::Element& point,
                       Entropy& entropy) {
  const auto nonce = frost::nonce_generate(secret, entropy);
  const auto nonce_point = frost::base_times(nonce);
  check(nonce_point.has_value(), "a hashed nonce is not zero");
  const auto challenge = frost::h2({as_bytes(possession_domain), bytes_of(scope), point, *nonce_point});
  return joined(challenge, frost::respond(nonce, challenge, secret));
}

bool verify_possession(const ProofScope& scope, const frost::Element& point, const Proof& proof) {
  const auto halves = split(proof);
  if (!halves || !frost::is_valid_element(point)) return false;
  const auto nonce_point = recovered(*halves, frost::base_times(halves->response), point);
  if (!nonce_point) return false;
  return frost::h2({as_bytes(possession_domain), bytes_of(scope), point, *nonce_point}) == halves->challenge;
}

Proof prove_shared_point(const ProofScope& scope, const frost::SecretScalar& secret, const SharedPoint& statement,
                         Entropy& entropy) {
  const auto nonce = frost::nonce_generate(secret, entropy);
  const auto on_base = frost::base_times(nonce);
  const auto on_other = frost::times(nonce, statement.other);
  check(on_base && on_other, "a nonce is not zero and the other point is an element");
  const auto challenge = frost::h2({as_bytes(shared_domain), bytes_of(scope), statement.key, statement.other,
                                    statement.shared, *on_base, *on_other});
  return joined(challenge, frost::respond(nonce, challenge, secret));
}

bool verify_shared_point(const ProofScope& scope, const SharedPoint& statement, const Proof& proof) {
  const auto halves = split(proof);
  if (!halves) return false;
  for (const frost::Element* point : {&statement.key, &statement.other, &statement.shared}) {
    if (!frost::is_valid_element(*point)) return false;
  }
  const auto on_base = recovered(*halves, frost::base_times(halves->response), statement.key);
  const auto on_other = recovered(*halves, frost::times(halves->response, statement.other), statement.shared);
  if (!on_base || !on_other) return false;
  return frost::h2({as_bytes(shared_domain), bytes_of(scope), statement.key, statement.other, statement.shared,
                    *on_base, *on_other}) == halves->challenge;
}

}  // namespace assay::threshold::ceremony
