#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "core/check.hpp"
#include "fetchers/quote_lines.hpp"

/// Any bytes as a quotes file: lines in order of time, or the line that cannot be understood; never more lines than the
/// text has.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = fetchers::read_quote_lines(text);
  if (const auto* lines = std::get_if<fetchers::QuoteLines>(&read)) {
    WallTime before;
    for (const auto& line : lines->lines) {
      check(line.quote.recv_time >= before && line.quote.bids.size() <= book_levels_max,
            "lines ascend and are bounded");
      before = line.quote.recv_time;
    }
  } else {
    check(std::get<fetchers::LineFault>(read).line >= 1, "a fault has a line");
  }
  return 0;
}
