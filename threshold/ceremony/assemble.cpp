#include "threshold/ceremony/assemble.hpp"

#include <utility>

#include "threshold/ceremony/polynomial.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/sealed_share.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::ceremony {

std::vector<frost::PublicScalar> dealer_weights(const Terms& terms) {
  if (!terms.old) return std::vector<frost::PublicScalar>(terms.dealers(), frost::scalar_of(1));
  std::vector<std::uint16_t> identifiers;
  for (std::uint16_t d = 0; d < terms.dealers(); ++d) identifiers.push_back(terms.dealer_identifier(d));
  return frost::lagrange_at_zero(identifiers);
}

Result<EpochRecord> assemble_record(const Terms& terms, std::span<const Deal> deals) {
  std::vector<std::vector<frost::Element>> lists;
  for (const Deal& deal : deals) lists.push_back(deal.commitments);
  const auto commitments = weighted_sum(lists, dealer_weights(terms));
  EpochRecord record;
  record.epoch = terms.proposal.epoch;
  record.share_generation = terms.proposal.share_generation;
  record.threshold = terms.proposal.new_threshold;
  record.group_key = PublicKey{commitments.front()};
  if (frost::is_identity(commitments.front())) return Error{Errc::bad_element, "a group key that is no identity"};
  if (terms.old && terms.old->group_key != record.group_key) {
    return Error{Errc::bad_share, "resharing keeps the group key"};
  }
  for (std::uint16_t j = 0; j < terms.members(); ++j) {
    const frost::Element share = evaluate_commitments(commitments, static_cast<std::uint16_t>(j + 1));
    if (frost::is_identity(share)) return Error{Errc::bad_element, "a verifying share that is no identity"};
    record.verifying_shares.push_back(PublicKey{share});
    record.identities.push_back(terms.proposal.members[j].identity);
  }
  return record;
}

Result<frost::SecretShare> assemble_share(const Terms& terms, std::span<const frost::SecretScalar> dealt,
                                          MemberIndex member, const EpochRecord& record) {
  const auto weights = dealer_weights(terms);
  frost::SecretScalar sum = frost::SecretScalar::zero();
  for (std::size_t d = 0; d < dealt.size(); ++d) sum.add_product(weights[d], dealt[d]);
  auto share = frost::SecretShare::of(member, std::move(sum));
  if (!share) return share.error();
  if (share->verifying_share() != record.verifying_shares[member.value]) {
    return Error{Errc::bad_share, "a share on the summed polynomial"};
  }
  return share;
}

namespace {

/// What each dealer gave this member; nothing when one of them does not open.
std::optional<std::vector<frost::SecretScalar>> open_all(const Terms& terms, const Board& board,
                                                         const IdentityKey& identity, MemberIndex member) {
  const auto key = frost::EncryptionKey::of(identity);
  std::vector<frost::SecretScalar> dealt;
  for (const auto& [dealer, deal] : board.deals()) {
    const auto shared = key.agree(deal.ephemeral);
    if (!shared) return std::nullopt;
    auto share = open_share(terms, dealer, deal, member, shared->bytes().first<32>());
    if (!share) return std::nullopt;
    dealt.push_back(std::move(share).value());
  }
  return dealt;
}

}  // namespace

std::optional<Assembled> assemble(const Terms& terms, const Board& board, const IdentityKey& identity) {
  const auto me = terms.party_of(identity.public_key());
  if (!me || board.deals().size() != terms.dealers()) return std::nullopt;
  std::vector<Deal> deals;
  std::vector<SignedDigest> digests;
  for (const auto& [dealer, deal] : board.deals()) {
    deals.push_back(deal);
    digests.push_back(board.deal_frame(dealer).signed_digest);
  }
  auto record = assemble_record(terms, deals);
  if (!record) return std::nullopt;
  Assembled out{std::move(record).value(), {}, nullptr};
  out.confirm = Confirm{transcript_digest(terms, digests), epoch_record_digest(out.record)};
  if (const auto member = terms.parties[*me].member) {
    const auto dealt = open_all(terms, board, identity, *member);
    if (!dealt) return std::nullopt;
    auto share = assemble_share(terms, *dealt, *member, out.record);
    if (!share) return std::nullopt;
    out.share = std::make_shared<const frost::SecretShare>(std::move(share).value());
  }
  return out;
}

}  // namespace assay::threshold::ceremony
