#pragma once
#include <span>
#include <vector>

#include "core/batch.hpp"
#include "core/merkle.hpp"
#include "threshold/certificate.hpp"
#include "threshold/protocol.hpp"

namespace assay::threshold {

/// The attested chain as this node holds it: the last batch applied, and the last header it holds a certificate for,
/// which may be further on (learnt from a message or from a lock record) before its leaves arrive.
class Chain {
 public:
  Chain(const Committee& committee, std::uint32_t feed_count, TipCertificate tip, std::vector<Leaf> leaves,
        Frontier history);

  const TipCertificate& tip() const noexcept { return tip_; }
  const Digest& tip_hash() const noexcept { return tip_hash_; }
  const std::vector<Leaf>& leaves() const noexcept { return leaves_; }
  Height height() const noexcept { return tip_.header.height; }
  Height working() const noexcept { return next(height()); }
  Digest history_root() const { return history_.root(); }

  const TipCertificate& certified() const noexcept { return certified_; }
  bool behind() const noexcept { return certified_.header.height > height(); }
  /// Remembers a verified certificate when it is higher than any before.
  void certify(const TipCertificate& certificate);

  Part part() const;

  /// What a batch proves by itself, wherever it stands: network, signature, leaves, inputs.
  ///   errors  wrong_network, bad_certificate and those of verify_batch
  Done check_alone(const Batch& batch) const;
  /// Whether it is the next one: height, links, epochs, time, history.
  ///   errors  wrong_tip, wrong_height, wrong_network, wrong_committee, bad_proof, untimely and those of check_epochs
  Done check_next(const Header& header) const;
  /// The header alone against my tip: what a proposal must state too.
  Done check_links(const Header& header) const;
  void advance(const Batch& batch);

 private:
  /// The tip is of my epoch, or announces mine.
  bool succeeds() const;

  const Committee& committee_;
  std::uint32_t feed_count_;
  TipCertificate tip_;
  Digest tip_hash_;
  std::vector<Leaf> leaves_;
  Frontier history_;
  TipCertificate certified_;
};

}  // namespace assay::threshold
