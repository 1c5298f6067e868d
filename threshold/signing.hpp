#pragma once
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "threshold/observations.hpp"

namespace assay::threshold {

/// What a signing session is, apart from its signers.
struct SessionScope {
  View view;
  Height height;
  std::uint8_t attempt{};
  MemberIndex coordinator;
  Digest header_hash;
};

/// sid = SHA-256("assay/sid/v1" 00 cfg view height attempt coordinator D commitment-list);
/// commitment-list: count u8, then member u16, D 32, E 32 each. The view is in it: shares of two views never combine.
Digest session_id(const Digest& cfg, const SessionScope& scope, std::span<const frost::SignerCommitment> signers);

frost::GroupPublic group_public(const Committee& committee);

/// All signing sessions of one (view, height): attempt 0 from the proposal, 1..f from SIGNREQ. Shares may come before
/// their session is known: one is kept per (attempt, member).
class Signing {
 public:
  explicit Signing(const Committee& committee) : committee_(committee) {}

  void clear();
  /// Attempts above f do not exist; one session per attempt.
  ///   errors  out_of_range, duplicate (the same session again), equivocation (another one), bad_signer_set,
  ///   bad_element
  Done open(const SessionScope& scope, ByteSpan header, std::vector<frost::SignerCommitment> signers);
  bool is_open(std::uint8_t attempt) const { return sessions_.contains(attempt); }

  /// What asked for this attempt was refused: it is not looked at again.
  void refuse(std::uint8_t attempt) { refused_.insert(attempt); }
  bool is_refused(std::uint8_t attempt) const { return refused_.contains(attempt); }

  /// Attempts in which I have not answered yet.
  std::vector<std::uint8_t> unanswered() const;
  /// Marks an attempt as answered, whatever comes of it: there is no second answer.
  void answered(std::uint8_t attempt);
  bool signs(std::uint8_t attempt, MemberIndex member) const;
  const SigningSession& session(std::uint8_t attempt) const { return *sessions_.at(attempt).session; }
  const Digest& sid(std::uint8_t attempt) const { return sessions_.at(attempt).sid; }

  /// errors  out_of_range, duplicate, bad_signer_set: not a signer, or for another session, which may be the leader's
  /// fault
  Done add(MemberIndex member, const ShareMessage& share);

  struct Outcome {
    std::optional<Signature> signature;
    std::vector<MemberIndex> culprits;  ///< their shares do not verify; never asked again at this height
  };
  /// Nothing while shares are missing.
  Outcome aggregate(std::uint8_t attempt);

  /// In some session without having given its share, or gave a bad one.
  bool owes(MemberIndex member) const;
  bool caught(MemberIndex member) const { return caught_.contains(member); }

 private:
  struct Open {
    Digest sid;
    std::unique_ptr<SigningSession> session;
    std::map<MemberIndex, frost::SignatureShare> shares;
    bool answered = false;
  };

  const Committee& committee_;
  std::map<std::uint8_t, Open> sessions_;
  std::map<std::pair<std::uint8_t, MemberIndex>, ShareMessage> early_;
  std::set<MemberIndex> caught_;
  std::set<std::uint8_t> refused_;
};

/// The coordinator's side of a retry: who answered NONCEREQ, and when to begin the next attempt.
struct Retries {
  std::uint8_t attempt = 0;  ///< the last one begun; 0 is the proposal's own
  bool collecting = false;   ///< NONCEREQ is out, SIGNREQ not yet
  std::optional<MonoTime> due;
  std::map<MemberIndex, SignedNonce> replies;
  std::map<std::uint8_t, SharedBytes> given;  ///< my own NONCE answers, by attempt: repeated, never remade

  void clear() { *this = Retries{}; }
  /// 2f+1 of those who replied, best first: who owes no share before who does; never one who was caught.
  enum class Mood : std::uint8_t { patient, urgent };  ///< patient: only those who owe nothing
  std::vector<SignedNonce> choose(const Signing& signing, Quorum quorum, Mood mood) const;
};

}  // namespace assay::threshold
