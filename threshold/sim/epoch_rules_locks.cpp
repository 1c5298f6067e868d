#include <algorithm>
#include <bit>

#include "core/merkle.hpp"
#include "threshold/sim/epoch_rules.hpp"

namespace assay::threshold::sim {
namespace {

std::string lock_text(const LockRecord& lock) {
  return "view " + std::to_string(lock.view().value) + ", height " + std::to_string(lock.height().value);
}

}  // namespace

// ---- records

void EpochRules::issues(MemberIndex member, const Bytes& record) {
  const auto read = decode_record({committee_.cfg, member}, limits_, record);
  if (!read || !*read) return report("bad_record", "member " + std::to_string(member.value));
  Mine& mine = members_[member.value];
  if (const auto* view = std::get_if<ViewRecord>(&**read)) {
    if (mine.issued && view->view <= *mine.issued && !silent_.contains(member))
      report("view_goes_down", "member " + std::to_string(member.value));
    mine.issued = view->view;
  }
  if (const auto* lock = std::get_if<LockRecord>(&**read)) check_lock(*lock);
}

void EpochRules::durable(Seat seat, const Bytes& record) {
  if (!honest(seat)) return;
  const auto read = decode_record({committee_.cfg, MemberIndex{seat}}, limits_, record);
  if (!read || !*read) return;
  Mine& mine = members_[seat];
  if (const auto* view = std::get_if<ViewRecord>(&**read))
    mine.durable = std::max(mine.durable.value_or(View{}), view->view);
  const auto* lock = std::get_if<LockRecord>(&**read);
  if (lock == nullptr) return;
  if (mine.issued && lock->view() < *mine.issued) counts_.add(Branch::late_lock);
  mine.durable = std::max(mine.durable.value_or(View{}), lock->view());
  mine.locks[lock->height()].emplace(lock->view(), lock->hash());
  lockers_[lock->height()][lock->view()][lock->hash()] |= bit_of(MemberIndex{seat});
  compare_locks(*lock);
}

/// 2f+1 votes that were cast, and the bodies to propose it again.
void EpochRules::check_lock(const LockRecord& lock) {
  const PrepareCertificate& certificate = lock.certificate;
  const auto wanted = 2 * committee_.quorum.n / 3 + 1;
  if (std::popcount(certificate.members) < wanted) report("weak_certificate", lock_text(lock));
  for (std::uint16_t i = 0; i < members_.size(); ++i) {
    if ((certificate.members & trusted_bits() & bit_of(MemberIndex{i})) == 0) continue;
    const auto vote = members_[i].votes.find({certificate.view, certificate.height});
    if (vote == members_[i].votes.end() || vote->second != certificate.header_hash) {
      report("weak_certificate", lock_text(lock) + ": member " + std::to_string(i) + " did not vote for it");
    }
  }
  std::vector<Digest> leaves;
  for (const Bytes& body : lock.bodies) leaves.push_back(merkle_leaf(body));
  if (merkle_root(leaves) != lock.header.inputs_root) report("lock_without_bodies", lock_text(lock));
}

/// Where f+1 honest members hold a lock of one view, every later lock of that height is for the same batch.
void EpochRules::compare_locks(const LockRecord& lock) {
  const auto& views = lockers_[lock.height()];
  if (views.at(lock.view()).size() > 1) report("two_certificates", lock_text(lock));
  const std::uint32_t trusted = trusted_bits();
  const auto binding = [&](std::uint32_t holders) {
    return std::popcount(holders & trusted) > static_cast<int>((committee_.quorum.n - 1) / 3);
  };
  for (const auto& [view, digests] : views) {
    for (const auto& [hash, holders] : digests) {
      if (hash == lock.hash() || view == lock.view()) continue;
      const bool broken = view < lock.view() ? binding(holders) : binding(views.at(lock.view()).at(lock.hash()));
      if (broken) report("locked_batch_changed", lock_text(lock) + ", against view " + std::to_string(view.value));
    }
  }
}

// ---- attestations

void EpochRules::attests(const Batch& batch) {
  if (chronicle_.adds(batch)) check_signed(batch, header_hash(batch.header));
  if (batch.observations.empty() || !chronicle_.first_recomputation(batch.header.height)) return;
  const Chronicle::Entry* previous = chronicle_.at(Height{batch.header.height.value - 1});
  const auto finding =
      prices_.check(batch, previous != nullptr ? &previous->header : nullptr,
                    previous != nullptr ? &previous->leaves : nullptr, [this](MemberIndex m) { return trusted(m); });
  if (finding) report(finding->invariant, finding->detail);
}

/// The first time that a batch is seen attested: 2f+1 shares of one session, and the locks that they stand for.
void EpochRules::check_signed(const Batch& batch, const Digest& hash) {
  const auto liars = static_cast<int>(members_.size()) - std::popcount(trusted_bits());
  const int wanted = static_cast<int>(2 * committee_.quorum.n / 3 + 1) - liars;
  const Height height = batch.header.height;
  const Session* by = nullptr;
  for (const auto& [sid, session] : sessions_) {
    if (session.header_hash != hash || std::popcount(session.shares) < wanted) continue;
    if (by == nullptr || session.attempt < by->attempt) by = &session;
  }
  const std::string where = "height " + std::to_string(height.value);
  if (by == nullptr) return report("signed_without_quorum", where + ": no session has 2f+1 shares");
  const auto& holders = lockers_[height][by->place.first][hash];
  if (std::popcount(holders) < wanted) report("signed_without_quorum", where + ": fewer than 2f+1 locks");
  if (by->attempt > 0) counts_.add(Branch::roast_attempt_2);
  for (const auto& [view, digests] : lockers_[height]) {
    if (view < by->place.first && digests.contains(hash)) {
      counts_.add(Branch::backup_coordinator);
      break;
    }
  }
}

}  // namespace assay::threshold::sim
