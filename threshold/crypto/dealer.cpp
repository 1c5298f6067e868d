#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::frost {
namespace {

constexpr std::uint16_t members_max = 1000;

/// sum lambda_i Y_i over the first `threshold` members, at x.
std::optional<Element> interpolate(const GroupPublic& group, std::span<const std::uint16_t> identifiers,
                                   std::uint16_t x) {
  const auto lambdas = lagrange_at(x, identifiers);
  std::optional<Element> sum;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    const auto term = times(lambdas[i], group.verifying_shares[i].bytes);
    if (!term) return std::nullopt;
    sum = sum ? plus(*sum, *term) : term;
    if (!sum) return std::nullopt;
  }
  return sum;
}

}  // namespace

Done validate(const GroupPublic& group) {
  const std::size_t members = group.verifying_shares.size();
  if (members > members_max || group.threshold < 1 || group.threshold > members) {
    return Error{Errc::out_of_range, "1 <= threshold <= members"};
  }
  if (!is_valid_element(group.group_key.bytes)) return Error{Errc::bad_element, "group key of prime order"};
  for (const auto& share : group.verifying_shares) {
    if (!is_valid_element(share.bytes)) return Error{Errc::bad_element, "verifying share of prime order"};
  }
  std::vector<std::uint16_t> identifiers;
  for (std::uint16_t id = 1; id <= group.threshold; ++id) identifiers.push_back(id);
  if (interpolate(group, identifiers, 0) != group.group_key.bytes) {
    return Error{Errc::bad_share, "verifying shares interpolate to the group key"};
  }
  for (std::size_t i = group.threshold; i < members; ++i) {
    if (interpolate(group, identifiers, static_cast<std::uint16_t>(i + 1)) != group.verifying_shares[i].bytes) {
      return Error{Errc::bad_share, "verifying shares lie on one polynomial"};
    }
  }
  return Ok{};
}

Result<Dealt> deal(std::uint16_t members, std::span<const SecretScalar> secrets) {
  if (secrets.empty() || secrets.size() > members || members > members_max) {
    return Error{Errc::out_of_range, "1 <= threshold <= members"};
  }
  Dealt dealt;
  const auto key = base_times(secrets.front());
  if (!key) return Error{Errc::bad_scalar, "the group secret is not zero"};
  dealt.group.group_key = PublicKey{*key};
  dealt.group.threshold = static_cast<std::uint16_t>(secrets.size());
  for (std::uint16_t i = 0; i < members; ++i) {
    auto share = SecretShare::of(MemberIndex{i}, evaluate(secrets, static_cast<std::uint16_t>(i + 1)));
    if (!share) return share.error();
    dealt.group.verifying_shares.push_back(share->verifying_share());
    dealt.shares.push_back(std::move(share).value());
  }
  return dealt;
}

Result<Dealt> deal(std::uint16_t members, std::uint16_t threshold, Entropy& entropy) {
  if (threshold < 1 || threshold > members || members > members_max) {
    return Error{Errc::out_of_range, "1 <= threshold <= members"};
  }
  std::vector<SecretScalar> secrets;
  for (std::uint16_t i = 0; i < threshold; ++i) secrets.push_back(SecretScalar::draw(entropy));
  return deal(members, secrets);
}

}  // namespace assay::threshold::frost
