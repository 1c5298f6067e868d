#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "node/mailbox.hpp"
#include "publisher/audit/ledger.hpp"
#include "threshold/protocol.hpp"

namespace assay::node {

/// What to tell the operator of a ledger that failed: which file, why, and the way out where there is one.
std::string ledger_problem(const std::string& file, Error error);

/// The storage thread's work: attested batches into the ledger, several in one transaction when they queue up, and
/// ranges out of it for peers that catch up. No agreement waits for it; when it cannot write, the node must end.
/// Batches go first, always: a peer that asks a lot waits, and never fills the batches' queue.
class Storage {
 public:
  struct Hooks {
    std::function<void(Height tip)> grown;                                  ///< the ledger now ends here
    std::function<void(MemberIndex peer, std::vector<Batch> range)> range;  ///< answer to read()
    std::function<void(const threshold::Accuse& accuse)> accused;           ///< to be kept, whatever comes of it
    std::function<void(Error error)> failed;  ///< at most once; nothing is written afterwards
  };

  Storage(publisher::Ledger& ledger, Hooks hooks) : ledger_(ledger), hooks_(std::move(hooks)) {}

  /// Queues a batch. False when `pending_max` are waiting: the node must end. The machine lets no more wait than
  /// Limits::unsaved says, in batches and in bytes: a ledger that stands still costs the votes, not the node.
  [[nodiscard]] bool append(std::shared_ptr<const Batch> batch) { return batches_.push(std::move(batch)); }
  /// Queues a range read; a newer request of the same peer replaces the one that waits.
  void read(const threshold::ReadLedger& request);

  /// Queues a piece of evidence. Beyond accusations_max nothing is lost that matters: there are others by then.
  void keep(threshold::Accuse accuse);

  void run();                        ///< on a lent thread, until stop(); writes all that was queued before
  void stop() { batches_.close(); }  ///< thread-safe

  static constexpr std::size_t pending_max = 4096;
  static constexpr std::size_t range_bytes_max = 4U << 20U;
  static constexpr std::size_t accusations_max = 64;

 private:
  using Reads = std::map<MemberIndex, threshold::ReadLedger>;

  bool write(std::vector<std::shared_ptr<const Batch>> taken);
  void serve_one_read();
  void keep_accusations();

  publisher::Ledger& ledger_;
  Hooks hooks_;
  Mailbox<std::shared_ptr<const Batch>> batches_{pending_max};  ///< a null batch only says: look at the reads
  Guarded<Reads> reads_;                                        ///< one per peer
  Guarded<std::vector<threshold::Accuse>> accusations_;
};

}  // namespace assay::node
