#include "threshold/crypto/element.hpp"

#include <sodium.h>

namespace assay::threshold::frost {
namespace {

/// libsodium does not wipe what it used to multiply by a scalar.
constexpr std::size_t stack_used = 4096;

}  // namespace

bool is_identity(const Element& point) noexcept {
  return point == Suite::identity();
}

bool is_valid_element(const Element& point) noexcept {
  return Suite::is_element(point);
}

std::optional<Element> base_times(const PublicScalar& scalar) noexcept {
  Element out;
  if (!Suite::base_times(out, scalar.bytes)) return std::nullopt;
  return out;
}

std::optional<Element> base_times(const SecretScalar& scalar) noexcept {
  Element out;
  const bool fine = Suite::base_times(out, scalar.expose());
  sodium_stackzero(stack_used);
  if (!fine) return std::nullopt;
  return out;
}

std::optional<Element> times(const PublicScalar& scalar, const Element& point) noexcept {
  Element out;
  if (!Suite::times(out, scalar.bytes, point)) return std::nullopt;
  return out;
}

std::optional<Element> times(const SecretScalar& scalar, const Element& point) noexcept {
  Element out;
  const bool fine = Suite::times(out, scalar.expose(), point);
  sodium_stackzero(stack_used);
  if (!fine) return std::nullopt;
  return out;
}

std::optional<SecretSlot> secret_point(const SecretScalar& scalar, const Element& point) noexcept {
  SecretSlot out = SecretSlot::make();
  const bool fine = Suite::times(out.bytes().first<Suite::element_size>(), scalar.expose(), point);
  sodium_stackzero(stack_used);
  if (!fine) return std::nullopt;
  return out;
}

std::optional<Element> plus(const Element& a, const Element& b) noexcept {
  Element out;
  if (!Suite::plus(out, a, b)) return std::nullopt;
  return out;
}

}  // namespace assay::threshold::frost
