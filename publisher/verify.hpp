#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/errc.hpp"
#include "core/feed.hpp"
#include "core/header.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/leaf.hpp"

namespace assay::publisher {

/// What a consumer got out of band and believes.
struct Pinned {
  PublicKey group_key;
  std::optional<NetworkId> network;  ///< absent: any network of this key
};

/// Why a frame is not to be believed; `detail` names the field and may quote the frame.
struct Refused {
  Errc code{};
  std::string detail;
};

struct VerifiedLeaf {
  std::uint32_t index{};
  std::string symbol;  ///< hashes to leaf.feed
  Leaf leaf;
};

/// The part of a frame that the committee's signature covers.
struct VerifiedFrame {
  Header header;
  Signature signature;
  Digest hash;  ///< header_hash(header): the name of the batch
  std::vector<VerifiedLeaf> leaves;
};

/// Checks one "update" or "batch" frame, from the bytes alone:
/// base64, domain and header, network, signature, path against the signed feed_count, index; leaf by leaf its layout,
/// height, feed name against leaf id, exponent and what its view says, where there is one; last the frame's height.
///   expected  when not empty: the leaf must be one of these feeds, at this exponent
/// A view has the members that the bytes have and no others, and a frame has no members but those of docs/wire.md.
///   errors    too_large, malformed, missing_field, not_canonical (keys given twice or unknown, leaves out of order),
///             bad_base64, truncated, trailing_bytes, bad_domain, wrong_network, bad_signature, bad_proof, the errors
///             of decode_leaf, wrong_height, wrong_feed, wrong_exponent, view_differs
///   Total on any text; memory is a small multiple of its length, at most frame_bytes_max.   pure, any thread
///   cost      one Ed25519 verification, log2(feeds) hashes a leaf, parsing
std::variant<VerifiedFrame, Refused> verify_frame(std::string_view json, const Pinned& pinned,
                                                  std::span<const FeedTerms> expected = {});

}  // namespace assay::publisher
