#include "threshold/crypto/vectors.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <utility>

#include "threshold/crypto/dkg_vectors.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/nonce.hpp"
#include "threshold/crypto/repair.hpp"
#include "threshold/crypto/vector_fields.hpp"

namespace assay::threshold {
namespace {

using Field = VectorField;

constexpr std::uint16_t participants_max = 1000;

/// One entry of `vectors`: a dealing, a signing and its signature.
class SigningVector {
 public:
  SigningVector(VectorChecker& to, const Field& entry)
      : to_(to),
        config_(to.child(entry, "config")),
        inputs_(to.child(entry, "inputs")),
        round_one_(to.child(to.child(entry, "round_one_outputs"), "outputs")),
        round_two_(to.child(to.child(entry, "round_two_outputs"), "outputs")),
        signature_(to.child(to.child(entry, "final_output"), "sig")) {}

  void check() {
    to_.expect_text(to_.child(config_, "name"), frost::Suite::name);
    to_.expect_text(to_.child(config_, "group"), frost::Suite::group);
    to_.expect_text(to_.child(config_, "hash"), frost::Suite::hash);
    const auto message = to_.bytes(to_.child(inputs_, "message"));
    if (!deal() || !read_participants() || !message || !commit()) return;
    sign(*message);
  }

 private:
  bool deal() {
    const auto coefficients = to_.child(inputs_, "share_polynomial_coefficients");
    std::vector<frost::SecretScalar> secrets;
    auto secret = to_.scalar(to_.child(inputs_, "group_secret_key"));
    if (!secret) return false;
    secrets.push_back(std::move(*secret));
    // Secrets are counted before they are read: locked memory is bounded.
    if (!to_.expect_true(coefficients, to_.size(coefficients) < participants_max, "fewer than 1000")) return false;
    for (std::size_t i = 0; i < to_.size(coefficients); ++i) {
      auto coefficient = to_.scalar(to_.item(coefficients, i));
      if (!coefficient) return false;
      secrets.push_back(std::move(*coefficient));
    }
    to_.expect_number(to_.child(config_, "MIN_PARTICIPANTS"), secrets.size());
    const auto key = frost::base_times(secrets.front());
    if (!to_.expect_true(inputs_, key.has_value(), "a group secret other than zero")) return false;
    to_.expect(to_.child(inputs_, "group_public_key"), *key);
    group_.group_key = PublicKey{*key};
    group_.threshold = static_cast<std::uint16_t>(secrets.size());
    return hand_out(secrets);
  }

