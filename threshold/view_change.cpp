#include "threshold/view_change.hpp"

#include <algorithm>

#include "core/merkle.hpp"
#include "threshold/codec.hpp"
#include "threshold/envelope.hpp"

namespace assay::threshold {
namespace {

Height highest_tip(const std::vector<VenterEntry>& entries) {
  Height highest{0};
  for (const VenterEntry& entry : entries) {
    if (entry.height.value > 0) highest = std::max(highest, Height{entry.height.value - 1});
  }
  return highest;
}

/// The highest (view, D) claimed among the summaries at `tip`.
std::optional<LockClaim> highest_lock(const std::vector<VenterEntry>& entries, Height tip) {
  std::optional<LockClaim> highest;
  if (planted(Mutant::no_lock_rule)) return highest;
  for (const VenterEntry& entry : entries) {
    if (entry.height != next(tip) || !entry.summary.lock) continue;
    if (!highest || *highest < *entry.summary.lock) highest = entry.summary.lock;
  }
  return highest;
}

Done check_summaries(const Committee& committee, View view, const std::vector<VenterEntry>& entries) {
  if (entries.size() != committee.quorum.agree()) return Error{Errc::bad_new_view, "exactly 2f+1 summaries"};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const VenterEntry& entry = entries[i];
    if (i > 0 && entry.member <= entries[i - 1].member)
      return Error{Errc::bad_new_view, "summaries of distinct members"};
    if (entry.height.value == 0) return Error{Errc::bad_new_view, "a working height is at least 1"};
    const Scope scope{MessageType::venter, view, entry.height, entry.member};
    if (!verify_scoped(committee, scope, sha256(encode_payload(entry.summary)), entry.signature)) {
      return Error{Errc::bad_new_view, "a summary is not signed by its member for this view"};
    }
  }
  return Ok{};
}

}  // namespace

Result<Mandate> check_new_view(const Committee& committee, std::uint32_t feed_count, View view,
                               const NewView& new_view) {
  if (const auto summaries = check_summaries(committee, view, new_view.entries); !summaries) return summaries.error();
  const Height tip = highest_tip(new_view.entries);
  if (new_view.tip.header.height != tip || !verify_tip(committee, feed_count, new_view.tip)) {
    return Error{Errc::bad_new_view, "the highest tip claimed is not proved"};
  }
  Mandate mandate{.height = next(tip), .locked = std::nullopt};
  const auto claim = highest_lock(new_view.entries, tip);
  if (!claim) {
    if (new_view.lock) return Error{Errc::bad_new_view, "a lock that nobody claims"};
    return mandate;
  }
  if (!new_view.lock && planted(Mutant::unproved_lock_skipped)) return mandate;
  if (!new_view.lock) return Error{Errc::bad_new_view, "the highest lock claimed is not proved"};
  const PrepareCertificate& lock = *new_view.lock;
  const bool fits = lock.view == claim->view && lock.header_hash == claim->header_hash &&
                    lock.height == mandate.height && lock.view < view;
  if (!fits || !verify_prepare(committee, lock)) {
    return Error{Errc::bad_new_view, "the highest lock claimed is not proved"};
  }
  mandate.locked = lock.header_hash;
  return mandate;
}

Done check_mandate(const Mandate& mandate, const Header& proposed) {
  if (proposed.height < mandate.height) return Error{Errc::bad_new_view, "below the height that the new view proves"};
  if (proposed.height == mandate.height && mandate.locked && header_hash(proposed) != *mandate.locked) {
    return Error{Errc::bad_new_view, "another batch than the locked one"};
  }
  return Ok{};
}

Done check_lock_proof(const LockProof& proof) {
  if (header_hash(proof.header) != proof.certificate.header_hash || proof.header.height != proof.certificate.height) {
    return Error{Errc::bad_certificate, "the certificate is not for this header"};
  }
  if (merkle_root(proof.inputs) != proof.header.inputs_root) return Error{Errc::bad_proof, "names of other inputs"};
  return Ok{};
}

void Entrants::clear() {
  heard_.clear();
  proved_.clear();
  refuted_.clear();
  locks_.clear();
}

void Entrants::add(const VenterEntry& entry) {
  heard_.try_emplace(entry.member, entry);
}

