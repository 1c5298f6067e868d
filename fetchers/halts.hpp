#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/quote.hpp"

namespace assay::fetchers {

/// Which instruments a venue says are not traded, and by which road it says so: a stream, an answer, its list. One that
/// is halted by any of them is halted. A venue that goes into maintenance closes its streams, too: what one said holds
/// beyond its end, until a stream or the list says that it is traded. What answers said ends by a stream's later word.
/// Pure; a few words an instrument that was ever halted. Owned by one thread.
class Halts {
 public:
  /// By which road: a connection's number, or one of these.
  using Road = std::uint64_t;
  static constexpr Road answers = 0;
  static constexpr Road list = UINT64_MAX;
  static constexpr Road ended = list - 1;  ///< all streams that are gone

  /// Takes over what is said of one instrument.   returns  whether it is halted now and was not, or the reverse
  bool say(const std::string& symbol, Road road, Trading said);
  /// A stream is gone.
  void end(Road stream);
  /// unsaid for what was never halted, else what it is.
  Trading of(std::string_view symbol) const;

 private:
  std::map<std::string, std::set<Road>, std::less<>> halted_by_;  ///< by symbol
};

}  // namespace assay::fetchers
