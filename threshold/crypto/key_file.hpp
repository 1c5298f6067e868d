#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold {

/// The bytes of a key file; threshold/io/key_store.hpp puts them on a disk. Two halves, so that the secret one never
/// leaves locked memory:
///
///   head 90: "assay/key/v1" 00 00 00 00 (16) | version u8 = 1 | kind u8 | protection u8 = 0 | reserved u8 = 0 |
///            member u16 | share_generation u32 | public key 32 | check 32 = SHA-256("assay/key-check/v1" 00 head 58)
///   body 32: the secret
///
/// kind 1 is an identity (member and share_generation 0, the secret is the RFC 8032 seed), kind 2 a FROST share (the
/// public key is the verifying share Y_i). protection 0 is plain: the file's mode guards it. Decoding recomputes the
/// public key from the secret, so a damaged or swapped secret is noticed.
inline constexpr std::size_t key_file_head_size = 90;
inline constexpr std::size_t key_file_size = key_file_head_size + 32;
enum class KeyKind : std::uint8_t { identity = 1, share = 2 };

using KeyFileHead = std::array<std::uint8_t, key_file_head_size>;

KeyFileHead key_file_head(const IdentityKey& key);
KeyFileHead key_file_head(const frost::SecretShare& share, std::uint32_t share_generation);

/// A share with the key generation that it belongs to.
struct StoredShare {
  frost::SecretShare share;
  std::uint32_t generation{};
};

/// Total.  body  a slot whose first 32 bytes are the secret; consumed.
///   errors  bad_domain, bad_version (also an unknown protection), malformed: another kind of key, not_canonical,
///   bad_scalar, bad_identity: the secret does not belong to the public key
Result<IdentityKey> decode_identity_file(std::span<const std::uint8_t, key_file_head_size> head, SecretSlot body);
Result<StoredShare> decode_share_file(std::span<const std::uint8_t, key_file_head_size> head, SecretSlot body);

}  // namespace assay::threshold
