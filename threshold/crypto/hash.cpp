#include "threshold/crypto/hash.hpp"

namespace assay::threshold::frost {
namespace {

PublicScalar scalar_from(ScalarHash which, HashInput parts) noexcept {
  PublicScalar out;
  Suite::hash_to_scalar(out.bytes, which, parts);
  return out;
}

}  // namespace

PublicScalar h1(ByteSpan message) noexcept {
  return scalar_from(ScalarHash::binding_factor, {message});
}

PublicScalar h2(HashInput message) noexcept {
  return scalar_from(ScalarHash::challenge, message);
}

SecretScalar h3(HashInput message) {
  return SecretScalar::hashed(ScalarHash::nonce, message);
}

HashDigest h4(ByteSpan message) noexcept {
  return Suite::hash_to_digest(DigestHash::message, {message});
}

HashDigest h5(ByteSpan message) noexcept {
  return Suite::hash_to_digest(DigestHash::commitments, {message});
}

PublicScalar hdkg(HashInput message) noexcept {
  return scalar_from(ScalarHash::proof_of_knowledge, message);
}

}  // namespace assay::threshold::frost
