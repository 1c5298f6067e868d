#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/mutants.hpp"
#include "core/result.hpp"
#include "threshold/signatures.hpp"

namespace assay::threshold {

/// All quorum arithmetic, in one place. n = 3f+1 in {4, 7, ..., 31}; nothing else exists.
struct Quorum {
  std::uint16_t n{};

  /// errors  out_of_range for any n that is not 3f+1 with 1 <= f <= 10
  static Result<Quorum> of(std::uint32_t members);
  constexpr std::uint16_t f() const { return static_cast<std::uint16_t>((n - 1) / 3); }
  constexpr std::uint16_t agree() const { return static_cast<std::uint16_t>(2 * f() + 1); }  ///< q = t = 2f+1
  /// Votes of a prepare certificate and shares of a signature: 2f+1 too.
  std::uint16_t votes() const {
    return planted(Mutant::smaller_certificate) ? static_cast<std::uint16_t>(2 * f()) : agree();
  }
  std::uint16_t signers() const { return planted(Mutant::smaller_threshold) ? one_honest() : agree(); }
  constexpr std::uint16_t one_honest() const { return static_cast<std::uint16_t>(f() + 1); }  ///< at least one honest
  constexpr MemberIndex leader(View view) const { return MemberIndex{static_cast<std::uint16_t>(view.value % n)}; }
};

/// Why there is no quorum of so many, for whoever chose the number: what is expected, and the two nearest sizes.
std::string size_problem(std::size_t members);

/// The public half of a key generation: what fixes who may sign in an epoch. `docs/wire.md` shows its bytes.
struct EpochRecord {
  Epoch epoch;
  std::uint32_t share_generation{};
  std::uint16_t threshold{};  ///< t = 2f+1
  PublicKey group_key;
  std::vector<PublicKey> verifying_shares;  ///< Y_j, by member
  std::vector<PublicKey> identities;        ///< Ed25519 identity keys, by member

  friend bool operator==(const EpochRecord&, const EpochRecord&) = default;
};

Bytes encode(const EpochRecord& record);
/// Total. errors  out_of_range for a size that is not 3f+1, or threshold other than 2f+1
Result<EpochRecord> decode_epoch_record(ByteSpan bytes);
/// SHA-256("assay/epoch/v1" 00 bytes)
Digest epoch_record_digest(const EpochRecord& record);

/// SHA-256("assay/network/v1" 00 group_key name)
NetworkId network_id(const PublicKey& group_key, std::string_view network_name);

/// What height 0 of a network is computed from: the settings of its first epoch. Never changes.
struct Genesis {
  Epoch epoch;
  Digest config_digest;
  std::uint32_t feed_count{};
  friend bool operator==(const Genesis&, const Genesis&) = default;
};

/// Where a later epoch comes from.
struct Descent {
  Genesis genesis;
  Digest announced_as;  ///< the next epoch digest (threshold/succession.hpp) that headers before it must announce
};

/// The committee of one epoch, as every machine sees it.
struct Committee {
  Quorum quorum;
  NetworkId network;
  Epoch epoch;
  Digest config_digest;
  Digest cfg;  ///< SHA-256("assay/cfg/v1" 00 network_id epoch epoch_record_digest): scope of every identity signature
  EpochRecord record;
  std::optional<Descent> descent = {};  ///< none: this is the first epoch of its network
  Height begins = {};                   ///< no header of an earlier epoch counts from here on; 0 until it is known
  const Signatures* signatures = &Signatures::ed25519();  ///< another one in the simulator only
};

/// errors  out_of_range when the record is not of a 3f+1 committee
Result<Committee> make_committee(EpochRecord record, std::string_view network_name, const Digest& config_digest);

}  // namespace assay::threshold
