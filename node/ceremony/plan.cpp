#include "node/ceremony/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/bytes.hpp"
#include "threshold/succession.hpp"

namespace assay::node {

namespace {

namespace ceremony = threshold::ceremony;

Failure refused(std::string text) {
  return {Exit::usage, std::move(text)};
}

const config::MemberCard* card_of(const CeremonyWish& wish, const PublicKey& identity) {
  for (const auto* cards : {&wish.members, &wish.leaving}) {
    for (const auto& card : *cards) {
      if (card.recipient.identity == identity) {
        return &card;
      }
    }
  }
  return nullptr;
}

std::vector<PublicKey> identities(const std::vector<config::MemberCard>& cards) {
  std::vector<PublicKey> out;
  for (const auto& card : cards) {
    out.push_back(card.recipient.identity);
  }
  return out;
}

/// Everybody who can deal, and of old holders no more than are needed: each of them has to be there to the end.
std::vector<MemberIndex> dealers_of(const CeremonyWish& wish) {
  const auto candidates = wish.old ? wish.old->identities : identities(wish.members);
  const std::size_t wanted = wish.old ? wish.old->threshold : candidates.size();
  std::vector<MemberIndex> dealers;
  for (std::uint16_t i = 0; i < candidates.size() && dealers.size() < wanted; ++i) {
    const bool excluded = std::ranges::find(wish.excluded, MemberIndex{i}) != wish.excluded.end();
    if (!excluded && card_of(wish, candidates[i]) != nullptr) {
      dealers.emplace_back(i);
    }
  }
  return dealers;
}

ceremony::Proposal proposal_of(const CeremonyWish& wish, Entropy& entropy) {
  ceremony::Proposal proposal;
  proposal.kind = ceremony::Kind::fresh;
  proposal.network = wish.network;
  proposal.share_generation = 1;
  if (wish.old) {
    const bool same = identities(wish.members) == wish.old->identities;
    proposal.kind = same ? ceremony::Kind::refresh : ceremony::Kind::reshare;
    proposal.epoch = Epoch{wish.old->epoch.value + 1};
    proposal.share_generation = wish.old->share_generation + 1;
    proposal.previous = epoch_record_digest(*wish.old);
    proposal.old_threshold = wish.old->threshold;
  }
  entropy.fill(proposal.salt);
  const auto quorum = threshold::Quorum::of(static_cast<std::uint32_t>(wish.members.size()));
  proposal.new_threshold = quorum ? quorum->agree() : std::uint16_t{0};
  for (const auto& card : wish.members) {
    proposal.members.push_back(card.recipient);
  }
  proposal.dealers = dealers_of(wish);
  return proposal;
}

std::variant<config::CeremonyPlan, Failure> signed_plan(const CeremonyWish& wish, const ceremony::Proposal& proposal,
                                                        const threshold::IdentityKey& proposer) {
  config::CeremonyPlan plan;
  plan.proposal = ceremony::propose(proposal, proposer);
  auto terms = ceremony::make_terms(plan.proposal, wish.old);
  if (!terms) {
    return refused(fmt::format("{}: expected {}", name(terms.error().code), terms.error().detail));
  }
  plan.terms = std::move(*terms);
  for (const auto& party : plan.terms.parties) {
    plan.addresses.push_back(card_of(wish, party.identity)->address);
  }
  return plan;
}

}  // namespace

std::variant<config::CeremonyPlan, Failure> plan_ceremony(const CeremonyWish& wish,
                                                          const threshold::IdentityKey& proposer, Entropy& entropy) {
  if (!threshold::Quorum::of(static_cast<std::uint32_t>(wish.members.size()))) {
    return refused(fmt::format("cards: {}", threshold::size_problem(wish.members.size())));
  }
  const auto dealing = wish.old ? wish.old->identities.size() : wish.members.size();
  for (const auto member : wish.excluded) {
    if (member.value >= dealing) {
      return refused(fmt::format("--exclude {}: the members that may deal are 0 to {}", member.value, dealing - 1));
    }
  }
  if (wish.old) {
    std::vector<PublicKey> members;
    for (const auto& card : wish.members) {
      members.push_back(card.recipient.identity);
    }
    if (const auto misplaced = threshold::out_of_order(wish.old->identities, members)) {
      return refused(
          fmt::format("card {} is out of place: no epoch can follow unless members that stay keep their order "
                      "and those that join come after them",
                      *misplaced + 1));
    }
  }
  const auto proposal = proposal_of(wish, entropy);
  const auto needed = wish.old ? wish.old->threshold : proposal.new_threshold;
  if (proposal.dealers.size() < needed) {
    return refused(fmt::format("{} must deal, and {} can: {}", needed, proposal.dealers.size(),
                               wish.old ? "give the cards of more holders of the running key (--card, or --leaving)"
                                        : "exclude fewer of the members"));
  }
  return signed_plan(wish, proposal, proposer);
}

std::variant<config::CeremonyPlan, Failure> plan_repair(const std::string& network,
                                                        const threshold::EpochRecord& record,
                                                        const config::MemberCard& lost,
                                                        std::vector<config::MemberCard> helpers,
                                                        const threshold::IdentityKey& proposer, Entropy& entropy) {
  const auto index_of = [&](const config::MemberCard& card) {
    return std::ranges::find(record.identities, card.recipient.identity) - record.identities.begin();
  };
  std::ranges::sort(helpers, {}, index_of);
  helpers.resize(std::min<std::size_t>(helpers.size(), record.threshold));
  ceremony::Proposal proposal;
  proposal.kind = ceremony::Kind::repair;
  entropy.fill(proposal.salt);
  proposal.epoch = record.epoch;
  proposal.share_generation = record.share_generation;
  proposal.network = network;
  proposal.previous = epoch_record_digest(record);
  proposal.old_threshold = proposal.new_threshold = record.threshold;
  proposal.members.push_back(lost.recipient);
  for (const auto& helper : helpers) {
    if (index_of(helper) >= std::ssize(record.identities)) {
      return refused("a helper's card is not of a member of the group file's committee");
    }
    proposal.members.push_back(helper.recipient);
    proposal.dealers.emplace_back(static_cast<std::uint16_t>(index_of(helper)));
  }
  if (helpers.size() < record.threshold) {
    return refused(
        fmt::format("{} members must help, and {} cards of helpers were given", record.threshold, helpers.size()));
  }
  CeremonyWish wish{
      .network = network, .members = {lost}, .old = record, .leaving = std::move(helpers), .excluded = {}};
  return signed_plan(wish, proposal, proposer);
}

}  // namespace assay::node
