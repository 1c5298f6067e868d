#include "threshold/ceremony/machine.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::ceremony {

void Machine::deal() {
  if (kept_.dealt || !self().dealer) return;
  kept_.dealt = true;
  const auto* share = settings_.terms.old ? old_share_ : nullptr;
  unsaid_ = sealed(MessageType::deal, encode(make_deal(settings_.terms, *self().dealer, share, entropy_)));
  persist(Next::deal, Dealt{unsaid_});
}

void Machine::support() {
  const Terms& terms = settings_.terms;
  if (board_.deals().size() != terms.dealers()) return;
  if (!is_member()) return enter(Stage::supporting);
  const auto key = frost::EncryptionKey::of(identity_);
  Support support;
  Supported record;
  for (const auto& [dealer, deal] : board_.deals()) {
    const auto shared = key.agree(deal.ephemeral);
    if (!shared || !open_share(terms, dealer, deal, *self().member, shared->bytes().first<32>())) {
      return complain(dealer);
    }
    const Said& said = board_.deal_frame(dealer);
    support.deals.push_back(said.signed_digest);
    record.deals.push_back(said.bytes);
  }
  unsaid_ = sealed(MessageType::support, encode(support));
  record.frame = unsaid_;
  persist(Next::support, record);
}

void Machine::complain(std::uint16_t dealer) {
  const Terms& terms = settings_.terms;
  const Deal& deal = board_.deals().at(dealer);
  const auto key = frost::EncryptionKey::of(identity_);
  const auto point = frost::times(key.scalar(), deal.ephemeral);
  if (!point) return;  // a checked deal has an ephemeral key of prime order
  const SharedPoint statement{key.point(), deal.ephemeral, *point};
  Complaint complaint;
  complaint.deal = board_.deal_frame(dealer).bytes;
  complaint.shared_point = *point;
  complaint.proof = prove_shared_point(proof_scope(terms, dealer, *self().member), key.scalar(), statement, entropy_);
  say(MessageType::complaint, encode(complaint));
}

void Machine::compare_supports() {
  const Terms& terms = settings_.terms;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    const Said* said = board_.find(MessageType::support, i);
    if (said == nullptr) continue;
    const auto support = decode_support(terms, said->payload());
    if (!support) continue;
    for (const auto& [dealer, deal] : board_.deals()) {
      const SignedDigest& mine = board_.deal_frame(dealer).signed_digest;
      if (support->deals[dealer].digest == mine.digest) continue;
      return accuse(Equivocation{{MessageType::deal, terms.dealer_party(dealer), 0}, mine, support->deals[dealer]});
    }
  }
}

void Machine::store() {
  if (!board_.all_members_said(MessageType::support)) return;
  ours_ = assemble(settings_.terms, board_, identity_);
  if (!ours_) return fail({});
  if (!is_member()) return enter(Stage::confirming);
  enter(Stage::storing);
  outbox_.persist_share(Next::stored, ours_->share, ours_->record);
}

void Machine::compare_confirms() {
  const Terms& terms = settings_.terms;
  for (std::uint16_t i = 0; i < terms.members() && !failed_; ++i) {
    const Said* said = board_.find(MessageType::confirm, i);
    if (said == nullptr) continue;
    const auto confirm = decode_confirm(said->payload());
    if (!confirm || *confirm == ours_->confirm) continue;
    const Said* support = board_.find(MessageType::support, i);
    if (support != nullptr && confirm->transcript != ours_->confirm.transcript) {
      accuse(Contradiction{support->bytes, said->bytes});
    } else {
      fail({Blame{i, Offence::contradiction, {}}});
    }
  }
}

void Machine::certify() {
  const Terms& terms = settings_.terms;
  if (!board_.all_members_said(MessageType::confirm)) return;
  const Digest digest = sha256(encode(ours_->confirm));
  std::vector<Signature> certificate;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    const Said* said = board_.find(MessageType::confirm, i);
    if (said->signed_digest.digest != digest) return;
    certificate.push_back(said->signed_digest.signature);
  }
  kept_.certificate = std::move(certificate);
  if (!is_member()) return enter(Stage::testing);
  persist(Next::certified, Certified{ours_->confirm, kept_.certificate});
}

void Machine::test() {
  if (const auto attempt = test_.due(board_)) {
    test_.begin(*attempt);
    return persist(Next::attempt, Attempted{*attempt});
  }
  if (const auto share = test_.sign(board_, *ours_)) say(MessageType::test_share, *share);
  if (const auto split = test_.split_commitment(board_)) accuse(*split);
  judge_test();
}

void Machine::judge_test() {
  if (const auto signature = test_.signature(board_, *ours_)) {
    kept_.outcome = Outcome{ours_->confirm, kept_.certificate, *signature};
    return persist(Next::activate, Activated{ours_->record, *kept_.outcome});
  }
  for (const auto& [party, evidence] : test_.culprits(board_, *ours_)) {
    if (evidence) {
      accuse(*evidence);
    } else {
      fail({Blame{party, Offence::bad_test_share, {}}});
    }
  }
}

}  // namespace assay::threshold::ceremony
