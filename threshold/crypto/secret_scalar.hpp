#pragma once
#include <cstdint>
#include <span>

#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/scalar.hpp"

namespace assay::threshold::frost {

/// A secret scalar: a share, a nonce, a coefficient. Canonical, perhaps zero. It lives in locked memory, is wiped when
/// it goes, moves but never copies by accident, cannot be printed or compared, and is no PublicScalar: arithmetic that
/// may take variable time does not accept it. Everything here takes constant time.
class SecretScalar {
 public:
  SecretScalar() = default;  ///< holds nothing, as a moved-from one does: only to be assigned to
  static SecretScalar zero();
  static SecretScalar draw(Entropy& entropy);                           ///< uniform
  static SecretScalar reduced(std::span<const std::uint8_t, 64> wide);  ///< the caller wipes its bytes
  static SecretScalar hashed(ScalarHash which, HashInput parts);        ///< of parts that hold a secret
  /// errors  bad_scalar: not canonical. The source is wiped, also when refused.
  static Result<SecretScalar> take(std::span<std::uint8_t, Suite::scalar_size> source);

  explicit operator bool() const noexcept { return static_cast<bool>(slot_); }
  SecretScalar clone() const;  ///< a second copy, on purpose
  bool is_zero() const noexcept;
  void add(const SecretScalar& other);
  void add_product(const PublicScalar& factor, const SecretScalar& secret);  ///< += factor * secret
  PublicScalar published() const;  ///< for a value whose secrecy ends here, such as the answer of a proof
  /// Lends the bytes to what encrypts, hashes or files them; the borrower copies nothing that it does not wipe.
  std::span<const std::uint8_t, Suite::scalar_size> expose() const noexcept;

 private:
  std::span<std::uint8_t, Suite::scalar_size> bytes() noexcept;
  SecretSlot slot_;
};

/// f(x) = coefficients[0] + coefficients[1] x + ..., by Horner's rule.
SecretScalar evaluate(std::span<const SecretScalar> coefficients, std::uint16_t x);

SecretScalar sum_of(std::span<const SecretScalar> terms);

/// nonce + challenge * secret: the answer of a Schnorr proof, which may be published once.
PublicScalar respond(const SecretScalar& nonce, const PublicScalar& challenge, const SecretScalar& secret);

}  // namespace assay::threshold::frost
