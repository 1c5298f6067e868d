#pragma once
#include <string>

#include "node/exit_code.hpp"

namespace assay::node {

/// Why a command or a node could not start or had to end, in words for its operator.
struct Failure {
  Exit code = Exit::yes;
  std::string text;
};

}  // namespace assay::node
