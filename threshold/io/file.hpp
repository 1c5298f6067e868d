#pragma once
#include <cstdint>
#include <filesystem>
#include <span>

#include "core/digest.hpp"
#include "core/result.hpp"

namespace assay::threshold {

/// An open file descriptor, closed when it goes. Blocking; one thread at a time.
class File {
 public:
  File() = default;
  /// flags as open(2), O_CLOEXEC added; mode for a file that is created.  errors  io_failed
  static Result<File> open(const std::filesystem::path& path, int flags, unsigned mode = 0);
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  int descriptor() const noexcept { return descriptor_; }
  Result<std::size_t> size() const;
  Done write_all(ByteSpan bytes) const;                              ///< at the file's position
  Result<std::size_t> read_some(std::span<std::uint8_t> out) const;  ///< 0 at the end
  Done sync() const;                                                 ///< fsync: bytes and length
  Done sync_data() const;                                            ///< fdatasync: bytes, and length when it grew

 private:
  int descriptor_ = -1;
};

/// The file appears with all of its bytes or not at all, and stays (temporary file, fsync, rename, fsync of the
/// folder). A file of that name goes.   mode  of a new file.  errors  io_failed
Result<File> replace_file(const std::filesystem::path& path, ByteSpan bytes, unsigned mode);
/// `folder` becomes what `draft` is, at one moment and durably; what was there stands at `draft` then. Both lie in the
/// same folder.   errors  io_failed, also where the file system cannot exchange two names
Done exchange_folders(const std::filesystem::path& draft, const std::filesystem::path& folder);
/// Makes a creation, rename or link inside `folder` durable.
Done sync_folder(const std::filesystem::path& folder);
/// The folder that holds `path`: "." when it names none.
std::filesystem::path folder_of(const std::filesystem::path& path);

}  // namespace assay::threshold
