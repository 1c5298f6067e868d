#pragma once
#include <cstddef>
#include <cstdint>

#include "core/header.hpp"
#include "core/leaf.hpp"
#include "core/observation.hpp"
#include "threshold/committee.hpp"

namespace assay::threshold {

/// Bounds of everything a peer may send, derived from the committee size and the number of feeds: never guessed, never
/// taken from the message itself. Decoders check counts against these before they reserve anything.
struct Limits {
  Quorum quorum;
  std::uint32_t feed_count{};

  static constexpr std::size_t head = 115;            ///< envelope without payload
  static constexpr std::size_t entry = 52;            ///< one feed of an observation
  static constexpr std::size_t commitment = 64;       ///< D and E
  static constexpr std::uint32_t range_batches = 64;  ///< batches asked for at once
  static constexpr std::size_t range_bytes = 4U << 20;
  static constexpr std::size_t frame_max = 32U << 20;  ///< no derived bound is above this
  static constexpr std::uint64_t unsaved_batches = 2048;
  static constexpr std::size_t unsaved_bytes = 64U << 20;

  /// One complete signed OBS.
  constexpr std::size_t observation_frame() const { return head + 16 + 1 + commitment + 12 + entry * feed_count; }
  /// All OBS of one height, each with its length.
  constexpr std::size_t bodies() const { return quorum.n * (observation_frame() + 4) + 4; }
  /// One complete batch with its inputs.
  constexpr std::size_t batch() const {
    return header_size + 64 + 4 + std::size_t{leaf_size} * feed_count + bodies() + 4;
  }
  /// A prepare certificate: view, height, D, P, who, signatures.
  constexpr std::size_t prepare_certificate() const { return 8 + 8 + 32 + 32 + 4 + 64 * std::size_t{quorum.agree()}; }
  /// One PROP with its NEWVIEW: header, tip, list, S, and of each of 2f+1 members a summary, and their proofs.
  constexpr std::size_t proposal_frame() const {
    constexpr std::size_t certificate = header_size + 64;
    constexpr std::size_t summary = 2 + 8 + 32 + 1 + 40 + 16 + 1 + commitment + 64;
    const std::size_t new_view = 1 + summary * quorum.agree() + certificate + 1 + prepare_certificate();
    return head + header_size + certificate + 1 + std::size_t{34} * quorum.n + 4 + 1 + new_view;
  }
  /// Batches of one RANGE: all that may be asked for where they are small, some megabytes of them where they are not.
  constexpr std::size_t range() const {
    const std::size_t all = range_batches * (batch() + 4);
    return all < range_bytes ? all : range_bytes;
  }
  /// Batches of so many bytes that fit into one RANGE; one always does.
  static constexpr std::uint32_t range_count(std::size_t batch_bytes) {
    const std::size_t fitting = range_bytes / (batch_bytes + 4);
    return fitting < 1 ? 1 : fitting < range_batches ? static_cast<std::uint32_t>(fitting) : range_batches;
  }
  /// Batches asked of a peer at once while catching up: what fits into one RANGE, however full they are.
  constexpr std::uint32_t range_count() const { return range_count(batch()); }
  /// Batches of so many bytes that may be ahead of the ledger: some ranges, or some megabytes where they are large.
  /// Those of an earlier epoch may be larger than any of this one.
  static constexpr std::uint64_t unsaved(std::size_t batch_bytes) {
    const std::uint64_t fitting = unsaved_bytes / batch_bytes;
    const std::uint64_t least = 2 * std::uint64_t{range_count(batch_bytes)};
    return fitting > unsaved_batches ? unsaved_batches : fitting < least ? least : fitting;
  }
  /// The longest frame that any honest member sends unasked.
  constexpr std::size_t message() const { return head + 4096 + prepare_certificate() + batch() + 64; }
  /// The longest frame that any honest member sends: that, or a RANGE.
  constexpr std::size_t frame() const { return message() + (range() > batch() ? range() - batch() : 0); }
};

/// The longest batch of any epoch that a network can have had.
inline constexpr std::size_t batch_max = Limits{Quorum{31}, feed_count_max}.batch();
/// The longest RANGE: as many batches as fit, or one, of whatever epoch.
inline constexpr std::size_t range_frame_max =
    Limits::head + 4096 + (batch_max > Limits::range_bytes ? batch_max : Limits::range_bytes);

static_assert(Limits{Quorum{31}, feed_count_max}.frame() <= Limits::frame_max);
static_assert(range_frame_max <= Limits::frame_max);

}  // namespace assay::threshold
