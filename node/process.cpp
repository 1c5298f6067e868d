#include "node/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "node/system.hpp"

namespace assay::node {

namespace {

/// What the child does until exec: async-signal-safe calls only.
[[noreturn]] void become(char* const* arguments, const char* cwd, const char* log, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (getppid() == parent && out >= 0 && in >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2 &&
      chdir(cwd) == 0) {
    execv(arguments[0], arguments);
  }
  _exit(127);
}

/// Waits until the process behind `pidfd` ends. False when it does not within `patience`.
bool ended_within(int pidfd, Micros patience) {
  const auto deadline = mono_now() + patience;
  while (true) {
    pollfd wanted{pidfd, POLLIN, 0};
    const auto left = std::max<std::int64_t>(0, (deadline - mono_now()).value / 1000);
    const auto answer = poll(&wanted, 1, static_cast<int>(left));
    if (answer > 0) {
      return true;
    }
    if (answer == 0 || errno != EINTR) {
      return false;
    }
  }
}

}  // namespace

Result<Child> Child::start(std::vector<std::string> argv, std::filesystem::path cwd, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (auto& argument : argv) {
    arguments.push_back(argument.data());
  }
  arguments.push_back(nullptr);
  const auto parent = getpid();
  const auto pid = fork();
  if (pid < 0) {
    return Error{Errc::io_failed, "fork failed"};
  }
  if (pid == 0) {
    become(arguments.data(), cwd.c_str(), log.c_str(), parent);
  }
  return Child(pid, std::move(argv), std::move(cwd));
}

bool Child::is_running() {
  ended_ = ended_ || waitpid(pid_, nullptr, WNOHANG) != 0;
  return !ended_;
}

void end_processes(const std::vector<pid_t>& pids) {
  struct Ending {
    pid_t pid;
    int pidfd;
  };
  std::vector<Ending> endings;
  for (const auto pid : pids) {
    const auto pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (pidfd >= 0) {
      endings.push_back({pid, pidfd});
      kill(pid, SIGTERM);
    } else if (errno != ESRCH) {
      kill(pid, SIGKILL);  // nothing to wait with: no patience either
    }
  }
  const auto deadline = mono_now() + millis(5000);
  for (const auto& ending : endings) {
    if (!ended_within(ending.pidfd, deadline - mono_now())) {
      kill(ending.pid, SIGKILL);
      ended_within(ending.pidfd, millis(5000));
    }
    close(ending.pidfd);
  }
}

std::filesystem::path own_executable() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

}  // namespace assay::node
