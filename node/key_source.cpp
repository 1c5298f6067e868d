#include "node/key_source.hpp"

#include <cstdlib>
#include <optional>

#include "node/terminal.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

namespace {

using threshold::KeyGuard;
using threshold::KeyProtection;
using threshold::Passphrase;
using threshold::Sharing;
using Guarded = std::variant<KeyGuard, Failure>;

Guarded from_passphrase(const std::filesystem::path& file, Sharing sharing, threshold::Argon2Cost cost) {
  auto passphrase = threshold::load_passphrase(file, sharing);
  if (!passphrase) {
    return cannot(file, passphrase.error(), Exit::usage);
  }
  return KeyGuard::of(std::move(*passphrase), cost);
}

Guarded from_key(const std::filesystem::path& file, Sharing sharing) {
  auto guard = threshold::load_guard_key(file, sharing);
  if (!guard) {
    return cannot(file, guard.error(), Exit::usage);
  }
  return std::move(*guard);
}

/// What needs nobody at a terminal: a named file, then a credential of the service manager.
std::optional<Guarded> unattended(const KeySource& source, threshold::Argon2Cost cost) {
  if (!source.passphrase_file.empty()) {
    return from_passphrase(source.passphrase_file, Sharing::owner_only, cost);
  }
  if (!source.key_file.empty()) {
    return from_key(source.key_file, Sharing::owner_only);
  }
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  if (credentials == nullptr) {
    return std::nullopt;
  }
  const std::filesystem::path folder(credentials);
  std::error_code absent;
  if (std::filesystem::exists(folder / "assay-key", absent)) {
    return from_key(folder / "assay-key", Sharing::as_delivered);
  }
  if (std::filesystem::exists(folder / "assay-passphrase", absent)) {
    return from_passphrase(folder / "assay-passphrase", Sharing::as_delivered, cost);
  }
  return std::nullopt;
}

Failure unasked(Error error) {
  return cannot("passphrase", error, Exit::usage);
}

}  // namespace

Guarded guard_to_open(const KeySource& source, KeyProtection wanted) {
  if (wanted == KeyProtection::plain) {
    return KeyGuard();
  }
  if (auto guard = unattended(source, threshold::argon2_moderate)) {
    return std::move(*guard);
  }
  if (wanted == KeyProtection::key_file) {
    return Failure{Exit::usage,
                   "a key of 32 bytes protects the key files: name it in the node file (key_file: FILE), or deliver it "
                   "as the systemd credential assay-key"};
  }
  if (!is_terminal()) {
    return Failure{Exit::usage,
                   "a passphrase protects the key files, and there is no terminal to ask for it: name the file that "
                   "holds it in the node file (key_passphrase_file: FILE), or deliver it as the systemd credential "
                   "assay-passphrase"};
  }
  auto passphrase = ask_passphrase("passphrase of the key files");
  if (!passphrase) {
    return unasked(passphrase.error());
  }
  return KeyGuard::of(std::move(*passphrase));
}

Guarded guard_to_make(const KeySource& source, threshold::Argon2Cost cost) {
  if (auto guard = unattended(source, cost)) {
    return std::move(*guard);
  }
  if (!is_terminal()) {
    return Failure{Exit::usage,
                   "there is no terminal to ask for a passphrase: give --passphrase-file FILE, --key-file FILE (32 "
                   "random bytes) or --plain"};
  }
  auto passphrase = ask_passphrase("new passphrase, 8 characters or more");
  if (!passphrase) {
    return unasked(passphrase.error());
  }
  const auto again = ask_passphrase("the same again");
  if (!again) {
    return unasked(again.error());
  }
  if (!passphrase->same(*again)) {
    return Failure{Exit::usage, "the two passphrases differ: nothing was written"};
  }
  return KeyGuard::of(std::move(*passphrase), cost);
}

}  // namespace assay::node
