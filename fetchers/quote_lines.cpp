#include "fetchers/quote_lines.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

namespace {

constexpr std::uint64_t time_ms_max = 9'000'000'000'000'000;

std::optional<std::uint64_t> milliseconds(JsonValue value) {
  const auto out = whole_number(value.text());
  return out && *out <= time_ms_max ? out : std::nullopt;
}

std::optional<std::string> text_or_none(JsonValue value) {
  if (!value.is_string() && !value.is_number()) {
    return std::nullopt;
  }
  return std::string(value.text());
}

/// Levels whose price or size cannot be read are left out; so is what stands behind the last place.
std::vector<PriceLevel> levels(JsonValue list) {
  std::vector<PriceLevel> out;
  for (const auto level : list) {
    const auto price = parse_price(level.at(0).text());
    const auto size = parse_price(level.at(1).text());
    if (price && size && out.size() < book_levels_max) {
      out.push_back({*price, *size});
    }
  }
  return out;
}

Trading trading_of(JsonValue value) {
  if (value.is_true()) return Trading::trading;
  return value.is_false() ? Trading::halted : Trading::unsaid;
}

/// The line's quote as a node takes it over; one without prices may tell of trading.
Result<Quote> quote_of(JsonValue root, const ParsedQuote& parsed, Micros repeated, WallTime wall) {
  const MonoTime mono{static_cast<std::int64_t>(wall.value)};
  const Trading trading = trading_of(root["trading"]);
  auto quote = has_price(parsed) || trading == Trading::unsaid
                   ? to_quote(root["venue"].text(), parsed, wall, mono)
                   : Result<Quote>(Quote{.venue = std::string(root["venue"].text()),
                                         .symbol = parsed.symbol,
                                         .bid = {},
                                         .ask = {},
                                         .last = {},
                                         .venue_time = {},
                                         .recv_time = wall,
                                         .recv_mono = mono});
  if (quote) {
    quote->repeated = repeated;
    quote->trading = trading;
  }
  return quote;
}

std::variant<QuoteLine, std::string> read_line(JsonValue root) {
  const auto received = milliseconds(root["recv_time_ms"]);
  if (!root["venue"].is_string() || !root["symbol"].is_string() || !received) {
    return "expected venue, symbol and recv_time_ms";
  }
  const auto repeated = root["repeated_ms"].exists() ? milliseconds(root["repeated_ms"]) : 0;
  if (!repeated || *repeated > *received) {
    return "expected a repeated_ms that is not above recv_time_ms";
  }
  ParsedQuote parsed;
  parsed.symbol = root["symbol"].text();
  parsed.base = root["base"].text();
  parsed.quote = root["quote"].text();
  parsed.bid = text_or_none(root["bid"]);
  parsed.ask = text_or_none(root["ask"]);
  parsed.last = text_or_none(root["last"]);
  if (const auto at = milliseconds(root["venue_time_ms"])) {
    parsed.venue_time = WallTime{*at * 1000};
  }
  parsed.bids = levels(root["bids"]);
  parsed.asks = levels(root["asks"]);

  const WallTime wall{*received * 1000};
  const MonoTime mono{static_cast<std::int64_t>(wall.value)};
  QuoteLine line{{}, parsed.base, parsed.quote, std::nullopt};
  auto quote = quote_of(root, parsed, millis(static_cast<std::int64_t>(*repeated)), wall);
  if (quote) {
    line.quote = *std::move(quote);
  } else {
    line.refused = quote.error();
    line.of_sides = root["kind"].text() != name(QuoteKind::trade);
    line.quote = no_price(root["venue"].text(), parsed.symbol, quote.error(), wall, mono);
  }
  return line;
}

}  // namespace

Quote no_price(std::string_view venue, std::string_view symbol, Error why, WallTime recv_time, MonoTime recv_mono) {
  const bool crossed = why.code == Errc::crossed_book;
  Quote quote;
  quote.venue = venue;
  quote.symbol = symbol;
  quote.bid = Decimal{crossed ? UInt128{2} : UInt128{0}, 0};
  quote.ask = Decimal{crossed ? UInt128{1} : UInt128{0}, 0};
  quote.recv_time = recv_time;
  quote.recv_mono = recv_mono;
  return quote;
}

bool is_price(const Quote& quote) {
  const bool spoilt = quote.bid && quote.ask && (quote.bid->mantissa == 0 || compare(*quote.bid, *quote.ask) > 0);
  return has_price(quote) && !spoilt;
}

std::variant<QuoteLines, LineFault> read_quote_lines(std::string_view text) {
  QuoteLines out;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = take_line(text);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    const auto document = JsonDocument::parse(as_bytes(line));
    if (!document || !document->root().is_object()) {
      return LineFault{number, "expected one JSON object a line"};
    }
    const auto root = document->root();
    if (root["control"].exists() || root["error"].exists()) {
      continue;
    }
    auto read = read_line(root);
    if (auto* fault = std::get_if<std::string>(&read)) {
      return LineFault{number, std::move(*fault)};
    }
    out.lines.push_back(std::get<QuoteLine>(std::move(read)));
  }
  std::stable_sort(out.lines.begin(), out.lines.end(),
                   [](const QuoteLine& a, const QuoteLine& b) { return a.quote.recv_time < b.quote.recv_time; });
  return out;
}

}  // namespace assay::fetchers
