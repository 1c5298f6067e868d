#pragma once
#include <cstddef>
#include <filesystem>

#include "core/result.hpp"
#include "threshold/crypto/key_file.hpp"

namespace assay::threshold {

/// Taking a share off the disk for good. Blocking; any thread. Copies elsewhere, backups and what a file system or a
/// disk keeps of overwritten blocks are beyond it.

/// Whose share a file holds, or held: read also from a file whose erasure was interrupted.
///   errors  io_failed, key_exposed, truncated; those of label_of()
Result<ShareLabel> load_share_label(const std::filesystem::path& path);

/// Erases a share file and, beside it, the log of the ceremony that made the share (ceremony-*.log): the deals in there
/// and the member's identity key would give it back. The log goes first, renamed to *.log.erasing. Of each
/// file everything but the head is overwritten with zeros, then fsync, unlink, fsync of the folder; the head stays as
/// long as the file does, so that whoever was interrupted finds the rest and does it again. A path that is a link: its
/// target goes.
///   label    of this file, by load_share_label()
///   returns  how many logs went with it
///   errors   key_in_use: a process holds the share;  io_failed: the share is then still there, whole or in parts
Result<std::size_t> erase_share(const std::filesystem::path& path, const ShareLabel& label);

}  // namespace assay::threshold
