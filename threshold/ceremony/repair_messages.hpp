#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/ceremony/proposal.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/sealed_share.hpp"

namespace assay::threshold::ceremony {

/// What is said when helpers give a member its lost share back (threshold/crypto/repair.hpp). Party 0 is the member,
/// party d + 1 the helper at place d. A round is named by the member, anew whenever something did not fit; each helper
/// splits its part once a round. Decoders are total (truncated, trailing_bytes); the terms fix the lengths.
using RepairRound = std::array<std::uint8_t, 16>;

/// REPAIR_ASK and REPAIR_DONE hold the round and nothing else.
Bytes encode(const RepairRound& round);
Result<RepairRound> decode_repair_round(ByteSpan payload);

/// REPAIR_PIECES, a helper's part of the lost share, split: round 16 | commitments 32 each, by helper | ephemeral key
/// 32 | sealed pieces 48 each, by helper.
struct RepairPieces {
  RepairRound round{};
  std::vector<frost::Element> commitments;
  frost::Element ephemeral{};
  std::vector<frost::SealedShare> pieces;
};
Bytes encode(const RepairPieces& pieces);
Result<RepairPieces> decode_repair_pieces(const Terms& terms, ByteSpan payload);

/// REPAIR_SUM, what a helper adds up to for the member: round 16 | SHA-256 of each helper's REPAIR_PIECES payload 32
/// each, by helper | ephemeral key 32 | sealed sum 48.
struct RepairSum {
  RepairRound round{};
  std::vector<Digest> pieces;
  frost::Element ephemeral{};
  frost::SealedShare sum{};
};
Bytes encode(const RepairSum& sum);
Result<RepairSum> decode_repair_sum(const Terms& terms, ByteSpan payload);

/// Index of the member that lost its share in the committee.
MemberIndex lost_member(const Terms& terms);

/// The part of the helper at that place, split anew.   share  its own
Result<RepairPieces> make_repair_pieces(const Terms& terms, std::uint16_t helper, const RepairRound& round,
                                        const frost::SecretShare& share, Entropy& entropy);
/// What anybody can check: elements, and that the commitments add up to lambda Y of this helper.
///   errors  bad_element, bad_share.   cost  a helper: 55 us
Done check_repair_pieces(const Terms& terms, std::uint16_t helper, const RepairPieces& pieces);
/// The piece of the helper at place `to`, checked against its commitment.   errors  bad_share
Result<frost::SecretScalar> open_repair_piece(const Terms& terms, std::uint16_t helper, const RepairPieces& pieces,
                                              std::uint16_t to, const frost::EncryptionKey& key);

RepairSum make_repair_sum(const Terms& terms, std::uint16_t helper, const RepairRound& round,
                          std::vector<Digest> pieces, const frost::SecretScalar& sum, Entropy& entropy);
/// The sum of the helper at that place, checked against everybody's commitments for it.   errors  bad_share
///   pieces  by helper, each passed check_repair_pieces()
Result<frost::SecretScalar> open_repair_sum(const Terms& terms, std::uint16_t helper, const RepairSum& sum,
                                            const std::vector<RepairPieces>& pieces, const frost::EncryptionKey& key);

}  // namespace assay::threshold::ceremony
