// Preloaded into the program under test, which stays the one that ships: it dies by SIGKILL at its ASSAY_DIE_AT-th
// fsync or fdatasync, before the disk was asked (ASSAY_DIE=before) or when the disk has it (after). Without
// ASSAY_DIE_AT it changes nothing.
#include <sys/syscall.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <atomic>

namespace {

std::atomic<int> syncs{0};

int counted(long call, int descriptor) {
  const char* at = std::getenv("ASSAY_DIE_AT");
  const char* when = std::getenv("ASSAY_DIE");
  const bool now = at != nullptr && ++syncs == std::atoi(at);
  const bool before = when != nullptr && std::strcmp(when, "before") == 0;
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
