#pragma once
#include <cstdint>
#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "threshold/ceremony/evidence.hpp"
#include "threshold/ceremony/messages.hpp"

namespace assay::threshold::ceremony {

/// A party's log of one ceremony: what it must not forget, before it is said. None of it is secret.

struct Dealt {
  Bytes frame;  ///< mine: a second, other one would convict me
};
struct Supported {
  Bytes frame;
  std::vector<Bytes> deals;  ///< whole frames, by dealer: with my identity key they give my share back
};
struct Confirmed {};  ///< my share is stored; from here on the others may complete without me
struct Certified {
  Confirm confirm;
  std::vector<Signature> certificate;
};
struct Attempted {
  std::uint32_t attempt{};  ///< nonces of this and lower attempts are void after a restart
};
struct Activated {
  EpochRecord record;
  Outcome outcome;
};

/// What a party is said to have done; evidence is empty where nothing can be shown.
struct Blame {
  std::uint16_t party{};
  Offence offence{};
  Bytes evidence;
};
struct Cancelled {
  std::vector<Blame> blames;
};
using Record = std::variant<Dealt, Supported, Confirmed, Certified, Attempted, Activated, Cancelled>;

/// ceremony id 32 | kind u8 | fields
Bytes encode_record(const Terms& terms, const Record& record);
/// Total.  errors  log_corrupt
Result<Record> decode_record(const Terms& terms, ByteSpan bytes);

}  // namespace assay::threshold::ceremony
