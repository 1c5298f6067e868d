#include "threshold/crypto/key_file.hpp"

#include <sodium.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/bytes.hpp"
#include "core/check.hpp"

namespace assay::threshold {
namespace {

constexpr std::string_view domain{"assay/key/v2\0\0\0\0", 16};
constexpr std::uint8_t version = 2;
constexpr std::uint8_t protections = 3;

enum class KeyKind : std::uint8_t { identity = 1, share = 2 };

struct Head {
  KeyKind kind{};
  KeyProtection protection{};
  std::uint8_t reserved = 0;
  MemberIndex member;
  ShareOrigin origin;
  PublicKey public_key;
  Argon2Cost cost;
  Argon2Salt salt{};
  std::array<std::uint8_t, 24> nonce{};
};

using HeadBytes = std::array<std::uint8_t, KeyFile::head_size>;

HeadBytes encode(const Head& head) {
  ByteWriter out(KeyFile::head_size);
  out.raw(as_bytes(domain)).u8(version).u8(static_cast<std::uint8_t>(head.kind));
  out.u8(static_cast<std::uint8_t>(head.protection))
      .u8(head.reserved)
      .u16(head.member.value)
      .u32(head.origin.generation);
  out.u32(head.origin.epoch.value).digest(head.origin.network.value).raw(head.public_key.bytes);
  out.u32(head.cost.operations).u32(head.cost.memory_kib).raw(head.salt).raw(head.nonce);
  check(out.size() == KeyFile::head_size, "a key file's head has one size");
  HeadBytes bytes;
  std::ranges::copy(out.bytes(), bytes.begin());
  return bytes;
}

/// A plain secret stays out: it would pass through a hash that wipes nothing, and its public key tells of damage.
Digest check_of(const KeyFile& file, KeyProtection protection) {
  const auto body = std::as_const(file.body).bytes().first<KeyFile::body_size>();
  const ByteSpan sealed = protection == KeyProtection::plain ? ByteSpan() : ByteSpan(body);
  return tagged_sha256("assay/key-check/v2", {file.head, sealed});
}

bool is_affordable(const Argon2Cost& cost) {
  return cost.operations >= argon2_interactive.operations && cost.operations <= argon2_most.operations &&
         cost.memory_kib >= argon2_interactive.memory_kib && cost.memory_kib <= argon2_most.memory_kib;
}

/// The fields that this kind and this protection leave empty are zero: one spelling for each key.
Done check_fields(const Head& head) {
  const auto protection = static_cast<std::uint8_t>(head.protection);
  if (head.reserved != 0 || protection >= protections) return Error{Errc::bad_version, "a protection that is known"};
  if (head.kind != KeyKind::identity && head.kind != KeyKind::share) {
    return Error{Errc::malformed, "an identity or a share"};
  }
  constexpr Error strange{Errc::key_damaged,
                          "the fields of this key file do not go together: put its backup in its place"};
  if (head.kind == KeyKind::identity && (head.member.value != 0 || !(head.origin == ShareOrigin{}))) return strange;
  if (head.origin.network.value.is_zero() && head.origin.epoch.value != 0) return strange;
  const bool has_salt = head.salt != Argon2Salt{} || !(head.cost == Argon2Cost{});
  const bool has_nonce = head.nonce != decltype(head.nonce){};
  switch (head.protection) {
    case KeyProtection::plain:
      return has_salt || has_nonce ? Done(strange) : Done(Ok{});
    case KeyProtection::key_file:
      return has_salt ? Done(strange) : Done(Ok{});
    case KeyProtection::passphrase:
      if (!is_affordable(head.cost)) {
        return Error{Errc::out_of_range, "argon2id of 64 MiB to 1 GiB and 2 to 8 passes: this file asks for another"};
      }
      return Ok{};
  }
  return strange;
}

/// The fields as they stand; what they may hold is for check_fields().
Result<Head> read_head(std::span<const std::uint8_t, KeyFile::head_size> bytes) {
  ByteReader in(bytes);
  const auto found_domain = in.array<16>();
  const auto found_version = in.u8();
  const auto kind = in.u8();
  const auto protection = in.u8();
  Head head{KeyKind{kind}, KeyProtection{protection}, in.u8(), {}, {}, {}, {}, {}, {}};
  head.member = MemberIndex{in.u16()};
  head.origin.generation = in.u32();
  head.origin.epoch = Epoch{in.u32()};
  head.origin.network = NetworkId{in.digest()};
  head.public_key = PublicKey{in.array<32>()};
  head.cost.operations = in.u32();
  head.cost.memory_kib = in.u32();
  head.salt = in.array<16>();
  head.nonce = in.array<24>();
  if (!std::ranges::equal(found_domain, as_bytes(domain))) return Error{Errc::bad_domain, "a key file of assay"};
  if (found_version != version) return Error{Errc::bad_version, "a key file of version 2"};
  return head;
}

Result<Head> decode(const KeyFile& file) {
  const auto head = read_head(file.head);
  if (!head) return head.error();
  if (!(file.check == check_of(file, head->protection))) {
    return Error{Errc::key_damaged, "this key file is damaged: put its backup in its place"};
  }
  if (auto done = check_fields(*head); !done) return done.error();
  return head;
}

ByteSpan secret_of(const SecretSlot& slot) {
  return slot.bytes().first<32>();
}

Result<KeyFile> seal(Head head, ByteSpan secret, const KeyGuard& guard, Entropy& entropy) {
  head.protection = guard.protection();
  head.cost = guard.cost();
  KeyFile file;
  if (head.protection == KeyProtection::plain) {
    file.head = encode(head);
    std::ranges::copy(secret, file.body.bytes().begin());
    file.check = check_of(file, head.protection);
    return file;
  }
  if (head.protection == KeyProtection::passphrase) entropy.fill(head.salt);
  entropy.fill(head.nonce);
  if (auto done = check_fields(head); !done) return done.error();
  const auto key = guard.file_key(head.protection, head.cost, head.salt);
  if (!key) return key.error();
  file.head = encode(head);
  crypto_aead_xchacha20poly1305_ietf_encrypt(file.body.bytes().data(), nullptr, secret.data(), secret.size(),
                                             file.head.data(), file.head.size(), nullptr, head.nonce.data(),
                                             secret_of(*key).data());
  file.check = check_of(file, head.protection);
  sodium_stackzero(4096);
  return file;
}

/// The secret in the first 32 bytes.
Result<SecretSlot> unseal(const KeyFile& file, const Head& head, const KeyGuard& guard) {
  const auto body = std::as_const(file.body).bytes().first<KeyFile::body_size>();
  SecretSlot secret = SecretSlot::make();
  if (head.protection == KeyProtection::plain) {
    if (sodium_is_zero(body.data() + 32, 16) != 1) return Error{Errc::key_damaged, "a plain key file without a tag"};
    std::ranges::copy(body.first<32>(), secret.bytes().begin());
    return secret;
  }
  const auto key = guard.file_key(head.protection, head.cost, head.salt);
  if (!key) return key.error();
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(secret.bytes().data(), nullptr, nullptr, body.data(),
                                                                body.size(), file.head.data(), file.head.size(),
                                                                head.nonce.data(), secret_of(*key).data());
  sodium_stackzero(1024);
  if (opened != 0) {
    return head.protection == KeyProtection::passphrase
               ? Error{Errc::key_wrong_secret, "the passphrase is not the one that this key file was made with"}
               : Error{Errc::key_wrong_secret, "the key is not the one that this key file was made with"};
  }
  return secret;
}

/// The caller wipes it: from_seed() and from_bytes() do.
Bytes32 take(const SecretSlot& secret) {
  Bytes32 out;
  std::ranges::copy(secret_of(secret), out.begin());
  return out;
}

}  // namespace

Result<KeyFile> seal(const IdentityKey& key, const KeyGuard& guard, Entropy& entropy) {
  Head head;
  head.kind = KeyKind::identity;
  head.public_key = key.public_key();
  return seal(head, key.seed(), guard, entropy);
}

Result<KeyFile> seal(const frost::SecretShare& share, const ShareOrigin& origin, const KeyGuard& guard,
                     Entropy& entropy) {
  Head head;
  head.kind = KeyKind::share;
  head.member = share.member();
  head.origin = origin;
  head.public_key = share.verifying_share();
  return seal(head, share.expose(), guard, entropy);
}

Result<KeyProtection> protection_of(const KeyFile& file) {
  const auto head = decode(file);
  if (!head) return head.error();
  return head->protection;
}

Result<ShareLabel> label_of(std::span<const std::uint8_t, KeyFile::head_size> bytes) {
  const auto head = read_head(bytes);
  if (!head) return head.error();
  if (auto done = check_fields(*head); !done) return done.error();
  if (head->kind != KeyKind::share) {
    return Error{Errc::key_wrong_kind, "this is an identity key file: name the share file"};
  }
  return ShareLabel{head->member, head->origin, head->public_key};
}

Result<IdentityKey> open_identity(const KeyFile& file, const KeyGuard& guard) {
  const auto head = decode(file);
  if (!head) return head.error();
  if (head->kind != KeyKind::identity)
    return Error{Errc::key_wrong_kind, "this is a share file: name the identity key file"};
  const auto secret = unseal(file, *head, guard);
  if (!secret) return secret.error();
  Bytes32 seed = take(*secret);
  auto key = IdentityKey::from_seed(seed);
  if (key.public_key() != head->public_key) {
    return Error{Errc::key_damaged,
                 "the seed is not of the stated public key: put the backup of this key file in its place"};
  }
  return key;
}

Result<StoredShare> open_share(const KeyFile& file, const KeyGuard& guard) {
  const auto head = decode(file);
  if (!head) return head.error();
  if (head->kind != KeyKind::share)
    return Error{Errc::key_wrong_kind, "this is an identity key file: name the share file"};
  auto secret = unseal(file, *head, guard);
  if (!secret) return secret.error();
  auto scalar = frost::SecretScalar::take(secret->bytes().first<32>());
  if (!scalar) return scalar.error();
  auto share = frost::SecretShare::of(head->member, std::move(*scalar));
  if (!share) return share.error();
  if (share->verifying_share() != head->public_key) {
    return Error{Errc::key_damaged, "the share is not of the stated one: put the backup of this key file in its place"};
  }
  return StoredShare{std::move(*share), head->origin};
}

Done check_share(const StoredShare& stored, MemberIndex member, const ShareOrigin& current, const PublicKey& expected) {
  const bool known = !stored.origin.network.value.is_zero();
  if (stored.share.member() != member) {
    return Error{Errc::key_wrong_member, "this is another member's share: name the share file of this member"};
  }
  if (known && stored.origin.network != current.network) {
    return Error{Errc::wrong_network, "this share is of another network: name the share file of this one"};
  }
  if (stored.origin.generation != current.generation) {
    return Error{Errc::key_wrong_generation,
                 "this share is of another key generation than the group file: take share and group file of the same"};
  }
  if (known && current.epoch < stored.origin.epoch) {
    return Error{Errc::key_wrong_generation,
                 "this share was made for a later epoch: take the group file of that epoch"};
  }
  if (stored.share.verifying_share() != expected) {
    return Error{Errc::key_wrong_group,
                 "the group file states another verifying share for this member: it was changed"};
  }
  return Ok{};
}

}  // namespace assay::threshold
