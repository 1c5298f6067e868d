#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/feed.hpp"
#include "core/leaf.hpp"

namespace assay::node {

/// The newest verified leaf of each feed, drawn as a table for a terminal.
class PriceTable {
 public:
  void put(const std::string& symbol, const Leaf& leaf) { rows_.insert_or_assign(symbol, leaf); }

  /// One line per feed under a heading: symbol, price, confidence, status, age, observers, sources within 80 columns,
  /// then bid and ask.
  std::vector<std::string> lines(WallTime now) const;

 private:
  std::map<std::string, Leaf> rows_;
};

/// Redraws a block of lines in place on a terminal, cut to its size: a line that wrapped, or more lines than there are
/// rows, would not be found again. On anything else it stays silent, so that logs stay readable.
class LiveBlock {
 public:
  LiveBlock();
  bool is_terminal() const noexcept { return terminal_; }
  std::size_t rows() const;  ///< of the terminal as it is now
  void draw(const std::vector<std::string>& lines);

 private:
  bool terminal_;
  std::size_t drawn_ = 0;
};

}  // namespace assay::node
