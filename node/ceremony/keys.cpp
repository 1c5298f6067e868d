#include "node/ceremony/keys.hpp"

#include <utility>

#include "threshold/io/key_store.hpp"

namespace assay::node {

std::variant<CeremonyKeys, Failure> open_ceremony_keys(const CeremonyKeyFiles& files) {
  auto wanted = threshold::KeyProtection::plain;
  for (const auto& file : {files.identity, files.old_share}) {
    if (file.empty()) {
      continue;
    }
    const auto found = threshold::protection_of(file);
    if (!found) {
      return cannot(file, found.error(), Exit::usage);
    }
    wanted = *found == threshold::KeyProtection::plain ? wanted : *found;
  }
  auto guard = guard_to_open(files.source, wanted);
  if (auto* failure = std::get_if<Failure>(&guard)) {
    return std::move(*failure);
  }
  auto& opener = std::get<threshold::KeyGuard>(guard);
  auto identity = threshold::load_identity(files.identity, opener);
  if (!identity) {
    return cannot(files.identity, identity.error(), Exit::usage);
  }
  std::optional<threshold::StoredShare> share;
  if (!files.old_share.empty()) {
    auto stored = threshold::load_share(files.old_share, opener);
    if (!stored) {
      return cannot(files.old_share, stored.error(), Exit::usage);
    }
    share = std::move(*stored);
  }
  return CeremonyKeys{std::move(opener), std::move(*identity), std::move(share)};
}

}  // namespace assay::node
