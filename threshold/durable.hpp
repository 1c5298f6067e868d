#pragma once
#include <optional>
#include <variant>
#include <vector>

#include "core/leaf.hpp"
#include "threshold/committee.hpp"
#include "threshold/limits.hpp"
#include "threshold/messages.hpp"

namespace assay::threshold {

/// What must be durable before a message leaves: docs/wire.md, "Safety log".

/// Written before any message of the view leaves.
struct ViewRecord {
  View view;
  friend bool operator==(const ViewRecord&, const ViewRecord&) = default;
};

/// Written before a share leaves: everything needed to re-propose the batch, and the certificate of the one before it.
struct LockRecord {
  Header header;
  PrepareCertificate certificate;
  std::vector<Bytes> bodies;  ///< complete signed OBS frames, ascending member
  TipCertificate tip;         ///< of height - 1
  std::vector<Leaf> leaves;

  View view() const noexcept { return certificate.view; }
  Height height() const noexcept { return header.height; }
  const Digest& hash() const noexcept { return certificate.header_hash; }
  friend bool operator==(const LockRecord&, const LockRecord&) = default;
};

using Record = std::variant<ViewRecord, LockRecord>;

/// Whose log it is: records of another member are damage, records of another cfg are another epoch's and skipped.
struct LogOwner {
  Digest cfg;
  MemberIndex member;
};

Bytes encode_record(const LogOwner& owner, const Record& record);
/// Total.   returns  nothing for a record of another cfg;   errors  log_corrupt
Result<std::optional<Record>> decode_record(const LogOwner& owner, const Limits& limits, ByteSpan bytes);

/// What the log says when read from the start.
struct Remembered {
  std::optional<View> view;       ///< highest view that I may have spoken in
  std::vector<LockRecord> locks;  ///< above the ledger's tip, in log order
  std::vector<Bytes> inputs;      ///< complete signed OBS frames of the newest lock, above the tip or not
};

/// errors  log_corrupt: a record does not decode, or views go down
Result<Remembered> remember(const LogOwner& owner, const Limits& limits, const std::vector<Bytes>& records, Height tip);

}  // namespace assay::threshold
