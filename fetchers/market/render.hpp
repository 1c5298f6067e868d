#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "fetchers/market/board.hpp"

namespace assay::fetchers::market {

/// What a message is about.
struct Said {
  std::string symbol;              ///< the instrument in the venue's spelling
  const Pair* pair = nullptr;      ///< none where a message is about no instrument
  const Ticker* ticker = nullptr;  ///< none likewise
  std::size_t channel = 0;         ///< place of the pair on the board, plus one
  std::string id{};                ///< the client's own, as JSON
  WallTime now;                    ///< the time where there is no ticker
  bool traded = true;              ///< the instrument, or the venue where a message is about none
};

/// A message from its form: each "$word" becomes its value, anything else stays.
///   symbol base quote channel id sequence   bid ask last mid open high low   bid_size ask_size last_size
///   volume turnover change change_part (of one)   s ms us ns iso (of the ticker, else now) day
///   trading[A|B]: A where it is traded, else B
/// An unknown word stays as it is.
std::string render(std::string_view form, const Said& said);

}  // namespace assay::fetchers::market
