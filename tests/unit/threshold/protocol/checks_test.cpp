#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/threshold/protocol/one_member.hpp"

namespace assay::threshold {
namespace {

/// One thing that can be wrong with a proposal, and what is said of it.
struct Defect {
  const char* name;
  Errc code;
  const char* what;
};

/// In their order: what costs nothing first.
constexpr Defect defects[] = {
    {"sender", Errc::not_leader, "only the leader proposes"},
    {"tip", Errc::wrong_height, "header, tip certificate and envelope agree on the height"},
    {"summary", Errc::bad_new_view, "a summary is not signed by its member for this view"},
    {"mandate", Errc::bad_new_view, "another batch than the locked one"},
    {"previous", Errc::wrong_tip, "does not extend my tip"},
    {"history", Errc::bad_proof, "history root over all headers before"},
    {"configuration", Errc::wrong_committee, "the configuration changes within an epoch"},
    {"few", Errc::too_few_observations, "a proposal lists at least 2f+1 observations"},
    {"names", Errc::wrong_aggregate, "the listed observations are not the inputs"},
    {"unsigned", Errc::bad_signature, "observation not signed by its author"},
    {"author", Errc::unknown_member, "a listed observation has another author"},
    {"view", Errc::wrong_view, "a listed observation is of another view"},
    {"height", Errc::wrong_height, "a listed observation is of another height"},
    {"roots", Errc::wrong_aggregate, "recomputation gives other roots"},
    {"time", Errc::wrong_aggregate, "recomputation gives another header time"},
    {"clock", Errc::untimely, "header time too far from my clock"},
    {"observation", Errc::untimely, "an observation too far from the header time"},
    {"announcement", Errc::wrong_committee, "announces an epoch that I do not hold"},
    {"signers", Errc::bad_signer_set, "S is not of the listed observers"},
};
constexpr std::size_t defects_count = std::size(defects);

struct Checks : OneMember, testing::WithParamInterface<std::pair<std::size_t, std::size_t>> {
  using Flaws = std::set<std::string>;

