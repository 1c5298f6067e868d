#include "core/observation.hpp"

namespace assay {
namespace {

constexpr std::uint8_t absent = 0;
constexpr std::uint8_t present = 1;

void encode_entry(const ObservationEntry& entry, ByteWriter& out) {
  out.i64(entry.price).i64(entry.bid).i64(entry.ask).u64(entry.confidence).u64(entry.depth_usd);
  out.u64(entry.src_time.value).u16(entry.reasons).u8(entry.sources);
}

ObservationEntry decode_entry(ByteReader& in) {
  ObservationEntry entry;
  entry.price = in.i64();
  entry.bid = in.i64();
  entry.ask = in.i64();
  entry.confidence = in.u64();
  entry.depth_usd = in.u64();
  entry.src_time = WallTime{in.u64()};
  entry.reasons = in.u16();
  entry.sources = in.u8();
  return entry;
}

std::optional<ObservationEntry> decode_feed(ByteReader& in) {
  const std::uint8_t flag = in.u8();
  if (flag == present) {
    return decode_entry(in);
  }
  if (flag != absent) {
    in.fail({Errc::not_canonical, "a presence flag of 0 or 1"});
  }
  return std::nullopt;
}

}  // namespace

void encode(const Observation& observation, ByteWriter& out) {
  out.u64(observation.time.value).u32(static_cast<std::uint32_t>(observation.feeds.size()));
  for (const auto& entry : observation.feeds) {
    out.u8(entry ? present : absent);
    if (entry) {
      encode_entry(*entry, out);
    }
  }
}

Observation decode_observation(ByteReader& in, std::uint32_t feed_count) {
  Observation observation;
  observation.time = WallTime{in.u64()};
  const std::uint32_t count = in.u32();
  if (count != feed_count || count > feed_count_max) {
    in.fail({Errc::out_of_range, "an entry or its absence for each feed of the network"});
  }
  if (!in.ok()) {
    return {};
  }
  observation.feeds.reserve(count);
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    observation.feeds.push_back(decode_feed(in));
  }
  return in.ok() ? observation : Observation{};
}

}  // namespace assay
