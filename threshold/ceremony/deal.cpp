#include "threshold/ceremony/deal.hpp"

#include <utility>

#include "core/check.hpp"
#include "threshold/ceremony/polynomial.hpp"
#include "threshold/crypto/proof_of_knowledge.hpp"

namespace assay::threshold::ceremony {

Bytes encode(const Deal& deal) {
  ByteWriter out(160 + 32 * deal.commitments.size() + 48 * deal.shares.size());
  for (const Bytes32& commitment : deal.commitments) out.raw(commitment);
  out.raw(deal.knowledge).raw(deal.ephemeral).raw(deal.possession);
  for (const auto& share : deal.shares) out.raw(share);
  return std::move(out).take();
}

Result<Deal> decode_deal(const Terms& terms, ByteSpan payload) {
  ByteReader in(payload);
  Deal deal;
  for (std::uint16_t k = 0; k < terms.proposal.new_threshold; ++k) deal.commitments.push_back(in.array<32>());
  deal.knowledge = in.array<64>();
  deal.ephemeral = in.array<32>();
  deal.possession = in.array<64>();
  for (std::uint16_t j = 0; j < terms.members(); ++j) deal.shares.push_back(in.array<48>());
  if (const auto done = in.done(); !done) return done.error();
  return deal;
}

Deal make_deal(const Terms& terms, std::uint16_t dealer, const frost::SecretShare* old_share, Entropy& entropy) {
  check((old_share == nullptr) == !terms.old.has_value(), "a dealer hands on its old share unless the key is fresh");
  const std::uint16_t threshold = terms.proposal.new_threshold;
  const auto polynomial = old_share == nullptr
                              ? SecretPolynomial::draw(threshold, entropy)
                              : SecretPolynomial::with_constant(old_share->scalar(), threshold, entropy);
  const auto ephemeral = frost::EncryptionKey::generate(entropy);
  Deal deal;
  deal.commitments = polynomial.commitments();
  deal.knowledge =
      frost::prove_knowledge(terms.dealer_identifier(dealer), polynomial.constant(), deal.commitments.front(), entropy);
  deal.ephemeral = ephemeral.point();
  deal.possession = prove_possession({terms.id, dealer, 0}, ephemeral.scalar(), deal.ephemeral, entropy);
  for (std::uint16_t j = 0; j < terms.members(); ++j) {
    const auto shared = ephemeral.agree(terms.proposal.members[j].encryption_key);
    check(shared.has_value(), "terms hold encryption keys of prime order");
    deal.shares.push_back(frost::seal_share(seal_context(terms, dealer, deal, MemberIndex{j}),
                                            shared->bytes().first<32>(),
                                            polynomial.evaluate(static_cast<std::uint16_t>(j + 1))));
  }
  return deal;
}

Done check_deal(const Terms& terms, std::uint16_t dealer, const Deal& deal) {
  if (auto done = validate_commitments(deal.commitments); !done) return done;
  const Bytes32& constant = deal.commitments.front();
  if (terms.old && terms.old->verifying_shares[terms.proposal.dealers[dealer].value].bytes != constant) {
    return Error{Errc::bad_share, "a holder deals the share that it holds"};
  }
  const std::uint16_t identifier = terms.dealer_identifier(dealer);
  if (auto done = frost::verify_proof_of_knowledge(identifier, constant, deal.knowledge); !done) return done;
  if (!verify_possession({terms.id, dealer, 0}, deal.ephemeral, deal.possession)) {
    return Error{Errc::bad_signature, "a proof of possession of the ephemeral key"};
  }
  return Ok{};
}

frost::SealContext seal_context(const Terms& terms, std::uint16_t dealer, const Deal& deal, MemberIndex member) {
  return {terms.id, dealer, member.value, deal.ephemeral, terms.proposal.members[member.value].encryption_key};
}

ProofScope proof_scope(const Terms& terms, std::uint16_t dealer, MemberIndex member) {
  return {terms.id, dealer, static_cast<std::uint16_t>(member.value + 1)};
}

Result<frost::SecretScalar> open_share(const Terms& terms, std::uint16_t dealer, const Deal& deal, MemberIndex member,
                                       std::span<const std::uint8_t, 32> shared_point) {
  auto share = frost::open_share(seal_context(terms, dealer, deal, member), shared_point, deal.shares[member.value]);
  if (!share) return Error{Errc::bad_share, "a ciphertext that opens"};
  const auto identifier = static_cast<std::uint16_t>(member.value + 1);
  if (!share_fits(*share, deal.commitments, identifier)) {
    return Error{Errc::bad_share, "a share on the committed polynomial"};
  }
  return std::move(*share);
}

}  // namespace assay::threshold::ceremony
