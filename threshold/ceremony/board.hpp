#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "threshold/ceremony/deal.hpp"
#include "threshold/ceremony/frame.hpp"
#include "threshold/ceremony/messages.hpp"

namespace assay::threshold::ceremony {

/// A message that is said once, as it came.
struct Said {
  Bytes bytes;
  SignedDigest signed_digest;
  std::uint32_t attempt{};

  ByteSpan payload() const { return ByteSpan(bytes).subspan(frame_head); }
};

/// What the parties said, as far as it reached me: one DEAL, SUPPORT and CONFIRM of each and the newest attempt of its
/// TEST_COMMIT and TEST_SHARE. All of it is signed, so a member may pass it on.
class Board {
 public:
  explicit Board(const Terms& terms);  ///< terms outlive the board

  /// A frame of one of those five types whose payload was checked. bytes are the frame's.
  void put(const Frame& frame, const Bytes& bytes);
  /// Exactly this frame is here already.   cost  under 1 us: no signature is checked
  bool holds(ByteSpan frame) const;
  const Said* find(MessageType type, std::uint16_t party) const;
  const Said* find(MessageType type, std::uint16_t party, std::uint32_t attempt) const;
  bool all_members_said(MessageType type) const;
  bool all_members_said(MessageType type, std::uint32_t attempt) const;
  /// Checked, by place among the dealers.
  const std::map<std::uint16_t, Deal>& deals() const noexcept { return deals_; }
  const Said& deal_frame(std::uint16_t dealer) const;  ///< of one of deals()

  Query have() const;
  std::vector<Bytes> said_by(std::uint16_t party) const;
  /// What somebody with these bitmaps lacks.
  std::vector<Bytes> missing_in(const Query& query) const;

  /// Any authentic frame of the ceremony shows that its sender takes part; an OUTCOME, that it is through.
  void note(const Scope& scope);
  bool takes_part(std::uint16_t party) const { return takes_part_[party]; }
  bool is_through(std::uint16_t party) const { return through_[party]; }

 private:
  std::uint32_t bitmap_of(MessageType type) const;

  const Terms& terms_;
  std::map<std::pair<MessageType, std::uint16_t>, Said> said_;
  std::map<std::uint16_t, Deal> deals_;
  std::vector<bool> takes_part_;  ///< by party
  std::vector<bool> through_;     ///< by party
};

}  // namespace assay::threshold::ceremony
