#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "threshold/codec.hpp"
#include "threshold/durable.hpp"

namespace assay::threshold::samples {

/// The values that tests/vectors/generate_messages.py writes, built again here.
inline constexpr std::uint64_t time_us = 1'790'000'000'000'000;
inline const Limits limits{Quorum{4}, 2};

inline Digest digest(std::uint8_t byte) {
  Digest out;
  out.bytes.fill(byte);
  return out;
}

inline Signature signature(std::uint8_t byte) {
  Signature out;
  out.bytes.fill(byte);
  return out;
}

inline Header header(std::uint64_t height) {
  return Header{.network = NetworkId{digest(1)},
                .epoch = Epoch{3},
                .config_digest = digest(2),
                .height = Height{height},
                .time = WallTime{time_us + height},
                .prev_header_hash = digest(3),
                .feeds_root = digest(4),
                .feed_count = 2,
                .inputs_root = digest(5),
                .history_root = digest(6),
                .next_epoch_digest = {},
                .switch_height = {}};
}

inline TipCertificate tip(std::uint64_t height) {
  return {header(height), signature(0x51)};
}

inline PrepareCertificate certificate(std::uint64_t view, std::uint64_t height) {
  return {View{view},   Height{height}, digest(0xD0),
          digest(0xA0), 0b1011,         {signature(0x61), signature(0x62), signature(0x63)}};
}

inline frost::Commitment commitment() {
  return {digest(0xC1).bytes, digest(0xC2).bytes};
}

inline BootId boot() {
  BootId out;
  out.fill(0xB0);
  return out;
}

inline Bytes text(std::string_view words) {
  return Bytes(words.begin(), words.end());
}

inline Observation observation() {
  Observation out{WallTime{time_us}, {std::nullopt}};
  out.feeds.push_back(ObservationEntry{.price = 1000,
                                       .bid = 999,
                                       .ask = 1001,
                                       .confidence = 7,
                                       .depth_usd = 5000,
                                       .src_time = WallTime{time_us},
                                       .reasons = 1,
                                       .sources = 3});
  return out;
}

inline VenterMessage venter(bool lock) {
  VenterMessage out{digest(0x70), std::nullopt, boot(), commitment()};
  if (lock) out.lock = LockClaim{View{4}, digest(0xD0)};
  return out;
}

inline constexpr std::uint8_t members[] = {0, 1, 3};

inline NewView new_view() {
  NewView out;
  for (const std::uint8_t i : members) {
    out.entries.push_back({MemberIndex{i}, Height{9}, venter(i == 1), signature(static_cast<std::uint8_t>(0x80 + i))});
  }
  out.tip = tip(8);
  out.lock = certificate(4, 9);
  return out;
}

inline PropMessage prop() {
  PropMessage out{header(9), tip(8), {}, 0b1011, std::nullopt};
  for (const std::uint8_t i : members)
    out.observers.push_back({MemberIndex{i}, digest(static_cast<std::uint8_t>(0x20 + i))});
  return out;
}

inline PropMessage prop_with_new_view() {
  PropMessage out = prop();
  out.new_view = new_view();
  return out;
}

inline SignRequest sign_request() {
  SignRequest out{1, certificate(5, 9), {}};
  for (const std::uint8_t i : members) {
    out.signers.push_back({MemberIndex{i}, boot(), commitment(), signature(static_cast<std::uint8_t>(0x90 + i))});
  }
  return out;
}

inline ProofsMessage proofs(bool lock) {
  ProofsMessage out{tip(8), std::nullopt};
  if (lock) out.lock = LockProof{header(9), certificate(4, 9), {digest(0x20), digest(0x21)}};
  return out;
}

/// One of each kind, by its name in messages.json.
inline std::vector<std::pair<std::string, Message>> all() {
  return {{"obs", ObsMessage{boot(), commitment(), observation()}},
          {"obs_without_commitment", ObsMessage{boot(), std::nullopt, observation()}},
          {"prop", prop()},
          {"prop_new_view", prop_with_new_view()},
          {"prep", PrepMessage{digest(0xD0), digest(0xA0)}},
          {"share", ShareMessage{digest(0x5D), 1, digest(0xD0), {digest(0x7A).bytes}}},
          {"att", AttMessage{tip(9)}},
          {"sign_request", sign_request()},
          {"nonce_request", NonceRequest{1, digest(0xD0)}},
          {"nonce", NonceMessage{1, MemberIndex{2}, digest(0xD0), boot(), commitment()}},
          {"wish", WishMessage{}},
          {"venter", venter(false)},
          {"venter_lock", venter(true)},
          {"proofs", proofs(false)},
          {"proofs_lock", proofs(true)},
          {"get", GetMessage{16}},
          {"range", RangeMessage{{text("batch0"), text("batch1")}}},
          {"hello", HelloMessage{}},
          {"echo", EchoMessage{{text("frame")}}},
          {"pull", PullMessage{{digest(0x20), digest(0x21)}}},
          {"bodies", BodiesMessage{{text("body0")}}},
          {"ask_view", AskView{}},
          {"ready", ReadyMessage{digest(0x4E)}}};
}

inline MessageType type_of(const Message& message) {
  return static_cast<MessageType>(message.index() + 1);
}

inline LockRecord lock_record() {
  LockRecord out;
  out.tip = tip(8);
  out.header = header(9);
  out.header.prev_header_hash = header_hash(out.tip.header);
  out.certificate = certificate(5, 9);
  out.certificate.header_hash = header_hash(out.header);
  out.bodies = {text("body0"), text("body1")};
  Leaf leaf;
  leaf.feed = FeedId{digest(0x0F)};
  leaf.height = Height{9};
  leaf.exponent = -4;
  leaf.status = Status::insufficient;
  out.leaves = {leaf, leaf};
  return out;
}

}  // namespace assay::threshold::samples
