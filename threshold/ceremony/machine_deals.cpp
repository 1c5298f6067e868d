#include "threshold/ceremony/machine.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::ceremony {

void Machine::deal() {
  if (dealt_ || !self().dealer) return;
  dealt_ = true;
  const auto* share = settings_.terms.old ? old_share_ : nullptr;
  unsaid_ = sealed(MessageType::deal, encode(make_deal(settings_.terms, *self().dealer, share, entropy_)));
  persist(Next::deal, Dealt{unsaid_});
}

void Machine::support() {
  const Terms& terms = settings_.terms;
  if (deals_.size() != terms.dealers()) return;
  if (!is_member()) return enter(Stage::supporting);
  const auto key = frost::EncryptionKey::of(identity_);
  Support support;
  Supported record;
  for (const auto& [dealer, deal] : deals_) {
    const auto shared = key.agree(deal.ephemeral);
    if (!shared || !open_share(terms, dealer, deal, *self().member, shared->bytes().first<32>())) {
      return complain(dealer);
    }
    const Heard* said = heard(MessageType::deal, terms.dealer_party(dealer));
    support.deals.push_back(said->signed_digest);
    record.deals.push_back(said->bytes);
  }
  unsaid_ = sealed(MessageType::support, encode(support));
  record.frame = unsaid_;
  persist(Next::support, record);
}

void Machine::complain(std::uint16_t dealer) {
  const Terms& terms = settings_.terms;
  const auto key = frost::EncryptionKey::of(identity_);
  const auto point = frost::secret_times(key.expose(), deals_.at(dealer).ephemeral);
  if (!point) return;  // a checked deal has an ephemeral key of prime order
  const SharedPoint statement{key.point(), deals_.at(dealer).ephemeral, *point};
  Complaint complaint;
  complaint.deal = heard(MessageType::deal, terms.dealer_party(dealer))->bytes;
  complaint.shared_point = *point;
  complaint.proof = prove_shared_point(proof_scope(terms, dealer, *self().member), key.expose(), statement, entropy_);
  say(MessageType::complaint, encode(complaint));
}

void Machine::compare_supports() {
  const Terms& terms = settings_.terms;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    const Heard* said = heard(MessageType::support, i);
    if (said == nullptr) continue;
    const auto support = decode_support(terms, ByteSpan(said->bytes).subspan(frame_head));
    if (!support) continue;
    for (const auto& [dealer, deal] : deals_) {
      const std::uint16_t party = terms.dealer_party(dealer);
      const SignedDigest& mine = heard(MessageType::deal, party)->signed_digest;
      if (support->deals[dealer].digest == mine.digest) continue;
      return accuse(Equivocation{{MessageType::deal, party, 0}, mine, support->deals[dealer]});
    }
  }
}

void Machine::store() {
  if (!all_said(MessageType::support)) return;
  if (!assemble()) return fail({});
  if (!is_member()) return enter(Stage::confirming);
  enter(Stage::storing);
  busy_ = true;
  pending_.emplace(++last_id_, Next::stored);
  effects_.push_back(PersistShare{last_id_, share_, record_->share_generation});
}

bool Machine::assemble() {
  const Terms& terms = settings_.terms;
  if (deals_.size() != terms.dealers()) return false;
  std::vector<Deal> deals;
  std::vector<SignedDigest> digests;
  for (const auto& [dealer, deal] : deals_) {
    deals.push_back(deal);
    digests.push_back(heard(MessageType::deal, terms.dealer_party(dealer))->signed_digest);
  }
  auto record = assemble_record(terms, deals);
  if (!record) return false;
  if (is_member()) {
    const auto key = frost::EncryptionKey::of(identity_);
    std::vector<SecretSlot> dealt;
    for (const auto& [dealer, deal] : deals_) {
      const auto shared = key.agree(deal.ephemeral);
      if (!shared) return false;
      auto share = open_share(terms, dealer, deal, *self().member, shared->bytes().first<32>());
      if (!share) return false;
      dealt.push_back(std::move(share).value());
    }
    auto share = assemble_share(terms, dealt, *self().member, *record);
    if (!share) return false;
    share_ = std::make_shared<const frost::SecretShare>(std::move(share).value());
  }
  record_ = std::move(record).value();
  confirm_ = Confirm{transcript_digest(terms, digests), epoch_record_digest(*record_)};
  return true;
}

void Machine::compare_confirms() {
  const Terms& terms = settings_.terms;
  for (std::uint16_t i = 0; i < terms.members() && !failed_; ++i) {
    const Heard* said = heard(MessageType::confirm, i);
    if (said == nullptr) continue;
    const auto confirm = decode_confirm(ByteSpan(said->bytes).subspan(frame_head));
    if (!confirm || *confirm == confirm_) continue;
    const Heard* support = heard(MessageType::support, i);
    if (support != nullptr && confirm->transcript != confirm_.transcript) {
      accuse(Contradiction{support->bytes, said->bytes});
    } else {
      fail({Blame{i, Offence::contradiction, {}}});
    }
  }
}

void Machine::certify() {
  const Terms& terms = settings_.terms;
  if (!all_said(MessageType::confirm)) return;
  std::vector<Signature> certificate;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    const Heard* said = heard(MessageType::confirm, i);
    if (said->signed_digest.digest != sha256(encode(confirm_))) return;
    certificate.push_back(said->signed_digest.signature);
  }
  certificate_ = std::move(certificate);
  if (!is_member()) return enter(Stage::testing);
  persist(Next::certified, Certified{confirm_, certificate_});
}

}  // namespace assay::threshold::ceremony
