#pragma once
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/observation.hpp"
#include "threshold/message_parts.hpp"

namespace assay::threshold {

/// The wire schema of the committee: one struct per payload. View, height and sender travel in the envelope
/// (threshold/envelope.hpp); the codec is threshold/codec.hpp; docs/wire.md shows each byte.

enum class MessageType : std::uint8_t {
  obs = 1,            ///< my observation and nonce commitment
  prop = 2,           ///< the leader's proposal
  prep = 3,           ///< my vote for it
  share = 4,          ///< my signature share, after the lock is durable
  att = 5,            ///< an attested header
  sign_request = 6,   ///< leader: another signing session
  nonce_request = 7,  ///< leader: fresh commitments, please
  nonce = 8,          ///< a fresh commitment for one retry
  wish = 9,           ///< I want this view
  venter = 10,        ///< I entered this view: what I know, without proofs
  proofs = 11,        ///< to the leader: the proofs of my VENTER
  get = 12,           ///< batches from this height on, please
  range = 13,         ///< consecutive batches
  hello = 14,         ///< I started: what have you heard of me?
  echo = 15,          ///< the newest messages of yours that I hold
  pull = 16,          ///< observation bodies by digest, or the proposal that you voted for, please
  bodies = 17,        ///< complete signed OBS frames, or that PROP
  ask_view = 18,      ///< the proposal that opened this view, please
  ready = 19,         ///< I hold this next epoch: its settings, its endorsements, my share
};

struct ObsMessage {
  BootId boot{};
  std::optional<frost::Commitment> commitment;  ///< for attempt 0; none without a usable share
  Observation observation;
  friend bool operator==(const ObsMessage&, const ObsMessage&) = default;
};

/// The signed summary of one member at the entry of a view. Its envelope's height is its tip's height + 1.
struct VenterMessage {
  Digest tip;                     ///< header hash of the tip
  std::optional<LockClaim> lock;  ///< at tip + 1
  BootId boot{};
  std::optional<frost::Commitment> commitment;  ///< for attempt 0 of a re-proposal
  friend bool operator==(const VenterMessage&, const VenterMessage&) = default;
};

struct VenterEntry {
  MemberIndex member;
  Height height;
  VenterMessage summary;
  Signature signature;  ///< of the VENTER envelope
  friend bool operator==(const VenterEntry&, const VenterEntry&) = default;
};

/// Why the leader of a view may propose what it proposes: exactly 2f+1 summaries and the proofs of the highest claims.
struct NewView {
  std::vector<VenterEntry> entries;  ///< ascending member
  TipCertificate tip;                ///< of the highest tip claimed
  std::optional<PrepareCertificate> lock;
  friend bool operator==(const NewView&, const NewView&) = default;
};

struct PropMessage {
  Header header;
  TipCertificate tip;  ///< of height - 1
  std::vector<Listed> observers;
  std::uint32_t signers{};  ///< S, bit i: member i; 2f+1 bits, or none: attempt 0 is skipped
  std::optional<NewView> new_view;
  friend bool operator==(const PropMessage&, const PropMessage&) = default;
};

struct PrepMessage {
  Digest header_hash;  ///< D
  Digest proposal;     ///< P = SHA-256 of the PROP payload
  friend bool operator==(const PrepMessage&, const PrepMessage&) = default;
};

struct ShareMessage {
  Digest sid;
  std::uint8_t attempt{};
  Digest header_hash;
  frost::SignatureShare share;
  friend bool operator==(const ShareMessage&, const ShareMessage&) = default;
};

struct AttMessage {
  TipCertificate certificate;
  friend bool operator==(const AttMessage&, const AttMessage&) = default;
};

struct NonceRequest {
  std::uint8_t attempt{};
  Digest header_hash;
  friend bool operator==(const NonceRequest&, const NonceRequest&) = default;
};

struct NonceMessage {
  std::uint8_t attempt{};
  MemberIndex coordinator;
  Digest header_hash;
  BootId boot{};
  frost::Commitment commitment;
  friend bool operator==(const NonceMessage&, const NonceMessage&) = default;
};

/// What a NONCE said, with its author's signature: enough to rebuild and check that message.
struct SignedNonce {
  MemberIndex member;
  BootId boot{};
  frost::Commitment commitment;
  Signature signature;
  friend bool operator==(const SignedNonce&, const SignedNonce&) = default;
};

struct SignRequest {
  std::uint8_t attempt{};
  PrepareCertificate certificate;
  std::vector<SignedNonce> signers;  ///< exactly 2f+1, ascending
  friend bool operator==(const SignRequest&, const SignRequest&) = default;
};

struct WishMessage {
  friend bool operator==(const WishMessage&, const WishMessage&) = default;
};

/// A lock, without the bodies of its inputs: these are fetched by name, once for all who prove the same lock.
struct LockProof {
  Header header;
  PrepareCertificate certificate;
  std::vector<Digest> inputs;  ///< names of the complete signed OBS frames, ascending member
  friend bool operator==(const LockProof&, const LockProof&) = default;
};

struct ProofsMessage {
  TipCertificate tip;
  std::optional<LockProof> lock;
  friend bool operator==(const ProofsMessage&, const ProofsMessage&) = default;
};

struct GetMessage {
  std::uint32_t count{};  ///< batches wanted, from the envelope's height on
  friend bool operator==(const GetMessage&, const GetMessage&) = default;
};

struct RangeMessage {
  std::vector<Bytes> batches;  ///< encoded, consecutive, from the envelope's height on
  friend bool operator==(const RangeMessage&, const RangeMessage&) = default;
};

struct HelloMessage {
  friend bool operator==(const HelloMessage&, const HelloMessage&) = default;
};

struct EchoMessage {
  std::vector<Bytes> frames;  ///< at most echo_frames_max complete frames signed by the receiver
  friend bool operator==(const EchoMessage&, const EchoMessage&) = default;
};
inline constexpr std::uint32_t echo_frames_max = 3;

struct PullMessage {
  std::vector<Digest> digests;
  friend bool operator==(const PullMessage&, const PullMessage&) = default;
};

struct BodiesMessage {
  std::vector<Bytes> frames;
  friend bool operator==(const BodiesMessage&, const BodiesMessage&) = default;
};

struct AskView {
  friend bool operator==(const AskView&, const AskView&) = default;
};

struct ReadyMessage {
  Digest next_epoch;
  friend bool operator==(const ReadyMessage&, const ReadyMessage&) = default;
};

/// In the order of MessageType, so that index() + 1 is the type on the wire.
using Message = std::variant<ObsMessage, PropMessage, PrepMessage, ShareMessage, AttMessage, SignRequest, NonceRequest,
                             NonceMessage, WishMessage, VenterMessage, ProofsMessage, GetMessage, RangeMessage,
                             HelloMessage, EchoMessage, PullMessage, BodiesMessage, AskView, ReadyMessage>;

}  // namespace assay::threshold
