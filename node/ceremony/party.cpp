#include "node/ceremony/party.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "config/load.hpp"
#include "core/bytes.hpp"
#include "node/ceremony/links.hpp"
#include "node/ceremony/progress.hpp"
#include "node/mailbox.hpp"
#include "node/system.hpp"
#include "threshold/evidence/verify.hpp"
#include "threshold/io/file.hpp"
#include "threshold/io/peer_mesh.hpp"
#include "threshold/io/safety_log.hpp"

namespace assay::node {

namespace {

namespace ceremony = threshold::ceremony;
using ceremony::Stage;

/// After its last word a process stays this long, so that the word is on its way before the links end.
constexpr auto farewell = millis(300);
constexpr auto reminder = millis(10'000);

std::string short_id(const ceremony::Terms& terms) {
  return to_hex(terms.id.bytes).substr(0, 16);
}

}  // namespace

struct CeremonyParty::Parts {
  Parts(CeremonySettings the_settings, CeremonyKeys the_keys, std::function<void(const std::string&)> the_tell)
      : settings(std::move(the_settings)),
        keys(std::move(the_keys)),
        tell(std::move(the_tell)),
        progress(settings.plan.terms, tell) {}

  std::optional<Failure> open_log();
  std::optional<Failure> open_mesh();
  std::optional<Failure> open_machine();
  std::filesystem::path log_file() const { return settings.folder / fmt::format("ceremony-{}.log", short_id(terms())); }
  const ceremony::Terms& terms() const { return settings.plan.terms; }

  // on the mesh's thread
  void handle(const ceremony::Event& event);
  void perform(const ceremony::Effect& effect);
  void perform_persist_share(const ceremony::PersistShare& effect);
  void perform_activate(const ceremony::Activate& effect);
  void perform_failed(const ceremony::Failed& effect);
  void on_wake();
  void schedule();
  bool all_are_through() const;
  void leave_by(MonoTime at) { leave_at = std::min(leave_at, at); }

  void end();                  ///< any thread: wakes the main one
  void fail(Failure failure);  ///< any thread: the first one counts

  CeremonySettings settings;
  CeremonyKeys keys;
  std::function<void(const std::string&)> tell;
  SystemEntropy entropy;

  CeremonyProgress progress;
  std::unique_ptr<ceremony::Machine> machine;
  std::vector<Bytes> records;
  MonoTime leave_at{INT64_MAX};
  MonoTime reminded{};

