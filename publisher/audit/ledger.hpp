#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "publisher/audit/ledger_reader.hpp"

namespace assay::publisher {

/// A node's own append-only store of attested batches: SQLite, write-ahead log, every commit on the disk before
/// append() returns. Tables (contracts for scripts):
///   batches(height INTEGER PRIMARY KEY, header BLOB, signature BLOB, hash BLOB, time_us INTEGER, frontier BLOB)
///   leaves(height, idx, leaf BLOB)      observations(height, member_order, body BLOB)      meta(key, value)
/// Genesis lives in meta, not among the batches: it was never attested.
///   threads  append() and tip() on one thread; read(), at() and tip_height() on any (their own connection, one mutex)
class Ledger {
 public:
  /// Opens or creates.
  ///   errors  wrong_network: the file holds another network's chain;  not_canonical: another genesis of this network;
  ///           bad_version: another schema;  log_corrupt;  io_failed, locked, database_failed
  static Result<std::unique_ptr<Ledger>> open(const std::string& path, const Header& genesis);
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  ~Ledger();

  /// The newest batch; genesis when there is none.
  Result<Tip> tip();

  /// Appends batches of ascending heights in one transaction: all or none. One that is held already, with the same
  /// header bytes, is passed over (its signature may differ: it never names a batch).
  ///   errors  equivocation: another header at a held height;  wrong_tip: a gap, or prev_header_hash or history_root
  ///           do not follow;  bad_proof: leaves are not those of the header;  wrong_network;  out_of_range: a height
  ///           above 2^63-1;  locked: somebody else wrote to the file;  io_failed, database_failed
  ///   The caller has verified the signatures.   cost  one fsync, whatever the number of batches
  Done append(std::span<const std::shared_ptr<const Batch>> batches);

  Result<std::vector<Batch>> read(Height from, std::uint32_t count_max, std::size_t bytes_max);
  Result<std::optional<Batch>> at(Height height);
  Result<Height> tip_height();

 private:
  struct Parts;
  explicit Ledger(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::publisher
