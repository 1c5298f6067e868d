#pragma once
#include <string_view>

#include "core/result.hpp"
#include "threshold/crypto/key_guard.hpp"

namespace assay::node {

/// Whether somebody sits at stdin and reads stderr.
bool is_terminal() noexcept;

/// Asks for a passphrase on the terminal, without echo; the characters go straight to locked memory. Blocks.
///   errors  closed: Ctrl-C, or the terminal went away;  too_large;  out_of_range: too short
Result<threshold::Passphrase> ask_passphrase(std::string_view prompt);

}  // namespace assay::node
