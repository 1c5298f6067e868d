#include "publisher/frames.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <utility>

#include "core/check.hpp"
#include "core/merkle.hpp"
#include "publisher/view.hpp"

namespace assay::publisher {
namespace {

/// All levels of the tree, leaves first. Pairing neighbours and lifting an odd last node gives the tree of RFC 9162,
/// whose left part is the largest power of two below the size.
std::vector<std::vector<Digest>> tree_levels(std::vector<Digest> leaves) {
  std::vector<std::vector<Digest>> levels{std::move(leaves)};
  while (levels.back().size() > 1) {
    const auto& below = levels.back();
    std::vector<Digest> above;
    above.reserve((below.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < below.size(); i += 2) above.push_back(merkle_node(below[i], below[i + 1]));
    if (below.size() % 2 == 1) above.push_back(below.back());
    levels.push_back(std::move(above));
  }
  return levels;
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
  out.append(",\"").append(key).append("\":\"").append(value).append("\"");
}

}  // namespace

Result<BatchFrames> BatchFrames::make(std::shared_ptr<const Batch> batch, std::shared_ptr<const FeedList> feeds) {
  if (batch->leaves.size() != feeds->size() || feeds->empty()) {
    return Error{Errc::wrong_feed, "one leaf for each feed of the network"};
  }
  for (std::size_t i = 0; i < feeds->size(); ++i) {
    if (batch->leaves[i].feed != (*feeds)[i].id) return Error{Errc::wrong_feed, "leaves in the order of the feeds"};
  }
  return BatchFrames(std::move(batch), std::move(feeds));
}

BatchFrames::BatchFrames(std::shared_ptr<const Batch> batch, std::shared_ptr<const FeedList> feeds)
    : batch_(std::move(batch)),
      feeds_(std::move(feeds)),
      levels_(tree_levels(leaf_hashes(batch_->leaves))),
      header_text_(to_base64(encode(batch_->header))),
      signature_text_(to_base64(batch_->signature.bytes)) {}

void BatchFrames::append_path(std::string& out, std::uint32_t index) const {
  out.append(",\"path\":[");
  bool first = true;
  std::size_t at = index;
  for (std::size_t level = 0; level + 1 < levels_.size(); ++level, at /= 2) {
    const std::size_t sibling = at ^ 1U;
    if (sibling >= levels_[level].size()) continue;
    out.append(first ? "\"" : ",\"").append(to_base64(levels_[level][sibling].bytes)).append("\"");
    first = false;
  }
  out.append("]");
}

void BatchFrames::append_leaf(std::string& out, std::uint32_t index) const {
  const Leaf& leaf = batch_->leaves[index];
  out.append("\"feed\":").append(boost::json::serialize(boost::json::string((*feeds_)[index].symbol)));
  out.append(",\"index\":").append(std::to_string(index));
  append_text(out, "leaf", to_base64(encode(leaf)));
}

std::string BatchFrames::update(std::uint32_t index) const {
  check(index < batch_->leaves.size(), "an update names a leaf of its batch");
  std::string out = "{\"type\":\"update\"";
  out.reserve(2048);
  append_text(out, "height", std::to_string(batch_->header.height.value));
  out.append(",");
  append_leaf(out, index);
  append_path(out, index);
  append_text(out, "header", header_text_);
  append_text(out, "signature", signature_text_);
  out.append(",\"view\":").append(boost::json::serialize(leaf_view(batch_->leaves[index], batch_->header)));
  out.append("}");
  return out;
}

std::string BatchFrames::batch(std::span<const std::uint32_t> indices) const {
  const bool complete = indices.size() == batch_->leaves.size();
  std::string out = "{\"type\":\"batch\"";
  out.reserve(1024 + indices.size() * 1024);
  append_text(out, "height", std::to_string(batch_->header.height.value));
  append_text(out, "header", header_text_);
  append_text(out, "signature", signature_text_);
  out.append(",\"leaves\":[");
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const std::uint32_t index = indices[i];
    check(index < batch_->leaves.size(), "a batch frame names leaves of its batch");
    out.append(i == 0 ? "{" : ",{");
    append_leaf(out, index);
    if (!complete) append_path(out, index);
    out.append(",\"view\":").append(boost::json::serialize(leaf_view(batch_->leaves[index], batch_->header)));
    out.append("}");
  }
  out.append("]}");
  return out;
}

}  // namespace assay::publisher
