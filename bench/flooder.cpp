// A Byzantine member with its real identity: what it says comes over a proper link and, mostly, with a good signature.
//   flooder NETWORK_FILE NODE_FILE MODE
// It takes the place of the member of NODE_FILE (end that one first) and floods every other member until SIGTERM:
//   garbage   frames of random bytes, a new link each time it is thrown out
//   huge      frames far beyond any honest one
//   spam      every kind of message, well formed and signed, at present, past and far away views and heights
//   lies      two observations, votes and proposals for each place it hears of: evidence against itself, without end
//   gets      asks for the whole chain, again and again, and for whatever else is answered
//   deaf      the same, but reads nothing of the answers
//   new_views opens each view that it leads, and later ones, with a NEWVIEW that is true up to its last signature
//   proofs    enters each view with a lock that it proves up to the last signature, again and again
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "bench/claimant.hpp"
#include "config/digest.hpp"
#include "config/load.hpp"
#include "threshold/codec.hpp"
#include "threshold/envelope.hpp"
#include "threshold/io/key_store.hpp"
#include "threshold/io/peer_mesh.hpp"
#include "threshold/limits.hpp"
#include "threshold/protocol.hpp"

namespace assay::threshold {
namespace {

constexpr int burst = 64;  ///< frames per turn of the loop; then whatever came is read
constexpr std::size_t huge_size = 48U << 20;
constexpr std::uint64_t queued_max = 4U << 20;  ///< what a member has not taken yet; the others go on being flooded

class Flooder {
 public:
  Flooder(Committee committee, std::uint32_t feeds, MemberIndex me, const IdentityKey& key)
      : committee_(std::move(committee)), feeds_(feeds), me_(me), key_(key), claimant_(committee_, feeds, me, key) {}

  /// On the mesh's thread: what is said tells where the committee is.
  void hear(const Bytes& frame) {
    ++heard_;
    const auto envelope = open_envelope(committee_, frame);
    if (!envelope) return;
    view_ = std::max(view_, envelope->view);
    height_ = std::max(height_, envelope->height);
    claimant_.hear(*envelope);
  }
  std::uint64_t heard() const { return heard_; }

  Bytes next(const std::string& mode) {
    if (mode == "garbage") return random_bytes(1 + random_() % 4096);
    if (mode == "huge") return Bytes(huge_size, static_cast<std::uint8_t>(random_()));
    if (mode == "gets" || mode == "deaf") return question();
    if (mode == "new_views") return claimant_.new_view(random_());
    if (mode == "proofs") return entry();
    const View view = mode == "lies" ? view_ : somewhere(view_);
    const Height height = mode == "lies" ? height_ : somewhere(height_);
    const auto kinds = std::variant_size_v<Message>;
    return say(mode == "lies" ? lie() : any(random_() % kinds), view, height);
  }

 private:
  Bytes random_bytes(std::size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    return bytes;
  }
  Digest digest() {
    Digest out;
    for (auto& byte : out.bytes) byte = static_cast<std::uint8_t>(random_());
    return out;
  }
  template <class Number>
  Number somewhere(Number near) {
    switch (random_() % 8) {
      case 0:
        return Number{near.value + random_() % 1'000'000};
      case 1:
        return Number{near.value - std::min<std::uint64_t>(near.value, random_() % 8)};
      default:
        return Number{near.value + random_() % 4};
    }
  }
  Bytes say(const Message& message, View view, Height height) {
    const auto type = static_cast<MessageType>(message.index() + 1);
    // An ATT of another height than its header's would be the last word on this link.
    const bool fixed = type == MessageType::att;
    return seal(committee_, key_, {type, view, fixed ? height_ : height, me_}, encode_payload(message));
  }
  Observation observation() {
    Observation out;
    out.time = WallTime{random_()};
    out.feeds.resize(feeds_);
    return out;
  }
  Message lie() {
    switch (random_() % 3) {
      case 0:
        return ObsMessage{{}, std::nullopt, observation()};
      case 1:
        return PrepMessage{digest(), digest()};
      default:
        return any(1);
    }
  }
  Message any(std::size_t kind) {
    TipCertificate tip{genesis_header(committee_, feeds_), {}};
    tip.header.height = height_;
    PrepareCertificate prepare{view_, height_, digest(), digest(), (1U << committee_.quorum.agree()) - 1, {}};
    prepare.signatures.resize(committee_.quorum.agree());
    switch (kind) {
      case 0:
        return ObsMessage{{}, std::nullopt, observation()};
      case 1: {
        PropMessage message{tip.header, tip, {}, 0, {}};
        for (std::uint16_t i = 0; i < committee_.quorum.agree(); ++i) {
          message.observers.push_back({MemberIndex{i}, digest()});
        }
        return message;
      }
      case 2:
        return PrepMessage{digest(), digest()};
      case 3:
        return ShareMessage{digest(), 0, digest(), {}};
      case 4:
        return AttMessage{tip};
      case 5:
        return SignRequest{1, prepare, signers()};
      case 6:
        return NonceRequest{1, digest()};
      case 8:
        return WishMessage{};
      case 9:
        return VenterMessage{digest(), LockClaim{view_, digest()}, {}, std::nullopt};
      case 10:
        return ProofsMessage{tip, LockProof{tip.header, prepare, {}}};
      case 11:
        return GetMessage{Limits::range_batches};
      case 12:
        return RangeMessage{{random_bytes(2000), random_bytes(2000)}};
      case 14:
        return EchoMessage{{random_bytes(300)}};
      case 15:
        return PullMessage{{digest(), digest()}};
      case 16:
        return BodiesMessage{{random_bytes(500)}};
      case 17:
        return AskView{};
      default:
        return HelloMessage{};
    }
  }
  std::vector<SignedNonce> signers() const {
    std::vector<SignedNonce> out(committee_.quorum.agree());
    for (std::uint16_t i = 0; i < out.size(); ++i) out[i].member = MemberIndex{i};
    return out;
  }
  /// A link keeps their order: the summary of a view is there before what should prove it.
  Bytes entry() {
    const View view = std::max(view_, View{1});
    return std::exchange(entered_, view) != view ? claimant_.summary(view) : claimant_.proofs(view);
  }
  Bytes question() {
    switch (random_() % 4) {
      case 0:
        return say(any(13), view_, height_);
      case 1:
        return say(any(17), view_, height_);
      default:
        return say(any(11), view_, Height{1 + random_() % std::max<std::uint64_t>(height_.value, 1)});
    }
  }

