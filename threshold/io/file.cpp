#include "threshold/io/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace assay::threshold {

namespace {

/// What errno says, where an operator can do something about it.
Error failure(const char* otherwise) {
  switch (errno) {
    case ENOSPC:
    case EDQUOT:
      return Error{Errc::io_failed, "no space is left on the disk"};
    case EROFS:
      return Error{Errc::io_failed, "the file system is read-only"};
    case EIO:
      return Error{Errc::io_failed, "the disk reports an input or output error"};
    default:
      return Error{Errc::io_failed, otherwise};
  }
}

}  // namespace

Result<File> File::open(const std::filesystem::path& path, int flags, unsigned mode) {
  File file;
  do {
    file.descriptor_ = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (file.descriptor_ < 0 && errno == EINTR);
  if (file.descriptor_ >= 0) return file;
  switch (errno) {
    case ENOENT:
      return Error{Errc::io_failed, "the file or its folder does not exist"};
    case EEXIST:
      return Error{Errc::io_failed, "the file exists already"};
    case EACCES:
      return Error{Errc::io_failed, "no permission to open the file"};
    default:
      return failure("the file cannot be opened");
  }
}

File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> File::size() const {
  struct stat facts {};
  if (::fstat(descriptor_, &facts) != 0) return Error{Errc::io_failed, "the file's size cannot be read"};
  return static_cast<std::size_t>(facts.st_size);
}

Done File::write_all(ByteSpan bytes) const {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failure("a write to the file failed");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return Ok{};
}

Result<std::size_t> File::read_some(std::span<std::uint8_t> out) const {
  while (true) {
    const auto got = ::read(descriptor_, out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return failure("a read of the file failed");
  }
}

Done File::sync() const {
  if (::fsync(descriptor_) != 0) return failure("fsync failed");
  return Ok{};
}

Done File::sync_data() const {
  if (::fdatasync(descriptor_) != 0) return failure("fdatasync failed");
  return Ok{};
}

Result<File> replace_file(const std::filesystem::path& path, ByteSpan bytes, unsigned mode) {
  auto temporary = path;
  temporary += ".new";
  auto file = File::open(temporary, O_RDWR | O_CREAT | O_TRUNC, mode);
  if (!file) return file.error();
  if (auto done = file->write_all(bytes); !done) return done.error();
  if (auto done = file->sync(); !done) return done.error();
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return failure("the file cannot be renamed");
  if (auto done = sync_folder(folder_of(path)); !done) return done.error();
  return file;
}

Done exchange_folders(const std::filesystem::path& draft, const std::filesystem::path& folder) {
  int failed = ::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE);
  if (failed != 0 && errno == ENOENT) failed = std::rename(draft.c_str(), folder.c_str());  // the first of its name
  if (failed != 0) {
    return failure(errno == EINVAL || errno == ENOSYS
                       ? "this file system cannot exchange two folders: remove the old one first"
                       : "the folder cannot be renamed");
  }
  return sync_folder(folder_of(folder));
}

Done sync_folder(const std::filesystem::path& folder) {
  const auto file = File::open(folder, O_RDONLY | O_DIRECTORY);
  if (!file) return file.error();
  return file->sync();
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace assay::threshold
