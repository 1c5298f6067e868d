#pragma once
#include <functional>

namespace assay::node {

/// What becomes of a process that dies somewhere on its way to the disk.
enum class Life { ended, killed };

/// Runs `work` in a child process, which dies by SIGKILL just before its `step`-th call (from 1) of fsync, fdatasync,
/// rename, renameat2 or unlinkat, whoever makes it; ended: it came to its end first. A child that ends in any other way
/// fails the test.
Life run_until_step(int step, const std::function<void()>& work);

}  // namespace assay::node
