#pragma once
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "threshold/codec.hpp"
#include "threshold/evidence/witness.hpp"
#include "threshold/inbox.hpp"
#include "threshold/machine_state.hpp"
#include "threshold/nonces.hpp"
#include "threshold/pacemaker.hpp"
#include "threshold/round.hpp"
#include "threshold/signing.hpp"
#include "threshold/speaker.hpp"

namespace assay::threshold {

/// PSA whole: composes the machines and is the only one to order their effects. Files machine_*.cpp hold one concern
/// each. One thread.
class Machine final : public Protocol {
 public:
  struct Parts {
    ProtocolSettings settings;
    const IdentityKey& identity;
    const frost::SecretShare& share;
    Entropy& entropy;
  };
  Machine(Parts parts, Restored restored, Remembered remembered, Now now);
  /// Never moved: the machines below borrow the committee in `settings_`.
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  [[nodiscard]] std::vector<Effect> step(const Event& event, Now now) override;
  [[nodiscard]] MonoTime next_deadline() const override;
  [[nodiscard]] ProtocolStatus status() const override;

 private:
  // machine.cpp: events, routing, timers
  void on(const Tick&) {}
  void on(const FromPeer& event);
  void on(const PeerUp& event);
  void on(const PeerDown& event) { fetching_.ranges.leave(event.peer); }
  void on(const Observed& event);
  void on(const Persisted& event);
  void on(const LedgerRange& event);
  void on(const Stored& event);
  void on(const Staged& event);
  void hear(const Envelope& envelope, const SharedBytes& frame);
  void route(const Envelope& envelope, const Message& message, const SharedBytes& frame);
  void settle();
  void replay();
  void poll_resend();
  enum class Place : std::uint8_t { past, present, future };
  void hear_later(const Envelope& envelope, const Message& message, const SharedBytes& frame);
  void route_present(const Envelope& envelope, const Message& message);
  Place place(const Envelope& envelope) const;
  bool is_leader(MemberIndex member) const { return quorum().leader(standing_.view) == member; }
  bool silent() const { return part_ != Part::voting || !standing_.active || standing_.fenced() || !greeting_.done; }
  const Quorum& quorum() const { return settings_.committee.quorum; }
  const Committee& committee() const { return settings_.committee; }
  /// A certificate of this height is here: who works there is behind.
  bool knows(Height height) const { return height <= chain_.certified().header.height; }
  /// At most once per resend: true when it is time again, and then it counts as done.
  bool once(std::optional<MonoTime>& last) const;
  void note(Error error, MemberIndex member);
  void refuse(Error error, const Envelope& envelope);
  void expel(Error error, MemberIndex member);
  void stop(Error error);

  // machine_round.cpp: observe, propose, prepare
  void poll_observation();
  void say_observation(const Observation& observation, Height height);
  void on_obs(const Envelope& envelope, const SharedBytes& frame);
  void poll_proposal();
  void propose_fresh(std::optional<NewView> new_view);
  void propose_locked(const LockProof& lock, NewView new_view);
  void propose(PropMessage message);
  std::uint32_t pick_signers(const std::vector<BodyRef>& bodies) const;
  void on_prop(const Envelope& envelope, const PropMessage& message, const SharedBytes& frame);
  bool accept_new_view(const Envelope& envelope, const PropMessage& message, const SharedBytes& frame);
  void accept_proposal(const Envelope& envelope, const PropMessage& message, const SharedBytes& frame);
  Done check_names(const PropMessage& message) const;
  SharedBytes held_input(const Digest& name) const;
  BodyRef held_body(const Digest& digest) const;
  enum class Asked : std::uint8_t { leader, everybody };
  void pull_bodies(Asked asked);
  SharedBytes held_frame(const Digest& digest) const;
  void on_pull(const Envelope& envelope, const PullMessage& message);
  void on_bodies(const Envelope& envelope, const BodiesMessage& message);
  bool take_body(const Bytes& frame);
  void progress();
  bool examine(Proposal& proposal);
  void vote(const Proposal& proposal);
  void on_prep(const Envelope& envelope, const PrepMessage& message);

  // machine_signing.cpp: lock, share, aggregate, retry
  void open_first_session();
  void try_lock();
  void give_shares();
  void give_share(std::uint8_t attempt);
  void on_share(const Envelope& envelope, const ShareMessage& message);
  void aggregate(std::uint8_t attempt);
  void poll_retries();
  void begin_retry();
  void request_signatures(std::vector<SignedNonce> signers);
  void on_nonce_request(const Envelope& envelope, const NonceRequest& message);
  void on_nonce(const Envelope& envelope, const NonceMessage& message);
  void on_sign_request(const Envelope& envelope, const SignRequest& message);

