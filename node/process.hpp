#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace assay::node {

/// A child process. Its number is believed only until it was reaped: afterwards the kernel may give it to a stranger.
class Child {
 public:
  /// Starts it in its own process group, with stdin closed and stdout and stderr appended to `log`. It gets SIGTERM
  /// when this process dies. Call from the main thread.   errors  io_failed
  static Result<Child> start(std::vector<std::string> argv, std::filesystem::path cwd,
                             const std::filesystem::path& log);

  pid_t pid() const noexcept { return pid_; }
  const std::vector<std::string>& argv() const noexcept { return argv_; }
  const std::filesystem::path& cwd() const noexcept { return cwd_; }
  /// False for good once it has ended; reaps it.
  bool is_running();

 private:
  Child(pid_t pid, std::vector<std::string> argv, std::filesystem::path cwd)
      : pid_(pid), argv_(std::move(argv)), cwd_(std::move(cwd)) {}

  pid_t pid_;
  std::vector<std::string> argv_;
  std::filesystem::path cwd_;
  bool ended_ = false;
};

/// SIGTERM to all, up to five seconds for them to end, then SIGKILL. The caller knows that each of them runs now.
void end_processes(const std::vector<pid_t>& pids);

/// Path of the running executable.
std::filesystem::path own_executable();

/// `count` distinct loopback TCP ports that are free now, outside the range that the kernel hands to outgoing
/// connections.   errors  io_failed when none can be found
Result<std::vector<std::uint16_t>> free_ports(std::size_t count);

}  // namespace assay::node
