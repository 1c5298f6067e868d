// A member that lies, for the end-to-end tests only: the real machine, mesh, keys and files of a node, but each peer of
// higher index is shown another proposal than the rest. It observes nothing and serves nobody.
//   byzantine_member NETWORK_FILE NODE_FILE
#include <fmt/format.h>

#include <thread>

#include "config/digest.hpp"
#include "node/config_files.hpp"
#include "node/driver.hpp"
#include "node/log.hpp"
#include "node/node_keys.hpp"
#include "node/restore.hpp"
#include "node/system.hpp"
#include "publisher/audit/ledger.hpp"
#include "threshold/codec.hpp"
#include "threshold/envelope.hpp"
#include "threshold/io/peer_mesh.hpp"
#include "threshold/io/safety_log.hpp"

namespace assay::node {
namespace {

struct Liar {
  config::NetworkSettings network;
  config::NodeSettings settings;
  threshold::Committee committee;
  NodeKeys keys;
  SystemEntropy entropy;
  std::unique_ptr<publisher::Ledger> ledger;
  std::unique_ptr<threshold::SafetyLog> safety_log;
  std::unique_ptr<threshold::PeerMesh> mesh;
  std::unique_ptr<Driver> driver;

  std::uint32_t feed_count() const { return static_cast<std::uint32_t>(network.policy.feeds.size()); }

  /// The same proposal without signers: as good as the first, and another one.
  threshold::SharedFrame shown_to(MemberIndex to, const threshold::SharedFrame& frame) const {
    const auto envelope = threshold::open_envelope(committee, *frame);
    if (!envelope || envelope->type != threshold::MessageType::prop || to.value + 1 < committee.quorum.n) return frame;
    auto message = threshold::decode_payload(envelope->type, envelope->payload, {committee.quorum, feed_count()});
    auto* proposal = message ? std::get_if<threshold::PropMessage>(&*message) : nullptr;
    if (proposal == nullptr || proposal->signers == 0) return frame;
    proposal->signers = 0;
    const threshold::Scope scope{envelope->type, envelope->view, envelope->height, envelope->sender};
    return std::make_shared<const Bytes>(
        threshold::seal(committee, keys.identity, scope, threshold::encode_payload(*message)));
  }

  void send(MemberIndex to, const threshold::SharedFrame& frame) { mesh->send(to, shown_to(to, frame)); }
  void broadcast(const threshold::SharedFrame& frame) {
    for (std::uint16_t i = 0; i < committee.quorum.n; ++i) {
      if (MemberIndex{i} != settings.member) send(MemberIndex{i}, frame);
    }
  }

  Observation observe(threshold::Now now) const {
    return {now.wall, std::vector<std::optional<ObservationEntry>>(feed_count())};
  }

  DriverPorts ports() {
    return {.now =
                [] {
                  return threshold::Now{mono_now(), wall_now()};
                },
            .persist = [this](std::uint64_t id, Bytes record) { (void)safety_log->append(id, std::move(record)); },
            .send = [this](MemberIndex to, threshold::SharedFrame frame) { send(to, frame); },
            .broadcast = [this](const threshold::SharedFrame& frame) { broadcast(frame); },
            .observe = [this](threshold::Now now) { return observe(now); },
            .attested =
                [this](const threshold::Attested& event) {
                  const std::vector one{event.batch};
                  (void)ledger->append(one);
                  mesh->post([this, tip = event.batch->header.height] { driver->handle(threshold::Stored{tip}); });
                },
            .read_ledger =
                [this](const threshold::ReadLedger& request) {
                  mesh->post([this, peer = request.peer] { driver->handle(threshold::LedgerRange{peer, {}}); });
                },
            .note = [](const threshold::Note& note) { log_note(note, mono_now()); },
            .accuse = [](const threshold::Accuse& accuse) { log_accusation(accuse.verdict); },
            .stop = [](Error error) { log_error(fmt::format("stops: {}", error.detail)); },
            .disconnect = [this](MemberIndex member) { mesh->disconnect(member); },
            .wake_at = [this](MonoTime deadline) { mesh->wake_at(deadline); },
            .status = [](const threshold::ProtocolStatus&) {}};
  }

  bool open_mesh() {
    std::vector<std::string> addresses(committee.quorum.n);
    for (const auto& peer : settings.peers) addresses[peer.member.value] = peer.address;
    const auto rate = threshold::peer_rate(committee.quorum, feed_count(), network.timing);
    auto opened =
        threshold::PeerMesh::listen({.me = settings.member,
                                     .listen = settings.peer_listen,
                                     .identities = committee.record.identities,
                                     .addresses = std::move(addresses),
                                     .key = keys.identity,
                                     .frame_size_max = threshold::frame_bytes_max(committee.quorum, feed_count()),
                                     .frames_per_second = rate.frames_per_second,
                                     .bytes_per_second = rate.bytes_per_second},
                                    {.on_frame =
                                         [this](MemberIndex peer, Bytes frame) {
                                           driver->handle(threshold::FromPeer{peer, std::move(frame)});
                                         },
                                     .on_up = [this](MemberIndex peer) { driver->handle(threshold::PeerUp{peer}); },
                                     .on_down = [](MemberIndex, Error, const std::string&) {},
                                     .on_wake = [this] { driver->handle(threshold::Tick{}); }});
    if (opened) mesh = std::move(*opened);
    return mesh != nullptr;
  }

  bool open() {
    auto file = publisher::Ledger::open(settings.data_dir / "ledger.sqlite",
                                        threshold::genesis_header(committee, feed_count()));
    auto log = threshold::SafetyLog::open(
        settings.data_dir / "safety.log",
        {.network = committee.network, .member = settings.member, .epoch = committee.epoch}, threshold::record_height);
    if (!file || !log || !open_mesh()) return false;
    ledger = std::move(*file);
    safety_log = std::move(log->log);
    auto restored = restore(*ledger, *log, committee, settings.member);
    if (!restored) return false;
    auto protocol = threshold::Protocol::make(
        {.me = settings.member, .committee = committee, .timing = network.timing, .policy = network.policy},
        keys.identity, keys.share, std::move(*restored), entropy, {mono_now(), wall_now()});
    if (!protocol) return false;
    driver = std::make_unique<Driver>(std::move(*protocol), ports());
    return true;
  }

  void run() {
    std::thread disk([this] {
      safety_log->run(
          [this](std::uint64_t id) { mesh->post([this, id] { driver->handle(threshold::Persisted{id}); }); },
          [](Error error) { log_error(error.detail); });
    });
    driver->handle(threshold::Tick{});
    mesh->run();  // until the test kills the process
    disk.join();
  }
};

int lie(const char* network_file, const char* node_file) {
  const auto network = read_network(network_file);
  const auto settings = read_node(node_file);
  const auto record = network ? read_group(network->group_file) : std::nullopt;
  if (!record || !settings) return 2;
  auto committee = threshold::make_committee(*record, network->name, config::config_digest(*network));
  if (!committee) return 2;
  start_log("liar");
  auto keys = open_keys(*committee, *network, *settings);
  if (auto* failure = std::get_if<Failure>(&keys)) return log_error(failure->text), 3;
  Liar liar{*network, *settings, *committee, std::move(std::get<NodeKeys>(keys)), {}, {}, {}, {}, {}};
  if (!liar.open()) return log_error("cannot open"), 3;
  liar.run();
  return 0;
}

}  // namespace
}  // namespace assay::node

int main(int argc, char** argv) {
  return argc == 3 ? assay::node::lie(argv[1], argv[2]) : 2;
}