  // machine_views.cpp: wishes, entering, records
  void poll_view();
  void enter(View view);
  void record_view();
  void introduce();
  void on_venter(const Envelope& envelope, const VenterMessage& message);
  void on_proofs(const Envelope& envelope, ProofsMessage message);
  void on_ask_view(const Envelope& envelope);
  void ask_proofs();
  Result<Mandate> judge_new_view(const Envelope& envelope, const NewView& new_view);
  void gather_inputs(Entrants::Asking asking);
  void gather_inputs(const std::vector<Bytes>& frames);
  void persist(const Record& record, Pending pending);

  // machine_epochs.cpp: the change of epochs
  struct Announcement {
    Digest next_epoch;
    Height switch_height;
  };
  void take_part();
  void say_ready(std::optional<MemberIndex> peer);
  void on_ready(const Envelope& envelope, const ReadyMessage& message);
  Announcement announcement(Opens opens) const;
  Done check_announcement(const Header& header) const;
  void on_foreign(const FromPeer& event);

  // machine_sync.cpp: tips, catch-up, start
  void restore(Remembered remembered);
  void learn(const TipCertificate& certificate, MemberIndex from);
  const std::vector<Leaf>* leaves_of(const Digest& header_hash) const;
  void apply_known(const TipCertificate& certificate);
  void apply(Batch batch, Origins origin);
  void help(MemberIndex peer);
  Height unsaved_end() const;
  void poll_fetching();
  void on_get(const Envelope& envelope, const GetMessage& message);
  void send_range(MemberIndex peer, Height from, const std::vector<Batch>& batches);
  bool may_ask(Served& served, Height from) const;
  void on_range(const Envelope& envelope, const RangeMessage& message);
  void apply_held();
  void poll_greeting();
  void on_hello(const Envelope& envelope);
  void on_echo(const Envelope& envelope, const EchoMessage& message);
  bool said_before(const Envelope& said) const;
  std::optional<Error> beyond_log(const Envelope& said) const;
  std::optional<Error> ahead_of_log(const Bytes& frame) const;
  std::optional<Error> ahead_of_log(const Batch& batch) const;

  // machine_evidence.cpp: who contradicts itself
  void testify(const Envelope& envelope, const Message& message, const SharedBytes& frame);
  void suspect(MemberIndex member, const evidence::Evidence& evidence);
  void suspect_each(const std::vector<evidence::Evidence>& found);
  void suspect_amnesia(MemberIndex member, SharedBytes share, SharedBytes venter);
  void suspect_new_view(const NewView& new_view);
  void suspect_aggregate(const Proposal& proposal, const LockInputs& beside);
  void suspect_session(std::uint8_t attempt, const std::vector<MemberIndex>& culprits);
  void ask_other_proposal(const Envelope& envelope, const PrepMessage& vote);
  void hear_other_proposals(const Envelope& envelope, const BodiesMessage& message);

  // what I am
  ProtocolSettings settings_;
  Limits limits_;
  const frost::SecretShare& share_;
  // what I hold
  Chain chain_;
  std::shared_ptr<const Batch> last_batch_;
  Memory memory_;
  Standing standing_;
  Part part_ = Part::waiting;
  std::optional<Digest> staged_;         ///< the next epoch that I hold whole
  std::map<MemberIndex, Digest> ready_;  ///< and the ones that others say they hold
  NonceStore nonces_;
  // this view and height
  ObservationPool pool_;
  Observing observing_;
  Round round_;
  LockInputs left_behind_;       ///< of the batch proposed at this height in a view that I left
  std::uint32_t demerited_ = 0;  ///< owed or spoiled a share lately: last to be picked
  Signing signing_;
  Retries retries_;
  Entrants entrants_;
  // the others
  Pacemaker pacemaker_;
  Inbox inbox_;
  Echoes echoes_;
  Greeting greeting_;
  Fetching fetching_;
  evidence::Witness witness_;
  Accusations accusations_;
  std::vector<Served> served_;  ///< by member
  // this step
  Speaker speaker_;
  Now now_;
  MonoTime repeat_due_;
  bool replay_ = true;
  bool stopped_ = false;
};

}  // namespace assay::threshold
