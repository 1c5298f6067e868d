#include "threshold/chain.hpp"

#include "core/epoch_rule.hpp"

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
  if (header.height != working()) return Error{Errc::wrong_height, "height is tip + 1"};
  if (header.prev_header_hash != tip_hash_) return Error{Errc::wrong_tip, "does not extend my tip"};
  if (header.history_root != history_.root()) return Error{Errc::bad_proof, "history root over all headers before"};
  if (const auto epochs = check_epochs(tip_.header, header); !epochs) return epochs.error();
  if (header.epoch < committee_.epoch) return Ok{};
  if (header.epoch > committee_.epoch) return Error{Errc::wrong_committee, "header of a later epoch than mine"};
  if (!succeeds()) return Error{Errc::wrong_committee, "the announced epoch is not the one that I hold"};
  if (header.config_digest != committee_.config_digest || header.feed_count != feed_count_) {
    return Error{Errc::wrong_committee, "header of another configuration"};
  }
  return Ok{};
}

bool Chain::succeeds() const {
  if (tip_.header.epoch == committee_.epoch) return true;
  return committee_.descent && tip_.header.next_epoch_digest == committee_.descent->announced_as;
}

Part Chain::part() const {
  const Epoch epoch = epoch_after(tip_.header);
  if (epoch < committee_.epoch) return Part::waiting;
  if (epoch > committee_.epoch) return Part::ended;
  const bool begun = height().value > 0 && tip_.header.epoch == committee_.epoch;
  const bool mine = begun ? tip_.header.config_digest == committee_.config_digest : succeeds();
  return mine ? Part::voting : Part::mismatched;
}

Done Chain::check_alone(const Batch& batch) const {
  if (const auto valid = verify_tip(committee_, feed_count_, {batch.header, batch.signature}); !valid) {
    return valid.error();
  }
  return verify_contents(batch);
}

Done Chain::check_next(const Header& header) const {
  if (const auto links = check_links(header); !links) return links;
  if (header.time <= tip_.header.time) return Error{Errc::untimely, "header time after the previous one"};
  return Ok{};
}

void Chain::advance(const Batch& batch) {
  tip_ = TipCertificate{batch.header, batch.signature};
  tip_hash_ = header_hash(batch.header);
  leaves_ = batch.leaves;
  history_.append(history_leaf(batch.header));
  certify(tip_);
}

}  // namespace assay::threshold
