#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "aggregator/policy.hpp"
#include "core/batch.hpp"
#include "core/entropy.hpp"
#include "core/merkle.hpp"
#include "core/observation.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "threshold/committee.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/evidence/verdict.hpp"
#include "threshold/timing.hpp"

namespace assay::threshold {

/// PSA, the agreement protocol of one node, as a pure machine: step(event, now) -> effects. No clock, thread, socket,
/// file or log inside; the same restored state, events and entropy give the same effects, byte for byte.

/// Both clocks at the moment an event is handled.
struct Now {
  MonoTime mono;
  WallTime wall;
};

// ---- events: what the world tells the machine
struct Tick {};  ///< next_deadline() has come (or any time: harmless)
struct FromPeer {
  MemberIndex peer;  ///< beyond the committee: a guest, of the committee of the next epoch
  Bytes frame;
};  ///< one frame from an authenticated peer
struct PeerUp {
  MemberIndex peer;
};  ///< a link came up: resend what it may have missed
struct PeerDown {
  MemberIndex peer;
};  ///< its link ended: nothing is asked of it until the next one is up
struct Observed {
  Height height;
  Observation observation;
};  ///< answer to Observe
struct Persisted {
  std::uint64_t id;
};  ///< record `id` is durable; ids complete in order
struct LedgerRange {
  MemberIndex peer;
  std::vector<Batch> batches;
};  ///< answer to ReadLedger, empty when there is nothing: each is answered, or the peer gets no other for long
struct Stored {
  Height tip;
};  ///< the ledger durably ends here: the chain goes no further ahead of it than some megabytes (Limits::unsaved), live
    ///< or not; a member whose ledger is later than that follows and does not vote
struct Staged {
  std::optional<Digest> next_epoch;
};  ///< the next epoch that this node holds whole (settings, endorsements, share), by its digest; none: it holds none
using Event = std::variant<Tick, FromPeer, PeerUp, PeerDown, Observed, Persisted, LedgerRange, Stored, Staged>;

// ---- effects: what the machine asks of the world, to be performed in order
using SharedFrame = std::shared_ptr<const Bytes>;
struct Persist {
  std::uint64_t id;
  Bytes record;
};  ///< append to the safety log, fsync, then Persisted{id}
struct Send {
  MemberIndex to;
  SharedFrame frame;
};
struct Broadcast {
  SharedFrame frame;
};  ///< to every other member
struct Observe {
  Height height;
};  ///< answer with Observed
struct Attested {
  std::shared_ptr<const Batch> batch;
  bool live;
};  ///< a new tip; live: agreed now, not caught up
struct ReadLedger {
  MemberIndex peer;
  Height from;
  std::uint32_t count_max;
};
struct Note {
  Errc code;
  MemberIndex member;
  View view;
  Height height;
  const char* what;
};  ///< for log and metrics
struct Accuse {
  SharedFrame evidence;  ///< docs/wire.md, "Evidence": convicts by itself
  evidence::Verdict verdict;
};  ///< to be kept and handed to whoever asks; a member is accused a few times of each kind, not each time
struct Stop {
  Error error;
};  ///< running on would be unsafe
struct Disconnect {
  MemberIndex member;
};  ///< it said what no honest member says: close its link and let it wait a second or more before the next one
using Effect = std::variant<Persist, Send, Broadcast, Observe, Attested, ReadLedger, Note, Stop, Disconnect, Accuse>;

/// What a node brings back from its disks.
struct Restored {
  bool first_start = false;      ///< no safety log existed
  std::vector<Bytes> records;    ///< safety log, oldest first, as Persist wrote them
  Header tip;                    ///< last attested header of the ledger, or genesis
  Signature tip_signature{};     ///< all zero for genesis
  std::vector<Leaf> tip_leaves;  ///< empty for genesis
  Frontier history;              ///< over header hashes 0..tip.height: size tip.height + 1
  Bytes said = {};               ///< the newest OBS frame of mine in the ledger, where there is one
};

struct ProtocolSettings {
  MemberIndex me;
  Committee committee;
  Timing timing;
  aggregator::AggregationPolicy policy;
};

/// What the next batch is to a machine of one epoch.
enum class Part : std::uint8_t {
  voting,      ///< its own to agree on
  waiting,     ///< of an earlier epoch: followed, not voted on
  ended,       ///< of a later epoch: neither
  mismatched,  ///< of an epoch with its number, but not the one whose settings it holds: neither
};

/// A reading for status pages and tests.
struct ProtocolStatus {
  View view;
  View fence;  ///< silent in views up to and including this one; 0 where nothing was ever said
  bool fenced{};
  Height tip;
  Height target;  ///< highest height seen attested anywhere: behind when > tip
  MemberIndex leader;
  std::uint64_t view_changes{};
  Epoch epoch;                   ///< of this machine
  Part part{};                   ///< what the next height is to it: once `ended`, it says and takes no more
  Digest next_epoch;             ///< announced by the tip; zero: none
  Height switch_height;          ///< where it begins
  std::optional<Digest> staged;  ///< held by this node
};

class Protocol {
 public:
  /// `identity`, `share` and `entropy` outlive the machine.
  ///   errors  log_corrupt: records that do not decode or disagree;  log_behind: the ledger shows that I said more
  ///           than the safety log knows of: it was lost or rolled back
  static Result<std::unique_ptr<Protocol>> make(ProtocolSettings settings, const IdentityKey& identity,
                                                const frost::SecretShare& share, Restored restored, Entropy& entropy,
                                                Now now);
  virtual ~Protocol() = default;