  Committee committee_;
  std::uint32_t feeds_;
  MemberIndex me_;
  const IdentityKey& key_;
  Claimant claimant_;
  View view_;
  View entered_;
  Height height_{1};
  std::atomic<std::uint64_t> heard_{0};  ///< read by the flooding thread too
  std::mt19937_64 random_{1};
};

template <class T>
const T* read(const config::Loaded<T>& loaded, const char* file) {
  if (const auto* value = std::get_if<T>(&loaded)) return value;
  std::fprintf(stderr, "flooder: cannot read %s\n", file);
  return nullptr;
}

/// One turn on the mesh's thread: `burst` frames to each member that takes them.
void say_burst(PeerMesh& mesh, Flooder& flooder, const std::string& mode) {
  for (const LinkState& link : mesh.links()) {
    for (int i = 0; link.up && link.bytes_queued < queued_max && i < (mode == "huge" ? 1 : burst); ++i) {
      mesh.send(link.member, std::make_shared<const Bytes>(flooder.next(mode)));
    }
  }
}

[[noreturn]] void flood(PeerMesh& mesh, Flooder& flooder, const std::string& mode) {
  std::atomic<int> waiting{0};
  while (true) {
    if (waiting < 2) {
      ++waiting;
      mesh.post([&] {
        say_burst(mesh, flooder, mode);
        --waiting;
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // tidy: allow(sleep) the pace of the flood
    // The mesh reads by itself; a process that sleeps does not, and its kernel's buffers fill up.
    if (mode == "deaf" && flooder.heard() > 0) raise(SIGSTOP);
  }
}

int run(const char* network_file, const char* node_file, const std::string& mode) {
  const auto network_loaded = config::load_network(network_file);
  const auto node_loaded = config::load_node(node_file);
  const auto* network = read(network_loaded, network_file);
  const auto* node = read(node_loaded, node_file);
  if (network == nullptr || node == nullptr) return 2;
  const auto record_loaded = config::load_group(network->group_file);
  const auto* record = read(record_loaded, "the group file");
  const auto key = load_identity(node->identity_key_file, KeyGuard());
  if (record == nullptr || !key) return 2;
  const auto committee = make_committee(*record, network->name, config::config_digest(*network));
  if (!committee) return 2;
  std::vector<std::string> addresses(committee->quorum.n);
  for (const auto& peer : node->peers) addresses[peer.member.value] = peer.address;
  Flooder flooder(*committee, static_cast<std::uint32_t>(network->policy.feeds.size()), node->member, *key);
  MeshSettings settings{.me = node->member,
                        .listen = node->peer_listen,
                        .identities = committee->record.identities,
                        .addresses = std::move(addresses),
                        .key = *key,
                        .frame_size_max = 64U << 20};
  settings.queue_bytes_max = 256U << 20;
  auto mesh = PeerMesh::listen(settings, {.on_frame = [&](MemberIndex, const Bytes& frame) { flooder.hear(frame); },
                                          .on_up = [](MemberIndex) {},
                                          .on_down = [](MemberIndex, Error, const std::string&) {},
                                          .on_wake = [] {}});
  if (!mesh) return 3;
  std::thread loop([&] { (*mesh)->run(); });
  flood(**mesh, flooder, mode);
}

}  // namespace
}  // namespace assay::threshold

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: flooder NETWORK_FILE NODE_FILE garbage|huge|spam|lies|gets|deaf|new_views|proofs\n", stderr);
    return 2;
  }
  return assay::threshold::run(argv[1], argv[2], argv[3]);
}
