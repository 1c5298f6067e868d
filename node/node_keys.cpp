#include "node/node_keys.hpp"

#include <utility>

#include "node/key_check.hpp"
#include "node/key_source.hpp"
#include "node/log.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::node {

namespace {

using threshold::KeyGuard;
using threshold::KeyProtection;

Failure refused(const std::filesystem::path& file, Error error) {
  const bool world = error.code == Errc::key_in_use;
  return cannot(file, error, world ? Exit::environment : Exit::usage);
}

/// One guard opens both files; a plain one needs none.
std::variant<KeyGuard, Failure> guard_of(const config::NodeSettings& settings) {
  auto wanted = KeyProtection::plain;
  for (const auto& file : {settings.identity_key_file, settings.share_file}) {
    const auto found = threshold::protection_of(file);
    if (!found) {
      return refused(file, found.error());
    }
    if (*found == KeyProtection::plain) {
      log_warning(file.string() + " is not encrypted: whoever reads the disk has the key");
    } else {
      wanted = *found;
    }
  }
  return guard_to_open({settings.key_passphrase_file, settings.key_file}, wanted);
}

}  // namespace

std::variant<NodeKeys, Failure> open_keys(const threshold::Committee& committee, const config::NetworkSettings& network,
                                          const config::NodeSettings& settings) {
  auto lock = threshold::ShareLock::take(settings.share_file);
  if (!lock) {
    return refused(settings.share_file, lock.error());
  }
  auto guard = guard_of(settings);
  if (auto* failure = std::get_if<Failure>(&guard)) {
    return std::move(*failure);
  }
  const auto& opener = std::get<KeyGuard>(guard);
  auto identity = threshold::load_identity(settings.identity_key_file, opener);
  if (!identity) {
    return refused(settings.identity_key_file, identity.error());
  }
  auto stored = threshold::load_share(settings.share_file, opener);
  if (!stored) {
    return refused(settings.share_file, stored.error());
  }
  if (auto mismatch = key_mismatch(committee, network, settings, *identity, *stored)) {
    return Failure{Exit::usage, std::move(*mismatch)};
  }
  return NodeKeys{std::move(*identity), std::move(stored->share), std::move(*lock)};
}

std::optional<Failure> group_fault(const threshold::EpochRecord& record, const config::NetworkSettings& network) {
  const auto sound = threshold::frost::validate(
      threshold::frost::GroupPublic{record.group_key, record.threshold, record.verifying_shares});
  if (!sound) {
    return refused(network.group_file, sound.error());
  }
  for (const auto& identity : record.identities) {
    if (!threshold::frost::is_valid_element(identity.bytes)) {
      return refused(network.group_file, Error{Errc::bad_element, "identities are keys of prime order"});
    }
  }
  return std::nullopt;
}

}  // namespace assay::node