  Bytes observes_at(MemberIndex member, const Flaws& flaws) {
    const bool third = member == MemberIndex{3};
    Observation seen = observation(100'000'000 + member.value);
    if (flaws.contains("clock")) seen.time = seen.time + millis(10'000);
    if (third && flaws.contains("observation")) seen.time = seen.time + millis(700);
    const View in{third && flaws.contains("view") ? 0U : 1U};
    const Height at{third && flaws.contains("height") ? 2U : 1U};
    Bytes frame = says(member, ObsMessage{boot, pair(member).commitment(), seen}, in, at);
    if (third && flaws.contains("unsigned")) frame[60] ^= 1;
    return frame;
  }

  /// The honest first proposal of view 1, but for these flaws.
  std::pair<Bytes, BodiesMessage> drafted(const Flaws& flaws) {
    BodiesMessage bodies;
    for (const MemberIndex member : others) bodies.frames.push_back(observes_at(member, flaws));
    PropMessage out = proposal(bodies.frames);
    if (flaws.contains("author")) out.observers[2].member = me;
    if (flaws.contains("few")) {
      out.observers.pop_back();
      out.header.inputs_root = merkle_root(std::vector{out.observers[0].digest, out.observers[1].digest});
    }
    if (flaws.contains("mandate")) {
      out.new_view = new_view(prepared(View{0}, height, sha256(as_bytes("locked")), sha256(as_bytes("proposal"))));
    }
    if (flaws.contains("tip")) out.tip.header.height = Height{7};
    if (flaws.contains("summary")) out.new_view->entries[0].summary.boot[0] ^= 1;
    if (flaws.contains("previous")) out.header.prev_header_hash.bytes[0] ^= 1;
    if (flaws.contains("history")) out.header.history_root.bytes[0] ^= 1;
    if (flaws.contains("configuration")) out.header.config_digest.bytes[0] ^= 1;
    if (flaws.contains("names")) out.observers[0].digest.bytes[0] ^= 1;
    if (flaws.contains("roots")) out.header.feeds_root.bytes[0] ^= 1;
    if (flaws.contains("time")) out.header.time.value += 1;
    if (flaws.contains("announcement")) {
      out.header.next_epoch_digest.bytes[0] = 1;
      out.header.switch_height = Height{1000};
    }
    if (flaws.contains("signers")) out.signers = 0b0111;
    const MemberIndex sender = flaws.contains("sender") ? MemberIndex{3} : MemberIndex{1};
    return {says(sender, out), std::move(bodies)};
  }

  void propose(const Flaws& flaws) {
    const auto [frame, bodies] = drafted(flaws);
    enter(View{1});
    hears(frame);
    hears(says(MemberIndex{1}, bodies));
  }
};

TEST_F(Checks, that_all_hold_bring_a_vote) {
  propose({});
  EXPECT_EQ(times_said(MessageType::prep), 1U);
  EXPECT_TRUE(notes.empty());
}

TEST_P(Checks, are_made_in_their_order_and_each_refuses) {
  const auto [first, second] = GetParam();
  propose({defects[first].name, defects[second].name});
  EXPECT_EQ(times_said(MessageType::prep), 0U);
  ASSERT_FALSE(notes.empty());
  EXPECT_EQ(notes[0].code, defects[first].code);
  EXPECT_STREQ(notes[0].what, defects[first].what);
}

/// Each alone, and each with the next one.
std::vector<std::pair<std::size_t, std::size_t>> neighbours() {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t i = 0; i < defects_count; ++i) {
    out.emplace_back(i, i);
    if (i + 1 < defects_count) out.emplace_back(i, i + 1);
  }
  return out;
}

std::string name_of(const testing::TestParamInfo<Checks::ParamType>& info) {
  const auto [first, second] = info.param;
  const std::string name = defects[first].name;
  return first == second ? name : name + "_before_" + defects[second].name;
}

INSTANTIATE_TEST_SUITE_P(Of, Checks, testing::ValuesIn(neighbours()), name_of);

TEST_F(Checks, a_header_no_later_than_the_one_before_is_untimely_whatever_gave_it) {
  Proposal made;
  made.message.header.time = start;
  Header previous;
  previous.time = start;
  const Timing timing = sim::usual_timing(64);
  EXPECT_EQ(check_times(made, previous, start, timing).error().code, Errc::untimely);
  previous.time = WallTime{start.value - 1};
  EXPECT_TRUE(check_times(made, previous, start, timing));
}

/// View 0, led by member 0; height 1.
struct Requests : OneMember {
  SignRequest request(View in, Height at) const {
    SignRequest out{1, prepared(in, at, sha256(as_bytes("D")), sha256(as_bytes("P"))), {}};
    for (const MemberIndex member : others) out.signers.push_back({member, boot, {}, {}});
    return out;
  }
  void expect_refused(Errc code, MemberIndex author) {
    EXPECT_EQ(noted(code, author), 1U);
    EXPECT_EQ(times_said(MessageType::nonce) + times_said(MessageType::share), 0U);
  }
  void expect_refused_and_convicted() {
    expect_refused(Errc::bad_certificate, MemberIndex{0});
    ASSERT_EQ(accused_of.size(), 1U);
    EXPECT_EQ(accused_of[0].kind, evidence::Kind::bad_request);
    EXPECT_EQ(accused_of[0].member, MemberIndex{0});
  }
};

TEST_F(Requests, for_commitments_are_the_leaders_alone) {
  hears(says(MemberIndex{1}, NonceRequest{1, sha256(as_bytes("D"))}, View{0}));
  expect_refused(Errc::not_leader, MemberIndex{1});
  hears(says(MemberIndex{0}, NonceRequest{1, sha256(as_bytes("D"))}, View{0}));
  EXPECT_EQ(times_said(MessageType::nonce), 1U);
}

TEST_F(Requests, for_shares_are_the_leaders_alone) {
  hears(says(MemberIndex{1}, request(View{0}, Height{1}), View{0}));
  expect_refused(Errc::not_leader, MemberIndex{1});
  EXPECT_TRUE(accused_of.empty());
}

TEST_F(Requests, with_a_certificate_of_another_view_are_refused_and_convict) {
  hears(says(MemberIndex{0}, request(View{1}, Height{1}), View{0}));
  expect_refused_and_convicted();
}

TEST_F(Requests, with_a_certificate_of_another_height_are_refused_and_convict) {
  hears(says(MemberIndex{0}, request(View{0}, Height{2}), View{0}));
  expect_refused_and_convicted();
}

TEST_F(Requests, for_an_attempt_that_does_not_exist_are_refused) {
  for (const std::uint8_t attempt : {std::uint8_t{0}, std::uint8_t{2}}) {
    notes.clear();
    hears(says(MemberIndex{0}, NonceRequest{attempt, sha256(as_bytes("D"))}, View{0}));
    expect_refused(Errc::out_of_range, MemberIndex{0});
    SignRequest asked = request(View{0}, Height{1});
    asked.attempt = attempt;
    notes.clear();
    hears(says(MemberIndex{0}, asked, View{0}));
    expect_refused(Errc::out_of_range, MemberIndex{0});
  }
}

}  // namespace
}  // namespace assay::threshold
