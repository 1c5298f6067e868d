#include "threshold/ceremony/repair_messages.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/repair.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr std::uint16_t the_member = 0;

std::uint16_t party_of_helper(std::uint16_t helper) {
  return static_cast<std::uint16_t>(helper + 1);
}

frost::SealContext context(const Terms& terms, std::uint16_t from, std::uint16_t to, const frost::Element& ephemeral) {
  return {terms.id, from, to, ephemeral, terms.proposal.members[to].encryption_key};
}

frost::SealedShare sealed(const Terms& terms, std::uint16_t from, std::uint16_t to, const frost::EncryptionKey& key,
                          const frost::SecretScalar& scalar) {
  const auto shared = key.agree(terms.proposal.members[to].encryption_key);
  check(shared.has_value(), "terms hold encryption keys of prime order");
  return frost::seal_share(context(terms, from, to, key.point()), shared->bytes().first<32>(), scalar);
}

/// What was sealed for me, where it is the scalar behind this commitment.
Result<frost::SecretScalar> opened(const frost::SealContext& context, const frost::SealedShare& sealed,
                                   const frost::EncryptionKey& key, const std::optional<frost::Element>& commitment) {
  const auto shared = key.agree(context.ephemeral);
  if (!shared) return Error{Errc::bad_share, "an ephemeral key of prime order"};
  auto scalar = frost::open_share(context, shared->bytes().first<32>(), sealed);
  if (!scalar || !commitment || frost::base_times(*scalar) != commitment) {
    return Error{Errc::bad_share, "a sealed scalar that its commitment promises"};
  }
  return std::move(*scalar);
}

std::optional<frost::Element> sum_of(std::span<const frost::Element> points) {
  std::optional<frost::Element> sum = points.front();
  for (const auto& point : points.subspan(1)) sum = sum ? frost::plus(*sum, point) : std::nullopt;
  return sum;
}

frost::PublicScalar weight_of(const Terms& terms, std::uint16_t helper) {
  std::vector<std::uint16_t> identifiers;
  for (std::uint16_t d = 0; d < terms.dealers(); ++d) identifiers.push_back(terms.dealer_identifier(d));
  return frost::lagrange_at(static_cast<std::uint16_t>(lost_member(terms).value + 1), identifiers)[helper];
}

frost::SealedShare read_sealed(ByteReader& in) {
  return in.array<48>();
}

}  // namespace

Bytes encode(const RepairRound& round) {
  return {round.begin(), round.end()};
}

Result<RepairRound> decode_repair_round(ByteSpan payload) {
  ByteReader in(payload);
  const RepairRound round = in.array<16>();
  if (const auto done = in.done(); !done) return done.error();
  return round;
}

Bytes encode(const RepairPieces& pieces) {
  ByteWriter out(48 + 80 * pieces.pieces.size());
  out.raw(pieces.round);
  for (const auto& commitment : pieces.commitments) out.raw(commitment);
  out.raw(pieces.ephemeral);
  for (const auto& piece : pieces.pieces) out.raw(piece);
  return std::move(out).take();
}

Result<RepairPieces> decode_repair_pieces(const Terms& terms, ByteSpan payload) {
  ByteReader in(payload);
  RepairPieces pieces;
  pieces.round = in.array<16>();
  for (std::uint16_t d = 0; d < terms.dealers(); ++d) pieces.commitments.push_back(in.array<32>());
  pieces.ephemeral = in.array<32>();
  for (std::uint16_t d = 0; d < terms.dealers(); ++d) pieces.pieces.push_back(read_sealed(in));
  if (const auto done = in.done(); !done) return done.error();
  return pieces;
}

Bytes encode(const RepairSum& sum) {
  ByteWriter out(96 + 32 * sum.pieces.size());
  out.raw(sum.round);
  for (const auto& digest : sum.pieces) out.digest(digest);
  out.raw(sum.ephemeral).raw(sum.sum);
  return std::move(out).take();
}

