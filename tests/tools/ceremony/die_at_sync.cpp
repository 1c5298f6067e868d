// Preloaded into the program under test, which stays the one that ships: it dies by SIGKILL at its ASSAY_DIE_AT-th
// fsync or fdatasync, before the disk was asked (ASSAY_DIE=before) or when the disk has it (after); or that one and all
// later ones fail (fail). ASSAY_DIE_FILE: only those of files with this in their path count. Without ASSAY_DIE_AT it
// changes nothing.
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <atomic>

namespace {

std::atomic<int> syncs{0};

bool is_meant(int descriptor) {
  const char* part = std::getenv("ASSAY_DIE_FILE");
  if (part == nullptr) return true;
  char link[64];
  char path[4096] = {};
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  return readlink(link, path, sizeof path - 1) > 0 && std::strstr(path, part) != nullptr;
}

int counted(long call, int descriptor) {
  const char* at = std::getenv("ASSAY_DIE_AT");
  const char* how = std::getenv("ASSAY_DIE");
  const auto is = [how](const char* word) { return how != nullptr && std::strcmp(how, word) == 0; };
  const int count = at != nullptr && is_meant(descriptor) ? ++syncs : 0;
  const bool now = count > 0 && count == std::atoi(at);
  const bool before = is("before");
  if (count > 0 && count >= std::atoi(at) && is("fail")) {
    errno = EIO;
    return -1;
  }
  if (now && before) raise(SIGKILL);
  const long done = syscall(call, descriptor);
  if (now && !before) raise(SIGKILL);
  return static_cast<int>(done);
}

}  // namespace

extern "C" int fsync(int descriptor) {
  return counted(SYS_fsync, descriptor);
}

extern "C" int fdatasync(int descriptor) {
  return counted(SYS_fdatasync, descriptor);
}
