#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/merkle.hpp"
#include "core/result.hpp"

namespace assay::publisher {

/// The newest attested batch and all that voting at the next height needs.
struct Tip {
  Header header;
  Signature signature;       ///< all zero at genesis
  std::vector<Leaf> leaves;  ///< empty at genesis
  Frontier history;          ///< over header hashes 0..header.height
};

/// A second pair of eyes on a ledger file: reads what is committed while its owner goes on writing, in this process or
/// another. One connection: one thread at a time; any number of readers side by side.
///   errors of every read  locked, io_failed, database_failed; log_corrupt: a row that does not decode, or leaves that
///   are missing
class LedgerReader {
 public:
  /// errors  io_failed when the file is absent, bad_version for a schema we do not know
  static Result<std::unique_ptr<LedgerReader>> open(const std::string& path);
  LedgerReader(const LedgerReader&) = delete;
  LedgerReader& operator=(const LedgerReader&) = delete;
  ~LedgerReader();

  Result<Header> genesis();
  Result<Tip> tip();
  Result<Height> tip_height();  ///< 0 at genesis; a B-tree descent, no row is decoded

  /// The batch at `height`, or nothing: not attested yet, or genesis.
  Result<std::optional<Batch>> at(Height height);
  /// Only the header: what audits and consistency checks compare.
  Result<std::optional<Header>> header_at(Height height);

  /// Batches of ascending height from `from` on, without holes: at most `count_max`, and together at most `bytes_max`
  /// in their encoded form, but at least one when `from` is held. Empty above the tip.
  Result<std::vector<Batch>> read(Height from, std::uint32_t count_max, std::size_t bytes_max);

 private:
  struct Parts;
  explicit LedgerReader(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::publisher
