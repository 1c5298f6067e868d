#include "threshold/ceremony/proposal.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "threshold/crypto/element.hpp"
#include "threshold/crypto/sealed_share.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr std::uint32_t members_max = 31;
constexpr std::size_t network_name_max = 64;
constexpr std::string_view endorsement_domain{"assay/enc-key/v1", 16};
constexpr std::string_view proposal_domain{"assay/propose/v1", 16};

Bytes joined(std::string_view domain, ByteSpan rest) {
  ByteWriter out(domain.size() + rest.size());
  out.raw(as_bytes(domain)).raw(rest);
  return std::move(out).take();
}

bool is_network_name(std::string_view name) {
  const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= network_name_max && std::ranges::all_of(name, fine);
}

Done check_recipients(const Proposal& proposal) {
  std::set<Bytes32> seen;
  for (const Recipient& member : proposal.members) {
    if (!seen.insert(member.identity.bytes).second || !seen.insert(member.encryption_key).second) {
      return Error{Errc::duplicate, "every identity and key once"};
    }
    if (const auto done = check_endorsement(member); !done) return done;
  }
  return Ok{};
}

Done check_old(const Proposal& proposal, const std::optional<EpochRecord>& old) {
  const bool fresh = proposal.kind == Kind::fresh;
  if (fresh != !old.has_value()) return Error{Errc::wrong_committee, "an old record unless fresh"};
  if (fresh) {
    if (!proposal.previous.is_zero() || proposal.old_threshold != 0) {
      return Error{Errc::out_of_range, "a fresh key has no predecessor"};
    }
    return Ok{};
  }
  if (proposal.previous != epoch_record_digest(*old)) {
    return Error{Errc::wrong_committee, "the proposal names another old record"};
  }
  if (proposal.old_threshold != old->threshold || old->verifying_shares.size() != old->identities.size()) {
    return Error{Errc::out_of_range, "the old threshold is the record's"};
  }
  if (proposal.epoch <= old->epoch || proposal.share_generation <= old->share_generation) {
    return Error{Errc::out_of_range, "epoch and share generation grow"};
  }
  if (proposal.kind != Kind::refresh) return Ok{};
  std::vector<PublicKey> identities;
  for (const Recipient& member : proposal.members) identities.push_back(member.identity);
  if (identities != old->identities) return Error{Errc::out_of_range, "a refresh keeps the committee"};
  return Ok{};
}

Done check_dealers(const Proposal& proposal, const std::optional<EpochRecord>& old) {
  const std::size_t choice = old ? old->identities.size() : proposal.members.size();
  const std::size_t least = old ? proposal.old_threshold : proposal.new_threshold;
  if (proposal.dealers.size() < least) return Error{Errc::out_of_range, "at least a threshold of dealers"};
  for (std::size_t i = 0; i < proposal.dealers.size(); ++i) {
    if (proposal.dealers[i].value >= choice) return Error{Errc::out_of_range, "a dealer outside its committee"};
    if (i > 0 && proposal.dealers[i] <= proposal.dealers[i - 1]) return Error{Errc::out_of_range, "dealers ascend"};
  }
  return Ok{};
}

/// Fresh, reshare, refresh.
Done check_committees(const Proposal& proposal, const std::optional<EpochRecord>& old) {
  const auto quorum = Quorum::of(static_cast<std::uint32_t>(proposal.members.size()));
  if (!quorum) return quorum.error();
  if (proposal.new_threshold != quorum->agree()) return Error{Errc::out_of_range, "the new threshold is 2f+1"};
  if (const auto done = check_recipients(proposal); !done) return done;
  if (const auto done = check_old(proposal, old); !done) return done;
  return check_dealers(proposal, old);
}

/// The member that lost its share, then the helpers in the order of `dealers`; nothing changes but the one share.
Done check_repair(const Proposal& proposal, const std::optional<EpochRecord>& old) {
  if (!old || proposal.previous != epoch_record_digest(*old)) {
    return Error{Errc::wrong_committee, "a repair names the running record"};
  }
  const bool same = proposal.epoch == old->epoch && proposal.share_generation == old->share_generation &&
                    proposal.old_threshold == old->threshold && proposal.new_threshold == old->threshold;
  if (!same || proposal.members.size() != proposal.dealers.size() + 1) {
    return Error{Errc::out_of_range, "a repair changes nothing, and has one recipient more than helpers"};
  }
  if (const auto done = check_recipients(proposal); !done) return done;
  if (const auto done = check_dealers(proposal, old); !done) return done;
  if (std::ranges::find(old->identities, proposal.members.front().identity) == old->identities.end()) {
    return Error{Errc::unknown_member, "a member of the committee that lost its share"};
  }
  for (std::size_t d = 0; d < proposal.dealers.size(); ++d) {
    if (proposal.members[d + 1].identity != old->identities[proposal.dealers[d].value]) {
      return Error{Errc::unknown_member, "helpers in the order of their indices"};
    }
  }
  return Ok{};
}

std::vector<Party> parties_of(const Proposal& proposal, const std::optional<EpochRecord>& old) {
  std::vector<Party> parties;
  for (std::uint16_t i = 0; i < proposal.members.size(); ++i) {
    parties.push_back({proposal.members[i].identity, MemberIndex{i}, std::nullopt});
  }
  for (std::uint16_t d = 0; d < proposal.dealers.size(); ++d) {
    const std::uint16_t index = proposal.dealers[d].value;
    const PublicKey identity = old ? old->identities[index] : proposal.members[index].identity;
    bool known = false;
    for (Party& party : parties) {
      if (party.identity != identity) continue;
      party.dealer = d;
      known = true;
    }
    if (!known) parties.push_back({identity, std::nullopt, d});
  }
  return parties;
}

}  // namespace

