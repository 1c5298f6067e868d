#include "threshold/crypto/dkg_vectors.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "threshold/crypto/element.hpp"
#include "threshold/crypto/hash.hpp"
#include "threshold/crypto/proof_of_knowledge.hpp"

namespace assay::threshold {
namespace {

using Field = VectorField;
constexpr std::uint16_t participants_max = 100;
constexpr std::uint16_t built_threshold = 2;  ///< the layout gives one coefficient

/// f(x) = signing_key + coefficient x of one dealer.
using Dealer = std::array<frost::SecretScalar, built_threshold>;

void expect_point(VectorChecker& to, const Field& field, const std::optional<frost::Element>& point) {
  if (to.expect_true(field, point.has_value(), "an element other than the identity")) to.expect(field, *point);
}

/// Everybody by identifier: their fields, and what they deal.
struct Participant {
  Field entry;
  Dealer dealer;
};
using Participants = std::map<std::uint16_t, Participant>;

void check_participant(VectorChecker& to, std::uint16_t id, const Participants& all) {
  const auto& [entry, own] = all.at(id);
  to.expect_number(to.child(entry, "identifier"), id);
  const auto commitments = to.child(entry, "vss_commitments");
  to.expect_true(commitments, to.size(commitments) == own.size(), "one commitment per coefficient");
  for (std::size_t k = 0; k < own.size(); ++k) expect_point(to, to.item(commitments, k), frost::base_times(own[k]));

  const auto key_commitment = frost::base_times(own.front());
  const auto proof = to.child(entry, "proof_of_knowledge");
  const auto proof_bytes = to.bytes(proof);
  if (proof_bytes && key_commitment) {
    const bool verifies = static_cast<bool>(frost::verify_proof_of_knowledge(id, *key_commitment, *proof_bytes));
    to.expect_true(proof, verifies, "a proof of knowledge that verifies");
  }

  const auto shares = to.child(entry, "signing_shares");
  const auto* given = shares.value != nullptr ? shares.value->if_object() : nullptr;
  to.expect_true(shares, given != nullptr && given->size() == all.size() - 1, "a share from every other participant");
  frost::SecretScalar sum = frost::evaluate(own, id);
  for (const auto& [from, other] : all) {
    if (from == id) continue;
    const auto share = frost::evaluate(other.dealer, id);
    to.expect(to.child(shares, std::to_string(from)), share.expose());
    sum.add(share);
  }
  to.expect(to.child(entry, "signing_share"), sum.expose());
  expect_point(to, to.child(entry, "verifying_share"), frost::base_times(sum));
}

/// The keys of `inputs` that are numbers.
std::vector<std::uint16_t> identifiers_of(const Field& inputs) {
  std::vector<std::uint16_t> found;
  const auto* object = inputs.value != nullptr ? inputs.value->if_object() : nullptr;
  if (object == nullptr) return found;
  for (const auto& [key, ignored] : *object) {
    std::uint16_t id = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
    if (error == std::errc() && end == key.data() + key.size() && id > 0) found.push_back(id);
  }
  std::ranges::sort(found);
  return found;
}

/// `secret` is not part of the algorithm: the published file holds values that follow from nothing, most files none. So
/// all holders have one or none has. Where one participant's is its signing key or its signing share, everybody's is,
/// and the group's is the sum of the keys. Values that mean nothing are compared with the published ones.
void check_secrets(VectorChecker& to, const Field& inputs, const Participants& all, const frost::SecretScalar& sum) {
  std::vector<Field> holders{inputs};
  for (const auto& [id, participant] : all) holders.push_back(participant.entry);
  const auto has = [&](const Field& holder) { return to.find(holder, "secret").value != nullptr; };
  if (std::ranges::none_of(holders, has)) return;
  const auto text = [&](const Field& holder, std::string_view key) {
    const auto* value = to.find(holder, key).value;
    return value != nullptr && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
  };
  std::string_view meaning;
  for (const std::string_view key : {"signing_key", "signing_share"}) {
    const auto same = [&](const auto& one) { return text(one.second.entry, "secret") == text(one.second.entry, key); };
    if (std::ranges::any_of(all, same)) meaning = key;
  }
  for (const auto& holder : holders) {
    const auto field = to.child(holder, "secret");
    const auto secret = to.scalar(field);
    if (!secret) continue;
    if (meaning.empty()) {
      to.expect_undamaged(field, secret->published().bytes);
    } else if (&holder == holders.data()) {
      to.expect(field, sum.expose());
    } else {
      to.expect_text(field, text(holder, meaning));
    }
  }
}

}  // namespace

void check_dkg_vector(VectorChecker& to, const VectorField& dkg) {
  const auto config = to.child(dkg, "config");
  const auto inputs = to.child(dkg, "inputs");
  to.expect_text(to.child(config, "name"), frost::Suite::name);
  to.expect_text(to.child(config, "group"), frost::Suite::group);
  to.expect_text(to.child(config, "hash"), frost::Suite::hash);
  to.expect_number(to.child(config, "MIN_PARTICIPANTS"), built_threshold);
  const auto identifiers = identifiers_of(inputs);
  to.expect_number(to.child(config, "MAX_PARTICIPANTS"), identifiers.size());
  // Counted before they are read: locked memory is bounded.
  const bool possible = identifiers.size() >= built_threshold && identifiers.size() <= participants_max;
  if (!to.expect_true(inputs, possible, "2 to 100 participants")) return;
  Participants all;
  for (const std::uint16_t id : identifiers) {
    const auto entry = to.child(inputs, std::to_string(id));
    auto key = to.scalar(to.child(entry, "signing_key"));
    auto coefficient = to.scalar(to.child(entry, "coefficient"));
    if (!key || !coefficient) return;
    all.emplace(id, Participant{entry, Dealer{std::move(*key), std::move(*coefficient)}});
  }
  for (const std::uint16_t id : identifiers) check_participant(to, id, all);
  frost::SecretScalar group_secret = frost::SecretScalar::zero();
  for (const auto& [id, participant] : all) group_secret.add(participant.dealer.front());
  check_secrets(to, inputs, all, group_secret);
  expect_point(to, to.child(inputs, "verifying_key"), frost::base_times(group_secret));
}

}  // namespace assay::threshold
