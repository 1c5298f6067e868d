#include "publisher/audit/audit_rows.hpp"

#include <algorithm>

#include "core/header.hpp"
#include "core/leaf.hpp"

namespace assay::publisher {
namespace {

/// PostgreSQL's documentation, "COPY", "Binary Format": signature, flags, extension length.
constexpr std::uint8_t copy_header[] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n',
                                        0,   0,   0,   0,   0,   0,   0,    0,    0};

/// A tuple is its field count, then each field behind its length.
class Rows {
 public:
  explicit Rows(std::size_t reserve) : out_(reserve) { out_.raw(copy_header); }
  Rows& row(std::uint16_t fields) {
    out_.u16(fields);
    return *this;
  }
  Rows& small(std::int64_t value) {
    out_.u32(2).u16(static_cast<std::uint16_t>(value));
    return *this;
  }
  Rows& integer(std::int64_t value) {
    out_.u32(4).u32(static_cast<std::uint32_t>(value));
    return *this;
  }
  Rows& big(std::int64_t value) {
    out_.u32(8).i64(value);
    return *this;
  }
  /// The column is signed; what does not fit saturates, the bytes beside it do not.
  Rows& big(std::uint64_t value) { return big(static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX))); }
  Rows& bytes(ByteSpan value) {
    out_.blob(value);
    return *this;
  }
  Bytes finish() {
    out_.u16(0xffff);
    return std::move(out_).take();
  }

 private:
  ByteWriter out_;
};

constexpr const char* copy_batches =
    "COPY assay.batches (height, epoch, time_us, hash, prev_hash, config_digest, feed_count, header, signature) "
    "FROM STDIN (FORMAT binary)";
constexpr const char* copy_leaves =
    "COPY assay.leaves (height, idx, feed, exponent, status, reasons, observers, sources, price, bid, ask, confidence, "
    "ema, ema_fraction, depth_usd, src_time_us, publish_time_us, prev_publish_time_us, valid_until_us, ref_price, run, "
    "leaf) FROM STDIN (FORMAT binary)";
constexpr const char* copy_observations =
    "COPY assay.observations (height, member_order, body) FROM STDIN (FORMAT binary)";

void add_leaf(Rows& rows, std::int64_t index, const Leaf& leaf) {
  rows.row(22).big(leaf.height.value).integer(index).bytes(leaf.feed.value.bytes).small(leaf.exponent);
  rows.small(static_cast<std::int64_t>(leaf.status)).integer(leaf.reasons).small(leaf.observers).small(leaf.sources);
  rows.big(leaf.price).big(leaf.bid).big(leaf.ask).big(leaf.confidence);
  rows.big(leaf.ema).big(std::uint64_t{leaf.ema_fraction}).big(leaf.depth_usd);
  rows.big(leaf.src_time.value).big(leaf.publish_time.value).big(leaf.prev_publish_time.value);
  rows.big(leaf.valid_until.value).big(leaf.ref_price).small(leaf.run).bytes(encode(leaf));
}

}  // namespace

CopyRows batch_rows(std::span<const Batch> batches) {
  Rows rows(batches.size() * 560 + 64);
  for (const auto& batch : batches) {
    const Header& header = batch.header;
    rows.row(9).big(header.height.value).big(std::uint64_t{header.epoch.value}).big(header.time.value);
    rows.bytes(header_hash(header).bytes).bytes(header.prev_header_hash.bytes).bytes(header.config_digest.bytes);
    rows.integer(header.feed_count).bytes(encode(header)).bytes(batch.signature.bytes);
  }
  return {copy_batches, rows.finish()};
}

CopyRows leaf_rows(std::span<const Batch> batches) {
  std::size_t count = 0;
  for (const auto& batch : batches) count += batch.leaves.size();
  Rows rows(count * 400 + 64);
  for (const auto& batch : batches) {
    std::int64_t index = 0;
    for (const auto& leaf : batch.leaves) add_leaf(rows, index++, leaf);
  }
  return {copy_leaves, rows.finish()};
}

CopyRows observation_rows(std::span<const Batch> batches) {
  Rows rows(4096);
  for (const auto& batch : batches) {
    std::int64_t order = 0;
    for (const auto& body : batch.observations) {
      rows.row(3).big(batch.header.height.value).small(order++).bytes(body);
    }
  }
  return {copy_observations, rows.finish()};
}

}  // namespace assay::publisher