Recipient recipient_of(const IdentityKey& identity) {
  const Bytes32 key = frost::EncryptionKey::of(identity).point();
  return {identity.public_key(), key, identity.sign(joined(endorsement_domain, key))};
}

Done check_endorsement(const Recipient& recipient) {
  if (!frost::is_valid_element(recipient.encryption_key)) {
    return Error{Errc::bad_element, "an encryption key of prime order"};
  }
  const Bytes signed_bytes = joined(endorsement_domain, recipient.encryption_key);
  if (!verify_ed25519(recipient.identity, signed_bytes, recipient.endorsement)) {
    return Error{Errc::bad_signature, "an encryption key that its member endorsed"};
  }
  return Ok{};
}

Bytes encode(const Proposal& proposal) {
  ByteWriter out(71 + proposal.network.size() + 128 * proposal.members.size() + 2 * proposal.dealers.size());
  out.u8(static_cast<std::uint8_t>(proposal.kind)).raw(proposal.salt).u32(proposal.epoch.value);
  out.u32(proposal.share_generation).blob(as_bytes(proposal.network)).digest(proposal.previous);
  out.u16(proposal.old_threshold).u16(proposal.new_threshold).u32(static_cast<std::uint32_t>(proposal.members.size()));
  for (const Recipient& member : proposal.members) {
    out.raw(member.identity.bytes).raw(member.encryption_key).raw(member.endorsement.bytes);
  }
  out.u32(static_cast<std::uint32_t>(proposal.dealers.size()));
  for (const MemberIndex dealer : proposal.dealers) out.u16(dealer.value);
  return std::move(out).take();
}

Result<Proposal> decode_proposal(ByteSpan bytes) {
  ByteReader in(bytes);
  Proposal proposal;
  const std::uint8_t kind = in.u8();
  proposal.salt = in.array<16>();
  proposal.epoch = Epoch{in.u32()};
  proposal.share_generation = in.u32();
  const ByteSpan network = in.blob(network_name_max);
  proposal.network.assign(network.begin(), network.end());
  proposal.previous = in.digest();
  proposal.old_threshold = in.u16();
  proposal.new_threshold = in.u16();
  const std::uint32_t members = in.count(members_max);
  for (std::uint32_t i = 0; i < members && in.ok(); ++i) {
    Recipient member;
    member.identity = PublicKey{in.array<32>()};
    member.encryption_key = in.array<32>();
    member.endorsement = Signature{in.array<64>()};
    proposal.members.push_back(member);
  }
  const std::uint32_t dealers = in.count(members_max);
  for (std::uint32_t i = 0; i < dealers && in.ok(); ++i) proposal.dealers.push_back(MemberIndex{in.u16()});
  if (const auto done = in.done(); !done) return done.error();
  if (!is_network_name(proposal.network)) return Error{Errc::out_of_range, "a network's name"};
  if (kind < 1 || kind > 4) return Error{Errc::out_of_range, "a kind of ceremony"};
  proposal.kind = static_cast<Kind>(kind);
  return proposal;
}

SignedProposal propose(Proposal proposal, const IdentityKey& proposer) {
  const Signature signature = proposer.sign(joined(proposal_domain, encode(proposal)));
  return {std::move(proposal), proposer.public_key(), signature};
}

Bytes encode(const SignedProposal& proposal) {
  ByteWriter out;
  out.raw(proposal.proposer.bytes).raw(proposal.signature.bytes).raw(encode(proposal.proposal));
  return std::move(out).take();
}

Result<SignedProposal> decode_signed_proposal(ByteSpan bytes) {
  ByteReader in(bytes);
  SignedProposal out;
  out.proposer = PublicKey{in.array<32>()};
  out.signature = Signature{in.array<64>()};
  if (!in.ok()) return in.error();
  auto proposal = decode_proposal(in.raw(in.left()));
  if (!proposal) return proposal.error();
  out.proposal = std::move(proposal).value();
  return out;
}

std::uint16_t Terms::dealer_party(std::uint16_t dealer) const {
  std::uint16_t place = 0;
  while (parties[place].dealer != dealer) ++place;
  return place;
}

std::optional<std::uint16_t> Terms::party_of(const PublicKey& identity) const {
  for (std::uint16_t i = 0; i < parties.size(); ++i) {
    if (parties[i].identity == identity) return i;
  }
  return std::nullopt;
}

std::uint16_t Terms::dealer_identifier(std::uint16_t dealer) const {
  return static_cast<std::uint16_t>(proposal.dealers[dealer].value + 1);
}

Result<Terms> make_terms(const SignedProposal& proposal, std::optional<EpochRecord> old) {
  const Proposal& plan = proposal.proposal;
  if (!is_network_name(plan.network)) return Error{Errc::out_of_range, "a network's name"};
  if (const auto done = plan.kind == Kind::repair ? check_repair(plan, old) : check_committees(plan, old); !done) {
    return done.error();
  }
  Terms terms{.proposal = plan, .old = std::move(old), .id = {}, .parties = {}};
  terms.parties = parties_of(plan, terms.old);
  const Bytes bytes = encode(plan);
  terms.id = tagged_sha256("assay/ceremony/v1", {bytes});
  if (!terms.party_of(proposal.proposer)) return Error{Errc::unknown_member, "the proposer takes part"};
  if (!verify_ed25519(proposal.proposer, joined(proposal_domain, bytes), proposal.signature)) {
    return Error{Errc::bad_signature, "the proposer's signature"};
  }
  return terms;
}

}  // namespace assay::threshold::ceremony
