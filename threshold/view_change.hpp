#pragma once
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "threshold/certificate.hpp"
#include "threshold/durable.hpp"
#include "threshold/observations.hpp"

namespace assay::threshold {

/// What a NEWVIEW allows its leader to propose: nothing below `height`; at `height` only `locked`, if any; free above.
struct Mandate {
  Height height{1};              ///< h* = highest proved tip + 1
  std::optional<Digest> locked;  ///< D of the highest proved lock at h*

  friend bool operator==(const Mandate&, const Mandate&) = default;
};

/// The rule of docs/agreement.md, "A new view": exactly 2f+1 distinct signed summaries for `view`; a valid certificate
/// for the highest tip claimed; if any summary at that tip claims a lock, a valid prepare certificate for the highest
/// (view, D) claimed, of a view below `view`. A claim without its proof makes the whole invalid: it is never skipped.
///   errors  bad_new_view.   cost  up to (4f+3) * 47 us
Result<Mandate> check_new_view(const Committee& committee, std::uint32_t feed_count, View view,
                               const NewView& new_view);

/// A re-proposal names the locked header and carries its certificate.   errors  bad_new_view, bad_certificate
Done check_mandate(const Mandate& mandate, const Header& proposed);

/// The header, certificate and names of the inputs of a lock belong together: the names have the root that the header
/// says, which interior nodes of the same tree have, too.   errors  bad_certificate, bad_proof
Done check_lock_proof(const LockProof& proof);

/// The leader's side: gathers VENTER summaries and their proofs until 2f+1 members count. Who claims a lock counts once
/// the lock's inputs are here, from whomever: what the leader is obliged to re-propose, it can also serve, and nobody
/// can oblige it to a batch that no member could lock again.
class Entrants {
 public:
  explicit Entrants(const Committee& committee, std::uint32_t feed_count)
      : committee_(committee), feed_count_(feed_count) {}

  void clear();
  /// The first summary of a member counts. The signature was verified by the caller.
  void add(const VenterEntry& entry);
  /// Proofs of a summary: the first count, whatever comes of them, for their author signed both. Without the summary
  /// they are not looked at.
  ///   errors  bad_new_view: no summary;  bad_certificate and those of verify_tip: the summary stays unproved
  ///   cost  up to (2f+2) * 47 us, once for each member
  Done prove(MemberIndex member, View view, ProofsMessage proofs);

  bool ready() const { return counted().size() >= committee_.quorum.agree(); }
  bool judged(MemberIndex member) const { return proved_.contains(member) || refuted_.contains(member); }
  /// Whose summaries are here without any proofs. All of them: who does not answer may be the one that is asked.
  std::vector<MemberIndex> wanting() const;
  /// A valid NEWVIEW of 2f+1 counted members, ascending. Only when ready().
  NewView assemble() const;
  /// The lock that `assemble`d summaries oblige the leader to re-propose, if any; its inputs are all here.
  const LockProof* obligation(const NewView& new_view) const;

  /// Names of inputs that proved locks need and that are not here.
  std::vector<Digest> missing() const;
  SharedBytes find(const Digest& name) const;
  void supply(const Digest& name, const SharedBytes& frame);
  /// Whom to ask for them, who claimed that lock and so holds them. At first one member for each lock; when it is asked
  /// `again`, the f+1 after it in turn, one of which is honest unless all who claim it are not.
  enum class Asking : std::uint8_t { first, again };
  struct Ask {
    MemberIndex member;
    std::vector<Digest> names;
  };
  std::vector<Ask> ask(Asking asking);

 private:
  /// The inputs of a lock, as some of those who proved it name them.
  struct Lock {
    LockInputs inputs;
    std::vector<MemberIndex> holders;  ///< in the order of their proofs
    std::size_t asked = 0;
  };
  Done check(const VenterEntry& entry, View view, const ProofsMessage& proofs) const;
  std::vector<MemberIndex> counted() const;  ///< ascending

  const Committee& committee_;
  std::uint32_t feed_count_;
  std::map<MemberIndex, VenterEntry> heard_;
  std::map<MemberIndex, ProofsMessage> proved_;
  std::set<MemberIndex> refuted_;  ///< whose proofs did not hold
  /// By the names: a header's root fits other lists, too, of what lies higher in its tree and is the name of nothing.
  /// Who names those waits for them alone.
  std::map<std::vector<Digest>, Lock> locks_;
};

}  // namespace assay::threshold
