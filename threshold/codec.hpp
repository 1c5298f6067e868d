#pragma once
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "threshold/limits.hpp"
#include "threshold/messages.hpp"

namespace assay::threshold {

/// Payload bytes of each message; one spelling per value. Big-endian; FROST scalars and elements as RFC 9591 has them.
Bytes encode_payload(const Message& message);

/// Total: any bytes give a message or an Errc (truncated, trailing_bytes, too_large, not_canonical, out_of_range).
/// Structure only; signatures and rules are for the machines.
Result<Message> decode_payload(MessageType type, ByteSpan payload, const Limits& limits);

/// Parts that the safety log shares with the wire.
void encode(const TipCertificate& certificate, ByteWriter& out);
TipCertificate decode_tip_certificate(ByteReader& in);
void encode(const PrepareCertificate& certificate, ByteWriter& out);
PrepareCertificate decode_prepare_certificate(ByteReader& in, const Limits& limits);
void encode_bodies(const std::vector<Bytes>& bodies, ByteWriter& out);
std::vector<Bytes> decode_bodies(ByteReader& in, const Limits& limits);

}  // namespace assay::threshold
