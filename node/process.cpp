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
#include <fstream>

#include "node/system.hpp"

namespace assay::node {

Result<pid_t> spawn(const std::vector<std::string>& argv, const std::filesystem::path& cwd,
                    const std::filesystem::path& log) {
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const auto& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);

  const auto parent = getpid();
  const auto pid = fork();
  if (pid < 0) {
    return Error{Errc::io_failed, "fork failed"};
  }
  if (pid > 0) {
    return pid;
  }
  // The child, until exec: async-signal-safe calls only.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) {
    _exit(127);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 || chdir(cwd.c_str()) != 0) {
    _exit(127);
  }
  execv(arguments[0], arguments.data());
  _exit(127);
}

bool is_running(pid_t pid) {
  if (pid <= 0) {
    return false;
  }
  int status = 0;
  if (waitpid(pid, &status, WNOHANG) == pid) {
    return false;
  }
  return kill(pid, 0) == 0 || errno == EPERM;
}

void end_processes(const std::vector<pid_t>& pids) {
  std::vector<pollfd> left;  // a pidfd becomes readable when its process ends
  std::vector<pid_t> ending;
  for (const auto pid : pids) {
    if (is_running(pid)) {
      left.push_back({static_cast<int>(syscall(SYS_pidfd_open, pid, 0)), POLLIN, 0});
      ending.push_back(pid);
      kill(pid, SIGTERM);
    }
  }
  const auto deadline = mono_now() + millis(5000);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const auto patience = std::max<std::int64_t>(0, (deadline - mono_now()).value / 1000);
    if (poll(&left[i], 1, static_cast<int>(patience)) == 0) {
      kill(ending[i], SIGKILL);
      poll(&left[i], 1, -1);
    }
    close(left[i].fd);
    waitpid(ending[i], nullptr, WNOHANG);
  }
}

std::optional<pid_t> running_instance(const std::filesystem::path& file, const std::filesystem::path& cwd) {
  std::ifstream in(file);
  pid_t pid = 0;
  if (!(in >> pid) || !is_running(pid)) {
    return std::nullopt;
  }
  const auto process = std::filesystem::path("/proc") / std::to_string(pid);
  std::error_code failed;
  if (std::filesystem::read_symlink(process / "exe", failed) != own_executable() || failed ||
      std::filesystem::read_symlink(process / "cwd", failed) != cwd || failed) {
    return std::nullopt;
  }
  return pid;
}

std::filesystem::path own_executable() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

}  // namespace assay::node
