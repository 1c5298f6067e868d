#pragma once
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/keys.hpp"
#include "threshold/ceremony/durable.hpp"
#include "threshold/ceremony/messages.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::threshold::ceremony {

/// What a machine is told.

struct Tick {};  ///< next_deadline() has come; also the first event of all
struct FromPeer {
  Bytes frame;
};  ///< from whomever: every frame is signed
struct Met {
  std::uint16_t party{};
};  ///< a link to this party came up: what it may lack goes out at once, not with the next resend
struct Persisted {
  std::uint64_t id{};
};
using Event = std::variant<Tick, FromPeer, Met, Persisted>;

/// What it asks for, in this order.

/// Append to the ceremony's log, fsync, then Persisted{id}.
struct Persist {
  std::uint64_t id{};
  Bytes record;
};
/// Write the share where the epoch's share files are, fsync, then Persisted{id}. It is asked for again after a restart:
/// a file that holds this share already is as good; one that holds another stops the ceremony.
struct PersistShare {
  std::uint64_t id{};
  std::shared_ptr<const frost::SecretShare> share;
  std::uint32_t generation{};
  PublicKey group_key;  ///< that it will serve, once the ceremony is over
};
struct Send {
  std::uint16_t to{};  ///< place in Terms::parties
  std::shared_ptr<const Bytes> frame;
};
struct Broadcast {
  std::shared_ptr<const Bytes> frame;
};  ///< to every other party
/// It is over and well: the record may be published; old shares may be erased once it is in force.
struct Activate {
  EpochRecord record;
  Outcome outcome;
};
/// It went wrong, once per run. final: nothing of it can come into force, and the pending share, if any, may be erased.
/// Else this party has confirmed, or only watches: it keeps both shares and still activates when an outcome comes.
struct Failed {
  std::vector<Blame> blames;
  bool final{};
};
/// The lost share is on its owner's disk.
struct Repaired {};
using Effect = std::variant<Persist, PersistShare, Send, Broadcast, Activate, Failed, Repaired>;

}  // namespace assay::threshold::ceremony
