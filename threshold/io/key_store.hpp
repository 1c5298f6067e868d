#pragma once
#include <cstdint>
#include <filesystem>
#include <utility>

#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/crypto/key_file.hpp"
#include "threshold/io/file.hpp"

namespace assay::threshold {

/// Key files on disk: mode 0600, written once (temporary file, fsync, link, fsync of the folder) and never overwritten.
/// Blocking, with the cost of argon2id where a passphrase is the guard; any thread.

/// errors  key_exists;  io_failed: the disk refused;  what seal() says
Done store_identity(const std::filesystem::path& path, const IdentityKey& key, const KeyGuard& guard, Entropy& entropy);
Done store_share(const std::filesystem::path& path, const frost::SecretShare& share, const ShareOrigin& origin,
                 const KeyGuard& guard, Entropy& entropy);

/// errors  io_failed: unreadable;  key_exposed: group or others may use it;  truncated, trailing_bytes;  what
/// key_file.hpp says
Result<IdentityKey> load_identity(const std::filesystem::path& path, const KeyGuard& guard);
Result<StoredShare> load_share(const std::filesystem::path& path, const KeyGuard& guard);
Result<KeyProtection> protection_of(const std::filesystem::path& path);

/// Holds a share file for this process alone, as long as it lives: two nodes with one share would answer for one member
/// twice. The lock is the open file's (flock), so it ends with the process, however it ends; the file's other names are
/// locked too, a copy is not.
class ShareLock {
 public:
  /// errors  io_failed, key_exposed;  key_in_use: another process holds it
  static Result<ShareLock> take(const std::filesystem::path& path);

 private:
  explicit ShareLock(File file) : file_(std::move(file)) {}
  File file_;
};

/// Who else may read the file that a guard comes from.
enum class Sharing : std::uint8_t {
  owner_only,    ///< refused with any access for group or others
  as_delivered,  ///< a systemd credential: the service manager keeps the folder private
};

/// The passphrase in a file: its bytes without the line end.
///   errors  io_failed, key_exposed, too_large, out_of_range: shorter than Passphrase::length_min
Result<Passphrase> load_passphrase(const std::filesystem::path& path, Sharing sharing);
/// A guard of the 32 bytes that are the whole file.   errors  io_failed, key_exposed, truncated, trailing_bytes
Result<KeyGuard> load_guard_key(const std::filesystem::path& path, Sharing sharing);

}  // namespace assay::threshold
