#pragma once

namespace assay::node {

/// Exit codes of every command (`assay --help` prints them).
enum class Exit : int {
  yes = 0,          ///< done, or the answer is yes
  no = 1,           ///< the answer is no: a check failed, nothing attested, a difference, a refusal
  usage = 2,        ///< wrong usage, unreadable input or configuration
  environment = 3,  ///< network, disk or database failed
};

}  // namespace assay::node
