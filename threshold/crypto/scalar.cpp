#include "threshold/crypto/scalar.hpp"

#include "core/check.hpp"

namespace assay::threshold::frost {
namespace {

/// Multiplies many small signed factors; a 64-bit block absorbs several before one multiplication modulo L is due.
class SmallProduct {
 public:
  void times(std::int64_t factor) {
    negative_ ^= factor < 0;
    const auto size = static_cast<std::uint64_t>(factor < 0 ? -factor : factor);
    if (__builtin_mul_overflow(block_, size, &block_)) check(false, "small factors are below 2^17");
    if (block_ >> 46 != 0) flush();
  }

  PublicScalar take() {
    flush();
    return negative_ ? negate(product_) : product_;
  }

 private:
  void flush() {
    product_ = mul(product_, scalar_of(block_));
    block_ = 1;
  }

  PublicScalar product_ = scalar_of(1);
  std::uint64_t block_ = 1;
  bool negative_ = false;
};

}  // namespace

bool is_canonical_scalar(std::span<const std::uint8_t, Suite::scalar_size> bytes) noexcept {
  return Suite::is_canonical(bytes);
}

PublicScalar scalar_of(std::uint64_t value) noexcept {
  PublicScalar out;
  Suite::encode(out.bytes, value);
  return out;
}

PublicScalar reduce_wide(std::span<const std::uint8_t, 64> wide) noexcept {
  PublicScalar out;
  Suite::reduce(out.bytes, wide);
  return out;
}

PublicScalar add(const PublicScalar& a, const PublicScalar& b) noexcept {
  PublicScalar out;
  Suite::add(out.bytes, a.bytes, b.bytes);
  return out;
}

PublicScalar mul(const PublicScalar& a, const PublicScalar& b) noexcept {
  PublicScalar out;
  Suite::multiply(out.bytes, a.bytes, b.bytes);
  return out;
}

PublicScalar negate(const PublicScalar& a) noexcept {
  PublicScalar out;
  Suite::negate(out.bytes, a.bytes);
  return out;
}

void invert_all(std::span<PublicScalar> values) {
  if (values.empty()) return;
  std::vector<PublicScalar> before(values.size());  // before[i] = product of values[0..i)
  PublicScalar product = scalar_of(1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    before[i] = product;
    product = mul(product, values[i]);
  }
  PublicScalar inverse;
  check(Suite::invert(inverse.bytes, product.bytes), "no scalar is zero");
  for (std::size_t i = values.size(); i-- > 0;) {
    const PublicScalar here = mul(inverse, before[i]);
    inverse = mul(inverse, values[i]);
    values[i] = here;
  }
}

std::vector<PublicScalar> lagrange_at(std::uint16_t x, std::span<const std::uint16_t> identifiers) {
  // lambda_i = prod_{j != i} (x_j - x) / (x_j - x_i) = P / ((x_i - x) * prod_{j != i} (x_j - x_i)), P over all j.
  SmallProduct numerator;
  for (const std::int64_t xj : identifiers) numerator.times(xj - x);
  const PublicScalar all = numerator.take();

  std::vector<PublicScalar> lambdas;
  lambdas.reserve(identifiers.size());
  for (const std::int64_t xi : identifiers) {
    SmallProduct denominator;
    denominator.times(xi - x);
    for (const std::int64_t xj : identifiers) {
      if (xj != xi) denominator.times(xj - xi);
    }
    lambdas.push_back(denominator.take());
  }
  invert_all(lambdas);
  for (auto& lambda : lambdas) lambda = mul(all, lambda);
  return lambdas;
}

std::vector<PublicScalar> lagrange_at_zero(std::span<const std::uint16_t> identifiers) {
  return lagrange_at(0, identifiers);
}

}  // namespace assay::threshold::frost