  [[nodiscard]] virtual std::vector<Effect> step(const Event& event, Now now) = 0;
  /// When Tick is due next; the driver sleeps, never the protocol.
  [[nodiscard]] virtual MonoTime next_deadline() const = 0;
  [[nodiscard]] virtual ProtocolStatus status() const = 0;
};

/// The computed, unsigned header of height 0.
Header genesis_header(const Committee& committee, std::uint32_t feed_count);

/// Leaf of the history tree that `Restored::history` and every history_root are made of: RFC 9162 leaf hash of the
/// header hash.
Digest history_leaf(const Header& header);

/// The height that a record of Persist is about, for the log that keeps it: of the batch that a LOCK would rebuild,
/// none for a VIEW. Total.
std::optional<Height> record_height(ByteSpan record);

/// The longest frame that an honest member of this epoch or another one sends: what a transport must carry, and beyond
/// which it may disconnect.
std::size_t frame_bytes_max(Quorum quorum, std::uint32_t feed_count);

/// What may wait for one peer at once: answers of each kind that are as long as a batch (BODIES, PROOFS, the opening of
/// a view) and twice that of what is broadcast, at least 1 MiB; and one RANGE. Who is further behind is disconnected.
std::size_t peer_queue_bytes(Quorum quorum, std::uint32_t feed_count);

/// What one honest member sends at most, and how often it comes, for a transport that holds everyone to it.
struct PeerRate {
  std::uint32_t frames_per_second{};
  std::uint32_t bytes_per_second{};
  std::uint32_t links_per_second{};      ///< of one member
  std::uint32_t strangers_per_second{};  ///< handshakes with whoever has not shown yet who it is, from anywhere
  Micros redial_max;                     ///< between two attempts to reach a member
};
/// heights = 1 s / tick and repeats = 1 s / resend, one more of each, at most 1000: one honest member's heights and
/// repetitions a second.
///   frames     4 ((16 + 4f) heights + 64 repeats): of each kind but GET, RANGE and HELLO one a height, four more for
///              each of f retries; what a member keeps saying (at most 64 frames) each resend. Four times that, for
///              what waited somewhere comes at once. GET and RANGE hide in there: each is of up to 64 heights
///   bytes      4 (heights + repeats) message + repeats range: one longest frame a height and a resend, for all but
///              BODIES, RANGE and PROOFS are short; and an answer of any epoch's size within its patience. At most 1
///              GiB
///   links      1 s / timeout, one more: a link once a view is all that helps; each costs a handshake and a greeting
///   strangers  n links: all members at once, each as often as it may
///   redial     timeout / 2, at most 2 s: who comes back is linked while the view that it finds still has patience, and
///              while what was observed at the view's start is still timely: nobody observes twice in a view
PeerRate peer_rate(Quorum quorum, std::uint32_t feed_count, const Timing& timing);

}  // namespace assay::threshold
