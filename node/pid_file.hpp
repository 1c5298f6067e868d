#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "core/result.hpp"

namespace assay::node {

/// `pid` in a node's data folder, locked while the node runs: proof, to any process, that it does and which one it is.
/// A dead process holds no lock, however it died, so a stale number is never believed.
class PidFile {
 public:
  /// Writes this process's id.   errors  locked: another process runs in this folder;  io_failed
  static Result<PidFile> claim(const std::filesystem::path& file);
  /// The process that holds the lock, if one does.
  static std::optional<pid_t> holder(const std::filesystem::path& file);

  PidFile(PidFile&& other) noexcept;
  PidFile& operator=(PidFile&&) = delete;
  ~PidFile();  ///< removes the file

 private:
  PidFile(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}

  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace assay::node
