#include "threshold/crypto/proof_of_knowledge.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/hash.hpp"
#include "threshold/crypto/nonce.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::frost {

Done verify_proof_of_knowledge(std::uint16_t identifier, const Element& commitment, ByteSpan proof) {
  ByteReader in(proof);
  const auto nonce_commitment = in.array<32>();
  const auto response = in.array<32>();
  if (auto done = in.done(); !done) return done;
  if (!is_valid_element(commitment)) return Error{Errc::bad_element, "a commitment of prime order"};
  if (!is_valid_element(nonce_commitment)) return Error{Errc::bad_element, "a nonce commitment of prime order"};
  if (!is_canonical_scalar(response)) return Error{Errc::bad_scalar, "a response below the group order"};
  const PublicScalar challenge = hdkg({scalar_of(identifier).bytes, commitment, nonce_commitment});
  const auto left = base_times(PublicScalar{response});
  const auto keyed = times(challenge, commitment);
  const auto right = keyed ? plus(nonce_commitment, *keyed) : std::nullopt;
  if (!left || !right || *left != *right) return Error{Errc::bad_signature, "a proof of knowledge that verifies"};
  return Ok{};
}

std::array<std::uint8_t, 64> prove_knowledge(std::uint16_t identifier, const SecretScalar& secret,
                                             const Element& commitment, Entropy& entropy) {
  const SecretScalar nonce = nonce_generate(secret, entropy);
  const auto nonce_commitment = base_times(nonce);
  check(nonce_commitment.has_value(), "a hashed nonce is not zero");
  const PublicScalar challenge = hdkg({scalar_of(identifier).bytes, commitment, *nonce_commitment});
  const PublicScalar response = respond(nonce, challenge, secret);
  std::array<std::uint8_t, 64> proof;
  std::copy(nonce_commitment->begin(), nonce_commitment->end(), proof.begin());
  std::copy(response.bytes.begin(), response.bytes.end(), proof.begin() + 32);
  return proof;
}

}  // namespace assay::threshold::frost
