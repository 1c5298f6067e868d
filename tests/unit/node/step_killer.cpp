#include "tests/unit/node/step_killer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

namespace {

std::atomic<int> steps_left{0};

void step() {
  if (steps_left > 0 && --steps_left == 0) raise(SIGKILL);
}

}  // namespace

// In place of the C library's, for everything in this program.
extern "C" {
int fsync(int file) {
  step();
  return static_cast<int>(syscall(SYS_fsync, file));
}
int fdatasync(int file) {
  step();
  return static_cast<int>(syscall(SYS_fdatasync, file));
}
int rename(const char* from, const char* to) noexcept {
  step();
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0U));
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  step();
  return static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}
int unlinkat(int folder, const char* name, int flags) noexcept {
  step();
  return static_cast<int>(syscall(SYS_unlinkat, folder, name, flags));
}
}

namespace assay::node {

Life run_until_step(int step, const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(120);  // whatever hangs is not killed, and ends
    steps_left = step;
    work();
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  EXPECT_TRUE(killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << "step " << step << ", status " << status;
  return killed ? Life::killed : Life::ended;
}

}  // namespace assay::node
