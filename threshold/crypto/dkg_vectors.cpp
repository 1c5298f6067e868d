#include "threshold/crypto/dkg_vectors.hpp"

#include <sodium.h>

#include <algorithm>
#include <boost/json.hpp>
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
struct Dealer {
  SecretSlot signing_key;
  SecretSlot coefficient;

  SecretSlot at(std::uint16_t x) const {
    auto value = SecretSlot::make();
    crypto_core_ed25519_scalar_mul(value.bytes().data(), coefficient.bytes().data(), frost::scalar_of(x).bytes.data());
    crypto_core_ed25519_scalar_add(value.bytes().data(), value.bytes().data(), signing_key.bytes().data());
    return value;
  }
};

void expect_point(VectorChecker& to, const Field& field, const std::optional<Bytes32>& point) {
  if (to.expect_true(field, point.has_value(), "an element other than the identity")) to.expect(field, *point);
}

void check_participant(VectorChecker& to, const Field& entry, std::uint16_t id, const std::vector<Dealer>& dealers) {
  const Dealer& own = dealers[id - 1U];
  to.expect_number(to.child(entry, "identifier"), id);
  const auto commitments = to.child(entry, "vss_commitments");
  to.expect_true(commitments, to.size(commitments) == built_threshold, "one commitment per coefficient");
  const auto key_commitment = frost::base_times(own.signing_key.bytes().first<32>());
  expect_point(to, to.item(commitments, 0), key_commitment);
  expect_point(to, to.item(commitments, 1), frost::base_times(own.coefficient.bytes().first<32>()));

  const auto proof = to.child(entry, "proof_of_knowledge");
  const auto proof_bytes = to.bytes(proof);
  if (proof_bytes && key_commitment) {
    const bool verifies = static_cast<bool>(frost::verify_proof_of_knowledge(id, *key_commitment, *proof_bytes));
    to.expect_true(proof, verifies, "a proof of knowledge that verifies");
  }

  const auto shares = to.child(entry, "signing_shares");
  const auto* given = shares.value != nullptr ? shares.value->if_object() : nullptr;
  to.expect_true(shares, given != nullptr && given->size() == dealers.size() - 1,
                 "a share from every other participant");
  SecretSlot sum = own.at(id);
  for (std::uint16_t from = 1; from <= dealers.size(); ++from) {
    if (from == id) continue;
    const SecretSlot share = dealers[from - 1U].at(id);
    to.expect(to.child(shares, std::to_string(from)), share.bytes().first<32>());
    crypto_core_ed25519_scalar_add(sum.bytes().data(), sum.bytes().data(), share.bytes().data());
  }
  to.expect(to.child(entry, "signing_share"), std::as_const(sum).bytes().first<32>());
  expect_point(to, to.child(entry, "verifying_share"), frost::base_times(sum.bytes().first<32>()));
}

/// All of them or none: a file that names some and lacks others is damaged.
void check_unused_secrets(VectorChecker& to, const Field& inputs, const std::vector<Field>& entries) {
  std::vector<Field> holders = entries;
  holders.push_back(inputs);
  const auto has = [&](const Field& holder) { return to.find(holder, "secret").value != nullptr; };
  if (std::ranges::none_of(holders, has)) return;
  for (const auto& holder : holders) (void)to.scalar(to.child(holder, "secret"));
}

}  // namespace

void check_dkg_vector(VectorChecker& to, const VectorField& dkg) {
  const auto config = to.child(dkg, "config");
  const auto inputs = to.child(dkg, "inputs");
  to.expect_text(to.child(config, "name"), "FROST(Ed25519, SHA-512)");
  to.expect_text(to.child(config, "group"), "ed25519");
  to.expect_text(to.child(config, "hash"), "SHA-512");
  to.expect_number(to.child(config, "MIN_PARTICIPANTS"), built_threshold);
  const auto members = to.number(to.child(config, "MAX_PARTICIPANTS"), built_threshold, participants_max);
  if (!members) return;
  to.expect_true(inputs, to.find(inputs, std::to_string(*members + 1)).value == nullptr, "no further participant");
  std::vector<Field> entries;
  std::vector<Dealer> dealers;
  for (std::uint16_t id = 1; id <= *members; ++id) {
    entries.push_back(to.child(inputs, std::to_string(id)));
    auto key = to.scalar(to.child(entries.back(), "signing_key"));
    auto coefficient = to.scalar(to.child(entries.back(), "coefficient"));
    if (key && coefficient) dealers.push_back({std::move(*key), std::move(*coefficient)});
  }
  if (dealers.size() != *members) return;
  for (std::uint16_t id = 1; id <= *members; ++id) check_participant(to, entries[id - 1U], id, dealers);
  check_unused_secrets(to, inputs, entries);
  SecretSlot group_secret = SecretSlot::make();
  for (const auto& dealer : dealers) {
    auto* const sum = group_secret.bytes().data();
    crypto_core_ed25519_scalar_add(sum, sum, dealer.signing_key.bytes().data());
  }
  expect_point(to, to.child(inputs, "verifying_key"), frost::base_times(group_secret.bytes().first<32>()));
}

}  // namespace assay::threshold
