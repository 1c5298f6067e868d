#include "threshold/sim/keys.hpp"

#include <string>

#include "core/check.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/sim/chance.hpp"
#include "threshold/succession.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::uint16_t size_step = 3;

frost::Dealt deal(Quorum quorum, std::vector<frost::SecretScalar>& secrets, Entropy& entropy) {
  secrets.resize(1);
  while (secrets.size() < quorum.agree()) secrets.push_back(frost::SecretScalar::draw(entropy));
  auto dealt = frost::deal(quorum.n, secrets);
  check(static_cast<bool>(dealt), "the dealer deals to 2f+1 of 3f+1");
  return std::move(dealt).value();
}

/// `record` lacks identities only.
Committee committee_of(EpochRecord record, const Keys& keys, Quorum quorum, const Signatures& signatures) {
  for (std::uint16_t i = 0; i < quorum.n; ++i) record.identities.push_back(keys.identities[i].public_key());
  const std::string epoch = record.epoch.value == 0 ? "" : " " + std::to_string(record.epoch.value);
  auto made = make_committee(std::move(record), "simulation", sha256(as_bytes("simulation" + epoch)));
  check(static_cast<bool>(made), "a committee of 3f+1");
  made->signatures = &signatures;
  return std::move(made).value();
}

}  // namespace

Keys::Keys(Quorum of) : quorum(of) {
  RepeatableEntropy entropy(0xA55A'0000U + of.n);
  std::vector<frost::SecretScalar> secrets;
  secrets.push_back(frost::SecretScalar::draw(entropy));
  first = deal(of, secrets, entropy);
  for (std::uint16_t i = 0; i < of.n + size_step; ++i) identities.push_back(IdentityKey::generate(entropy));
  for (const int members : {of.n - size_step, of.n + 0, of.n + size_step}) {
    const auto next = Quorum::of(static_cast<std::uint32_t>(members));
    if (next) renewed.emplace(next->n, deal(*next, secrets, entropy));
  }
}

Committee first_committee(const Keys& keys, const Signatures& signatures) {
  EpochRecord record{.epoch = Epoch{0},
                     .share_generation = 0,
                     .threshold = keys.quorum.agree(),
                     .group_key = keys.first.group.group_key,
                     .verifying_shares = keys.first.group.verifying_shares,
                     .identities = {}};
  return committee_of(std::move(record), keys, keys.quorum, signatures);
}

Committee next_committee(const Keys& keys, const Committee& before, std::uint32_t feeds_at_first,
                         const frost::Dealt& dealt) {
  const bool kept = dealt.group.verifying_shares == before.record.verifying_shares;
  const auto quorum = Quorum::of(static_cast<std::uint32_t>(dealt.shares.size()));
  check(static_cast<bool>(quorum), "a committee of 3f+1");
  EpochRecord record{.epoch = Epoch{before.epoch.value + 1},
                     .share_generation = before.record.share_generation + (kept ? 0U : 1U),
                     .threshold = quorum->agree(),
                     .group_key = dealt.group.group_key,
                     .verifying_shares = dealt.group.verifying_shares,
                     .identities = {}};
  Committee next = committee_of(std::move(record), keys, *quorum, *before.signatures);
  const Genesis genesis =
      before.descent ? before.descent->genesis : Genesis{before.epoch, before.config_digest, feeds_at_first};
  const Succession succession{next.network, genesis, before.record, next.record, next.config_digest, {}};
  check(static_cast<bool>(check_terms(succession)), "an epoch that can follow");
  next.descent = Descent{genesis, next_epoch_digest(succession)};
  return next;
}

}  // namespace assay::threshold::sim
