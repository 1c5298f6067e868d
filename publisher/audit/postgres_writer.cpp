#include "publisher/audit/postgres_writer.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

#include "publisher/audit/audit_store.hpp"
#include "publisher/audit/ledger_reader.hpp"
#include "publisher/audit/pg_connection.hpp"

namespace assay::publisher {
namespace {

class Writer final : public PostgresWriter {
 public:
  explicit Writer(AuditSettings settings) : settings_(std::move(settings)), backoff_ms_(settings_.backoff_min_ms) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() override = default;

  void run() override {
    while (!stopping_) {
      set_state(AuditState::disconnected);
      const Done ended = session();
      connection_.close();
      if (stopping_) break;
      if (!ended) note_failure(ended.error());
      if (is_conflict(ended)) {
        set_state(AuditState::conflict);
        return wait_for_stop();
      }
      wait_ms(backoff_ms_);
      backoff_ms_ = std::min(backoff_ms_ * 2, settings_.backoff_max_ms);
    }
    set_state(AuditState::idle);
  }

  void stop() override {
    {
      const std::lock_guard lock(guard_);
      stopping_ = true;
    }
    woken_.notify_all();
    connection_.interrupt();
  }

  void notify() override {
    {
      const std::lock_guard lock(guard_);
      grown_ = true;
    }
    woken_.notify_all();
  }

  [[nodiscard]] AuditStatus status() const override {
    const std::lock_guard lock(guard_);
    return status_;
  }

 private:
  /// From connecting until something fails or run() is to end.
  Done session() {
    auto reader = LedgerReader::open(settings_.ledger);
    if (!reader) return reader.error();
    LedgerReader& ledger = **reader;
    const auto genesis = ledger.genesis();
    if (!genesis) return genesis.error();
    const auto tip = ledger.tip_height();
    if (!tip) return tip.error();
    set_tip(*tip);
    const PgConnection::Timeouts timeouts{settings_.connect_timeout_ms, settings_.statement_timeout_ms};
    if (const auto opened = connection_.open(settings_.url, timeouts, stopping_); !opened) return opened;
    AuditStore store(connection_);
    copied_evidence_.clear();
    if (const auto alone = wait_until_writer(store); !alone) return alone;
    if (const auto ready = store.prepare(genesis->network, settings_.feeds); !ready) return ready;
    const auto newest = store.newest();
    if (!newest) return newest.error();
    {
      const std::lock_guard lock(guard_);
      ++status_.connections;
      status_.state = AuditState::writing;
      status_.written = *newest ? (*newest)->height : Height{0};
    }
    if (*newest) {
      if (const auto same = compare(ledger, **newest); !same) return same;
    }
    return tail(ledger, store);
  }

  Done wait_until_writer(AuditStore& store) {
    while (!stopping_) {
      const auto alone = store.become_writer();
      if (!alone) return alone.error();
      if (*alone) break;
      set_state(AuditState::waiting);
      wait_ms(settings_.poll_ms);
    }
    return Ok{};
  }

  /// The store's newest header is the ledger's at that height: then so is everything below, by the hash chain.
  Done compare(LedgerReader& ledger, const Header& stored) {
    while (!stopping_) {
      const auto mine = ledger.header_at(stored.height);
      if (!mine) return mine.error();
      if (*mine && **mine != stored) return Error{Errc::equivocation, "the audit store holds another chain"};
      if (*mine) break;
      wait_ms(settings_.poll_ms);  // this node is still catching up with what another one has stored
    }
    return Ok{};
  }

  Done tail(LedgerReader& ledger, AuditStore& store) {
    while (!stopping_) {
      if (const auto copied = copy_evidence(store); !copied) return copied;
      const auto tip = ledger.tip_height();
      if (!tip) return tip.error();
      const Height written = set_tip(*tip);
      const auto batches = ledger.read(next(written), settings_.chunk_batches_max, settings_.chunk_bytes_max);
      if (!batches) return batches.error();
      if (batches->empty()) {
        wait_ms(settings_.poll_ms);
        if (!stopping_ && !connection_.look()) return Error{Errc::connect_failed, "postgres: the connection ended"};
        continue;
      }
      if (const auto added = store.add(*batches); !added) return added;
      const std::lock_guard lock(guard_);
      status_.written = batches->back().header.height;
      status_.batches += batches->size();
      backoff_ms_ = settings_.backoff_min_ms;
    }
    return Ok{};
  }

  /// What the folder holds beyond what this process copied before; the store passes over what it has.
  Done copy_evidence(AuditStore& store) {
    if (settings_.evidence.empty()) return Ok{};
    const auto folder = EvidenceFolder::open(settings_.evidence);
    if (!folder) return folder.error();
    const auto labels = folder->list();
    if (!labels) return labels.error();
    for (const EvidenceLabel& label : *labels) {
      if (copied_evidence_.contains(file_name(label))) continue;
      // One that somebody has changed is left where it is.
      if (const auto bytes = folder->read(label)) {
        if (const auto added = store.add(label, *bytes); !added) return added;
      }
      copied_evidence_.insert(file_name(label));
    }
    return Ok{};
  }

  static bool is_conflict(const Done& ended) {
    if (ended) return false;
    const Errc code = ended.error().code;
    return code == Errc::equivocation || code == Errc::wrong_network || code == Errc::bad_version;
  }

  void note_failure(Error error) {
    const std::lock_guard lock(guard_);
    ++status_.failures;
    status_.last_error = error;
    status_.last_message = connection_.message();
  }

  void set_state(AuditState state) {
    const std::lock_guard lock(guard_);
    status_.state = state;
  }

  Height set_tip(Height tip) {
    const std::lock_guard lock(guard_);
    status_.tip = tip;
    return status_.written;
  }

  /// Until notify(), stop() or the time has passed.
  void wait_ms(std::uint32_t most_ms) {
    std::unique_lock lock(guard_);
    woken_.wait_for(lock, std::chrono::milliseconds(most_ms), [this] { return grown_ || stopping_; });
    grown_ = false;
  }

  void wait_for_stop() {
    std::unique_lock lock(guard_);
    woken_.wait(lock, [this] { return stopping_.load(); });
  }

  // configuration
  AuditSettings settings_;
  // run()'s own, but interrupt()
  PgConnection connection_;
  std::uint32_t backoff_ms_;
  std::set<std::string> copied_evidence_;  ///< file names: as many as the folder holds at most
  // shared
  mutable std::mutex guard_;
  std::condition_variable woken_;
  std::atomic<bool> stopping_{false};
  bool grown_ = false;  ///< guarded
  AuditStatus status_;  ///< guarded
};

}  // namespace

std::unique_ptr<PostgresWriter> PostgresWriter::make(AuditSettings settings) {
  return std::make_unique<Writer>(std::move(settings));
}

}  // namespace assay::publisher
