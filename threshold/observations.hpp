#pragma once
#include <map>
#include <memory>
#include <vector>

#include "aggregator/policy.hpp"
#include "threshold/envelope.hpp"
#include "threshold/limits.hpp"

namespace assay::threshold {

using SharedBytes = std::shared_ptr<const Bytes>;

/// One complete signed OBS: the frame as its author signed it, and what it says.
struct Body {
  MemberIndex member;
  View view;
  Height height;
  Digest digest;  ///< RFC 9162 leaf hash of the frame: its name in proposals and in inputs_root
  SharedBytes frame;
  ObsMessage message;
};
using BodyRef = std::shared_ptr<const Body>;

/// Reads a complete OBS frame.
///   errors  of open_envelope and the codec; out_of_range for another type; bad_signature when `verify_author`
enum class Author : std::uint8_t { verified_before, verify_now };
Result<BodyRef> read_body(const Committee& committee, const Limits& limits, SharedBytes frame, Author author);

/// The inputs of one batch, found by name: hashed once, when they come.
class LockInputs {
 public:
  LockInputs() = default;
  explicit LockInputs(const std::vector<Bytes>& bodies);
  /// Of a proposal that is complete.
  explicit LockInputs(const std::vector<BodyRef>& bodies);
  /// None is here yet.
  static LockInputs named(const std::vector<Digest>& names);

  /// null: not one of them, or not here
  SharedBytes find(const Digest& name) const;
  std::vector<Digest> missing() const;
  bool complete() const;
  /// Takes a frame that is missing; anything else is nobody's.
  void supply(const Digest& name, const SharedBytes& frame);
  std::vector<Digest> names() const;  ///< in their order

 private:
  std::vector<std::pair<Digest, SharedBytes>> bodies_;
};

enum class Added : std::uint8_t { first, same, different };

/// Observations of my current view at my working height and the next one, one per member: the first counts.
class ObservationPool {
 public:
  Added add(BodyRef body);
  BodyRef find(Height height, MemberIndex member) const;
  std::vector<BodyRef> at(Height height) const;            ///< ascending member
  std::vector<MemberIndex> arrivals(Height height) const;  ///< fastest first
  void forget_below(Height height);
  void clear();

 private:
  std::map<std::pair<Height, MemberIndex>, BodyRef> bodies_;  ///< at most 2n: the caller admits two heights
  std::vector<std::pair<Height, MemberIndex>> arrived_;
};

/// Every feed that f+1 observations price has 2f+1 valid entries: nothing is gained by waiting, but stragglers.
bool covers_feeds(const std::vector<BodyRef>& bodies, const aggregator::AggregationPolicy& policy, Quorum quorum);

}  // namespace assay::threshold
