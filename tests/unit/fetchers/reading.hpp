#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/errc.hpp"
#include "fetchers/parse_lines.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers::testing {

using Lines = std::vector<std::string>;

/// A quote as the tests state it; what is empty is null.
struct Said {
  std::string_view symbol = {};
  std::string_view base = {};
  std::string_view quote = {};
  std::string_view kind = {};
  std::string_view bid = {};
  std::string_view ask = {};
  std::string_view last = {};
  std::string_view volume = {};
  std::string_view time_ms = {};
};

/// The line that is due for it.
inline std::string said(std::string_view venue, const Said& quote) {
  const auto field = [](std::string_view name, std::string_view value) {
    return "\"" + std::string(name) + "\":" + (value.empty() ? "null" : "\"" + std::string(value) + "\"");
  };
  return "{" + field("venue", venue) + "," + field("symbol", quote.symbol) + "," + field("base", quote.base) + "," +
         field("quote", quote.quote) + "," + field("kind", quote.kind) + "," + field("bid", quote.bid) + "," +
         field("ask", quote.ask) + "," + field("last", quote.last) + "," + field("base_volume", quote.volume) + "," +
         field("venue_time_ms", quote.time_ms) + "}";
}

/// The line of a control.
inline std::string control(std::string_view name) {
  return "{\"control\":\"" + std::string(name) + "\"}";
}

/// What `assay venues parse` would print of one frame.
inline Lines ws(std::string_view venue, std::string_view frame, std::string_view path = {}) {
  return to_json_lines(venue, find_adapter(venue)->parse_ws(as_bytes(frame), path));
}

/// What `assay venues parse` would print of one body.
inline Lines rest(std::string_view venue, std::string_view endpoint, std::string_view body,
                  std::string_view symbol = {}) {
  return to_json_lines(venue, find_adapter(venue)->parse_rest(endpoint, as_bytes(body), symbol));
}

/// One item in brief: "BTC-USD BTC/USD ticker 1 2 1.5 volume 9 at 1700000000123", '-' for what is not said;
/// "control delta"; "refused venue_error".
inline std::string brief(const ParsedItem& item) {
  if (const auto* control = std::get_if<Control>(&item)) {
    return "control " + control->name;
  }
  if (const auto* refusal = std::get_if<Refusal>(&item)) {
    return "refused " + std::string(name(refusal->error.code));
  }
  const auto& quote = std::get<ParsedQuote>(item);
  const auto text = [](const std::optional<std::string>& value) { return " " + value.value_or("-"); };
  return quote.symbol + " " + quote.base + "/" + quote.quote + " " + std::string(name(quote.kind)) + text(quote.bid) +
         text(quote.ask) + text(quote.last) + (quote.base_volume ? " volume " + *quote.base_volume : "") +
         (quote.venue_time ? " at " + std::to_string(quote.venue_time->value / 1000) : "");
}

inline Lines briefs(const Parsed& parsed) {
  Lines lines;
  for (const ParsedItem& item : parsed.items) {
    lines.push_back(brief(item));
  }
  return lines;
}

/// What one frame says, in brief.
inline Lines ws_brief(std::string_view venue, std::string_view frame, std::string_view path = {}) {
  return briefs(find_adapter(venue)->parse_ws(as_bytes(frame), path));
}

/// What one body says, in brief.
inline Lines rest_brief(std::string_view venue, std::string_view endpoint, std::string_view body,
                        std::string_view symbol = {}) {
  return briefs(find_adapter(venue)->parse_rest(endpoint, as_bytes(body), symbol));
}

/// "" for a quote or control, else the code of the only refusal.
inline std::string refusal_of(const Parsed& parsed) {
  if (parsed.items.size() != 1 || !std::holds_alternative<Refusal>(parsed.items.front())) {
    return {};
  }
  return std::string(name(std::get<Refusal>(parsed.items.front()).error.code));
}

inline std::string ws_refusal(std::string_view venue, std::string_view frame, std::string_view path = {}) {
  return refusal_of(find_adapter(venue)->parse_ws(as_bytes(frame), path));
}

inline std::string rest_refusal(std::string_view venue, std::string_view endpoint, std::string_view body,
                                std::string_view symbol = {}) {
  return refusal_of(find_adapter(venue)->parse_rest(endpoint, as_bytes(body), symbol));
}

}  // namespace assay::fetchers::testing
