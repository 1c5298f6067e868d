#include "threshold/crypto/key_file.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/bytes.hpp"

namespace assay::threshold {
namespace {

constexpr std::string_view domain{"assay/key/v1\0\0\0\0", 16};
constexpr std::uint8_t version = 1;
constexpr std::uint8_t plain = 0;
constexpr std::size_t checked_size = 58;

struct Fields {
  KeyKind kind{};
  MemberIndex member;
  std::uint32_t generation{};
  PublicKey public_key;
};

Digest check_of(ByteSpan checked) {
  return tagged_sha256("assay/key-check/v1", {checked});
}

KeyFileHead encode(const Fields& fields) {
  ByteWriter out(key_file_head_size);
  out.raw(as_bytes(domain)).u8(version).u8(static_cast<std::uint8_t>(fields.kind)).u8(plain).u8(0);
  out.u16(fields.member.value).u32(fields.generation).raw(fields.public_key.bytes);
  const Digest check = check_of(out.bytes());
  out.digest(check);
  KeyFileHead head;
  std::ranges::copy(out.bytes(), head.begin());
  return head;
}

Result<Fields> decode(std::span<const std::uint8_t, key_file_head_size> head, KeyKind wanted) {
  ByteReader in(head);
  const auto found_domain = in.array<16>();
  const auto found_version = in.u8();
  const auto found_kind = in.u8();
  const auto protection = in.u8();
  const auto reserved = in.u8();
  Fields fields{wanted, MemberIndex{in.u16()}, in.u32(), PublicKey{in.array<32>()}};
  const Digest check = in.digest();
  if (!std::ranges::equal(found_domain, as_bytes(domain))) return Error{Errc::bad_domain, "a key file of assay"};
  if (found_version != version) return Error{Errc::bad_version, "key file version 1"};
  if (!(check == check_of(head.first<checked_size>()))) return Error{Errc::not_canonical, "an undamaged key file"};
  if (protection != plain) return Error{Errc::bad_version, "a key file without a passphrase"};
  if (reserved != 0) return Error{Errc::not_canonical, "the reserved byte is zero"};
  if (found_kind != static_cast<std::uint8_t>(wanted)) {
    return Error{Errc::malformed, wanted == KeyKind::identity ? "an identity key file, not a share file"
                                                              : "a share file, not an identity key file"};
  }
  return fields;
}

Bytes32 take(SecretSlot body) {
  Bytes32 secret;
  std::ranges::copy(body.bytes().first<32>(), secret.begin());
  return secret;
}

}  // namespace

KeyFileHead key_file_head(const IdentityKey& key) {
  return encode({KeyKind::identity, {}, 0, key.public_key()});
}

KeyFileHead key_file_head(const frost::SecretShare& share, std::uint32_t share_generation) {
  return encode({KeyKind::share, share.member(), share_generation, share.verifying_share()});
}

Result<IdentityKey> decode_identity_file(std::span<const std::uint8_t, key_file_head_size> head, SecretSlot body) {
  const auto fields = decode(head, KeyKind::identity);
  if (!fields) return fields.error();
  if (fields->member.value != 0 || fields->generation != 0) {
    return Error{Errc::not_canonical, "an identity names no member and no generation"};
  }
  Bytes32 seed = take(std::move(body));
  auto key = IdentityKey::from_seed(seed);
  if (key.public_key() != fields->public_key) return Error{Errc::bad_identity, "the seed of the stated public key"};
  return key;
}

Result<StoredShare> decode_share_file(std::span<const std::uint8_t, key_file_head_size> head, SecretSlot body) {
  const auto fields = decode(head, KeyKind::share);
  if (!fields) return fields.error();
  Bytes32 scalar = take(std::move(body));
  auto share = frost::SecretShare::from_bytes(fields->member, scalar);
  if (!share) return share.error();
  if (share->verifying_share() != fields->public_key) {
    return Error{Errc::bad_identity, "the share of the stated verifying share"};
  }
  return StoredShare{std::move(*share), fields->generation};
}

}  // namespace assay::threshold
