#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace assay::node {

/// Starts a child in its own process group, with stdin closed and stdout and stderr appended to `log`. The child gets
/// SIGTERM when this process dies. Call from the main thread.   errors  io_failed
Result<pid_t> spawn(const std::vector<std::string>& argv, const std::filesystem::path& cwd,
                    const std::filesystem::path& log);

/// True while `pid` is a running process; reaps it when it is a child that ended.
bool is_running(pid_t pid);

/// SIGTERM to all, up to five seconds for them to end, then SIGKILL. Returns when none is left.
void end_processes(const std::vector<pid_t>& pids);

/// The pid written in `file`, when that process runs this very executable in `cwd`: one that somebody restarted by
/// hand.
std::optional<pid_t> running_instance(const std::filesystem::path& file, const std::filesystem::path& cwd);

/// Path of the running executable.
std::filesystem::path own_executable();

/// `count` distinct loopback TCP ports that are free now, outside the range that the kernel hands to outgoing
/// connections.
///   errors  io_failed when none can be found
Result<std::vector<std::uint16_t>> free_ports(std::size_t count);

}  // namespace assay::node
