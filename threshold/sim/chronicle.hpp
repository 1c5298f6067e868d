#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/batch.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

/// Which rule broke; `detail` is for people.
struct Violation {
  std::string invariant;
  std::string detail;
  MonoTime at{0};
};

/// The chain as members attest it, over all epochs, and the first rule that broke:
///   one_batch_per_height, chain   one header a height, linked, times ascend
///   signature, contents           under the one group key; leaves and inputs are those of the header
///   announcement                  an epoch is announced once, for the 64th height after, and then by every header
///   epoch_switch                  it begins there and nowhere else, with its own settings
class Chronicle {
 public:
  explicit Chronicle(const World& world) : world_(world) {}

  struct Entry {
    Header header;
    Digest hash;
    std::vector<Leaf> leaves;
    bool recomputed = false;
  };

  void report(std::string invariant, std::string detail);
  const std::optional<Violation>& violation() const { return violation_; }

  /// Whether it is the first batch of its height.
  bool adds(const Batch& batch);
  const Entry* at(Height height) const;
  Height highest() const { return chain_.empty() ? Height{0} : chain_.rbegin()->first; }
  /// True once a height.
  bool first_recomputation(Height height) { return !std::exchange(chain_.at(height).recomputed, true); }
  /// The heights of an epoch as far as they are attested: from the first to before the second.
  std::pair<Height, Height> span_of(std::size_t epoch) const;

 private:
  void check_links(const Header& header);
  void check_epoch(const Header& header, const Header* before);

  const World& world_;
  std::map<Height, Entry> chain_;
  std::vector<Height> begins_{Height{1}};  ///< by epoch, as attested headers announce
  std::set<std::pair<Digest, Signature>> verified_;
  std::optional<Violation> violation_;
};

}  // namespace assay::threshold::sim
