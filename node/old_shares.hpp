#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/header.hpp"
#include "node/epoch_files.hpp"
#include "publisher/audit/ledger_reader.hpp"
#include "threshold/crypto/key_file.hpp"
#include "threshold/succession.hpp"

namespace assay::node {

/// Why a share must stay, in words for an operator; nothing when it may go: a batch of an epoch with later shares is
/// attested, so those have signed and nobody goes back.
///   succession  endorsed by all who must;  attested  of a batch under the group key
std::optional<std::string> why_kept(const threshold::ShareLabel& share, const threshold::Succession& succession,
                                    const Header& attested);

/// Remembers in the folder of the next epoch which share file its beginning makes useless, if it does. Durable before
/// anything of that epoch is said, so that no crash forgets it.   errors  io_failed
Done note_old_share(const EpochFiles& current, const EpochFiles& next);

/// What the folder `from` remembers of that kind, `into` remembers too, where the shares of `next` are others. For an
/// epoch that is staged anew.   errors  io_failed
Done carry_old_share(const std::filesystem::path& from, const std::filesystem::path& into, const EpochFiles& next);

/// The shares that a running node has to get rid of. One thread.
class OldShares {
 public:
  /// Those that the folders of its epochs up to the present one remember. The ledger is opened when there are any.
  /// running outlives it; me  this member's verifying share in the present epoch
  OldShares(const EpochFiles& running, const PublicKey& me);

  bool empty() const { return shares_.empty(); }
  /// Erases what the newest batch in the ledger allows, and says so in the log; nothing while the share of the present
  /// epoch is not on the disk.
  ///   returns  the first one that is still there, and why; empty when none is.   cost  two reads of the ledger
  std::string erase();

 private:
  struct OldShare {
    std::filesystem::path note;
    std::filesystem::path file;
    threshold::Succession succession;
    std::string told;  ///< the last complaint, which is not repeated
  };
  std::optional<Header> newest();
  /// Why it is still there; nothing when it is gone.
  std::optional<std::string> erase_one(const OldShare& share, const Header& attested) const;

  const EpochFiles& running_;
  const PublicKey me_;
  std::vector<OldShare> shares_;
  std::unique_ptr<publisher::LedgerReader> ledger_;
};

}  // namespace assay::node
