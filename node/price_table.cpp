#include "node/price_table.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "core/decimal.hpp"

namespace assay::node {

std::vector<std::string> PriceTable::lines(WallTime now) const {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{:<12}{:>18} {:>14}  {:<12}{:>8}{:>5}{:>5} {:>18} {:>18}", "feed", "price", "+-",
                              "status", "age", "obs", "src", "bid", "ask"));
  for (const auto& [symbol, leaf] : rows_) {
    const auto number = [&leaf = leaf](std::int64_t mantissa) { return to_text(mantissa, leaf.exponent); };
    const auto age_ms = (now - leaf.publish_time).value / 1000;
    lines.push_back(fmt::format("{:<12}{:>18} {:>14}  {:<12}{:>6}ms{:>5}{:>5} {:>18} {:>18}", symbol,
                                number(leaf.price), number(static_cast<std::int64_t>(leaf.confidence)),
                                name(leaf.status), age_ms, leaf.observers, leaf.sources, number(leaf.bid),
                                number(leaf.ask)));
  }
  return lines;
}

namespace {

struct TerminalSize {
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Large where it does not tell, so that nothing is cut.
TerminalSize size_of_terminal() {
  winsize size{};
  const bool told = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 2 && size.ws_col > 0;
  return told ? TerminalSize{size.ws_row, size.ws_col} : TerminalSize{10'000, 10'000};
}

}  // namespace

LiveBlock::LiveBlock() : terminal_(isatty(STDOUT_FILENO) == 1) {}

std::size_t LiveBlock::rows() const {
  return size_of_terminal().rows;
}

void LiveBlock::draw(const std::vector<std::string>& lines) {
  if (!terminal_) {
    return;
  }
  const TerminalSize size = size_of_terminal();
  const std::size_t shown = std::min(lines.size(), size.rows - 1);
  std::string out = drawn_ > 0 ? fmt::format("\x1b[{}A", drawn_) : "";
  for (std::size_t i = 0; i < shown; ++i) {
    out += lines[i].substr(0, size.columns) + "\x1b[K\n";
  }
  out += "\x1b[J";
  drawn_ = shown;
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
}

}  // namespace assay::node
