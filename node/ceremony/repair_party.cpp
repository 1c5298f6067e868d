#include "node/ceremony/repair_party.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "node/ceremony/links.hpp"
#include "node/ceremony/progress.hpp"
#include "node/system.hpp"
#include "threshold/ceremony/repair_machine.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

namespace {

namespace ceremony = threshold::ceremony;
using ceremony::RepairMachine;

/// After its last word a process stays this long, so that the word is on its way before the links end.
constexpr auto farewell = millis(300);

}  // namespace

struct RepairParty::Parts {
  Parts(RepairSettings the_settings, CeremonyKeys the_keys, std::function<void(const std::string&)> the_tell)
      : settings(std::move(the_settings)), keys(std::move(the_keys)), tell(std::move(the_tell)) {}

  std::optional<Failure> open_share();
  std::optional<Failure> open_machine();
  std::optional<Failure> open_mesh();
  const ceremony::Terms& terms() const { return settings.plan.terms; }

  // on the mesh's thread
  void handle(const ceremony::Event& event);
  void perform(const ceremony::Effect& effect);
  void progress();
  void once(std::uint16_t party, const char* what);
  void down(std::uint16_t party);
  void on_wake();
  void end() const { pthread_kill(main_thread, SIGTERM); }

  RepairSettings settings;
  CeremonyKeys keys;
  std::function<void(const std::string&)> tell;
  SystemEntropy entropy;
  std::unique_ptr<RepairMachine> machine;
  MonoTime leave_at{INT64_MAX};
  std::set<std::uint16_t> linked;
  std::set<std::pair<std::uint16_t, std::string>> told;

  // the mesh's thread writes them, run() reads them after the join
  std::optional<CeremonyReport> report;
  std::optional<Failure> failure;
  pthread_t main_thread = pthread_self();
  std::unique_ptr<threshold::PeerMesh> mesh;
};

/// The member's own file may hold what an earlier run has got back.
std::optional<Failure> RepairParty::Parts::open_share() {
  const bool is_member = terms().party_of(keys.identity.public_key()) == 0;
  if (!is_member || !std::filesystem::exists(settings.share_file)) {
    return std::nullopt;
  }
  auto stored = threshold::load_share(settings.share_file, keys.guard);
  if (!stored) {
    return cannot(settings.share_file, stored.error(), Exit::usage);
  }
  keys.old_share = std::move(*stored);
  return std::nullopt;
}

std::optional<Failure> RepairParty::Parts::open_machine() {
  const auto* share = keys.old_share ? &keys.old_share->share : nullptr;
  auto made =
      RepairMachine::make({terms(), settings.timeout, settings.resend}, keys.identity, share, entropy, mono_now());
  if (made) {
    machine = std::move(*made);
    return std::nullopt;
  }
  const auto* text = made.error().code == Errc::unknown_member ? "this identity takes no part in the repair"
                     : share == nullptr                        ? "this member helps: name its share file with --share"
                                        : "the share is not the one that the record names for this member";
  return Failure{Exit::usage, text};
}

std::optional<Failure> RepairParty::Parts::open_mesh() {
  auto opened =
      open_ceremony_mesh(settings.plan, keys.identity, settings.listen,
                         {.on_frame =
                              [this](MemberIndex peer, Bytes frame) {
                                if (!is_of_ceremony(terms(), frame)) {
                                  return once(peer.value, "runs another ceremony: compare the files");
                                }
                                handle(ceremony::FromPeer{std::move(frame)});
                              },
                          .on_up =
                              [this](MemberIndex peer) {
                                linked.insert(peer.value);
                                once(peer.value, "connected");
                                handle(ceremony::Met{peer.value});
                              },
                          .on_down = [this](MemberIndex peer, Error, const std::string&) { down(peer.value); },
                          .on_wake = [this] { on_wake(); }});
  if (auto* failed = std::get_if<Failure>(&opened)) {
    return std::move(*failed);
  }
  mesh = std::move(std::get<std::unique_ptr<threshold::PeerMesh>>(opened));
  return std::nullopt;
}

void RepairParty::Parts::once(std::uint16_t party, const char* what) {
  if (told.emplace(party, what).second) {
    tell(party_name(terms(), party) + ": " + what);
  }
}

void RepairParty::Parts::progress() {
  for (std::uint16_t party = 1; party < terms().parties.size(); ++party) {
    if (machine->has_split(party)) {
      once(party, "has split its part");
    }
    if (machine->has_added(party)) {
      once(party, "has added up");
    }
  }
}

void RepairParty::Parts::handle(const ceremony::Event& event) {
  for (const auto& effect : machine->step(event, mono_now())) {
    perform(effect);
  }
  progress();
  mesh->wake_at(std::min(machine->next_deadline(), leave_at));
}

void RepairParty::Parts::perform(const ceremony::Effect& effect) {
  if (const auto* send = std::get_if<ceremony::Send>(&effect)) {
    mesh->send(MemberIndex{send->to}, send->frame);
  }
  if (const auto* broadcast = std::get_if<ceremony::Broadcast>(&effect)) {
    mesh->broadcast(broadcast->frame);
  }
  if (const auto* persist = std::get_if<ceremony::PersistShare>(&effect)) {
    const auto stored = store_ceremony_share(terms(), *persist, settings.share_file, keys.guard, entropy);
    if (!stored) {
      failure = cannot(settings.share_file, stored.error());
      return end();
    }
    mesh->post([this, id = persist->id] { handle(ceremony::Persisted{id}); });
  }
  if (std::holds_alternative<ceremony::Repaired>(effect)) {
    report = CeremonyReport{CeremonyEnd::activated, terms().old, !machine->is_helper(), {}};
    leave_at = mono_now() + (machine->is_helper() ? farewell : settings.linger);
  }
  if (const auto* failed = std::get_if<ceremony::Failed>(&effect)) {
    report = CeremonyReport{CeremonyEnd::cancelled, std::nullopt, false, {}};
    for (const auto& blame : failed->blames) {
      report->blames.push_back({blame.party, blame.offence, {}});
    }
    leave_at = mono_now() + farewell;
  }
}

/// A helper goes when it was told that all is well; the member stays for those who are there.
void RepairParty::Parts::down(std::uint16_t party) {
  if (linked.erase(party) > 0 && linked.empty() && machine->stage() == RepairMachine::Stage::repaired) {
    end();
  }
}

void RepairParty::Parts::on_wake() {
  if (mono_now() >= leave_at) {
    return end();
  }
  handle(ceremony::Tick{});
}

RepairParty::RepairParty(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RepairParty::~RepairParty() = default;

std::variant<std::unique_ptr<RepairParty>, Failure> RepairParty::open(RepairSettings settings, CeremonyKeys keys,
                                                                      std::function<void(const std::string&)> tell) {
  auto parts = std::make_unique<Parts>(std::move(settings), std::move(keys), std::move(tell));
  for (const auto open_part : {&Parts::open_share, &Parts::open_machine, &Parts::open_mesh}) {
    if (auto failed = (parts.get()->*open_part)()) {
      return std::move(*failed);
    }
  }
  return std::unique_ptr<RepairParty>(new RepairParty(std::move(parts)));
}

std::variant<CeremonyReport, Failure> RepairParty::run(const StopSignals& signals) {
  auto& parts = *parts_;
  std::thread committee([&parts] {
    parts.handle(ceremony::Tick{});
    parts.mesh->run();
  });
  signals.wait();
  parts.mesh->stop();
  committee.join();
  if (parts.failure) {
    return std::move(*parts.failure);
  }
  return parts.report.value_or(CeremonyReport{});
}

}  // namespace assay::node
