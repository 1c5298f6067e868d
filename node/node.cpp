#include "node/node.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "node/driver.hpp"
#include "node/epoch_watch.hpp"
#include "node/evidence_desk.hpp"
#include "node/failure.hpp"
#include "node/log.hpp"
#include "node/mailbox.hpp"
#include "node/metrics.hpp"
#include "node/node_keys.hpp"
#include "node/pid_file.hpp"
#include "node/price_desk.hpp"
#include "node/restore.hpp"
#include "node/status.hpp"
#include "node/storage.hpp"
#include "node/system.hpp"
#include "publisher/audit/ledger.hpp"
#include "publisher/audit/postgres_writer.hpp"
#include "publisher/io/server.hpp"
#include "threshold/io/peer_mesh.hpp"
#include "threshold/io/safety_log.hpp"

namespace assay::node {

namespace {

/// A newest header older than this many ticks means that the network, or this node's view of it, stands still.
constexpr std::int64_t stale_ticks = 8;
constexpr auto stale_floor = millis(2000);

/// Why a part could not be opened; none when it was.
using Opened = std::optional<Failure>;

}  // namespace

struct Node::Parts {
  Parts(threshold::Committee the_committee, EpochFiles the_files, NodeKeys the_keys)
      : committee(std::move(the_committee)),
        files(std::move(the_files)),
        keys(std::move(the_keys)),
        genesis(threshold::genesis_header(committee, static_cast<std::uint32_t>(network.policy.feeds.size()))),
        desk(network.policy) {}

  Opened open_evidence();
  Opened open_ledger();
  Opened open_mesh();
  Opened open_protocol();
  Opened open_faces();
  std::string ledger_file() const { return settings.data_dir / "ledger.sqlite"; }
  std::string safety_file() const { return files.safety_log; }
  void end(Exit code, std::string text);
  void attested(const threshold::Attested& event);
  void tell_audit();
  void staged(const StageState& state, const EpochFiles* next);
  void show(const threshold::ProtocolStatus& now);
  void follow_epochs(const threshold::ProtocolStatus& now);
  DriverPorts ports();
  publisher::ServerHooks hooks();
  void start_threads();
  void stop_threads();

  // configuration
  threshold::Committee committee;
  EpochFiles files;
  const config::NetworkSettings& network = files.network;
  const config::NodeSettings& settings = files.settings;
  NodeKeys keys;
  Header genesis;
  SystemEntropy entropy;

  // owned by the committee thread once it runs
  std::unique_ptr<Driver> driver;

  bool leaving_epoch = false;  ///< the main thread was woken to begin the next one

  // where threads meet
  PriceDesk desk;  ///< the committee thread observes; the publisher asks why
  StatusBoard status;
  Metrics metrics;
  Guarded<Failure> ending;
  pthread_t main_thread = pthread_self();

