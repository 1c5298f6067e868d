// A party that deals badly: no part of `assay`.
//   bad_dealer CEREMONY IDENTITY      connects and sends every party a signed deal in which member 1's share is spoilt;
//                                     runs until it is ended
#include <cstdio>
#include <utility>

#include "config/ceremony_file.hpp"
#include "node/system.hpp"
#include "threshold/ceremony/deal.hpp"
#include "threshold/ceremony/frame.hpp"
#include "threshold/io/key_store.hpp"
#include "threshold/io/peer_mesh.hpp"

namespace {

using namespace assay;
using namespace assay::threshold;

int failed(const char* what) {
  std::fprintf(stderr, "bad_dealer: %s\n", what);
  return 2;
}

int deal(const config::CeremonyPlan& plan, const char* identity_file) {
  const auto identity = load_identity(identity_file, KeyGuard());
  if (!identity) return failed("no identity");
  const auto& terms = plan.terms;
  const auto me = terms.party_of(identity->public_key());
  if (!me || !terms.parties[*me].dealer || terms.old) return failed("no dealer of a fresh key");
  node::SystemEntropy entropy;
  auto bad = ceremony::make_deal(terms, *terms.parties[*me].dealer, nullptr, entropy);
  bad.shares[1][0] ^= 1;
  const auto frame = std::make_shared<const Bytes>(
      ceremony::seal(terms, *identity, {ceremony::MessageType::deal, *me, 0}, encode(bad)));
  std::vector<PublicKey> identities;
  for (const auto& party : terms.parties) identities.push_back(party.identity);
  std::unique_ptr<PeerMesh> mesh;
  auto opened = PeerMesh::listen({.me = MemberIndex{*me},
                                  .listen = plan.addresses[*me],
                                  .identities = std::move(identities),
                                  .addresses = plan.addresses,
                                  .key = *identity},
                                 {.on_frame = [](MemberIndex, Bytes) {},
                                  .on_up = [&](MemberIndex peer) { mesh->send(peer, frame); },
                                  .on_down = [](MemberIndex, Error, const std::string&) {},
                                  .on_wake = [] {}});
  if (!opened) return failed("cannot listen");
  mesh = std::move(*opened);
  mesh->run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return failed("CEREMONY IDENTITY");
  const auto plan = config::load_ceremony(argv[1]);
  if (plan.index() != 0) return failed("no ceremony");
  return deal(std::get<config::CeremonyPlan>(plan), argv[2]);
}