Done Entrants::prove(MemberIndex member, View view, ProofsMessage proofs) {
  const auto heard = heard_.find(member);
  if (heard == heard_.end()) return Error{Errc::bad_new_view, "proofs without a summary"};
  if (proved_.contains(member)) return Ok{};
  if (refuted_.contains(member)) return Error{Errc::bad_certificate, "its proofs did not hold before"};
  if (const auto fits = check(heard->second, view, proofs); !fits) {
    refuted_.insert(member);
    return fits.error();
  }
  if (proofs.lock) {
    const auto first = planted(Mutant::lock_by_root) ? locks_.begin() : locks_.end();
    if (first != locks_.end() && merkle_root(first->first) == proofs.lock->header.inputs_root) {
      proofs.lock->inputs = first->first;
    }
    Lock& lock = locks_[proofs.lock->inputs];
    if (lock.holders.empty()) lock.inputs = LockInputs::named(proofs.lock->inputs);
    lock.holders.push_back(member);
  }
  proved_.emplace(member, std::move(proofs));
  return Ok{};
}

Done Entrants::check(const VenterEntry& entry, View view, const ProofsMessage& proofs) const {
  const Header& tip = proofs.tip.header;
  if (next(tip.height) != entry.height || header_hash(tip) != entry.summary.tip) {
    return Error{Errc::bad_certificate, "not the tip of the summary"};
  }
  if (const auto valid = verify_tip(committee_, feed_count_, proofs.tip); !valid) return valid.error();
  if (entry.summary.lock.has_value() != proofs.lock.has_value()) {
    return Error{Errc::bad_certificate, "the lock of the summary and its proof go together"};
  }
  if (!proofs.lock) return Ok{};
  const PrepareCertificate& certificate = proofs.lock->certificate;
  const LockClaim claim{certificate.view, certificate.header_hash};
  if (claim != *entry.summary.lock || certificate.height != entry.height || certificate.view >= view) {
    return Error{Errc::bad_certificate, "not the lock of the summary"};
  }
  if (const auto valid = check_lock_proof(*proofs.lock); !valid) return valid.error();
  return verify_prepare(committee_, certificate);
}

std::vector<MemberIndex> Entrants::counted() const {
  std::vector<MemberIndex> members;
  for (const auto& [member, proofs] : proved_) {
    const bool held = !proofs.lock || locks_.at(proofs.lock->inputs).inputs.complete();
    if (held || planted(Mutant::bodiless_obligation)) members.push_back(member);
  }
  return members;
}

std::vector<MemberIndex> Entrants::wanting() const {
  std::vector<MemberIndex> members;
  for (const auto& [member, entry] : heard_) {
    if (!judged(member)) members.push_back(member);
  }
  return members;
}

NewView Entrants::assemble() const {
  NewView new_view;
  for (const MemberIndex member : counted()) {
    if (new_view.entries.size() == committee_.quorum.agree()) break;
    new_view.entries.push_back(heard_.at(member));
  }
  const Height tip = highest_tip(new_view.entries);
  for (const VenterEntry& entry : new_view.entries) {
    if (entry.height == next(tip)) new_view.tip = proved_.at(entry.member).tip;
  }
  if (const LockProof* lock = obligation(new_view)) new_view.lock = lock->certificate;
  return new_view;
}

const LockProof* Entrants::obligation(const NewView& new_view) const {
  const auto claim = highest_lock(new_view.entries, highest_tip(new_view.entries));
  if (!claim) return nullptr;
  for (const VenterEntry& entry : new_view.entries) {
    const auto proved = proved_.find(entry.member);
    if (proved == proved_.end() || !proved->second.lock) continue;
    if (entry.summary.lock == claim) return &*proved->second.lock;
  }
  return nullptr;
}

std::vector<Digest> Entrants::missing() const {
  std::vector<Digest> missing;
  for (const auto& [names, lock] : locks_) {
    for (const Digest& name : lock.inputs.missing()) missing.push_back(name);
  }
  return missing;
}

SharedBytes Entrants::find(const Digest& name) const {
  for (const auto& [names, lock] : locks_) {
    if (SharedBytes frame = lock.inputs.find(name)) return frame;
  }
  return nullptr;
}

void Entrants::supply(const Digest& name, const SharedBytes& frame) {
  for (auto& [names, lock] : locks_) lock.inputs.supply(name, frame);
}

std::vector<Entrants::Ask> Entrants::ask(Asking asking) {
  std::vector<Ask> asks;
  for (auto& [names, lock] : locks_) {
    const auto missing = lock.inputs.missing();
    if (missing.empty() || (asking == Asking::first && lock.asked > 0)) continue;
    const std::size_t wanted = asking == Asking::first ? 1 : committee_.quorum.one_honest();
    for (std::size_t i = 0; i < std::min(wanted, lock.holders.size()); ++i) {
      asks.push_back({lock.holders[lock.asked++ % lock.holders.size()], missing});
    }
  }
  return asks;
}

}  // namespace assay::threshold
