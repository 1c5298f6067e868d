#include "node/ceremony/links.hpp"

#include <algorithm>
#include <utility>

#include "threshold/ceremony/frame.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

std::variant<std::unique_ptr<threshold::PeerMesh>, Failure> open_ceremony_mesh(const config::CeremonyPlan& plan,
                                                                               const threshold::IdentityKey& identity,
                                                                               const std::string& listen,
                                                                               threshold::MeshEvents events) {
  const auto me = plan.terms.party_of(identity.public_key());
  if (!me) {
    return Failure{Exit::usage, "this identity takes no part in the ceremony"};
  }
  std::vector<PublicKey> identities;
  for (const auto& party : plan.terms.parties) {
    identities.push_back(party.identity);
  }
  const auto where = listen.empty() ? plan.addresses[*me] : listen;
  auto opened = threshold::PeerMesh::listen({.me = MemberIndex{*me},
                                             .listen = where,
                                             .identities = std::move(identities),
                                             .addresses = plan.addresses,
                                             .key = identity,
                                             .frame_size_max = threshold::ceremony::frame_bytes_max,
                                             .frames_per_second = 2'000,
                                             .bytes_per_second = 16U << 20,
                                             .queue_bytes_max = 8U << 20},
                                            std::move(events));
  if (!opened) {
    return cannot("listening at " + where, opened.error());
  }
  return std::move(*opened);
}

bool is_of_ceremony(const threshold::ceremony::Terms& terms, ByteSpan frame) {
  return std::ranges::equal(frame.first(std::min(frame.size(), terms.id.bytes.size())), terms.id.bytes);
}

Done store_ceremony_share(const threshold::ceremony::Terms& terms, const threshold::ceremony::PersistShare& effect,
                          const std::filesystem::path& file, const threshold::KeyGuard& guard, Entropy& entropy) {
  const auto& share = *effect.share;
  if (!std::filesystem::exists(file)) {
    const threshold::ShareOrigin origin{threshold::network_id(effect.group_key, terms.proposal.network),
                                        terms.proposal.epoch, effect.generation};
    return threshold::store_share(file, share, origin, guard, entropy);
  }
  const auto stored = threshold::load_share(file, guard);
  if (!stored) {
    return stored.error();
  }
  if (stored->share.verifying_share() != share.verifying_share() || stored->share.member() != share.member()) {
    return Error{Errc::locked, "the file holds another share, which is never overwritten: name another file"};
  }
  return Ok{};
}

}  // namespace assay::node
