#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/symbols.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// One line of a venue's list of instruments.
struct ListedInstrument {
  std::string symbol;  ///< as the venue's streams write it
  Pair pair;           ///< canonical; empty sides where the list does not tell
  std::string status;  ///< the venue's own word; "" when it is traded
};
inline constexpr std::size_t instruments_max = 65'536;

/// A request for a list. Several where a venue keeps its kinds apart; none where it has no public list, or none of this
/// kind that is read.
struct InstrumentQuestion {
  RestPost request;  ///< a GET when its body is ""
  std::size_t format = 0;
  std::vector<std::string> symbols{};  ///< of ours those that are in this list, if in any: no other is held against it
};
std::vector<InstrumentQuestion> instrument_questions(std::string_view venue, std::span<const std::string> symbols);

/// The answer to one of them.
///   errors  those of read_payload;  missing_field where no list lies where one is due, or it is empty;  too_large
Result<std::vector<ListedInstrument>> read_instruments(const InstrumentQuestion& question, ByteSpan body);

/// A configured symbol that a venue's list does not have, or has as not traded.
struct InstrumentProblem {
  std::string symbol;
  bool listed = false;  ///< it is there, and not traded
  std::string text;     ///< "BTCUSDX is not listed; nearest: BTCUSDT"
  friend bool operator==(const InstrumentProblem&, const InstrumentProblem&) = default;
};

/// Holds what is configured against what is listed. The nearest is the instrument of the same base and quote, else one
/// of the same base, else the one that takes the fewest edits to spell.
///   pairs  base and quote by configured symbol, as far as they are known
///   cost   O(listed), and O(listed * length^2) for each symbol that is not there
std::vector<InstrumentProblem> instrument_problems(std::span<const std::string> symbols,
                                                   const std::map<std::string, Pair>& pairs,
                                                   std::span<const ListedInstrument> listed);

}  // namespace assay::fetchers
