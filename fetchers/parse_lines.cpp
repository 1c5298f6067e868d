#include "fetchers/parse_lines.hpp"

#include <algorithm>
#include <variant>

#include "core/errc.hpp"
#include "fetchers/json_text.hpp"

namespace assay::fetchers {

namespace {

std::string text_or_null(const std::string& text) {
  return text.empty() ? "null" : json_string(text);
}

std::string text_or_null(const std::optional<std::string>& text) {
  return text ? json_string(*text) : "null";
}

struct LineWriter {
  std::string_view venue;

  std::string operator()(const ParsedQuote& quote) const {
    std::optional<std::string> time_ms;
    if (quote.venue_time) {
      time_ms = std::to_string(quote.venue_time->value / 1000);
    }
    return "{\"venue\":" + json_string(venue) + ",\"symbol\":" + text_or_null(quote.symbol) +
           ",\"base\":" + text_or_null(quote.base) + ",\"quote\":" + text_or_null(quote.quote) +
           ",\"kind\":" + json_string(name(quote.kind)) + ",\"bid\":" + text_or_null(quote.bid) +
           ",\"ask\":" + text_or_null(quote.ask) + ",\"last\":" + text_or_null(quote.last) +
           ",\"base_volume\":" + text_or_null(quote.base_volume) + ",\"venue_time_ms\":" + text_or_null(time_ms) + "}";
  }

  std::string operator()(const Control& control) const { return "{\"control\":" + json_string(control.name) + "}"; }

  std::string operator()(const Refusal& refusal) const {
    std::string detail = refusal.error.detail;
    if (!refusal.text.empty()) {
      detail += ": " + refusal.text;
    }
    return "{\"error\":" + json_string(assay::name(refusal.error.code)) + ",\"detail\":" + json_string(detail) + "}";
  }
};

}  // namespace

std::vector<std::string> to_json_lines(std::string_view venue, const Parsed& parsed) {
  std::vector<std::string> lines;
  lines.reserve(parsed.items.size());
  for (const ParsedItem& item : parsed.items) {
    lines.push_back(std::visit(LineWriter{venue}, item));
  }
  return lines;
}

bool any_refused(const Parsed& parsed) {
  return std::any_of(parsed.items.begin(), parsed.items.end(),
                     [](const ParsedItem& item) { return std::holds_alternative<Refusal>(item); });
}

}  // namespace assay::fetchers
