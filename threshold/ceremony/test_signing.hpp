#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/entropy.hpp"
#include "threshold/ceremony/assemble.hpp"
#include "threshold/ceremony/board.hpp"
#include "threshold/ceremony/durable.hpp"
#include "threshold/ceremony/evidence.hpp"

namespace assay::threshold::ceremony {

/// One member's part in the test signature. All n members sign, so that it shows every share to be good. A member that
/// restarts has lost its nonces: it asks for the next attempt by committing to it, and everybody follows to the highest
/// attempt seen, at most attempts_max.
class TestSigning {
 public:
  TestSigning(const Terms& terms, std::uint16_t me) : terms_(terms), me_(me) {}  ///< terms outlive it

  std::uint32_t attempt() const noexcept { return attempt_; }
  /// The attempt that I have to begin now: make it durable, then begin() and commit(). Nothing when mine is as good as
  /// any.
  std::optional<std::uint32_t> due(const Board& board) const;
  /// Nonces of lower attempts are void.
  void begin(std::uint32_t attempt);
  Bytes commit(const Assembled& ours, Entropy& entropy);  ///< payload of my TEST_COMMIT
  /// Payload of my TEST_SHARE, once for each commit(), when all have committed to this attempt.
  std::optional<Bytes> sign(const Board& board, const Assembled& ours);

  /// A member that committed twice in this attempt: somebody's share lists another commitment than the one I heard.
  std::optional<Evidence> split_commitment(const Board& board) const;
  /// The group's signature, when every member's share is here and good; else nothing, and culprits() says why.
  std::optional<Signature> signature(const Board& board, const Assembled& ours) const;
  struct Culprit {
    std::uint16_t party{};
    std::optional<Evidence> evidence;  ///< nothing when its CONFIRM is not here
  };
  /// Whose shares do not verify; empty while some are missing.
  std::vector<Culprit> culprits(const Board& board, const Assembled& ours) const;

 private:
  std::optional<frost::Session> session(const Board& board, const Assembled& ours) const;
  std::vector<frost::SignatureShare> shares(const Board& board) const;

  const Terms& terms_;
  std::uint16_t me_;
  std::uint32_t attempt_ = 0;
  std::optional<frost::NoncePair> nonces_;
};

}  // namespace assay::threshold::ceremony
