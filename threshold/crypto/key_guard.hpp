#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "threshold/crypto/arena.hpp"

namespace assay::threshold {

/// What argon2id (RFC 9106) spends on a guess. One lane, as libsodium has it.
struct Argon2Cost {
  std::uint32_t operations{};
  std::uint32_t memory_kib{};
  friend bool operator==(const Argon2Cost&, const Argon2Cost&) = default;
};
inline constexpr Argon2Cost argon2_interactive{2, 64 * 1024};  ///< 60 ms; tests and demonstrations, chosen explicitly
inline constexpr Argon2Cost argon2_moderate{3, 256 * 1024};    ///< 0.7 s; the default
/// A file may ask for at most this: whoever writes the file shall not be able to exhaust the machine that reads it.
inline constexpr Argon2Cost argon2_most{8, 1024 * 1024};

using Argon2Salt = std::array<std::uint8_t, 16>;

/// A passphrase in locked memory of its own, wiped when it goes. Bytes as given: no normalisation.
class Passphrase {
 public:
  static constexpr std::size_t length_min = 8;
  static constexpr std::size_t length_max = 1024;

  Passphrase();
  Passphrase(Passphrase&& other) noexcept;
  Passphrase& operator=(Passphrase&& other) noexcept;
  ~Passphrase();

  /// errors  too_large beyond length_max and a line end. The source is the caller's to wipe.
  Done append(std::span<const std::uint8_t> more);
  void drop_last() noexcept;      ///< the last byte, if any
  void drop_line_end() noexcept;  ///< one LF, and the CR before it
  Done usable() const;            ///< errors  out_of_range below length_min, too_large above the max
  bool same(const Passphrase& other) const noexcept;  ///< constant time for equal lengths
  std::span<const std::uint8_t> bytes() const noexcept { return {bytes_, length_}; }

 private:
  static constexpr std::size_t room = length_max + 2;  ///< with a line end

  std::uint8_t* bytes_ = nullptr;
  std::size_t length_ = 0;
};

/// How the secret in a key file is protected; the file says so in its protection byte.
enum class KeyProtection : std::uint8_t { plain = 0, passphrase = 1, key_file = 2 };

/// What seals and opens key files: nothing, a passphrase, or 32 random bytes kept elsewhere (a key file, a systemd
/// credential). Move-only; lives in locked memory. Any one thread.
class KeyGuard {
 public:
  KeyGuard() = default;  ///< nothing: plain files only
  static KeyGuard of(Passphrase passphrase, Argon2Cost cost = argon2_moderate);
  static KeyGuard of(SecretSlot key);  ///< its first 32 bytes

  KeyProtection protection() const noexcept { return static_cast<KeyProtection>(what_.index()); }
  /// Of a passphrase; zeros otherwise: what seals a new file.
  Argon2Cost cost() const noexcept;

  /// The 32 bytes that encrypt one file.   cost  that of `cost` for a passphrase, else nothing
  ///   errors  key_other_guard: the file is protected in another way than this guard knows (the detail names the
  ///   remedy); io_failed: no memory for argon2id
  Result<SecretSlot> file_key(KeyProtection wanted, const Argon2Cost& cost, const Argon2Salt& salt) const;

 private:
  struct FromPassphrase {
    Passphrase passphrase;
    Argon2Cost cost;
  };
  std::variant<std::monostate, FromPassphrase, SecretSlot> what_;  ///< in the order of KeyProtection
};

}  // namespace assay::threshold
