#include "threshold/codec.hpp"

#include <algorithm>

#include "threshold/codec_parts.hpp"

namespace assay::threshold {
namespace {

void put(const ObsMessage& m, ByteWriter& out) {
  out.raw(m.boot);
  encode(m.commitment, out);
  encode(m.observation, out);
}

void put(const PropMessage& m, ByteWriter& out) {
  out.raw(encode(m.header));
  encode(m.tip, out);
  out.u8(static_cast<std::uint8_t>(m.observers.size()));
  for (const Listed& listed : m.observers) out.u16(listed.member.value).digest(listed.digest);
  out.u32(m.signers);
  encode_flag(m.new_view.has_value(), out);
  if (m.new_view) encode(*m.new_view, out);
}

void put(const PrepMessage& m, ByteWriter& out) {
  out.digest(m.header_hash).digest(m.proposal);
}

void put(const ShareMessage& m, ByteWriter& out) {
  out.digest(m.sid).u8(m.attempt).digest(m.header_hash).raw(m.share.z);
}

void put(const AttMessage& m, ByteWriter& out) {
  encode(m.certificate, out);
}

void put(const SignRequest& m, ByteWriter& out) {
  out.u8(m.attempt);
  encode(m.certificate, out);
  out.u8(static_cast<std::uint8_t>(m.signers.size()));
  for (const SignedNonce& nonce : m.signers) {
    out.u16(nonce.member.value).raw(nonce.boot);
    encode(nonce.commitment, out);
    out.raw(nonce.signature.bytes);
  }
}

void put(const NonceRequest& m, ByteWriter& out) {
  out.u8(m.attempt).digest(m.header_hash);
}

void put(const NonceMessage& m, ByteWriter& out) {
  out.u8(m.attempt).u16(m.coordinator.value).digest(m.header_hash).raw(m.boot);
  encode(m.commitment, out);
}

void put(const WishMessage&, ByteWriter&) {}
void put(const HelloMessage&, ByteWriter&) {}
void put(const AskView&, ByteWriter&) {}
void put(const ReadyMessage& m, ByteWriter& out) {
  out.digest(m.next_epoch);
}

void put(const VenterMessage& m, ByteWriter& out) {
  encode(m, out);
}

void put_digests(const std::vector<Digest>& digests, ByteWriter& out) {
  out.u32(static_cast<std::uint32_t>(digests.size()));
  for (const Digest& digest : digests) out.digest(digest);
}

void put(const ProofsMessage& m, ByteWriter& out) {
  encode(m.tip, out);
  encode_flag(m.lock.has_value(), out);
  if (!m.lock) return;
  out.raw(encode(m.lock->header));
  encode(m.lock->certificate, out);
  put_digests(m.lock->inputs, out);
}

void put(const GetMessage& m, ByteWriter& out) {
  out.u32(m.count);
}

void put(const RangeMessage& m, ByteWriter& out) {
  encode_bodies(m.batches, out);
}

void put(const EchoMessage& m, ByteWriter& out) {
  encode_bodies(m.frames, out);
}

void put(const PullMessage& m, ByteWriter& out) {
  put_digests(m.digests, out);
}

void put(const BodiesMessage& m, ByteWriter& out) {
  encode_bodies(m.frames, out);
}

ObsMessage get_obs(ByteReader& in, const Limits& limits) {
  ObsMessage m;
  m.boot = in.array<16>();
  m.commitment = decode_optional_commitment(in);
  m.observation = decode_observation(in, limits.feed_count);
  return m;
}

PropMessage get_prop(ByteReader& in, const Limits& limits) {
  PropMessage m;
  m.header = decode_header_part(in);
  m.tip = decode_tip_certificate(in);
  const std::uint8_t count = in.u8();
  if (in.ok() && count > limits.quorum.n) in.fail(Error{Errc::too_large, "more observers than members"});
  std::optional<MemberIndex> previous;
  for (std::uint8_t i = 0; in.ok() && i < count; ++i) {
    Listed listed;
    listed.member = decode_member(in, limits);
    require_ascending(in, previous, listed.member);
    listed.digest = in.digest();
    m.observers.push_back(listed);
  }
  m.signers = decode_bitmap(in, limits);
  if (decode_flag(in)) m.new_view = decode_new_view(in, limits);
  return m;
}

ShareMessage get_share(ByteReader& in) {
  ShareMessage m;
  m.sid = in.digest();
  m.attempt = in.u8();
  m.header_hash = in.digest();
  m.share.z = in.array<32>();
  return m;
}

SignRequest get_sign_request(ByteReader& in, const Limits& limits) {
  SignRequest m;
  m.attempt = in.u8();
  m.certificate = decode_prepare_certificate(in, limits);
  const std::uint8_t count = in.u8();
  if (in.ok() && count != limits.quorum.agree()) in.fail(Error{Errc::bad_signer_set, "exactly 2f+1 signers"});
  std::optional<MemberIndex> previous;
  for (std::uint8_t i = 0; in.ok() && i < count; ++i) {
    SignedNonce nonce;
    nonce.member = decode_member(in, limits);
    require_ascending(in, previous, nonce.member);
    nonce.boot = in.array<16>();
    nonce.commitment = decode_commitment(in);
    nonce.signature = Signature{in.array<64>()};
    m.signers.push_back(nonce);
  }
  return m;
}

NonceMessage get_nonce(ByteReader& in, const Limits& limits) {
  NonceMessage m;
  m.attempt = in.u8();
  m.coordinator = decode_member(in, limits);
  m.header_hash = in.digest();
  m.boot = in.array<16>();
  m.commitment = decode_commitment(in);
  return m;
}

std::vector<Digest> get_digests(ByteReader& in, const Limits& limits) {
  std::vector<Digest> digests;
  const std::uint32_t count = in.count(limits.quorum.n);
  for (std::uint32_t i = 0; in.ok() && i < count; ++i) digests.push_back(in.digest());
  return digests;
}

ProofsMessage get_proofs(ByteReader& in, const Limits& limits) {
  ProofsMessage m;
  m.tip = decode_tip_certificate(in);
  if (!decode_flag(in)) return m;
  LockProof lock;
  lock.header = decode_header_part(in);
  lock.certificate = decode_prepare_certificate(in, limits);
  lock.inputs = get_digests(in, limits);
  m.lock = std::move(lock);
  return m;
}

std::vector<Bytes> get_blobs(ByteReader& in, std::uint32_t count_max, std::size_t length_max) {
  std::vector<Bytes> blobs;
  const std::uint32_t count = in.count(count_max);
  for (std::uint32_t i = 0; in.ok() && i < count; ++i) {
    const ByteSpan blob = in.blob(length_max);
    blobs.emplace_back(blob.begin(), blob.end());
  }
  return blobs;
}

Message get(MessageType type, ByteReader& in, const Limits& limits) {
  switch (type) {
    case MessageType::obs:
      return get_obs(in, limits);
    case MessageType::prop:
      return get_prop(in, limits);
    case MessageType::prep: {
      PrepMessage m;
      m.header_hash = in.digest();
      m.proposal = in.digest();
      return m;
    }
    case MessageType::share:
      return get_share(in);
    case MessageType::att:
      return AttMessage{decode_tip_certificate(in)};
    case MessageType::sign_request:
      return get_sign_request(in, limits);
    case MessageType::nonce_request: {
      NonceRequest m;
      m.attempt = in.u8();
      m.header_hash = in.digest();
      return m;
    }
    case MessageType::nonce:
      return get_nonce(in, limits);
    case MessageType::wish:
      return WishMessage{};
    case MessageType::venter:
      return decode_venter(in);
    case MessageType::proofs:
      return get_proofs(in, limits);
    case MessageType::get:
      return GetMessage{in.count(Limits::range_batches)};
    case MessageType::range:
      return RangeMessage{get_blobs(in, Limits::range_batches, Limits::frame_max)};
    case MessageType::hello:
      return HelloMessage{};
    case MessageType::echo:
      return EchoMessage{get_blobs(in, echo_frames_max, limits.frame())};
    case MessageType::pull:
      return PullMessage{get_digests(in, limits)};
    case MessageType::bodies:
      return BodiesMessage{
          get_blobs(in, limits.quorum.n, std::max(limits.observation_frame(), limits.proposal_frame()))};
    case MessageType::ask_view:
      return AskView{};
    case MessageType::ready:
      return ReadyMessage{in.digest()};
  }
  in.fail(Error{Errc::out_of_range, "unknown message type"});
  return WishMessage{};
}

}  // namespace

Bytes encode_payload(const Message& message) {
  ByteWriter out;
  std::visit([&out](const auto& m) { put(m, out); }, message);
  return std::move(out).take();
}

Result<Message> decode_payload(MessageType type, ByteSpan payload, const Limits& limits) {
  ByteReader in(payload);
  Message message = get(type, in, limits);
  if (const auto done = in.done(); !done) return done.error();
  return message;
}

}  // namespace assay::threshold