Result<RepairSum> decode_repair_sum(const Terms& terms, ByteSpan payload) {
  ByteReader in(payload);
  RepairSum sum;
  sum.round = in.array<16>();
  for (std::uint16_t d = 0; d < terms.dealers(); ++d) sum.pieces.push_back(in.digest());
  sum.ephemeral = in.array<32>();
  sum.sum = read_sealed(in);
  if (const auto done = in.done(); !done) return done.error();
  return sum;
}

MemberIndex lost_member(const Terms& terms) {
  const auto& identities = terms.old->identities;
  const auto found = std::ranges::find(identities, terms.proposal.members[the_member].identity);
  return MemberIndex{static_cast<std::uint16_t>(found - identities.begin())};
}

Result<RepairPieces> make_repair_pieces(const Terms& terms, std::uint16_t helper, const RepairRound& round,
                                        const frost::SecretShare& share, Entropy& entropy) {
  const frost::GroupPublic group{terms.old->group_key, terms.old->threshold, terms.old->verifying_shares};
  const auto deltas = frost::repair_deltas(group, share, terms.proposal.dealers, lost_member(terms), entropy);
  if (!deltas) return deltas.error();
  const auto ephemeral = frost::EncryptionKey::generate(entropy);
  RepairPieces out;
  out.round = round;
  out.ephemeral = ephemeral.point();
  for (std::uint16_t to = 0; to < terms.dealers(); ++to) {
    const auto commitment = frost::base_times((*deltas)[to]);
    if (!commitment) return Error{Errc::bad_scalar, "a random piece is not zero"};
    out.commitments.push_back(*commitment);
    out.pieces.push_back(sealed(terms, party_of_helper(helper), party_of_helper(to), ephemeral, (*deltas)[to]));
  }
  return out;
}

Done check_repair_pieces(const Terms& terms, std::uint16_t helper, const RepairPieces& pieces) {
  for (const auto& commitment : pieces.commitments) {
    if (!frost::is_valid_element(commitment)) return Error{Errc::bad_element, "a commitment of prime order"};
  }
  if (!frost::is_valid_element(pieces.ephemeral)) return Error{Errc::bad_element, "an ephemeral key of prime order"};
  const auto& share = terms.old->verifying_shares[terms.proposal.dealers[helper].value];
  const auto part = frost::times(weight_of(terms, helper), share.bytes);
  if (!part || sum_of(pieces.commitments) != part) {
    return Error{Errc::bad_share, "pieces that add up to this helper's part"};
  }
  return Ok{};
}

Result<frost::SecretScalar> open_repair_piece(const Terms& terms, std::uint16_t helper, const RepairPieces& pieces,
                                              std::uint16_t to, const frost::EncryptionKey& key) {
  return opened(context(terms, party_of_helper(helper), party_of_helper(to), pieces.ephemeral), pieces.pieces[to], key,
                pieces.commitments[to]);
}

RepairSum make_repair_sum(const Terms& terms, std::uint16_t helper, const RepairRound& round,
                          std::vector<Digest> pieces, const frost::SecretScalar& sum, Entropy& entropy) {
  const auto ephemeral = frost::EncryptionKey::generate(entropy);
  return {round, std::move(pieces), ephemeral.point(),
          sealed(terms, party_of_helper(helper), the_member, ephemeral, sum)};
}

Result<frost::SecretScalar> open_repair_sum(const Terms& terms, std::uint16_t helper, const RepairSum& sum,
                                            const std::vector<RepairPieces>& pieces, const frost::EncryptionKey& key) {
  std::vector<frost::Element> promised;
  for (const auto& one : pieces) promised.push_back(one.commitments[helper]);
  return opened(context(terms, party_of_helper(helper), the_member, sum.ephemeral), sum.sum, key, sum_of(promised));
}

}  // namespace assay::threshold::ceremony
