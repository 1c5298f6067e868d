#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <variant>

#include "config/ceremony_file.hpp"
#include "core/entropy.hpp"
#include "node/failure.hpp"
#include "threshold/ceremony/effects.hpp"
#include "threshold/crypto/key_guard.hpp"
#include "threshold/io/peer_mesh.hpp"

namespace assay::node {

/// What the processes of every kind of ceremony have in common.

/// Links to all other parties of a plan, by place in Terms::parties.
///   identity  one of theirs; outlives the mesh.  listen  empty: its address in the plan
std::variant<std::unique_ptr<threshold::PeerMesh>, Failure> open_ceremony_mesh(const config::CeremonyPlan& plan,
                                                                               const threshold::IdentityKey& identity,
                                                                               const std::string& listen,
                                                                               threshold::MeshEvents events);

/// Whether a frame says that it belongs to this ceremony.
bool is_of_ceremony(const threshold::ceremony::Terms& terms, ByteSpan frame);

/// Writes the share, bound to network, epoch and generation; a file that holds it already is as good.
///   errors  locked: the file holds another share;  those of key_store.hpp
Done store_ceremony_share(const threshold::ceremony::Terms& terms, const threshold::ceremony::PersistShare& effect,
                          const std::filesystem::path& file, const threshold::KeyGuard& guard, Entropy& entropy);

}  // namespace assay::node
