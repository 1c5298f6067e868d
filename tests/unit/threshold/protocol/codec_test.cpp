#include "threshold/codec.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/vectors.hpp"
#include "tests/unit/threshold/protocol/samples.hpp"
#include "threshold/envelope.hpp"
#include "threshold/signing.hpp"

namespace assay::threshold {
namespace {

using namespace samples;

struct Golden {
  Golden() : file(vectors::load("messages.json")) {
    EpochRecord record{.epoch = Epoch{3},
                       .share_generation = 1,
                       .threshold = 3,
                       .group_key = PublicKey{digest(0x99).bytes},
                       .verifying_shares = {},
                       .identities = {}};
    for (std::uint8_t i = 0; i < 4; ++i) {
      Bytes32 seed = digest(static_cast<std::uint8_t>(1 + i)).bytes;
      identities.push_back(IdentityKey::from_seed(seed));
      record.verifying_shares.push_back(PublicKey{digest(static_cast<std::uint8_t>(0x11 + i)).bytes});
      record.identities.push_back(identities.back().public_key());
    }
    committee = make_committee(record, "golden", digest(2)).value();
  }
  boost::json::object file;
  std::vector<IdentityKey> identities;
  Committee committee;
};

TEST(Codec, every_message_has_its_golden_bytes) {
  const Golden golden;
  const auto& payloads = golden.file.at("payloads").as_object();
  EXPECT_EQ(payloads.size(), all().size());
  for (const auto& [name, message] : all()) {
    EXPECT_EQ(to_hex(encode_payload(message)), vectors::text(payloads.at(name).at("bytes"))) << name;
    EXPECT_EQ(static_cast<std::int64_t>(type_of(message)), payloads.at(name).at("type").as_int64()) << name;
  }
}

TEST(Codec, every_message_survives_the_round_trip) {
  for (const auto& [name, message] : all()) {
    const auto back = decode_payload(type_of(message), encode_payload(message), limits);
    ASSERT_TRUE(back) << name;
    EXPECT_EQ(*back, message) << name;
  }
}

TEST(Codec, every_truncation_and_every_extra_byte_is_refused) {
  for (const auto& [name, message] : all()) {
    const Bytes whole = encode_payload(message);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(decode_payload(type_of(message), ByteSpan(whole).first(size), limits)) << name << " cut to " << size;
    }
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(decode_payload(type_of(message), longer, limits)) << name;
  }
}

TEST(Codec, what_decodes_is_spelled_as_it_was_sent) {
  for (const auto& [name, message] : all()) {
    const Bytes whole = encode_payload(message);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      for (const std::uint8_t change : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
        Bytes other = whole;
        other[i] ^= change;
        const auto decoded = decode_payload(type_of(message), other, limits);
        if (decoded) {
          EXPECT_EQ(encode_payload(*decoded), other) << name << " byte " << i;
        }
      }
    }
  }
}

TEST(Codec, counts_beyond_the_committee_are_refused_before_anything_is_reserved) {
  Bytes pull = encode_payload(PullMessage{{digest(1)}});
  pull[0] = 0xFF;
  EXPECT_EQ(decode_payload(MessageType::pull, pull, limits).error().code, Errc::too_large);
  Bytes get = encode_payload(GetMessage{Limits::range_batches + 1});
  EXPECT_EQ(decode_payload(MessageType::get, get, limits).error().code, Errc::too_large);
  PropMessage message = prop();
  message.signers = 1U << 4U;
  EXPECT_EQ(decode_payload(MessageType::prop, encode_payload(message), limits).error().code, Errc::unknown_member);
  message = prop();
  std::swap(message.observers[0], message.observers[1]);
  EXPECT_EQ(decode_payload(MessageType::prop, encode_payload(message), limits).error().code, Errc::not_canonical);
  SignRequest request = sign_request();
  request.certificate.members = 0b0011;
  EXPECT_EQ(decode_payload(MessageType::sign_request, encode_payload(request), limits).error().code,
            Errc::bad_certificate);
}

TEST(Envelope, scope_frame_and_session_have_their_golden_bytes) {
  const Golden golden;
  EXPECT_EQ(to_hex(encode(golden.committee.record)), vectors::text(golden.file.at("epoch_record")));
  EXPECT_EQ(epoch_record_digest(golden.committee.record), vectors::digest(golden.file.at("epoch_record_digest")));
  EXPECT_EQ(golden.committee.network.value, vectors::digest(golden.file.at("network_id")));
  EXPECT_EQ(golden.committee.cfg, vectors::digest(golden.file.at("cfg")));
  const Scope scope{MessageType::prep, View{5}, Height{9}, MemberIndex{2}};
  const Bytes payload = encode_payload(PrepMessage{digest(0xD0), digest(0xA0)});
  EXPECT_EQ(to_hex(seal(golden.committee, golden.identities[2], scope, payload)),
            vectors::text(golden.file.at("frame")));
  std::vector<frost::SignerCommitment> signers;
  for (const std::uint8_t i : members) signers.push_back({MemberIndex{i}, commitment()});
  const SessionScope session{View{5}, Height{9}, 1, MemberIndex{2}, digest(0xD0)};
  EXPECT_EQ(session_id(golden.committee.cfg, session, signers), vectors::digest(golden.file.at("session_id")));
}

