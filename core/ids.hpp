#pragma once
#include <cstdint>

#include "core/digest.hpp"
#include "core/strong.hpp"

namespace assay {

/// Position of a member in its committee, 0..n-1, ascending in every list we sign.
using MemberIndex = Strong<struct MemberIndexTag, std::uint16_t>;
/// One leader's term. Grows without bound within an epoch; leader(v) = v mod n.
using View = Strong<struct ViewTag, std::uint64_t>;
/// Place of a batch in the chain. 0 is the computed, unsigned genesis.
using Height = Strong<struct HeightTag, std::uint64_t>;
/// Generation of network settings and committee.
using Epoch = Strong<struct EpochTag, std::uint32_t>;
/// SHA-256("assay/feed/v1" 00 symbol): see feed_id() in core/feed.hpp.
using FeedId = Strong<struct FeedIdTag, Digest>;
/// SHA-256("assay/network/v1" 00 group_key name): what consumers pin beside the key.
using NetworkId = Strong<struct NetworkIdTag, Digest>;

constexpr Height next(Height height) {
  return Height{height.value + 1};
}
constexpr View next(View view) {
  return View{view.value + 1};
}

}  // namespace assay
