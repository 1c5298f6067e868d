#include "node/evidence_desk.hpp"

#include <fmt/format.h>

#include "node/log.hpp"

namespace assay::node {

std::filesystem::path evidence_folder(const std::filesystem::path& data_dir) {
  return data_dir / "evidence";
}

Result<EvidenceDesk> EvidenceDesk::open(const std::filesystem::path& data_dir) {
  auto folder = publisher::EvidenceFolder::open(evidence_folder(data_dir));
  if (!folder) {
    return folder.error();
  }
  auto kept = folder->list();
  if (!kept) {
    return kept.error();
  }
  return EvidenceDesk(std::move(*folder), std::move(*kept));
}

void EvidenceDesk::keep(const threshold::Accuse& accuse) {
  const auto& verdict = accuse.verdict;
  const auto kept =
      folder_.keep({threshold::evidence::name(verdict.kind), verdict.epoch, verdict.member, {}}, *accuse.evidence);
  auto list = folder_.list();
  if (!kept || !list) {
    // The node goes on: what a full disk does to its records is for the ledger and the safety log to say.
    return log_error(fmt::format("evidence against member {} could not be kept", verdict.member.value));
  }
  kept_ = std::move(*list);
}

}  // namespace assay::node
