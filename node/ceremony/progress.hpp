#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "threshold/ceremony/machine.hpp"

namespace assay::node {

/// "member 2", or "leaving member 0" for a holder of the old key that has no place in the new committee; in a repair
/// "helping member 0".
std::string party_name(const threshold::ceremony::Terms& terms, std::uint16_t party);

/// Tells an operator how far each party of a key ceremony is: one line whenever one of them gets further. One thread.
class CeremonyProgress {
 public:
  using Tell = std::function<void(const std::string& line)>;

  CeremonyProgress(const threshold::ceremony::Terms& terms, Tell tell);  ///< terms outlive it

  void up(std::uint16_t party);
  /// A link ended or could not be made; the same trouble is told once.
  void down(std::uint16_t party, Error error, const std::string& text);
  /// It sends frames of another ceremony; told once.
  void foreign(std::uint16_t party);
  void update(const threshold::ceremony::Machine& machine);
  /// For whom this stage waits, and how far they are; empty when for nobody.
  std::string waiting_for(const threshold::ceremony::Machine& machine) const;

 private:
  struct Seen {
    bool up = false;
    bool foreign = false;
    Errc trouble{};
    std::size_t steps = 0;
  };

  const threshold::ceremony::Terms& terms_;
  Tell tell_;
  std::vector<Seen> seen_;  ///< by party
};

}  // namespace assay::node
