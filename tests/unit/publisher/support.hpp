#pragma once
#include <sodium.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/feed.hpp"
#include "core/header.hpp"
#include "core/merkle.hpp"
#include "publisher/frames.hpp"
#include "publisher/verify.hpp"

namespace assay::publisher::test {

/// An ordinary Ed25519 key in the place of the committee: what consumers see is the same.
class Signer {
 public:
  explicit Signer(std::uint8_t seed) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(seed);
    if (sodium_init() < 0) std::abort();
    crypto_sign_seed_keypair(key_.bytes.data(), secret_.data(), bytes.data());
  }
  [[nodiscard]] Signature sign(ByteSpan message) const {
    Signature out;
    crypto_sign_detached(out.bytes.data(), nullptr, message.data(), message.size(), secret_.data());
    return out;
  }
  [[nodiscard]] const PublicKey& key() const { return key_; }

 private:
  PublicKey key_;
  std::array<std::uint8_t, 64> secret_{};
};

inline FeedList make_feeds(std::size_t count) {
  const std::vector<std::string> known = {"BTC/USD", "ETH/USD", "USDC/USD", "USDT/USD", "BTC/USDT"};
  FeedList feeds;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string symbol = i < known.size() ? known[i] : "F" + std::to_string(i) + "/USD";
    feeds.push_back({symbol, feed_id(symbol), -2, millis(5000)});
  }
  std::sort(feeds.begin(), feeds.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return feeds;
}

/// A signed chain from genesis on, one batch at a time; times 250 ms apart from `start_us`.
class Chain {
 public:
  static constexpr std::uint64_t start_us = 1'795'000'000'000'000;

  explicit Chain(std::size_t feeds, std::uint8_t seed = 7)
      : signer_(seed), feeds_(std::make_shared<const FeedList>(make_feeds(feeds))) {
    genesis_.network = NetworkId{sha256(signer_.key().bytes)};
    genesis_.feed_count = static_cast<std::uint32_t>(feeds);
    tip_ = genesis_;
    history_.append(merkle_leaf(header_hash(genesis_).bytes));
  }

  /// The next batch; `twist` makes another one at the same height of a copied chain.
  std::shared_ptr<const Batch> next(std::int64_t twist = 0) {
    auto batch = std::make_shared<Batch>();
    const Height height{tip_.height.value + 1};
    const WallTime time{start_us + height.value * 250'000};
    for (std::size_t i = 0; i < feeds_->size(); ++i) batch->leaves.push_back(leaf(i, height, time, twist));
    for (std::uint8_t member = 0; member < 3; ++member) {
      batch->observations.push_back({member, static_cast<std::uint8_t>(height.value), 0xee});
    }
    Header& header = batch->header;
    header = tip_;
    header.height = height;
    header.time = time;
    header.prev_header_hash = header_hash(tip_);
    header.feeds_root = merkle_root(leaf_hashes(batch->leaves));
    header.inputs_root = merkle_root({});
    header.history_root = history_.root();
    batch->signature = signer_.sign(encode(header));
    tip_ = header;
    history_.append(merkle_leaf(header_hash(header).bytes));
    return batch;
  }
  std::vector<std::shared_ptr<const Batch>> take(std::size_t count) {
    std::vector<std::shared_ptr<const Batch>> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(next());
    return out;
  }

  [[nodiscard]] const Header& genesis() const { return genesis_; }
  [[nodiscard]] std::shared_ptr<const FeedList> feeds() const { return feeds_; }
  [[nodiscard]] const Signer& signer() const { return signer_; }
  [[nodiscard]] Pinned pinned() const { return {signer_.key(), genesis_.network}; }
  [[nodiscard]] BatchFrames frames(std::shared_ptr<const Batch> batch) const {
    auto made = BatchFrames::make(std::move(batch), feeds_);
    check(static_cast<bool>(made), "the chain's batches fit its feeds");
    return std::move(made).value();
  }

 private:
  [[nodiscard]] Leaf leaf(std::size_t i, Height height, WallTime time, std::int64_t twist) const {
    Leaf out;
    out.feed = (*feeds_)[i].id;
    out.height = height;
    out.exponent = (*feeds_)[i].exponent;
    out.status = i % 3 == 2 ? Status::wide : Status::ok;
    out.reasons = i % 3 == 2 ? reason::few_sources | reason::venue_down : 0;
    out.observers = 4;
    out.sources = 6;
    out.price = static_cast<std::int64_t>(6'512'345 + 1000 * i + height.value) + twist;
    out.bid = out.price - 10;
    out.ask = out.price + 10;
    out.confidence = 42;
    out.ema = out.price - 3;
    out.ema_fraction = 77;
    out.depth_usd = 1'000'000;
    out.src_time = WallTime{time.value - 1000};
    out.publish_time = time;
    out.prev_publish_time = WallTime{time.value - 250'000};
    out.valid_until = WallTime{time.value + 5'000'000};
    out.ref_price = out.price;
    return out;
  }

  Signer signer_;
  std::shared_ptr<const FeedList> feeds_;
  Header genesis_;
  Header tip_;
  Frontier history_;
};

/// A folder of its own that goes away with the test.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-publisher-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file(const char* name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace assay::publisher::test
