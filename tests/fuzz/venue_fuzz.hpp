#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/decimal.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/parse_lines.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers::fuzz {

inline void must(bool holds) {
  if (!holds) {
    std::abort();
  }
}

inline void check_item(const ParsedQuote& quote) {
  must(!quote.symbol.empty() && quote.symbol.size() <= field_length_max);
  for (const auto& text : {quote.bid, quote.ask, quote.last}) {
    must(!text || (parse_decimal(*text) && text->size() <= field_length_max));
  }
  if (const auto& volume = quote.base_volume) {  // may be longer than a price, but is a plain number all the same
    must(parse_decimal(*volume) || volume->find_first_not_of("0123456789.") == std::string::npos);
    must(volume->size() <= field_length_max);
  }
  must(quote.kind == QuoteKind::book || quote.bid || quote.ask || quote.last);
  if (auto exact = to_quote("any", quote, WallTime{1}, MonoTime{1})) {
    must(!exact->bid || !exact->ask || compare(*exact->bid, *exact->ask) <= 0);
  }
}

inline void check_item(const Control& control) {
  must(!control.name.empty());
}

inline void check_item(const Refusal& refusal) {
  must(refusal.text.size() <= 200 && name(refusal.error.code) != "unknown");
}

/// What must hold of every answer, whatever the bytes were.
inline void check_answer(std::string_view venue, const Parsed& parsed) {
  must(!parsed.items.empty() && parsed.items.size() <= items_max);
  for (const ParsedItem& item : parsed.items) {
    std::visit([](const auto& one) { check_item(one); }, item);
  }
  for (const std::string& line : to_json_lines(venue, parsed)) {
    must(line.find('\n') == std::string::npos && static_cast<bool>(JsonDocument::parse(as_bytes(line))));
  }
}

/// The first line is the connection's path or the request's endpoint, the rest what the venue sent.
inline int run(std::string_view venue, const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const std::string_view endpoint = text.substr(0, line);
  const std::string_view sent = line == std::string_view::npos ? std::string_view{} : text.substr(line + 1);
  const Adapter& adapter = *find_adapter(venue);
  check_answer(venue, adapter.parse_ws(as_bytes(sent), endpoint));
  check_answer(venue, adapter.parse_ws_with_symbol(as_bytes(sent), endpoint, "BTC-USD"));
  check_answer(venue, adapter.parse_rest(endpoint, as_bytes(sent), {}));
  StreamMemory memory;
  for (std::string_view rest = sent; !rest.empty();) {  // a line is a frame of one connection
    const std::string_view frame = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), frame.size() + 1));
    check_answer(venue, adapter.parse_stream(as_bytes(frame), endpoint, memory));
    must(memory.symbols.size() <= channels_max);
  }
  const Parsed once = adapter.parse_rest(endpoint, as_bytes(sent), "BTC-USD");
  const Parsed again = adapter.parse_rest(endpoint, as_bytes(sent), "BTC-USD");
  must(to_json_lines(venue, once) == to_json_lines(venue, again));
  return 0;
}

}  // namespace assay::fetchers::fuzz
