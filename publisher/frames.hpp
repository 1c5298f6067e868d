#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/feed.hpp"
#include "core/result.hpp"

namespace assay::publisher {

/// Text built once and shared by everybody who receives it.
using SharedText = std::shared_ptr<const std::string>;
/// The feeds of a network, ascending by id, as the leaves of every batch.
using FeedList = std::vector<FeedTerms>;

/// Longest subscriber frame that anybody builds or reads: 4096 feeds with their views fit.
inline constexpr std::size_t frame_bytes_max = std::size_t{8} << 20U;

/// Subscriber frames of one batch, schema in docs/wire.md ("Subscriber frames"). Bytes travel as base64, 64-bit
/// integers and decimals as strings; the decoded view beside the bytes is a courtesy that nobody needs to trust.
/// Immutable after make(); any thread.
class BatchFrames {
 public:
  /// errors  wrong_feed: the leaves are not those of `feeds`, one for one, in order
  static Result<BatchFrames> make(std::shared_ptr<const Batch> batch, std::shared_ptr<const FeedList> feeds);

  /// {"type":"update",...}: one leaf with its Merkle path.   index < feed count (an invariant of ours)
  ///   cost  about 5 us
  [[nodiscard]] std::string update(std::uint32_t index) const;

  /// {"type":"batch",...}: several leaves under one header. Each carries its path, unless all leaves of the batch are
  /// there: then they prove themselves.   indices  ascending, distinct, each < feed count, not empty
  [[nodiscard]] std::string batch(std::span<const std::uint32_t> indices) const;

  [[nodiscard]] const Batch& source() const noexcept { return *batch_; }

 private:
  BatchFrames(std::shared_ptr<const Batch> batch, std::shared_ptr<const FeedList> feeds);
  void append_leaf(std::string& out, std::uint32_t index) const;
  void append_path(std::string& out, std::uint32_t index) const;

  std::shared_ptr<const Batch> batch_;
  std::shared_ptr<const FeedList> feeds_;
  std::vector<std::vector<Digest>> levels_;  ///< the tree, leaf hashes first
  std::string header_text_;                  ///< base64
  std::string signature_text_;               ///< base64
};

}  // namespace assay::publisher
