#pragma once
#include <array>
#include <cstdint>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace assay {

/// What the committee signs: exactly these 272 bytes. Made once per batch and re-proposed verbatim.
struct Header {
  NetworkId network;
  Epoch epoch;
  Digest config_digest;
  Height height;
  WallTime time;
  Digest prev_header_hash;
  Digest feeds_root;  ///< RFC 9162 tree over the encoded leaves
  std::uint32_t feed_count{};
  Digest inputs_root;        ///< tree over the complete signed OBS messages, ascending member
  Digest history_root;       ///< tree over header hashes 0..height-1
  Digest next_epoch_digest;  ///< zero, or the next epoch record
  Height switch_height;      ///< zero, or where it takes force

  friend bool operator==(const Header&, const Header&) = default;
};

inline constexpr std::size_t header_size = 272;
using HeaderBytes = std::array<std::uint8_t, header_size>;

HeaderBytes encode(const Header& header);

/// Total. errors  truncated, trailing_bytes, bad_domain;
///   out_of_range: next_epoch_digest and switch_height not both zero or both set
Result<Header> decode_header(ByteSpan bytes);

/// D, the name of a batch everywhere: SHA-256 of the header bytes.
Digest header_hash(const Header& header);

}  // namespace assay
