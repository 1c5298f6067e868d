#pragma once
#include <filesystem>
#include <optional>
#include <variant>

#include "node/failure.hpp"
#include "node/key_source.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/crypto/key_file.hpp"

namespace assay::node {

/// Which key files a party of a key ceremony brings.
struct CeremonyKeyFiles {
  std::filesystem::path identity;
  std::filesystem::path old_share;  ///< of a dealer of a running key; else empty
  KeySource source;
};

/// The secrets, and the guard that opened them and will seal the new share.
struct CeremonyKeys {
  threshold::KeyGuard guard;
  threshold::IdentityKey identity;
  std::optional<threshold::StoredShare> old_share;
};

/// May ask for a passphrase on a terminal. The share stays free for the node that runs on it: dealing uses no nonce.
///   cost  argon2id's, per file, where a passphrase is the guard
std::variant<CeremonyKeys, Failure> open_ceremony_keys(const CeremonyKeyFiles& files);

}  // namespace assay::node
