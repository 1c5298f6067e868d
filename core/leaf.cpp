#include "core/leaf.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/decimal.hpp"

namespace assay {
namespace {

constexpr auto status_max = static_cast<std::uint8_t>(Status::closed);

bool all_zero(const Leaf& leaf) {
  return leaf.price == 0 && leaf.bid == 0 && leaf.ask == 0 && leaf.confidence == 0 && leaf.ema == 0 &&
         leaf.ema_fraction == 0 && leaf.depth_usd == 0 && leaf.src_time.value == 0 && leaf.publish_time.value == 0 &&
         leaf.prev_publish_time.value == 0 && leaf.valid_until.value == 0 && leaf.ref_price == 0 && leaf.run == 0;
}

bool is_price(const Leaf& leaf) {
  return 0 < leaf.bid && leaf.bid <= leaf.price && leaf.price <= leaf.ask && leaf.ask <= price_mantissa_max &&
         0 < leaf.confidence && leaf.confidence <= static_cast<std::uint64_t>(leaf.price);
}

void refuse_impossible(const Leaf& leaf, ByteReader& in) {
  if (leaf.publish_time.value == 0) {
    if (is_priced(leaf.status) || !all_zero(leaf)) {
      in.fail({Errc::out_of_range, "zeros in a leaf that was never priced"});
    }
  } else if (!is_price(leaf)) {
    in.fail({Errc::out_of_range, "0 < bid <= price <= ask <= 2^62 and 0 < confidence <= price"});
  }
}

Status read_status(ByteReader& in) {
  const std::uint8_t status = in.u8();
  if (status == 0 || status > status_max) {
    in.fail({Errc::bad_status, "a status from 1 to 9"});
    return Status::invalid;
  }
  return static_cast<Status>(status);
}

std::uint16_t read_reasons(ByteReader& in) {
  const std::uint16_t reasons = in.u16();
  if ((reasons & ~reason::known) != 0) {
    in.fail({Errc::bad_status, "only reason bits that have a meaning"});
  }
  return reasons;
}

}  // namespace

std::string_view name(Status status) noexcept {
  switch (status) {
    case Status::invalid:
      return "invalid";
    case Status::ok:
      return "ok";
    case Status::wide:
      return "wide";
    case Status::divergent:
      return "divergent";
    case Status::depeg:
      return "depeg";
    case Status::jump:
      return "jump";
    case Status::stale:
      return "stale";
    case Status::insufficient:
      return "insufficient";
    case Status::halted:
      return "halted";
    case Status::closed:
      return "closed";
  }
  return "unknown";
}

LeafBytes encode(const Leaf& leaf) {
  ByteWriter out(leaf_size);
  out.u8(leaf_version).digest(leaf.feed.value).u64(leaf.height.value).i8(leaf.exponent);
  out.u8(static_cast<std::uint8_t>(leaf.status)).u16(leaf.reasons).u8(leaf.observers).u8(leaf.sources);
  out.i64(leaf.price).i64(leaf.bid).i64(leaf.ask).u64(leaf.confidence);
  out.i64(leaf.ema).u32(leaf.ema_fraction).u64(leaf.depth_usd);
  out.u64(leaf.src_time.value).u64(leaf.publish_time.value).u64(leaf.prev_publish_time.value);
  out.u64(leaf.valid_until.value).i64(leaf.ref_price).u8(leaf.run);
  check(out.size() == leaf_size, "a leaf is written in full");
  LeafBytes bytes{};
  std::copy(out.bytes().begin(), out.bytes().end(), bytes.begin());
  return bytes;
}

Result<Leaf> decode_leaf(ByteSpan bytes) {
  ByteReader in(bytes);
  if (in.u8() != leaf_version) {
    in.fail({Errc::bad_version, "leaf version 1"});
  }
  Leaf leaf;
  leaf.feed = FeedId{in.digest()};
  leaf.height = Height{in.u64()};
  leaf.exponent = in.i8();
  leaf.status = read_status(in);
  leaf.reasons = read_reasons(in);
  leaf.observers = in.u8();
  leaf.sources = in.u8();
  leaf.price = in.i64();
  leaf.bid = in.i64();
  leaf.ask = in.i64();
  leaf.confidence = in.u64();
  leaf.ema = in.i64();
  leaf.ema_fraction = in.u32();
  leaf.depth_usd = in.u64();
  leaf.src_time = WallTime{in.u64()};
  leaf.publish_time = WallTime{in.u64()};
  leaf.prev_publish_time = WallTime{in.u64()};
  leaf.valid_until = WallTime{in.u64()};
  leaf.ref_price = in.i64();
  leaf.run = in.u8();
  refuse_impossible(leaf, in);
  if (const auto done = in.done(); !done) {
    return done.error();
  }
  return leaf;
}

}  // namespace assay
