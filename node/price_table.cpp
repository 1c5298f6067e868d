#include "node/price_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "core/decimal.hpp"

namespace assay::node {

std::vector<std::string> PriceTable::lines(WallTime now) const {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{:<12}{:>18} {:>14} {:>18} {:>18}  {:<12}{:>5}{:>5}{:>9}", "feed", "price", "+-", "bid",
                              "ask", "status", "obs", "src", "age"));
  for (const auto& [symbol, leaf] : rows_) {
    const auto number = [&leaf = leaf](std::int64_t mantissa) { return to_text(mantissa, leaf.exponent); };
    const auto age_ms = (now - leaf.publish_time).value / 1000;
    lines.push_back(fmt::format("{:<12}{:>18} {:>14} {:>18} {:>18}  {:<12}{:>5}{:>5}{:>7}ms", symbol,
                                number(leaf.price), number(static_cast<std::int64_t>(leaf.confidence)),
                                number(leaf.bid), number(leaf.ask), name(leaf.status), leaf.observers, leaf.sources,
                                age_ms));
  }
  return lines;
}

LiveBlock::LiveBlock() : terminal_(isatty(STDOUT_FILENO) == 1) {}

void LiveBlock::draw(const std::vector<std::string>& lines) {
  if (!terminal_) {
    return;
  }
  std::string out = drawn_ > 0 ? fmt::format("\x1b[{}A", drawn_) : "";
  for (const auto& line : lines) {
    out += line + "\x1b[K\n";
  }
  out += "\x1b[J";
  drawn_ = lines.size();
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
}

}  // namespace assay::node
