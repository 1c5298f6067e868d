#pragma once
#include <optional>

#include "threshold/codec.hpp"

namespace assay::threshold {

/// Small pieces that several payloads share. Readers latch their refusals in `in`.
void encode_flag(bool present, ByteWriter& out);
bool decode_flag(ByteReader& in);  ///< 0 or 1, else not_canonical
void encode(const frost::Commitment& commitment, ByteWriter& out);
frost::Commitment decode_commitment(ByteReader& in);
void encode(const std::optional<frost::Commitment>& commitment, ByteWriter& out);
std::optional<frost::Commitment> decode_optional_commitment(ByteReader& in);
Header decode_header_part(ByteReader& in);
MemberIndex decode_member(ByteReader& in, const Limits& limits);
/// A bitmap without a bit at or above n.
std::uint32_t decode_bitmap(ByteReader& in, const Limits& limits);
/// Latches not_canonical unless members ascend strictly.
void require_ascending(ByteReader& in, std::optional<MemberIndex>& previous, MemberIndex member);

void encode(const VenterMessage& summary, ByteWriter& out);
VenterMessage decode_venter(ByteReader& in);
void encode(const NewView& new_view, ByteWriter& out);
NewView decode_new_view(ByteReader& in, const Limits& limits);

}  // namespace assay::threshold
