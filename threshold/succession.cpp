#include "threshold/succession.hpp"

#include <algorithm>

namespace assay::threshold {
namespace {

constexpr std::string_view domain{"assay/succeed/v1", 16};

Bytes endorsed_bytes(const Digest& next_epoch) {
  ByteWriter out(48);
  out.raw(as_bytes(domain)).digest(next_epoch);
  return std::move(out).take();
}

bool holds(const EpochRecord& record, const PublicKey& identity) {
  return std::find(record.identities.begin(), record.identities.end(), identity) != record.identities.end();
}

Error unfit(const char* rule) {
  return Error{Errc::out_of_range, rule};
}

bool sound(const EpochRecord& record) {
  const auto quorum = Quorum::of(static_cast<std::uint32_t>(record.identities.size()));
  return quorum && record.threshold == quorum->agree() && record.verifying_shares.size() == record.identities.size();
}

}  // namespace

Digest next_epoch_digest(const Succession& succession) {
  ByteWriter out(168);
  out.digest(succession.network.value).u32(succession.genesis.epoch.value).digest(succession.genesis.config_digest);
  out.u32(succession.genesis.feed_count).digest(epoch_record_digest(succession.before));
  out.digest(epoch_record_digest(succession.after)).digest(succession.config_digest);
  return tagged_sha256("assay/next-epoch/v1", {out.bytes()});
}

std::optional<std::size_t> out_of_order(const std::vector<PublicKey>& before, const std::vector<PublicKey>& after) {
  auto from = before.begin();  // whom the next one that stays may be
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (std::find(before.begin(), before.end(), after[i]) == before.end()) {
      from = before.end();
    } else if (from = std::find(from, before.end(), after[i]); from == before.end()) {
      return i;
    }
  }
  return std::nullopt;
}

Done check_terms(const Succession& succession) {
  const EpochRecord& before = succession.before;
  const EpochRecord& after = succession.after;
  if (!sound(before) || !sound(after)) return unfit("both records are of 3f+1 members with one share each");
  if (before.epoch.value == UINT32_MAX || after.epoch.value != before.epoch.value + 1) {
    return unfit("the new epoch is one more than the old one");
  }
  if (succession.genesis.epoch > before.epoch) return unfit("the first epoch of a network is not after the old one");
  if (after.group_key != before.group_key) {
    return unfit("the group key stays: another key is another network, which consumers must pin anew");
  }
  if (after.share_generation < before.share_generation) return unfit("share generations only grow");
  const bool same_shares = after.identities == before.identities && after.verifying_shares == before.verifying_shares;
  if (after.share_generation == before.share_generation && !same_shares) {
    return unfit("another committee needs a resharing, of a later share generation");
  }
  if (after.share_generation > before.share_generation && same_shares) {
    return unfit("a later share generation has new shares");
  }
  if (out_of_order(before.identities, after.identities)) {
    return unfit("members that stay keep their order, and those that join stand after them");
  }
  return Ok{};
}

Done endorse(Succession& succession, const IdentityKey& identity) {
  if (const auto terms = check_terms(succession); !terms) return terms.error();
  const PublicKey mine = identity.public_key();
  if (!holds(succession.before, mine) && !holds(succession.after, mine)) {
    return Error{Errc::unknown_member, "this identity is in neither committee"};
  }
  auto& list = succession.endorsements;
  std::erase_if(list, [&](const Endorsement& one) { return one.identity == mine; });
  list.push_back({mine, identity.sign(endorsed_bytes(next_epoch_digest(succession)))});
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.identity < b.identity; });
  return Ok{};
}

Done merge(Succession& into, const Succession& other) {
  if (next_epoch_digest(into) != next_epoch_digest(other)) {
    return Error{Errc::wrong_committee, "the files describe different epochs"};
  }
  auto& list = into.endorsements;
  for (const Endorsement& theirs : other.endorsements) {
    const auto known = std::any_of(list.begin(), list.end(),
                                   [&](const Endorsement& mine) { return mine.identity == theirs.identity; });
    if (!known) list.push_back(theirs);
  }
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.identity < b.identity; });
  return Ok{};
}

Endorsed count_endorsements(const Succession& succession) {
  const Bytes text = endorsed_bytes(next_epoch_digest(succession));
  const auto endorsed = [&](const PublicKey& identity) {
    return std::any_of(succession.endorsements.begin(), succession.endorsements.end(), [&](const Endorsement& one) {
      return one.identity == identity && verify_ed25519(identity, text, one.signature);
    });
  };
  Endorsed out;
  for (const PublicKey& identity : succession.after.identities) {
    endorsed(identity) ? void(++out.after) : out.missing.push_back(identity);
  }
  for (const PublicKey& identity : succession.before.identities) {
    if (endorsed(identity)) {
      ++out.before;
    } else if (!holds(succession.after, identity)) {
      out.missing.push_back(identity);
    }
  }
  return out;
}

Done check_succession(const Succession& succession) {
  if (const auto terms = check_terms(succession); !terms) return terms.error();
  const Bytes text = endorsed_bytes(next_epoch_digest(succession));
  std::uint16_t before = 0;
  std::uint16_t after = 0;
  const PublicKey* last = nullptr;
  for (const Endorsement& one : succession.endorsements) {
    if (last != nullptr && one.identity <= *last) return Error{Errc::not_canonical, "endorsements ascend by identity"};
    last = &one.identity;
    const bool old_member = holds(succession.before, one.identity);
    const bool new_member = holds(succession.after, one.identity);
    if (!old_member && !new_member) return Error{Errc::unknown_member, "endorsed by a stranger"};
    if (!verify_ed25519(one.identity, text, one.signature)) {
      return Error{Errc::bad_signature, "an endorsement does not verify"};
    }
    if (old_member) ++before;
    if (new_member) ++after;
  }
  if (before < succession.before.threshold) {
    return Error{Errc::bad_certificate, "2f+1 members of the old committee endorse the next epoch"};
  }
  if (after < succession.after.identities.size()) {
    return Error{Errc::bad_certificate, "all members of the new committee endorse their epoch"};
  }
  return Ok{};
}

}  // namespace assay::threshold
