#include "node/pid_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <utility>

namespace assay::node {

namespace {

// Locks of the open file description: held by this process only, gone with it.
struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<PidFile> PidFile::claim(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return Error{Errc::io_failed, "cannot create the file"};
  }
  PidFile claimed(file, descriptor);
  auto lock = whole_file(F_WRLCK);
  if (fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
    claimed.file_.clear();  // it is the other's file
    return Error{Errc::locked, "another node runs in this folder"};
  }
  const auto text = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor, 0) != 0 ||
      write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return Error{Errc::io_failed, "cannot write the file"};
  }
  return claimed;
}

std::optional<pid_t> PidFile::holder(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    return std::nullopt;
  }
  auto lock = whole_file(F_WRLCK);
  const bool held = fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(descriptor);
  std::ifstream in(file);
  pid_t pid = 0;
  return held && in >> pid && pid > 0 ? std::optional(pid) : std::nullopt;
}

PidFile::PidFile(PidFile&& other) noexcept
    : file_(std::exchange(other.file_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

PidFile::~PidFile() {
  if (descriptor_ < 0) {
    return;
  }
  if (!file_.empty()) {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }
  close(descriptor_);
}

}  // namespace assay::node
