#pragma once
#include <string_view>

#include "core/result.hpp"
#include "threshold/protocol.hpp"

namespace assay::node {

/// Sends the process's log to stderr, one line per event: `time level message`. Never a key, never a whole payload.
void start_log(std::string_view who);
void log_info(std::string_view text);
void log_warning(std::string_view text);
void log_error(std::string_view text);
/// A protocol note; repeats of the same code within a second are counted, not printed.
void log_note(const threshold::Note& note, MonoTime now);

/// A member was caught at what convicts it.
void log_accusation(const threshold::evidence::Verdict& verdict);

}  // namespace assay::node
