#pragma once
#include <string>

#include "core/result.hpp"
#include "node/exit_code.hpp"

namespace assay::node {

/// Why a command or a node could not start or had to end, in words for its operator.
struct Failure {
  Exit code = Exit::yes;
  std::string text;
};

/// "ledger.sqlite: log_corrupt: ...": what it was about, what went wrong, by name, and what was expected.
std::string error_text(const std::string& what, Error error);

/// The same as the reason to end.
Failure cannot(const std::string& what, Error error, Exit code = Exit::environment);

/// Says on stderr, in a line, why a command ends.   returns  its exit code
Exit complain(const Failure& failure);
Exit complain(const std::string& text, Exit code = Exit::no);

}  // namespace assay::node