  /// Identifiers are the file's: any numbers but zero, each once.
  bool hand_out(std::span<const frost::SecretScalar> secrets) {
    const auto list = to_.child(inputs_, "participant_shares");
    const std::size_t members = to_.size(list);
    to_.expect_number(to_.child(config_, "MAX_PARTICIPANTS"), members);
    if (!to_.expect_true(list, members >= secrets.size() && members <= participants_max, "threshold to 1000 shares")) {
      return false;
    }
    for (std::size_t i = 0; i < members; ++i) {
      const auto entry = to_.item(list, i);
      const auto id = to_.number(to_.child(entry, "identifier"), 1, 65'535);
      if (!id) return false;
      const MemberIndex member{static_cast<std::uint16_t>(*id - 1)};
      auto share = frost::SecretShare::of(member, frost::evaluate(secrets, *id));
      if (!to_.expect_true(entry, static_cast<bool>(share), "a share other than zero")) return false;
      to_.expect(to_.child(entry, "participant_share"), share->expose());
      const bool fresh = shares_.emplace(member, std::move(*share)).second;
      if (!to_.expect_true(entry, fresh, "an identifier that no other has")) return false;
    }
    group_.verifying_shares.resize(shares_.rbegin()->first.value + std::size_t{1});
    for (const auto& [member, share] : shares_) group_.verifying_shares[member.value] = share.verifying_share();
    return true;
  }

  bool read_participants() {
    const auto list = to_.child(inputs_, "participant_list");
    const std::size_t count = to_.size(list);
    to_.expect_number(to_.child(config_, "NUM_PARTICIPANTS"), count);
    if (!to_.expect_true(list, count <= shares_.size(), "at most all participants")) return false;
    for (std::size_t i = 0; i < count; ++i) {
      const auto item = to_.item(list, i);
      const auto id = to_.number(item, 1, 65'535);
      if (!id) return false;
      participants_.push_back(MemberIndex{static_cast<std::uint16_t>(*id - 1)});
      if (!to_.expect_true(item, shares_.contains(participants_.back()), "a participant with a share")) return false;
    }
    return to_.expect_true(list, count > 0, "participants");
  }

  bool commit() {
    to_.expect_true(round_one_, to_.size(round_one_) == participants_.size(), "one output per participant");
    for (std::size_t i = 0; i < participants_.size(); ++i) {
      const auto& share = shares_.at(participants_[i]);
      const auto output = to_.entry_of(round_one_, identifier(i), i);
      to_.expect_number(to_.child(output, "identifier"), identifier(i));
      const auto hiding = to_.bytes32(to_.child(output, "hiding_nonce_randomness"));
      const auto binding = to_.bytes32(to_.child(output, "binding_nonce_randomness"));
      if (!hiding || !binding) return false;
      const auto hiding_nonce = frost::nonce_generate(share.scalar(), *hiding);
      const auto binding_nonce = frost::nonce_generate(share.scalar(), *binding);
      to_.expect(to_.child(output, "hiding_nonce"), hiding_nonce.expose());
      to_.expect(to_.child(output, "binding_nonce"), binding_nonce.expose());
      pairs_.push_back(frost::commit(share, *hiding, *binding));
      const auto& commitment = pairs_.back().commitment();
      to_.expect(to_.child(output, "hiding_nonce_commitment"), commitment.hiding);
      to_.expect(to_.child(output, "binding_nonce_commitment"), commitment.binding);
      to_.expect_true(output, static_cast<bool>(frost::validate(commitment)), "valid commitments");
      signers_.push_back({participants_[i], commitment});
    }
    return true;
  }

  std::uint16_t identifier(std::size_t i) const { return static_cast<std::uint16_t>(participants_[i].value + 1U); }

  /// The RFC sorts commitments; the file lists participants as it likes.
  void sign(const Bytes& message) {
    auto signers = signers_;
    std::ranges::sort(signers, {}, &frost::SignerCommitment::member);
    const auto session = frost::Session::make(group_, message, signers);
    if (!to_.expect_true(inputs_, static_cast<bool>(session), "each participant once, at least the threshold")) return;
    to_.expect_true(round_two_, to_.size(round_two_) == participants_.size(), "one output per participant");
    std::vector<frost::SignatureShare> shares(signers.size());
    for (std::size_t i = 0; i < participants_.size(); ++i) {
      const auto at = std::ranges::find(signers, participants_[i], &frost::SignerCommitment::member);
      const auto place = static_cast<std::size_t>(at - signers.begin());
      const auto first = to_.entry_of(round_one_, identifier(i), i);
      const auto second = to_.entry_of(round_two_, identifier(i), i);
      to_.expect(to_.child(first, "binding_factor_input"), session->binding_factor_inputs()[place]);
      to_.expect(to_.child(first, "binding_factor"), session->binding_factors()[place].bytes);
      to_.expect_number(to_.child(second, "identifier"), identifier(i));
      const auto share = session->sign(shares_.at(participants_[i]), std::move(pairs_[i]));
      if (!to_.expect_true(second, static_cast<bool>(share), "a signature share")) return;
      to_.expect(to_.child(second, "sig_share"), share->z);
      const bool verifies = static_cast<bool>(session->verify_share(participants_[i], *share));
      to_.expect_true(second, verifies, "a share that verifies");
      shares[place] = *share;
    }
    const auto signature = session->aggregate(shares);
    if (!to_.expect_true(signature_, static_cast<bool>(signature), "shares that sum to a signature")) return;
    to_.expect(signature_, signature->bytes);
    const bool verifies = frost::Suite::verify(group_.group_key.bytes, message, signature->bytes);
    to_.expect_true(signature_, verifies, "a signature of the message");
  }

  VectorChecker& to_;
  const Field config_;
  const Field inputs_;
  const Field round_one_;
  const Field round_two_;
  const Field signature_;
  frost::GroupPublic group_;  ///< verifying shares only where somebody holds one
  std::map<MemberIndex, frost::SecretShare> shares_;
  std::vector<MemberIndex> participants_;
  std::vector<frost::NoncePair> pairs_;
  std::vector<frost::SignerCommitment> signers_;
};

/// `prefix`_1, `prefix`_2, ... add up to `total`.
void check_sum(VectorChecker& to, const Field& group, const std::string& prefix, std::string_view total) {
  std::vector<frost::SecretScalar> terms;
  for (int k = 1;; ++k) {
    const auto field = to.find(group, prefix + "_" + std::to_string(k));
    if (field.value == nullptr) break;
    auto term = to.scalar(field);
    if (!term || !to.expect_true(field, k <= participants_max, "at most 1000")) return;
    terms.push_back(std::move(*term));
  }
  to.expect_true(group, !terms.empty(), "at least one " + prefix);
  to.expect(to.child(group, total), frost::repair_sigma(terms).expose());
}

/// Deltas add up to a sigma, sigmas to a share.
void check_repair(VectorChecker& to, const Field& entry) {
  check_sum(to, to.child(entry, "scalar_generation"), "random_scalar", "random_scalar_sum");
  check_sum(to, to.child(entry, "sigma_generation"), "sigma", "sigma_sum");
}

void check_invalid_element(VectorChecker& to, const Field& field) {
  const auto point = to.bytes32(field);
  if (!point) return;
  to.expect_true(field, !frost::is_valid_element(*point), "an element that is refused");
  to.expect_undamaged(field, *point);
}

/// One entry, or a list of them.
void check_each(VectorChecker& to, const Field& section, void (*check)(VectorChecker&, const Field&)) {
  if (section.value == nullptr || !section.value->is_array()) return check(to, section);
  const std::size_t count = to.size(section);
  to.expect_true(section, count > 0, "at least one entry");
  for (std::size_t i = 0; i < count; ++i) check(to, to.item(section, i));
}

void check_signing(VectorChecker& to, const Field& entry) {
  SigningVector(to, entry).check();
}

void check_sections(VectorChecker& to, const Field& root) {
  const auto has = [&](std::string_view key) { return to.find(root, key).value != nullptr; };
  const bool whole = has("dkg") || has("invalid_element");
  const bool repairs = has("repair_share");
  if (whole || has("vectors") || !repairs) {
    const auto vectors = to.child(root, "vectors");
    if (vectors.value != nullptr && to.expect_true(vectors, vectors.value->is_array(), "a list")) {
      check_each(to, vectors, check_signing);
    }
  }
  if (repairs) check_each(to, to.child(root, "repair_share"), check_repair);
  if (!whole) return;
  check_each(to, to.child(root, "dkg"), check_dkg_vector);
  check_each(to, to.child(root, "invalid_element"), check_invalid_element);
}

}  // namespace

VectorReport check_vectors(std::string_view json) {
  VectorChecker to;
  boost::system::error_code ec;
  const auto document = boost::json::parse(json, ec);
  const Field root{&document, "$"};
  if (!to.expect_true(root, !ec && document.is_object(), "a JSON object")) return to.report();
  const auto suite = to.child(root, "suite");
  if (suite.value != nullptr && suite.value->is_string() && suite.value->as_string() != frost::Suite::id) {
    VectorReport unknown;
    unknown.suite_unknown = true;
    return unknown;
  }
  to.expect_text(suite, frost::Suite::id);
  check_sections(to, root);
  return to.report();
}

}  // namespace assay::threshold
