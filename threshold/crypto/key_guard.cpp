#include "threshold/crypto/key_guard.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "core/check.hpp"

namespace assay::threshold {
namespace {

constexpr Error too_long{Errc::too_large, "a passphrase of at most 1024 bytes"};

}  // namespace

Passphrase::Passphrase() {
  check(sodium_init() >= 0, "libsodium initialises");
  bytes_ = static_cast<std::uint8_t*>(sodium_malloc(room));
  check(bytes_ != nullptr, "locked memory is available");
}

Passphrase::Passphrase(Passphrase&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)), length_(std::exchange(other.length_, 0)) {}

Passphrase& Passphrase::operator=(Passphrase&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(length_, other.length_);
  return *this;
}

Passphrase::~Passphrase() {
  if (bytes_ != nullptr) sodium_free(bytes_);  // wipes first
}

Done Passphrase::append(std::span<const std::uint8_t> more) {
  if (bytes_ == nullptr || more.size() > room - length_) return too_long;
  std::ranges::copy(more, bytes_ + length_);
  length_ += more.size();
  return Ok{};
}

void Passphrase::drop_last() noexcept {
  if (length_ > 0) --length_;
}

void Passphrase::drop_line_end() noexcept {
  if (length_ == 0 || bytes_[length_ - 1] != '\n') return;
  drop_last();
  if (length_ > 0 && bytes_[length_ - 1] == '\r') drop_last();
}

Done Passphrase::usable() const {
  if (length_ < length_min) return Error{Errc::out_of_range, "a passphrase of at least 8 characters"};
  if (length_ > length_max) return too_long;
  return Ok{};
}

bool Passphrase::same(const Passphrase& other) const noexcept {
  return length_ == other.length_ && sodium_memcmp(bytes_, other.bytes_, length_) == 0;
}

KeyGuard KeyGuard::of(Passphrase passphrase, Argon2Cost cost) {
  KeyGuard guard;
  guard.what_ = FromPassphrase{std::move(passphrase), cost};
  return guard;
}

KeyGuard KeyGuard::of(SecretSlot key) {
  KeyGuard guard;
  guard.what_.emplace<SecretSlot>(std::move(key));
  return guard;
}

Argon2Cost KeyGuard::cost() const noexcept {
  const auto* known = std::get_if<FromPassphrase>(&what_);
  return known != nullptr ? known->cost : Argon2Cost{};
}

Result<SecretSlot> KeyGuard::file_key(KeyProtection wanted, const Argon2Cost& cost, const Argon2Salt& salt) const {
  check(wanted != KeyProtection::plain, "a plain file needs no key");
  if (protection() != wanted) {
    return wanted == KeyProtection::passphrase
               ? Error{Errc::key_other_guard, "a passphrase protects this key file: name the file that holds it"}
               : Error{Errc::key_other_guard, "a key of 32 bytes protects this key file: name the file that holds it"};
  }
  SecretSlot key = SecretSlot::make();
  if (const auto* raw = std::get_if<SecretSlot>(&what_)) {
    std::ranges::copy(raw->bytes().first<32>(), key.bytes().begin());
    return key;
  }
  const auto passphrase = std::get_if<FromPassphrase>(&what_)->passphrase.bytes();
  const int derived =
      crypto_pwhash(key.bytes().data(), 32, reinterpret_cast<const char*>(passphrase.data()), passphrase.size(),
                    salt.data(), cost.operations, std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13);
  sodium_stackzero(4096);
  if (derived != 0) return Error{Errc::io_failed, "not enough memory for the passphrase's argon2id: free some"};
  return key;
}

}  // namespace assay::threshold
