#pragma once
#include <filesystem>
#include <variant>

#include "node/failure.hpp"
#include "threshold/crypto/key_guard.hpp"

namespace assay::node {

/// Where the passphrase or the 32-byte key of key files comes from; at most one is named. When none is, a systemd
/// credential `assay-key` or `assay-passphrase` ($CREDENTIALS_DIRECTORY), and then the terminal.
struct KeySource {
  std::filesystem::path passphrase_file;
  std::filesystem::path key_file;
};

/// To open files of this protection; a guard that holds nothing when they are plain.
std::variant<threshold::KeyGuard, Failure> guard_to_open(const KeySource& source, threshold::KeyProtection wanted);

/// To make new key files; asks twice on a terminal, and fails, naming the options, where there is none.
std::variant<threshold::KeyGuard, Failure> guard_to_make(const KeySource& source, threshold::Argon2Cost cost);

}  // namespace assay::node
