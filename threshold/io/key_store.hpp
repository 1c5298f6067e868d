#pragma once
#include <cstdint>
#include <filesystem>

#include "core/result.hpp"
#include "threshold/crypto/key_file.hpp"

namespace assay::threshold {

/// Key files on disk: mode 0600, written once (temporary file, fsync, link, fsync of the folder) and never overwritten.
/// Blocking; any thread.

/// errors  io_failed: the file exists already, or the disk refused; the detail says which
Done store_identity(const std::filesystem::path& path, const IdentityKey& key);
Done store_share(const std::filesystem::path& path, const frost::SecretShare& share, std::uint32_t share_generation);

/// errors  io_failed: unreadable, or group or others may read it (the detail names the remedy);  what key_file.hpp says
Result<IdentityKey> load_identity(const std::filesystem::path& path);
Result<frost::SecretShare> load_share(const std::filesystem::path& path);
Result<StoredShare> load_stored_share(const std::filesystem::path& path);

}  // namespace assay::threshold
