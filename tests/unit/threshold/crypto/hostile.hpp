#pragma once
#include <vector>

#include "core/bytes.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::frost {

inline Bytes32 hex32(std::string_view text) {
  return bytes32_from_hex(text).value();
}

/// Small order, mixed order, a second spelling, off the curve: none of them is an element.
inline std::vector<Bytes32> hostile_points() {
  std::vector<Bytes32> points{hex32("0100000000000000000000000000000000000000000000000000000000000000"),   // identity
                              hex32("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),   // order 2
                              hex32("0000000000000000000000000000000000000000000000000000000000000000"),   // order 4
                              hex32("0000000000000000000000000000000000000000000000000000000000000080"),   // order 4
                              hex32("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),   // order 8
                              hex32("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),   // order 8
                              hex32("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),   // order 8
                              hex32("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")};  // order 8
  const Bytes32 base = *base_times(scalar_of(1));
  const std::size_t small = points.size();
  for (std::size_t i = 1; i < small; ++i) points.push_back(plus(base, points[i]).value());
  points.push_back(hex32("0100000000000000000000000000000000000000000000000000000000000080"));  // identity, signed
  for (unsigned k = 0; k < 19; ++k) {  // y = p + k: what is left below 2^255
    Bytes32 point;
    point.fill(0xff);
    point[0] = static_cast<std::uint8_t>(0xed + k);
    points.push_back(point);
    point[31] = 0x7f;
    points.push_back(point);
  }
  points.push_back(hex32("0200000000000000000000000000000000000000000000000000000000000000"));  // no such x
  return points;
}

/// Zero, and everything from L on: a second spelling, or none.
inline std::vector<Bytes32> hostile_scalars(const Bytes32& good) {
  const Bytes32 order = hex32("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Bytes32 shifted;  // good + L
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += good[i] + order[i];
    shifted[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8U;
  }
  Bytes32 most;
  most.fill(0xff);
  Bytes32 high = good;
  high[31] |= 0x80;
  return {order, shifted, most, high};
}

}  // namespace assay::threshold::frost
