#pragma once
#include "publisher/audit/ledger.hpp"
#include "threshold/io/safety_log.hpp"
#include "threshold/protocol.hpp"

namespace assay::node {

/// What a node's disks bring back for its machine: the end of the ledger, the records of the safety log (moved out of
/// `log`), and the newest word of the member's own that the ledger shows, looked for among the last 256 batches: a log
/// that does not know its view was rolled back, even if every member's was.
///   errors  those of the ledger
Result<threshold::Restored> restore(publisher::Ledger& ledger, threshold::SafetyLog::Opened& log,
                                    const threshold::Committee& committee, MemberIndex me);

}  // namespace assay::node
