#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/quote.hpp"

namespace assay::fetchers {

/// Which instruments a venue says are not traded, and by which road it says so: a stream, an answer, its list. One that
/// is halted by any of them is halted. What a stream said ends with it: whoever connects anew is told anew.
/// Pure; a few words an instrument that was ever halted. Owned by one thread.
class Halts {
 public:
  /// By which road: a connection's number, or one of these two.
  using Road = std::uint64_t;
  static constexpr Road answers = 0;
  static constexpr Road list = UINT64_MAX;

  /// Takes over what is said of one instrument.   returns  whether it is halted now and was not, or the reverse
  bool say(const std::string& symbol, Road road, Trading said);
  /// A road ends.   returns  the instruments that are traded again by that
  std::vector<std::string> withdraw(Road road);
  /// unsaid for what was never halted, else what it is.
  Trading of(std::string_view symbol) const;

 private:
  std::map<std::string, std::set<Road>, std::less<>> halted_by_;  ///< by symbol
};

}  // namespace assay::fetchers