TEST(Envelope, no_byte_of_a_frame_can_change) {
  const Golden golden;
  const Scope scope{MessageType::prep, View{5}, Height{9}, MemberIndex{2}};
  const Bytes frame =
      seal(golden.committee, golden.identities[2], scope, encode_payload(PrepMessage{digest(1), digest(2)}));
  const auto whole = open_envelope(golden.committee, frame);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(verify(golden.committee, *whole));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    Bytes other = frame;
    other[i] ^= 1;
    const auto opened = open_envelope(golden.committee, other);
    EXPECT_FALSE(opened && verify(golden.committee, *opened)) << "byte " << i;
  }
}

TEST(Envelope, another_committee_is_refused_by_name) {
  const Golden golden;
  auto record = golden.committee.record;
  record.epoch = Epoch{4};
  const Committee later = make_committee(record, "golden", digest(2)).value();
  const Bytes frame = seal(later, golden.identities[0], {MessageType::wish, View{1}, Height{1}, MemberIndex{0}}, {});
  EXPECT_EQ(open_envelope(golden.committee, frame).error().code, Errc::wrong_committee);
}

TEST(Durable, records_have_their_golden_bytes_and_read_back) {
  const Golden golden;
  const LogOwner owner{golden.committee.cfg, MemberIndex{2}};
  const Bytes view = encode_record(owner, ViewRecord{View{5}});
  const Bytes lock = encode_record(owner, lock_record());
  EXPECT_EQ(to_hex(view), vectors::text(golden.file.at("view_record")));
  EXPECT_EQ(to_hex(lock), vectors::text(golden.file.at("lock_record")));
  EXPECT_EQ(**decode_record(owner, limits, view), Record{ViewRecord{View{5}}});
  EXPECT_EQ(**decode_record(owner, limits, lock), Record{lock_record()});
}

TEST(Durable, damage_is_named_and_another_epoch_is_passed_over) {
  const LogOwner owner{digest(9), MemberIndex{2}};
  const Bytes lock = encode_record(owner, lock_record());
  for (std::size_t size = 0; size < lock.size(); ++size) {
    const auto cut = decode_record(owner, limits, ByteSpan(lock).first(size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, Errc::log_corrupt);
  }
  EXPECT_EQ(decode_record({digest(9), MemberIndex{1}}, limits, lock).error().code, Errc::log_corrupt);
  EXPECT_FALSE(decode_record({digest(8), MemberIndex{2}}, limits, lock)->has_value());
  LockRecord other = lock_record();
  other.header.height = Height{10};
  EXPECT_EQ(decode_record(owner, limits, encode_record(owner, other)).error().code, Errc::log_corrupt);
}

TEST(Durable, what_goes_down_in_the_log_is_damage_and_the_highest_view_fences) {
  const LogOwner owner{digest(9), MemberIndex{2}};
  const Bytes three = encode_record(owner, ViewRecord{View{3}});
  const Bytes seven = encode_record(owner, ViewRecord{View{7}});
  const Bytes lock = encode_record(owner, lock_record());
  EXPECT_EQ(remember(owner, limits, {seven, three}, Height{0}).error().code, Errc::log_corrupt);
  // The newest of each kind, in any order: what compaction leaves.
  const auto kept = remember(owner, limits, {seven, lock}, Height{8});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->view, View{7});
  ASSERT_EQ(kept->locks.size(), 1U);
  EXPECT_TRUE(remember(owner, limits, {seven, lock}, Height{9})->locks.empty());
  EXPECT_EQ(remember(owner, limits, {lock}, Height{8})->view, View{5});
  EXPECT_EQ(remember(owner, limits, {lock, seven}, Height{9})->inputs, lock_record().bodies) << "also when it is old";
}

TEST(Durable, view_zero_is_recorded_like_any_other) {
  const LogOwner owner{digest(9), MemberIndex{2}};
  const Bytes zero = encode_record(owner, ViewRecord{View{0}});
  EXPECT_EQ(remember(owner, limits, {}, Height{0})->view, std::nullopt) << "nothing was ever said";
  EXPECT_EQ(remember(owner, limits, {zero}, Height{0})->view, View{0});
  EXPECT_EQ(remember(owner, limits, {zero, zero}, Height{0}).error().code, Errc::log_corrupt);
}

TEST(Committee, only_three_f_plus_one_loads) {
  for (std::uint32_t n = 0; n < 40; ++n) {
    const bool good = n >= 4 && n <= 31 && n % 3 == 1;
    EXPECT_EQ(static_cast<bool>(Quorum::of(n)), good) << n;
    if (good) {
      EXPECT_EQ(Quorum::of(n)->agree() + Quorum::of(n)->f(), n);
    }
  }
}

TEST(Committee, an_epoch_record_reads_back_and_no_other_does) {
  const Golden golden;
  const Bytes whole = encode(golden.committee.record);
  EXPECT_EQ(*decode_epoch_record(whole), golden.committee.record);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_epoch_record(ByteSpan(whole).first(size)));
  }
  auto record = golden.committee.record;
  record.threshold = 2;
  EXPECT_EQ(decode_epoch_record(encode(record)).error().code, Errc::out_of_range);
}

}  // namespace
}  // namespace assay::threshold
