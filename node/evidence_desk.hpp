#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "publisher/audit/evidence_folder.hpp"
#include "threshold/evidence/judge.hpp"
#include "threshold/protocol.hpp"

namespace assay::node {

/// `evidence` beside the ledger: what this node holds against other members.
class EvidenceDesk {
 public:
  /// errors  io_failed
  static Result<EvidenceDesk> open(const std::filesystem::path& data_dir);

  /// Writes it down unless it is there, or enough of its kind is; logs when the disk refuses. Not on the committee
  /// thread: it waits for the disk.
  void keep(const threshold::Accuse& accuse);
  /// What the folder holds, after the last keep().
  const std::vector<publisher::EvidenceLabel>& kept() const noexcept { return kept_; }

 private:
  EvidenceDesk(publisher::EvidenceFolder folder, std::vector<publisher::EvidenceLabel> kept)
      : folder_(std::move(folder)), kept_(std::move(kept)) {}
  publisher::EvidenceFolder folder_;
  std::vector<publisher::EvidenceLabel> kept_;
};

std::filesystem::path evidence_folder(const std::filesystem::path& data_dir);

}  // namespace assay::node
