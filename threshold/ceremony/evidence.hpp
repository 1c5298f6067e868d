#pragma once
#include <cstdint>
#include <variant>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "threshold/ceremony/frame.hpp"
#include "threshold/ceremony/messages.hpp"

namespace assay::threshold::ceremony {

/// What a party did, as a verdict says it.
enum class Offence : std::uint8_t {
  absent = 1,       ///< silent until the deadline: a remark, never evidence
  invalid_message,  ///< signed bytes that do not decode or whose public checks fail
  bad_deal,         ///< a deal with wrong points or proofs, or a share that does not hold
  false_complaint,  ///< a complaint about a share that holds
  equivocation,     ///< two different messages where one is due
  contradiction,    ///< confirms something else than follows from the deals that it supported
  bad_test_share,   ///< a share of the test signature that does not verify
};
const char* name(Offence offence) noexcept;

/// A signed frame whose own payload convicts its sender.
struct InvalidFrame {
  Bytes frame;
};
/// A complaint convicts the dealer or the complainer, whoever is wrong.
struct ComplaintMade {
  Bytes frame;
};
struct Equivocation {
  Scope scope;
  SignedDigest first;
  SignedDigest second;
};
/// SUPPORT and CONFIRM of one member whose transcripts differ.
struct Contradiction {
  Bytes support;
  Bytes confirm;
};
/// CONFIRM and TEST_SHARE of one member: the first names the record by which the second is judged.
struct BadTestShare {
  Bytes confirm;
  Bytes share;
};
using Evidence = std::variant<InvalidFrame, ComplaintMade, Equivocation, Contradiction, BadTestShare>;

Bytes encode(const Evidence& evidence);
/// Total.  errors  truncated, trailing_bytes, out_of_range, too_large
Result<Evidence> decode_evidence(ByteSpan bytes);

struct Verdict {
  std::uint16_t party{};  ///< place in Terms::parties
  Offence offence{};
};

/// Who is convicted, from public data alone; the same for everybody. An honest party never is.
///   record  the new epoch record, needed for a bad test share only; null where there is none. A wrong one convicts
///   nobody, since the accused must have confirmed it.
///   errors  whatever makes it no evidence: not signed, not different, nothing wrong in it, no record
///   cost  n = 31: under 15 ms
Result<Verdict> judge(const Terms& terms, const EpochRecord* record, const Evidence& evidence);

/// Checks of one frame's payload that need nothing but the terms: what every receiver does first.
Done check_payload(const Terms& terms, const Frame& frame);

}  // namespace assay::threshold::ceremony
