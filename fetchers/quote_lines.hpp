#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/quote.hpp"
#include "core/result.hpp"

namespace assay::fetchers {

/// One line of a quotes file that names an instrument.
struct QuoteLine {
  Quote quote;       ///< symbol as the line has it; recv_mono is recv_time's microseconds
  std::string base;  ///< canonical; empty: unknown
  std::string quoted_in;
  std::optional<Error> refused;  ///< why it is no price: quote is then no_price()
  bool of_sides = true;          ///< not of a trade alone: a refusal takes back what was said before
};

struct QuoteLines {
  std::vector<QuoteLine> lines;  ///< ascending by (recv_time, place in the file)
};

/// Where a file cannot be understood.
struct LineFault {
  std::size_t line{};  ///< from 1
  std::string what;
};

/// What a book takes in place of a word of its venue that is no price (an error of to_quote): a quote that its gates
/// refuse, so that what the venue said before does not stand. Its bid and ask are zero, or crossed where those were.
Quote no_price(std::string_view venue, std::string_view symbol, Error why, WallTime recv_time, MonoTime recv_mono);

/// Whether a quote tells any price: no word on trading alone, and no no_price().
bool is_price(const Quote& quote);

/// Reads lines of `assay venues parse` with `recv_time_ms` (text or number) added; a line may also carry `bids` and
/// `asks`, lists of [price, size], best first; `trading`, true or false, what the venue says of that (alone, too);
/// `repeated_ms`, how long before recv_time_ms it was said of what still stands then. Lines with `control` or `error`
/// and empty ones are passed over. What a quote says is judged exactly as the running node does it (to_quote).
std::variant<QuoteLines, LineFault> read_quote_lines(std::string_view text);

}  // namespace assay::fetchers
