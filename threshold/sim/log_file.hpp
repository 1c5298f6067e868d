#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "threshold/safety_format.hpp"
#include "threshold/sim/chance.hpp"

namespace assay::threshold::sim {

/// A safety log as bytes on a simulated disk. What writes, compacts and reads it is what a node uses
/// (threshold/safety_format.hpp); only the file is a model.
class LogFile {
 public:
  static constexpr std::size_t sector = 512;
  struct Opened {
    std::vector<Bytes> records;  ///< oldest first
    bool first_start{};          ///< there never was one on this disk
  };
  /// As a node does at its start: makes it where it never was, cuts a torn tail off.
  ///   errors  log_corrupt, also where it was once and is gone;  wrong_committee: another node's, or another epoch's
  Result<Opened> open(const SafetyLogIdentity& whose);

  /// Whole and durable. Where the limits say so it is due to be rewritten with what is needed above `ledger`.
  void append(Bytes record, Height ledger, const SafetyLogLimits& limits);
  /// The power went while this was written: a part of it is there, perhaps before a sector of zeros.
  void tear(const Bytes& record, Chance& chance);
  /// The power went while it was rewritten: the new file has its name, or the old one still.
  void interrupt(Chance& chance);
  /// Rewrites it with what is needed above `ledger`.
  void compact(Height ledger);

  /// What a node would read, or why it would not run.
  Result<std::vector<Bytes>> read() const;
  /// The same; nothing from a file that it would refuse.
  std::vector<Bytes> records() const;
  bool empty() const { return needed_.empty(); }
  /// Back to its first records, without a torn tail; nothing happens to a file that a node would refuse.
  void roll_back(std::size_t count);
  /// The file is gone, and its disk remembers that there was one.
  void vanish();
  /// The disk is another one.
  void replace_disk() { *this = LogFile{}; }
  Bytes& image() { return image_; }
  const Bytes& image() const { return image_; }

 private:
  void rewrite();

  SafetyLogIdentity whose_;
  bool marked_ = false;  ///< that a log exists
  Bytes image_;
  std::uint64_t next_sequence_ = 0;
  std::vector<NeededRecord> needed_;
  std::size_t compacted_ = 0;  ///< bytes that the last rewriting left
  bool due_ = false;
};

}  // namespace assay::threshold::sim
