#include "config/digest.hpp"

#include <functional>
#include <set>

#include "support.hpp"

namespace assay::config {
namespace {

using Change = std::function<void(NetworkSettings&)>;

/// One change for every field of the settings that the digest covers.
std::vector<Change> every_change() {
  std::vector<Change> out{
      [](auto& s) { s.name = "other"; },
      [](auto& s) { s.epoch.value++; },
      [](auto& s) { s.members[3].bytes[31] ^= 1; },
      [](auto& s) { s.members.push_back(PublicKey{}); },
      [](auto& s) { std::swap(s.members[0], s.members[1]); },
      [](auto& s) { s.timing.rotation_heights++; },
      [](auto& s) { s.policy.version++; },
      [](auto& s) { s.policy.observation_age_max.value++; },
      [](auto& s) { s.policy.venue_future_max.value++; },
      [](auto& s) { s.policy.feeds.pop_back(); },
      [](auto& s) { s.policy.groups.push_back("x"); },
      [](auto& s) { s.policy.groups[0] = "x"; },
      [](auto& s) { s.policy.legs.push_back(s.policy.feeds[0]); },
  };
  using threshold::Timing;
  for (Micros Timing::*span :
       {&Timing::tick, &Timing::grace, &Timing::grace_max, &Timing::timeout, &Timing::timeout_max, &Timing::resend,
        &Timing::retry, &Timing::delay_max, &Timing::clock_error, &Timing::timely, &Timing::nonce_age_max}) {
    out.push_back([span](auto& s) { (s.timing.*span).value++; });
  }
  using Feed = aggregator::FeedPolicy;
  for (std::uint32_t Feed::*ppm : {&Feed::agree_ppm, &Feed::exclude_ppm, &Feed::confidence_floor_ppm, &Feed::age_ppm,
                                   &Feed::wide_ppm, &Feed::jump_ppm, &Feed::leg_share_max_ppm}) {
    out.push_back([ppm](auto& s) { (s.policy.feeds[1].*ppm)++; });
  }
  for (std::int64_t Feed::*price : {&Feed::reference_price, &Feed::floor_price, &Feed::ceiling_price}) {
    out.push_back([price](auto& s) { (s.policy.feeds[1].*price)++; });
  }
  const std::vector<std::function<void(Feed&)>> in_feed{
      [](Feed& f) { f.terms.symbol = "X/Y"; },
      [](Feed& f) { f.terms.exponent--; },
      [](Feed& f) { f.terms.ttl.value++; },
      [](Feed& f) { f.base = "X"; },
      [](Feed& f) { f.quote = "X"; },
      [](Feed& f) { f.min_groups++; },
      [](Feed& f) { f.jump_confirmations++; },
      [](Feed& f) { f.src_age_max.value++; },
      [](Feed& f) { f.ema_tau.value++; },
      [](Feed& f) { f.weight_min++; },
      [](Feed& f) { f.readmit_after.value++; },
      [](Feed& f) { f.peg.price++; },
      [](Feed& f) { f.peg.depeg_ppm++; },
      [](Feed& f) { f.rate_limit.window.value++; },
      [](Feed& f) { f.rate_limit.rise_ppm++; },
      [](Feed& f) { f.rate_limit.fall_ppm++; },
      [](Feed& f) { f.depth_via = "x"; },
      [](Feed& f) { f.derived.kind = aggregator::Derivation::Kind::basket; },
      [](Feed& f) {
        f.derived.parts.push_back({"x", 0});
      },
      [](Feed& f) {
        f.derived.parts.push_back({"x", 1});
      },
      [](Feed& f) { f.derived.window.value++; },
      [](Feed& f) { f.derived.gap_max.value++; },
      [](Feed& f) { f.always_open = false; },
      [](Feed& f) {
        f.open = {{WallTime{1}, WallTime{2}}};
      },
      [](Feed& f) {
        f.open = {{WallTime{1}, WallTime{3}}};
      },
      [](Feed& f) {
        f.open = {{WallTime{2}, WallTime{3}}};
      },
      [](Feed& f) { f.sources.pop_back(); },
      [](Feed& f) { f.sources[0].venue = "x"; },
      [](Feed& f) { f.sources[0].symbol = "x"; },
      [](Feed& f) { f.sources[0].base = "x"; },
      [](Feed& f) { f.sources[0].quote = "x"; },
      [](Feed& f) { f.sources[0].group++; },
      [](Feed& f) { f.sources[0].tier++; },
      [](Feed& f) { f.sources[0].age_max.value++; },
      [](Feed& f) { f.sources[0].spread_max_ppm++; },
      [](Feed& f) { f.sources[0].last_only = true; },
      [](Feed& f) { f.sources[0].assumed_spread_ppm++; },
      [](Feed& f) { f.sources[0].frozen_after.value++; },
      [](Feed& f) { f.sources[0].impact_notional++; },
      [](Feed& f) { f.sources[0].depth_min++; },
      [](Feed& f) { f.sources[0].via = {"x"}; },
      [](Feed& f) {
        f.sources[0].via = {"x", "y"};
      },
  };
  for (const auto& change : in_feed) out.push_back([change](auto& s) { change(s.policy.feeds[1]); });
  return out;
}

TEST(ConfigDigest, differs_for_every_field) {
  std::set<Digest> seen{config_digest(some_network())};
  const auto changes = every_change();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    NetworkSettings settings = some_network();
    changes[i](settings);
    EXPECT_TRUE(seen.insert(config_digest(settings)).second) << "change " << i;
  }
}

TEST(ConfigDigest, does_not_depend_on_where_the_group_file_lies) {
  NetworkSettings settings = some_network();
  settings.group_file = "/elsewhere/group.yaml";
  EXPECT_EQ(config_digest(settings), config_digest(some_network()));
}

TEST(ConfigDigest, survives_emit_and_parse) {
  const auto loaded = parse_network(good_network(), "n");
  ASSERT_EQ(errors_of(loaded), "");
  EXPECT_EQ(config_digest(std::get<NetworkSettings>(loaded)), config_digest(some_network()));
}

TEST(ConfigDigest, does_not_depend_on_comments_or_the_order_of_feeds) {
  NetworkSettings reversed = some_network();
  std::reverse(reversed.policy.feeds.begin(), reversed.policy.feeds.end());
  const auto loaded = parse_network("# another comment\n" + emit_network(reversed), "n");
  EXPECT_EQ(config_digest(std::get<NetworkSettings>(loaded)), config_digest(some_network()));
}

TEST(ConfigDigest, has_a_golden_value) {
  const Bytes bytes = canonical_bytes(some_network());
  EXPECT_EQ(bytes.size(), 5613U);
  EXPECT_EQ(to_hex(config_digest(some_network()).bytes),
            "ecffdc31f1fddc06fbce6c6df1174e1dc94a59a5bf8ff9ecec4be32f062aaf0b");
}

}  // namespace
}  // namespace assay::config
