#include "threshold/sim/chronicle.hpp"

namespace assay::threshold::sim {
namespace {

/// Heights from an announcement to its epoch; apart from core/epoch_rule.hpp.
constexpr std::uint64_t heights_ahead = 64;

std::string height_text(Height height) {
  return "height " + std::to_string(height.value);
}

}  // namespace

void Chronicle::report(std::string invariant, std::string detail) {
  if (!violation_) violation_ = Violation{std::move(invariant), std::move(detail), world_.now()};
}

const Chronicle::Entry* Chronicle::at(Height height) const {
  const auto found = chain_.find(height);
  return found == chain_.end() ? nullptr : &found->second;
}

bool Chronicle::adds(const Batch& batch) {
  const Header& header = batch.header;
  const Digest hash = header_hash(header);
  if (verified_.emplace(hash, batch.signature).second) {
    const Committee& first = world_.committee();
    const auto& key = first.record.group_key;
    if (!first.signatures->verify(key, encode(header), batch.signature))
      report("signature", height_text(header.height));
  }
  if (!verify_contents(batch)) report("contents", height_text(header.height));
  const auto [found, fresh] = chain_.try_emplace(header.height, Entry{header, hash, batch.leaves, false});
  if (!fresh && found->second.hash != hash) report("one_batch_per_height", height_text(header.height));
  if (fresh) check_links(header);
  return fresh;
}

void Chronicle::check_links(const Header& header) {
  const Entry* before = at(Height{header.height.value - 1});
  const bool fits = before == nullptr ? header.height.value == 1
                                      : header.prev_header_hash == before->hash && header.time > before->header.time;
  if (!fits) report("chain", height_text(header.height));
  check_epoch(header, before == nullptr ? nullptr : &before->header);
}

void Chronicle::check_epoch(const Header& header, const Header* before) {
  const std::string where = height_text(header.height);
  const std::size_t epoch = begins_.size() - (header.height < begins_.back() ? 2U : 1U);
  const bool own = epoch < world_.epochs() && header.epoch == world_.committee(epoch).epoch &&
                   header.config_digest == world_.committee(epoch).config_digest &&
                   header.feed_count == world_.limits(epoch).feed_count;
  if (!own) return report("epoch_switch", where);
  const bool same_epoch = before != nullptr && before->epoch == header.epoch;
  if (same_epoch && before->switch_height.value != 0) {
    const bool copied =
        header.switch_height == before->switch_height && header.next_epoch_digest == before->next_epoch_digest;
    if (!copied) report("announcement", where + ": not repeated");
    return;
  }
  if (header.switch_height.value == 0) {
    if (header.next_epoch_digest != Digest{}) report("announcement", where + ": of no height");
    return;
  }
  const bool known =
      epoch + 1 < world_.epochs() && world_.committee(epoch + 1).descent->announced_as == header.next_epoch_digest;
  if (!known) report("announcement", where + ": of an epoch that nobody prepared");
  if (header.switch_height.value != header.height.value + heights_ahead) report("announcement", where + ": too far");
  begins_.push_back(header.switch_height);
}

std::pair<Height, Height> Chronicle::span_of(std::size_t epoch) const {
  const Height end = epoch + 1 < begins_.size() ? begins_[epoch + 1] : Height{UINT64_MAX};
  return {epoch < begins_.size() ? begins_[epoch] : Height{UINT64_MAX}, end};
}

}  // namespace assay::threshold::sim
