#pragma once
#include <optional>
#include <string>

#include "core/digest.hpp"

namespace assay::node {

/// What a node holds of the next epoch, and still of the ones before.
struct StageState {
  std::optional<Digest> next_epoch;  ///< held whole: files, endorsements, share
  bool leaving = false;              ///< held, and this member is not in it
  std::string problem;               ///< why what is staged does not count; empty when nothing is, or all is well
  std::string old_share;             ///< a share of an epoch that is over, and why it is still there; empty: none is
};

}  // namespace assay::node
