#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/settings.hpp"
#include "core/feed.hpp"
#include "core/header.hpp"
#include "node/failure.hpp"
#include "threshold/succession.hpp"

namespace assay::node {

/// What one node needs to run one epoch.
struct EpochFiles {
  config::NetworkSettings network;
  config::NodeSettings settings;
  threshold::EpochRecord record;
  std::filesystem::path node_file;                  ///< where `settings` were read; only for write_stage()
  std::optional<threshold::Succession> succession;  ///< none: the first epoch of its network
  std::filesystem::path safety_log;
  std::vector<FeedTerms> earlier_feeds = {};  ///< of the epochs before that are known here

  /// errors  of make_committee
  Result<threshold::Committee> committee() const;
};

/// Where the next epoch of a node is staged: data_dir/epochs/<number>, written by `assay epoch stage` and complete as
/// soon as it exists. It stays for as long as the epoch lasts: the epoch's safety log lies there, too.
///   network.yaml group.yaml succession.yaml; node_file: the path of the operator's node file; safety.log;
///   old_share: the path of the share file that this epoch makes useless, until that is erased (old_shares.hpp)
std::filesystem::path stage_folder(const std::filesystem::path& data_dir, Epoch epoch);

/// Writes the folder, durably: under another name, which then changes places with it. Whenever it is killed, the folder
/// is whole: the old one, or the new one. What the old one remembers of old shares, the new one does too.
///   errors  io_failed;  locked: the epoch has begun here
Done write_stage(const EpochFiles& files);

/// The files of that epoch when it is staged, read and judged: endorsed by all who must, for the committee of
/// `current`, and of the network file that is there. Keys are not looked at.   returns  nothing when nothing is staged
std::variant<std::optional<EpochFiles>, Failure> load_stage(const EpochFiles& current);

/// What `succession` does not fit, in words for an operator; nothing when all is well.
///   before   the record that holds now, or none for whoever joins
///   genesis  what the ledger starts from, where there is one
std::optional<std::string> stage_problem(const EpochFiles& next, const threshold::EpochRecord* before,
                                         const Header* genesis);

/// The settings given to `assay run`, with what lies staged for their own epoch. What a killed write_stage() left is
/// put in order first; two safety logs of one epoch are refused, for the operator to judge.
std::variant<EpochFiles, Failure> given_files(config::NetworkSettings network, config::NodeSettings settings,
                                              threshold::EpochRecord record);

/// The epoch in which a node starts: that of `given`, or the staged ones after it whose first height its ledger
/// reaches. Where the share of that epoch is gone (it is erased when a later one has signed, and the ledger may have
/// been moved away or restored since), the first one after it whose share is there: the node follows the chain up to it
/// without voting, as one that joins does.
std::variant<EpochFiles, Failure> starting_files(EpochFiles given);

}  // namespace assay::node
