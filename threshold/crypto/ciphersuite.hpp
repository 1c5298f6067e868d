#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "core/digest.hpp"

namespace assay::threshold::frost {

/// What RFC 9591 calls H1, H2, H3 and, for proofs of knowledge, HDKG: hashes that end in a scalar.
enum class ScalarHash : std::uint8_t { binding_factor, challenge, nonce, proof_of_knowledge };
/// H4 and H5.
enum class DigestHash : std::uint8_t { message, commitments };

using HashInput = std::initializer_list<ByteSpan>;

/// A FROST ciphersuite (RFC 9591, section 6): a group of prime order and its hashes, on encoded bytes. This is all that
/// the layers above know of the group; `suite.hpp` names the one that this build speaks. A model promises:
///   is_element     canonical, of prime order, not the identity: DeserializeElement;  variable time
///   identity       the encoding that plus() gives for it;  is_element() refuses it
///   base_times     false for zero;  constant time in the scalar
///   times          false for zero, for a point that is not of prime order;  constant time in the scalar
///   plus           false when one of the two is no point at all; need not check their order
///   is_canonical   below the group order; zero is;  constant time
///   reduce         of 64 uniform bytes;  add, multiply, negate: canonical in, canonical out;  all constant time
///   invert         false for zero
///   encode         of a small number, as identifiers and Lagrange numerators are
///   hash_to_scalar wipes what it needed: nonces pass through
///   verify         of a finished signature R | z, by the rule that consumers use
/// Outputs may alias inputs. Nothing throws; any thread.
template <class S>
concept Ciphersuite = requires(std::span<std::uint8_t, S::element_size> point_out,
                               std::span<const std::uint8_t, S::element_size> point,
                               std::span<std::uint8_t, S::scalar_size> scalar_out,
                               std::span<const std::uint8_t, S::scalar_size> scalar,
                               std::span<const std::uint8_t, 64> wide, HashInput parts, ByteSpan message,
                               std::span<const std::uint8_t, S::element_size + S::scalar_size> signature) {
  { S::id } -> std::convertible_to<std::string_view>;     ///< of vector files and file headers
  { S::name } -> std::convertible_to<std::string_view>;   ///< RFC 9591
  { S::group } -> std::convertible_to<std::string_view>;  ///< RFC 9591
  { S::hash } -> std::convertible_to<std::string_view>;   ///< RFC 9591
  { S::digest_size } -> std::convertible_to<std::size_t>;
  { S::is_element(point) }
  noexcept->std::same_as<bool>;
  { S::identity() }
  noexcept->std::same_as<std::array<std::uint8_t, S::element_size>>;
  { S::base_times(point_out, scalar) }
  noexcept->std::same_as<bool>;
  { S::times(point_out, scalar, point) }
  noexcept->std::same_as<bool>;
  { S::plus(point_out, point, point) }
  noexcept->std::same_as<bool>;
  { S::is_canonical(scalar) }
  noexcept->std::same_as<bool>;
  { S::reduce(scalar_out, wide) }
  noexcept;
  { S::add(scalar_out, scalar, scalar) }
  noexcept;
  { S::multiply(scalar_out, scalar, scalar) }
  noexcept;
  { S::negate(scalar_out, scalar) }
  noexcept;
  { S::invert(scalar_out, scalar) }
  noexcept->std::same_as<bool>;
  { S::encode(scalar_out, std::uint64_t{}) }
  noexcept;
  { S::hash_to_scalar(scalar_out, ScalarHash{}, parts) }
  noexcept;
  { S::hash_to_digest(DigestHash{}, parts) }
  noexcept->std::same_as<std::array<std::uint8_t, S::digest_size>>;
  { S::verify(point, message, signature) }
  noexcept->std::same_as<bool>;
};

}  // namespace assay::threshold::frost
