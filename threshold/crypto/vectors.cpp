#include "threshold/crypto/vectors.hpp"

#include <boost/json.hpp>
#include <utility>

#include "threshold/crypto/dkg_vectors.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/nonce.hpp"
#include "threshold/crypto/vector_fields.hpp"

namespace assay::threshold {
namespace {

using Field = VectorField;
using frost::Dealt;

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
    to_.expect_text(to_.child(config_, "name"), "FROST(Ed25519, SHA-512)");
    to_.expect_text(to_.child(config_, "group"), "ed25519");
    to_.expect_text(to_.child(config_, "hash"), "SHA-512");
    const auto message = to_.bytes(to_.child(inputs_, "message"));
    if (!deal() || !read_participants() || !message || !commit()) return;
    sign(*message);
  }

 private:
  bool deal() {
    const auto members = to_.number(to_.child(config_, "MAX_PARTICIPANTS"), 1, participants_max);
    const auto coefficients = to_.child(inputs_, "share_polynomial_coefficients");
    std::vector<SecretSlot> secrets;
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
    if (!members) return false;
    auto dealt = frost::deal(*members, secrets);
    if (!to_.expect_true(inputs_, static_cast<bool>(dealt), "a possible dealing")) return false;
    dealt_ = std::move(*dealt);
    to_.expect(to_.child(inputs_, "group_public_key"), dealt_.group.group_key.bytes);
    const auto shares = to_.child(inputs_, "participant_shares");
    to_.expect_true(shares, to_.size(shares) == dealt_.shares.size(), "one share per participant");
    for (const auto& share : dealt_.shares) {
      const auto entry = to_.item(shares, share.member().value);
      to_.expect_number(to_.child(entry, "identifier"), share.member().value + 1U);
      to_.expect(to_.child(entry, "participant_share"), share.expose());
    }
    return true;
  }

  bool read_participants() {
    const auto list = to_.child(inputs_, "participant_list");
    const std::size_t count = to_.size(list);
    to_.expect_number(to_.child(config_, "NUM_PARTICIPANTS"), count);
    if (!to_.expect_true(list, count <= dealt_.shares.size(), "at most all participants")) return false;
    for (std::size_t i = 0; i < count; ++i) {
      const auto id = to_.number(to_.item(list, i), 1, static_cast<std::uint16_t>(dealt_.shares.size()));
      if (!id) return false;
      participants_.push_back(MemberIndex{static_cast<std::uint16_t>(*id - 1)});
    }
    return to_.expect_true(list, count > 0, "participants");
  }

  bool commit() {
    to_.expect_true(round_one_, to_.size(round_one_) == participants_.size(), "one output per participant");
    for (std::size_t i = 0; i < participants_.size(); ++i) {
      const auto& share = dealt_.shares[participants_[i].value];
      const auto output = to_.item(round_one_, i);
      to_.expect_number(to_.child(output, "identifier"), participants_[i].value + 1U);
      const auto hiding = to_.bytes32(to_.child(output, "hiding_nonce_randomness"));
      const auto binding = to_.bytes32(to_.child(output, "binding_nonce_randomness"));
      if (!hiding || !binding) return false;
      const SecretSlot hiding_nonce = frost::nonce_generate(share.expose(), *hiding);
      const SecretSlot binding_nonce = frost::nonce_generate(share.expose(), *binding);
      to_.expect(to_.child(output, "hiding_nonce"), hiding_nonce.bytes().first<32>());
      to_.expect(to_.child(output, "binding_nonce"), binding_nonce.bytes().first<32>());
      pairs_.push_back(frost::commit(share, *hiding, *binding));
      const auto& commitment = pairs_.back().commitment();
      to_.expect(to_.child(output, "hiding_nonce_commitment"), commitment.hiding);
      to_.expect(to_.child(output, "binding_nonce_commitment"), commitment.binding);
      to_.expect_true(output, static_cast<bool>(frost::validate(commitment)), "valid commitments");
      signers_.push_back({participants_[i], commitment});
    }
    return true;
  }

  void sign(const Bytes& message) {
    const auto session = frost::Session::make(dealt_.group, message, signers_);
    if (!to_.expect_true(inputs_, static_cast<bool>(session), "participants ascending, at least the threshold")) return;
    to_.expect_true(round_two_, to_.size(round_two_) == participants_.size(), "one output per participant");
    std::vector<frost::SignatureShare> shares;
    for (std::size_t i = 0; i < participants_.size(); ++i) {
      const auto first = to_.item(round_one_, i);
      const auto second = to_.item(round_two_, i);
      to_.expect(to_.child(first, "binding_factor_input"), session->binding_factor_inputs()[i]);
      to_.expect(to_.child(first, "binding_factor"), session->binding_factors()[i].bytes);
      to_.expect_number(to_.child(second, "identifier"), participants_[i].value + 1U);
      const auto share = session->sign(dealt_.shares[participants_[i].value], std::move(pairs_[i]));
      if (!to_.expect_true(second, static_cast<bool>(share), "a signature share")) return;
      to_.expect(to_.child(second, "sig_share"), share->z);
      const bool verifies = static_cast<bool>(session->verify_share(participants_[i], *share));
      to_.expect_true(second, verifies, "a share that verifies");
      shares.push_back(*share);
    }
    const auto signature = session->aggregate(shares);
    if (!to_.expect_true(signature_, static_cast<bool>(signature), "shares that sum to a signature")) return;
    to_.expect(signature_, signature->bytes);
    const bool verifies = verify_ed25519(dealt_.group.group_key, message, *signature);
    to_.expect_true(signature_, verifies, "an Ed25519 signature of the message");
  }

  VectorChecker& to_;
  const Field config_;
  const Field inputs_;
  const Field round_one_;
  const Field round_two_;
  const Field signature_;
  Dealt dealt_;
  std::vector<MemberIndex> participants_;
  std::vector<frost::NoncePair> pairs_;
  std::vector<frost::SignerCommitment> signers_;
};

}  // namespace

VectorReport check_vectors(std::string_view json) {
  VectorChecker to;
  boost::system::error_code ec;
  const auto document = boost::json::parse(json, ec);
  const Field root{&document, "$"};
  if (!to.expect_true(root, !ec && document.is_object(), "a JSON object")) return to.report();
  const auto suite = to.child(root, "suite");
  if (suite.value != nullptr && suite.value->is_string() && *suite.value != "ed25519-sha512") {
    VectorReport unknown;
    unknown.suite_unknown = true;
    return unknown;
  }
  to.expect_text(suite, "ed25519-sha512");
  const auto vectors = to.child(root, "vectors");
  const std::size_t count = to.size(vectors);
  to.expect_true(vectors, count > 0, "at least one vector");
  for (std::size_t i = 0; i < count; ++i) SigningVector(to, to.item(vectors, i)).check();
  check_dkg_vector(to, to.child(root, "dkg"));
  const auto invalid = to.child(root, "invalid_element");
  if (const auto point = to.bytes32(invalid)) {
    to.expect_true(invalid, !frost::is_valid_element(*point), "an element that is refused");
  }
  return to.report();
}

}  // namespace assay::threshold
