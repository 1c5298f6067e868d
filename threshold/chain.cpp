#include "threshold/chain.hpp"

namespace assay::threshold {

Digest history_leaf(const Header& header) {
  return merkle_leaf(header_hash(header).bytes);
}

Chain::Chain(const Committee& committee, std::uint32_t feed_count, TipCertificate tip, std::vector<Leaf> leaves,
             Frontier history)
    : committee_(committee),
      feed_count_(feed_count),
      tip_(tip),
      tip_hash_(header_hash(tip.header)),
      leaves_(std::move(leaves)),
      history_(std::move(history)),
      certified_(tip) {}

void Chain::certify(const TipCertificate& certificate) {
  if (certificate.header.height > certified_.header.height) certified_ = certificate;
}

Done Chain::check_links(const Header& header) const {
  if (header.network != committee_.network) return Error{Errc::wrong_network, "header of another network"};
  if (header.epoch != committee_.epoch || header.config_digest != committee_.config_digest) {
    return Error{Errc::wrong_committee, "header of another epoch or configuration"};
  }
  if (header.height != working()) return Error{Errc::wrong_height, "height is tip + 1"};
  if (header.prev_header_hash != tip_hash_) return Error{Errc::wrong_tip, "does not extend my tip"};
  if (header.feed_count != feed_count_) return Error{Errc::out_of_range, "feed count of the configuration"};
  if (header.history_root != history_.root()) return Error{Errc::bad_proof, "history root over all headers before"};
  // A change of epoch is announced by later versions only; nobody here holds such a record.
  if (!header.next_epoch_digest.is_zero() || header.switch_height.value != 0) {
    return Error{Errc::out_of_range, "announces an epoch whose record I do not hold"};
  }
  return Ok{};
}

Done Chain::check_next(const Batch& batch) const {
  if (const auto links = check_links(batch.header); !links) return links;
  if (batch.header.time <= tip_.header.time) return Error{Errc::untimely, "header time after the previous one"};
  if (const auto valid = verify_tip(committee_, feed_count_, {batch.header, batch.signature}); !valid) {
    return valid.error();
  }
  return verify_contents(batch);
}

void Chain::advance(const Batch& batch) {
  tip_ = TipCertificate{batch.header, batch.signature};
  tip_hash_ = header_hash(batch.header);
  leaves_ = batch.leaves;
  history_.append(history_leaf(batch.header));
  certify(tip_);
}

}  // namespace assay::threshold