  std::optional<CeremonyReport> report;  ///< the mesh's thread writes it, run() reads it after the join
  Guarded<std::optional<Failure>> failure;
  pthread_t main_thread = pthread_self();
  std::unique_ptr<threshold::SafetyLog> log;
  std::unique_ptr<threshold::PeerMesh> mesh;
};

void CeremonyParty::Parts::end() {
  pthread_kill(main_thread, SIGTERM);
}

void CeremonyParty::Parts::fail(Failure reason) {
  failure.update([&](std::optional<Failure>& first) {
    if (!first) {
      first = std::move(reason);
    }
  });
  end();
}

void CeremonyParty::Parts::handle(const ceremony::Event& event) {
  for (const auto& effect : machine->step(event, mono_now())) {
    perform(effect);
  }
  progress.update(*machine);
  if (machine->stage() == Stage::activated && report && all_are_through()) {
    leave_by(mono_now() + farewell);
  }
  schedule();
}

void CeremonyParty::Parts::perform(const ceremony::Effect& effect) {
  if (const auto* persist = std::get_if<ceremony::Persist>(&effect)) {
    if (const auto queued = log->append(persist->id, persist->record); !queued) {
      fail(cannot(log_file(), queued.error()));
    }
  }
  if (const auto* persist = std::get_if<ceremony::PersistShare>(&effect)) {
    perform_persist_share(*persist);
  }
  if (const auto* send = std::get_if<ceremony::Send>(&effect)) {
    mesh->send(MemberIndex{send->to}, send->frame);
  }
  if (const auto* broadcast = std::get_if<ceremony::Broadcast>(&effect)) {
    mesh->broadcast(broadcast->frame);
  }
  if (const auto* activate = std::get_if<ceremony::Activate>(&effect)) {
    perform_activate(*activate);
  }
  if (const auto* failed = std::get_if<ceremony::Failed>(&effect)) {
    perform_failed(*failed);
  }
}

void CeremonyParty::Parts::perform_persist_share(const ceremony::PersistShare& effect) {
  const auto stored = store_ceremony_share(terms(), effect, settings.share_file, keys.guard, entropy);
  if (!stored) {
    return fail(cannot(settings.share_file, stored.error()));
  }
  mesh->post([this, id = effect.id] { handle(ceremony::Persisted{id}); });
}

void CeremonyParty::Parts::perform_activate(const ceremony::Activate& effect) {
  if (std::filesystem::exists(settings.group_file)) {
    const auto before = config::load_group(settings.group_file);
    const auto* record = std::get_if<threshold::EpochRecord>(&before);
    if (record == nullptr || *record != effect.record) {
      return fail({Exit::environment, settings.group_file.string() +
                                          ": it holds something else than this epoch record; "
                                          "name another file and run this again"});
    }
  } else if (const auto written =
                 threshold::replace_file(settings.group_file, as_bytes(config::emit_group(effect.record)), 0644);
             !written) {
    return fail(cannot(settings.group_file, written.error()));
  }
  const bool holds_share = terms().parties[machine->me()].member.has_value();
  if (holds_share && !std::filesystem::exists(settings.share_file)) {
    return fail({Exit::no, settings.share_file.string() +
                               ": this ceremony is over and well, but its share is not here any more; `assay repair` "
                               "gives a lost one back"});
  }
  report = CeremonyReport{CeremonyEnd::activated, effect.record, holds_share, {}};
  tell(fmt::format("over and well: group key {}", to_hex(effect.record.group_key.bytes)));
  leave_by(mono_now() + settings.linger);
}

void CeremonyParty::Parts::perform_failed(const ceremony::Failed& effect) {
  report = CeremonyReport{effect.final ? CeremonyEnd::cancelled : CeremonyEnd::open, std::nullopt, false, {}};
  for (const auto& blame : effect.blames) {
    report->blames.push_back({blame.party, blame.offence, {}});
    if (blame.evidence.empty()) {
      continue;
    }
    const auto file =
        settings.folder / fmt::format("evidence-{}-{}-{}.bin", short_id(terms()), blame.party, name(blame.offence));
    const bool by_record = blame.offence == ceremony::Offence::bad_test_share;
    const auto proof = threshold::evidence::ceremony_evidence(
        settings.plan.proposal, terms().old, by_record ? machine->record() : std::nullopt, blame.evidence);
    const std::string_view bytes(reinterpret_cast<const char*>(proof.data()), proof.size());
    if (const auto done = config::write_text(file, bytes); !done) {
      fail(cannot(file, done.error()));
    }
    report->blames.back().evidence = file;
  }
  leave_by(mono_now() + (effect.final ? farewell : settings.linger));
}

bool CeremonyParty::Parts::all_are_through() const {
  for (std::uint16_t party = 0; party < terms().parties.size(); ++party) {
    if (party != machine->me() && !machine->board().is_through(party)) {
      return false;
    }
  }
  return true;
}

void CeremonyParty::Parts::on_wake() {
  const auto now = mono_now();
  if (now >= leave_at) {
    return end();
  }
  if (now - reminded >= reminder) {
    reminded = now;
    if (const auto waiting = progress.waiting_for(*machine); !waiting.empty()) {
      tell("waiting for " + waiting);
    }
  }
  handle(ceremony::Tick{});
}

void CeremonyParty::Parts::schedule() {
  mesh->wake_at(std::min({machine->next_deadline(), leave_at, reminded + reminder}));
}

std::optional<Failure> CeremonyParty::Parts::open_log() {
  std::error_code failed;
  std::filesystem::create_directories(settings.folder, failed);
  const auto me = terms().party_of(keys.identity.public_key());
  if (!me) {
    return Failure{Exit::usage,
                   fmt::format("identity {} takes no part in this ceremony", to_hex(keys.identity.public_key().bytes))};
  }
  auto opened = threshold::SafetyLog::open(
      log_file(), {.network = NetworkId{terms().id}, .member = MemberIndex{*me}, .epoch = terms().proposal.epoch},
      [](ByteSpan) { return std::nullopt; });
  if (!opened) {
    return cannot(log_file(), opened.error(), opened.error().code == Errc::log_corrupt ? Exit::no : Exit::environment);
  }
  log = std::move(opened->log);
  records = std::move(opened->records);
  const bool begins = records.empty() && terms().parties[*me].member.has_value();
  if (begins && std::filesystem::exists(settings.share_file)) {
    return Failure{Exit::usage, settings.share_file.string() +
                                    ": exists already, and a share is never overwritten: name another file"};
  }
  return std::nullopt;
}

std::optional<Failure> CeremonyParty::Parts::open_mesh() {
  auto opened = open_ceremony_mesh(settings.plan, keys.identity, settings.listen,
                                   {.on_frame =
                                        [this](MemberIndex peer, Bytes frame) {
                                          if (!is_of_ceremony(terms(), frame)) {
                                            return progress.foreign(peer.value);
                                          }
                                          handle(ceremony::FromPeer{std::move(frame)});
                                        },
                                    .on_up =
                                        [this](MemberIndex peer) {
                                          progress.up(peer.value);
                                          handle(ceremony::Met{peer.value});
                                        },
                                    .on_down =
                                        [this](MemberIndex peer, Error error, const std::string& text) {
                                          if (!machine->board().is_through(peer.value)) {
                                            progress.down(peer.value, error, text);
                                          }
                                        },
                                    .on_wake = [this] { on_wake(); }});
  if (auto* failed = std::get_if<Failure>(&opened)) {
    return std::move(*failed);
  }
  mesh = std::move(std::get<std::unique_ptr<threshold::PeerMesh>>(opened));
  return std::nullopt;
}

std::optional<Failure> CeremonyParty::Parts::open_machine() {
  const auto* share = keys.old_share ? &keys.old_share->share : nullptr;
  const auto now = mono_now();
  reminded = now;
  auto made = ceremony::Machine::make({terms(), settings.stage_timeout, settings.resend}, keys.identity, share, records,
                                      entropy, now);
  records.clear();
  if (made) {
    machine = std::move(*made);
    return std::nullopt;
  }
  if (made.error().code == Errc::bad_share) {
    return Failure{Exit::usage, keys.old_share
                                    ? "the old share is not the one that the old record names for this member"
                                    : "this member deals the running key: name its share file"};
  }
  return cannot(log_file(), made.error(), Exit::no);
}

CeremonyParty::CeremonyParty(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CeremonyParty::~CeremonyParty() = default;

std::variant<std::unique_ptr<CeremonyParty>, Failure> CeremonyParty::open(
    CeremonySettings settings, CeremonyKeys keys, std::function<void(const std::string&)> tell) {
  auto parts = std::make_unique<Parts>(std::move(settings), std::move(keys), std::move(tell));
  for (const auto open_part : {&Parts::open_log, &Parts::open_machine, &Parts::open_mesh}) {
    if (auto failure = (parts.get()->*open_part)()) {
      return std::move(*failure);
    }
  }
  return std::unique_ptr<CeremonyParty>(new CeremonyParty(std::move(parts)));
}

std::variant<CeremonyReport, Failure> CeremonyParty::run(const StopSignals& signals) {
  auto& parts = *parts_;
  std::thread disk([&parts] {
    parts.log->run(
        [&parts](std::uint64_t id) { parts.mesh->post([&parts, id] { parts.handle(ceremony::Persisted{id}); }); },
        [&parts](Error error) { parts.fail(cannot(parts.log_file(), error)); });
  });
  std::thread committee([&parts] {
    parts.handle(ceremony::Tick{});
    parts.mesh->run();
  });
  signals.wait();
  parts.mesh->stop();
  committee.join();
  parts.log->stop();
  disk.join();
  if (auto failed = parts.failure.read()) {
    return std::move(*failed);
  }
  return parts.report.value_or(CeremonyReport{});
}

}  // namespace assay::node