  // components, each with a run() for a lent thread
  std::optional<EvidenceDesk> evidence;  ///< storage thread
  std::unique_ptr<publisher::Ledger> ledger;
  std::unique_ptr<Storage> storage;
  std::unique_ptr<threshold::SafetyLog> safety_log;
  std::unique_ptr<threshold::PeerMesh> mesh;
  std::unique_ptr<VenueRun> venues;
  std::unique_ptr<EpochWatch> watch;
  std::unique_ptr<publisher::Server> server;
  std::unique_ptr<publisher::PostgresWriter> audit;
  publisher::AuditState audit_state = publisher::AuditState::idle;  ///< storage thread: what was last logged
  std::vector<std::thread> threads;
};

/// Ends the process in good order: remembers the first reason and wakes the main thread. Any thread.
void Node::Parts::end(Exit code, std::string text) {
  ending.update([&](Failure& failure) {
    if (failure.text.empty()) {
      failure = {code, std::move(text)};
    }
  });
  pthread_kill(main_thread, SIGTERM);
}

void Node::Parts::attested(const threshold::Attested& event) {
  const auto now = wall_now();
  metrics.attested(*event.batch, event.live, now);
  status.attested(*event.batch, event.live, now);
  if (!storage->append(event.batch)) {
    end(Exit::environment, "the ledger's disk is hopelessly late: its queue is full");
  }
  server->publish(event.batch);
}

DriverPorts Node::Parts::ports() {
  return {.now =
              [] {
                return threshold::Now{mono_now(), wall_now()};
              },
          .persist =
              [this](std::uint64_t id, Bytes record) {
                if (const auto queued = safety_log->append(id, std::move(record)); !queued) {
                  end(Exit::environment, error_text(safety_file(), queued.error()));
                }
              },
          .send = [this](MemberIndex to, threshold::SharedFrame frame) { mesh->send(to, std::move(frame)); },
          .broadcast = [this](const threshold::SharedFrame& frame) { mesh->broadcast(frame); },
          .observe = [this](threshold::Now now) { return desk.observe(venues->quotes.take_all(), now.mono, now.wall); },
          .attested = [this](const threshold::Attested& event) { attested(event); },
          .read_ledger = [this](const threshold::ReadLedger& request) { storage->read(request); },
          .note =
              [this](const threshold::Note& note) {
                metrics.note(note.code);
                log_note(note, mono_now());
              },
          .accuse =
              [this](const threshold::Accuse& accuse) {
                log_accusation(accuse.verdict);
                metrics.accused(accuse.verdict.kind);
                storage->keep(accuse);
              },
          .stop = [this](Error error) { end(Exit::no, error_text("refusing to go on", error)); },
          .disconnect = [this](MemberIndex member) { mesh->disconnect(member); },
          .wake_at = [this](MonoTime deadline) { mesh->wake_at(deadline); },
          .status =
              [this](const threshold::ProtocolStatus& now) {
                show(now);
                follow_epochs(now);
              }};
}

void Node::Parts::show(const threshold::ProtocolStatus& now) {
  status.protocol(now);
  metrics.protocol(now);
}

publisher::ServerHooks Node::Parts::hooks() {
  return {.readiness = [this] { return status.readiness(wall_now()); },
          .metrics_text =
              [this] {
                metrics.venues(venues->states());
                metrics.sources(network.policy, desk.table());
                if (audit) {
                  metrics.audit(audit->status());
                }
                return metrics.text();
              },
          .batch_at = [this](Height height) { return ledger->at(height); },
          .explain_json = [this](std::string_view symbol) { return desk.explain(symbol); },
          .status_json =
              [this] {
                return status.json(wall_now(), venues->states(), audit ? std::optional(audit->status()) : std::nullopt);
              },
          .venues_json = [this] { return desk.venues(venues->states()); },
          .earlier_feeds = files.earlier_feeds};
}

/// On the storage thread, each time the ledger grew: wakes the audit writer and logs when its state has changed.
void Node::Parts::tell_audit() {
  if (!audit) {
    return;
  }
  audit->notify();
  const auto now = audit->status();
  if (now.state != audit_state) {
    audit_state = now.state;
    const auto text =
        fmt::format("audit store: {}, height {} of {}{}{}", name(now.state), now.written.value, now.tip.value,
                    now.failures == 0 ? "" : ", last error ", now.failures == 0 ? "" : name(now.last_error.code));
    now.state == publisher::AuditState::conflict ? log_error(text) : log_info(text);
  }
}

Opened Node::Parts::open_evidence() {
  auto opened = EvidenceDesk::open(settings.data_dir);
  if (!opened) {
    return cannot(evidence_folder(settings.data_dir), opened.error());
  }
  evidence = std::move(*opened);
  status.evidence(evidence->kept());
  return std::nullopt;
}

Opened Node::Parts::open_ledger() {
  auto opened = publisher::Ledger::open(ledger_file(), genesis);
  if (!opened) {
    return Failure{Exit::environment, ledger_problem(ledger_file(), opened.error())};
  }
  ledger = std::move(*opened);
  storage = std::make_unique<Storage>(
      *ledger,
      Storage::Hooks{.grown =
                         [this](Height tip) {
                           metrics.ledger_tip(tip);
                           safety_log->keep_above(tip);
                           mesh->post([this, tip] { driver->handle(threshold::Stored{tip}); });
                           tell_audit();
                         },
                     .range =
                         [this](MemberIndex peer, std::vector<Batch> range) {
                           mesh->post([this, peer, batches = std::move(range)]() mutable {
                             driver->handle(threshold::LedgerRange{peer, std::move(batches)});
                           });
                         },
                     .accused =
                         [this](const threshold::Accuse& accuse) {
                           evidence->keep(accuse);
                           status.evidence(evidence->kept());
                           tell_audit();
                         },
                     .failed = [this](Error error) { end(Exit::environment, ledger_problem(ledger_file(), error)); }});
  return std::nullopt;
}

Opened Node::Parts::open_mesh() {
  std::vector<std::string> addresses(committee.quorum.n);
  for (const auto& peer : settings.peers) {
    addresses[peer.member.value] = peer.address;
  }
  const auto feed_count = static_cast<std::uint32_t>(network.policy.feeds.size());
  const auto rate = threshold::peer_rate(committee.quorum, feed_count, network.timing);
  const threshold::MeshSettings mesh_settings{
      .me = settings.member,
      .listen = settings.peer_listen,
      .identities = committee.record.identities,
      .addresses = std::move(addresses),
      .key = keys.identity,
      .frame_size_max = threshold::frame_bytes_max(committee.quorum, feed_count),
      .frames_per_second = rate.frames_per_second,
      .bytes_per_second = rate.bytes_per_second,
      .queue_bytes_max = threshold::peer_queue_bytes(committee.quorum, feed_count),
      .strangers_per_second = rate.strangers_per_second,
      .backoff_min = std::min(millis(50), rate.redial_max),
      .backoff_max = rate.redial_max,
      .links_per_second = rate.links_per_second};
  auto opened = threshold::PeerMesh::listen(
      mesh_settings, {.on_frame =
                          [this](MemberIndex peer, Bytes frame) {
                            driver->handle(threshold::FromPeer{peer, std::move(frame)});
                          },
                      .on_up =
                          [this](MemberIndex peer) {
                            log_info(fmt::format("link to member {} is up", peer.value));
                            driver->handle(threshold::PeerUp{peer});
                          },
                      .on_down =
                          [this](MemberIndex peer, Error error, const std::string& text) {
                            log_info(fmt::format("link to member {}: {}: {}", peer.value, name(error.code), text));
                            driver->handle(threshold::PeerDown{peer});
                          },
                      .on_wake = [this] { driver->handle(threshold::Tick{}); }});
  if (!opened) {
    return cannot("peer_listen " + settings.peer_listen, opened.error());
  }
  mesh = std::move(*opened);
  return std::nullopt;
}

Opened Node::Parts::open_protocol() {
  const auto file = safety_file();
  auto log = threshold::SafetyLog::open(
      file, {.network = committee.network, .member = settings.member, .epoch = committee.epoch},
      threshold::record_height);
  if (!log) {
    return cannot(file, log.error(), log.error().code == Errc::log_corrupt ? Exit::no : Exit::environment);
  }
  safety_log = std::move(log->log);
  auto restored = restore(*ledger, *log, committee, settings.member);
  if (!restored) {
    return Failure{Exit::environment, ledger_problem(ledger_file(), restored.error())};
  }
  const Height tip = restored->tip.height;
  safety_log->keep_above(tip);
  log_info(fmt::format("height {}, {} safety records{}", tip.value, restored->records.size(),
                       log->first_start ? ", first start" : ""));
  auto protocol = threshold::Protocol::make(
      {.me = settings.member, .committee = committee, .timing = network.timing, .policy = network.policy},
      keys.identity, keys.share, std::move(*restored), entropy, {mono_now(), wall_now()});
  if (!protocol) {
    return cannot(file, protocol.error(), Exit::no);
  }
  show((*protocol)->status());  // who asks before the first step hears what the disks say
  driver = std::make_unique<Driver>(std::move(*protocol), ports());
  return std::nullopt;
}

Opened Node::Parts::open_faces() {
  std::vector<FeedTerms> feeds;
  for (const auto& feed : network.policy.feeds) {
    feeds.push_back(feed.terms);
  }
  const auto stale = std::max(stale_floor, stale_ticks * network.timing.tick);
  status.configure({.member = settings.member, .members = committee.quorum.n, .stale_after = stale});
  publisher::ServerSettings face{.listen = settings.http_listen};
  const auto descriptors = raise_descriptor_limit();
  if (const auto room = connections_within(descriptors, face.connections_max); room < face.connections_max) {
    log_warning(fmt::format("only {} clients at a time: {} descriptors (ulimit -n, LimitNOFILE=)", room, descriptors));
    face.connections_max = room;
  }
  auto listening =
      publisher::Server::listen(std::move(face), feeds, committee.network, committee.record.group_key, hooks());
  if (!listening) {
    return cannot("http_listen " + settings.http_listen, listening.error());
  }
  server = std::move(*listening);
  if (!venues) {
    venues = std::make_unique<VenueRun>(network, settings, nullptr);
  }
  watch =
      std::make_unique<EpochWatch>(files, keys, genesis, venues->gates(),
                                   [this](const StageState& state, const EpochFiles* next) { staged(state, next); });
  if (settings.postgres_url) {
    feeds.insert(feeds.end(), files.earlier_feeds.begin(), files.earlier_feeds.end());
    audit = publisher::PostgresWriter::make({.url = *settings.postgres_url,
                                             .ledger = ledger_file(),
                                             .evidence = evidence_folder(settings.data_dir),
                                             .feeds = std::move(feeds)});
  }
  return std::nullopt;
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Node::~Node() = default;

/// On the watch's thread.
void Node::Parts::staged(const StageState& state, const EpochFiles* next) {
  status.stage(state);
  std::vector<PublicKey> guests;
  if (next != nullptr) {
    for (const auto& identity : next->record.identities) {
      if (std::ranges::find(files.record.identities, identity) == files.record.identities.end()) {
        guests.push_back(identity);
      }
    }
  }
  mesh->post([this, digest = state.next_epoch, guests = std::move(guests)] {
    mesh->admit(guests);  // who joins fetches the chain before it takes part
    driver->handle(threshold::Staged{digest});
  });
}

/// On the committee thread, after each step.
void Node::Parts::follow_epochs(const threshold::ProtocolStatus& now) {
  if (now.switch_height.value != 0) {
    watch->announced(now.next_epoch);
  }
  const auto held = watch->state();
  const bool goes_on = now.part == threshold::Part::ended && now.staged == now.next_epoch && !held.leaving;
  if (!goes_on || leaving_epoch) {
    return;
  }
  leaving_epoch = true;
  log_info(fmt::format("epoch {} ends with height {}", committee.epoch.value, now.tip.value));
  pthread_kill(main_thread, SIGUSR1);
}

std::variant<std::unique_ptr<Node>, Failure> Node::open(EpochFiles files, std::unique_ptr<VenueRun> venues) {
  const auto& network = files.network;
  const auto& settings = files.settings;
  auto committee = files.committee();
  if (!committee) {
    return cannot("group file", committee.error(), Exit::usage);
  }
  if (auto fault = group_fault(committee->record, network)) {
    return *fault;
  }
  auto keys = open_keys(*committee, network, settings);
  if (const auto* failure = std::get_if<Failure>(&keys)) {
    return *failure;
  }
  threshold::secret_memory_is_locked()
      ? log_info("secret memory is locked")
      : log_warning("secret memory is not locked and may reach the swap: raise the limit (ulimit -l, LimitMEMLOCK=)");
  std::error_code failed;
  std::filesystem::create_directories(settings.data_dir, failed);
  auto parts = std::make_unique<Parts>(std::move(*committee), std::move(files), std::move(std::get<NodeKeys>(keys)));
  parts->venues = std::move(venues);
  for (const auto open_part :
       {&Parts::open_evidence, &Parts::open_ledger, &Parts::open_mesh, &Parts::open_protocol, &Parts::open_faces}) {
    if (auto failure = (parts.get()->*open_part)()) {
      return *failure;
    }
  }
  return std::unique_ptr<Node>(new Node(std::move(parts)));
}

void Node::Parts::start_threads() {
  threads.emplace_back([this] {
    driver->handle(threshold::Tick{});
    mesh->run();
  });
  threads.emplace_back([this] {
    safety_log->run([this](std::uint64_t id) { mesh->post([this, id] { driver->handle(threshold::Persisted{id}); }); },
                    [this](Error error) { end(Exit::environment, error_text(safety_file(), error)); });
  });
  threads.emplace_back([this] { storage->run(); });
  threads.emplace_back([this] { server->run(); });
  threads.emplace_back([this] { watch->run(); });
  if (audit) {
    threads.emplace_back([this] { audit->run(); });
  }
}

void Node::Parts::stop_threads() {
  mesh->stop();
  safety_log->stop();
  storage->stop();  // drains what was attested
  server->stop();
  if (audit) {
    audit->stop();
  }
  watch->stop();
  for (auto& thread : threads) {
    thread.join();
  }
  threads.clear();
}

Node::Ended Node::run(const StopSignals& signals) {
  const auto pid_path = parts_->settings.data_dir / "pid";
  const auto pid_file = PidFile::claim(pid_path);
  if (!pid_file) {
    return {cannot(pid_path, pid_file.error()), std::nullopt, nullptr, nullptr};
  }
  log_info(fmt::format("epoch {}, member {} of {}, peers on {}, http on {}", parts_->committee.epoch.value,
                       parts_->settings.member.value, parts_->committee.quorum.n, parts_->settings.peer_listen,
                       parts_->settings.http_listen));
  parts_->start_threads();
  const auto why = signals.wait();
  parts_->stop_threads();
  Ended ended{parts_->ending.read(), std::nullopt, std::move(parts_->venues), nullptr};
  if (why == StopSignals::Why::woken && ended.failure.text.empty()) {
    ended.next = parts_->watch->take_files();
    ended.next_venues = parts_->watch->take_venues();
  }
  return ended;
}

}  // namespace assay::node
