#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/crypto/key_guard.hpp"

namespace assay::threshold {

/// The bytes of a key file, in three parts so that a plain secret never leaves locked memory;
/// threshold/io/key_store.hpp puts them on a disk. docs/wire.md shows the layout.
///
/// The secret is the RFC 8032 seed of an identity, or a FROST share. Protected, it is XChaCha20-Poly1305 with the whole
/// head as associated data; plain, its tag is zero and the file's mode is the guard. The check covers the head and a
/// protected body, so that damage is told from a wrong passphrase; it proves nothing against somebody who writes.
struct KeyFile {
  static constexpr std::size_t head_size = 142;
  static constexpr std::size_t body_size = 48;
  static constexpr std::size_t size = head_size + body_size + 32;

  std::array<std::uint8_t, head_size> head{};
  SecretSlot body = SecretSlot::make();  ///< secret or ciphertext 32, tag 16; then 16 unused
  Digest check;
};

/// Which key generation a share belongs to. All zero where it is not known; an identity's always is.
struct ShareOrigin {
  NetworkId network;
  Epoch epoch;  ///< the first in which the share serves; 0 without a network
  std::uint32_t generation{};
  friend bool operator==(const ShareOrigin&, const ShareOrigin&) = default;
};

struct StoredShare {
  frost::SecretShare share;
  ShareOrigin origin;
};

/// What the head of a share file says, for which nobody needs a passphrase: whose share it is.
struct ShareLabel {
  MemberIndex member;
  ShareOrigin origin;
  PublicKey verifying_share;
};

/// Protected as `guard` can; plain when it holds nothing. Salt and nonce come from `entropy`.
///   errors  out_of_range: an argon2 cost outside argon2_interactive..argon2_most;  io_failed: no memory for it
Result<KeyFile> seal(const IdentityKey& key, const KeyGuard& guard, Entropy& entropy);
Result<KeyFile> seal(const frost::SecretShare& share, const ShareOrigin& origin, const KeyGuard& guard,
                     Entropy& entropy);

/// What the file says of its protection, before anybody is asked for a passphrase.   errors  those of a bad head, below
Result<KeyProtection> protection_of(const KeyFile& file);

/// The body is not looked at: a file whose secret was overwritten still says whose it was.
///   errors  bad_domain, bad_version, key_damaged; key_wrong_kind: an identity
Result<ShareLabel> label_of(std::span<const std::uint8_t, KeyFile::head_size> head);

/// Total. A plain file opens whatever the guard holds.
///   errors  bad_domain: no key file;  bad_version;  key_damaged: bit rot, fields that do not go together, or a secret
///   of another public key;  key_wrong_kind;  out_of_range: argon2 beyond argon2_most or below argon2_interactive;
///   key_other_guard: protected otherwise than the guard knows;  key_wrong_secret: a wrong passphrase or key;
///   malformed: an unknown kind;  bad_scalar;  io_failed: no memory for argon2id
Result<IdentityKey> open_identity(const KeyFile& file, const KeyGuard& guard);
Result<StoredShare> open_share(const KeyFile& file, const KeyGuard& guard);

/// Whether a share is this member's in the key generation `current` with the verifying share `expected`. Parts of its
/// origin that are not known are not compared.
///   errors  key_wrong_member;  wrong_network;  key_wrong_generation: another one, or made for a later epoch than
///   `current`;  key_wrong_group: none of these, yet another verifying share
Done check_share(const StoredShare& stored, MemberIndex member, const ShareOrigin& current, const PublicKey& expected);

}  // namespace assay::threshold
