#include "fetchers/parsing.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/decimal.hpp"
#include "fetchers/gzip.hpp"

namespace assay::fetchers {

namespace {

constexpr std::size_t text_length_max = 200;

constexpr Error no_symbol{Errc::symbol_unknown, "the payload names no symbol and none was given"};

constexpr std::array<std::string_view, 5> rate_words = {"rate limit", "msg rate", "too many requests",
                                                        "too much request", "lockout"};
constexpr std::array<std::string_view, 4> retired_words = {"retired", "deprecated", "no longer", "discontinued"};

/// Empty text counts as unknown: some venues send "" for a side without orders.
Result<std::optional<std::string>> price_text(JsonValue value) {
  if (!value.exists() || value.is_null() || (value.is_string() && value.text().empty())) {
    return std::optional<std::string>{};
  }
  if (!value.is_string() && !value.is_number()) {
    return Error{Errc::missing_field, "a decimal, as text or number, was due"};
  }
  if (value.text().size() > field_length_max) {
    return Error{Errc::too_large, "more digits than any price has"};
  }
  if (auto decimal = parse_decimal(value.text()); !decimal) {
    return decimal.error();
  }
  return std::optional<std::string>(value.text());
}

Refusal refuse(Error error, JsonValue value) {
  return Refusal{.error = error, .text = printable(value.text())};
}

std::optional<Refusal> symbol_fault(const Instrument& instrument) {
  if (instrument.symbol.empty()) {
    return Refusal{.error = no_symbol, .text = {}};
  }
  if (instrument.symbol.size() > field_length_max) {
    return Refusal{.error = {Errc::too_large, "symbol too long"}, .text = printable(instrument.symbol)};
  }
  return std::nullopt;
}

ParsedQuote quote_of(const Instrument& instrument, QuoteKind kind, std::optional<WallTime> venue_time) {
  return {.symbol = instrument.symbol,
          .base = instrument.pair.base,
          .quote = instrument.pair.quote,
          .kind = kind,
          .bid = {},
          .ask = {},
          .last = {},
          .base_volume = {},
          .venue_time = venue_time};
}

struct BestLevel {
  std::optional<std::string> price;
  std::optional<Refusal> fault;
};

/// `better` is the sign of compare(level, best) that makes a level the best.
BestLevel best_level(JsonValue levels, const LevelNames& names, int better) {
  std::optional<Decimal> best;
  std::string_view best_text;
  for (const JsonValue level : levels) {
    const JsonValue price = level.is_array() ? level.at(0) : level[names.price];
    const JsonValue size = level.is_array() ? level.at(1) : level[names.size];
    auto checked = price_text(price);
    if (!checked) {
      return {.price = {}, .fault = refuse(checked.error(), price)};
    }
    if (!*checked) {
      return {.price = {}, .fault = Refusal{.error = {Errc::missing_field, "a level without price"}, .text = {}}};
    }
    const auto size_value = parse_decimal(size.text());
    if (size_value && size_value->mantissa == 0) {
      continue;
    }
    const Decimal value = parse_decimal(price.text()).value();
    if (!best || compare(value, *best) == better) {
      best = value;
      best_text = price.text();
    }
  }
  return {.price = best ? std::optional<std::string>(best_text) : std::nullopt, .fault = {}};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out(text.substr(0, text_length_max));
  for (char& c : out) {
    c = c >= ' ' && c <= '~' ? c : '?';
  }
  return out;
}

Result<JsonDocument> read_payload(ByteSpan payload) {
  if (!is_gzip(payload)) {
    return JsonDocument::parse(payload);
  }
  auto unpacked = gunzip(payload);
  return unpacked ? JsonDocument::parse(*unpacked) : Result<JsonDocument>(unpacked.error());
}

Parsed unreadable(Error error, ByteSpan payload) {
  const ByteSpan start = payload.first(std::min<std::size_t>(payload.size(), 60));
  return one_refusal(error, {reinterpret_cast<const char*>(start.data()), start.size()});
}

Parsed one_control(std::string_view name) {
  Parsed parsed;
  parsed.items.emplace_back(Control{std::string(name)});
  return parsed;
}

Parsed one_refusal(Error error, std::string_view said) {
  Parsed parsed;
  parsed.items.emplace_back(Refusal{.error = error, .text = printable(said)});
  return parsed;
}

Refusal venue_refusal(std::string_view said) {
  const std::string text = lower_case(said.substr(0, text_length_max));
  const auto speaks_of = [&](std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
  };
  Error error{Errc::venue_error, "the venue answered with an error"};
  if (speaks_of(rate_words)) {
    error = {Errc::rate_limited, "the venue asks us to slow down"};
  } else if (speaks_of(retired_words)) {
    error = {Errc::retired_api, "the venue no longer speaks this protocol"};
  }
  return Refusal{.error = error, .text = printable(said)};
}

void add_item(Parsed& parsed, ParsedItem item) {
  if (parsed.items.size() + 1 < items_max) {
    parsed.items.push_back(std::move(item));
  } else if (!is_full(parsed)) {
    parsed.items.emplace_back(
        Refusal{.error = {Errc::too_large, "more items than are read from one payload"}, .text = {}});
  }
}

bool is_full(const Parsed& parsed) {
  return parsed.items.size() >= items_max;
}

ParsedItem make_quote(const Instrument& instrument, QuoteKind kind, const PriceFields& fields,
                      std::optional<WallTime> venue_time) {
  if (auto fault = symbol_fault(instrument)) {
    return *std::move(fault);
  }
  ParsedQuote quote = quote_of(instrument, kind, venue_time);
  const std::pair<JsonValue, std::optional<std::string>*> wanted[] = {{fields.bid, &quote.bid},
                                                                      {fields.ask, &quote.ask},
                                                                      {fields.last, &quote.last},
                                                                      {fields.base_volume, &quote.base_volume}};
  for (const auto& [value, place] : wanted) {
    auto text = price_text(value);
    if (!text) {
      return refuse(text.error(), value);
    }
    *place = *std::move(text);
  }
  if (!quote.bid && !quote.ask && !quote.last) {
    return Refusal{.error = {Errc::missing_field, "neither bid nor ask nor last"},
                   .text = printable(instrument.symbol)};
  }
  return quote;
}

ParsedItem make_book(const Instrument& instrument, JsonValue bids, JsonValue asks, const LevelNames& names,
                     std::optional<WallTime> venue_time) {
  if (auto fault = symbol_fault(instrument)) {
    return *std::move(fault);
  }
  if (!bids.is_array() || !asks.is_array()) {
    return Refusal{.error = {Errc::missing_field, "a book has a list of bids and one of asks"},
                   .text = printable(instrument.symbol)};
  }
  ParsedQuote quote = quote_of(instrument, QuoteKind::book, venue_time);
  BestLevel bid = best_level(bids, names, 1);
  BestLevel ask = best_level(asks, names, -1);
  if (bid.fault || ask.fault) {
    return bid.fault ? *std::move(bid.fault) : *std::move(ask.fault);
  }
  quote.bid = std::move(bid.price);
  quote.ask = std::move(ask.price);
  return quote;
}

}  // namespace assay::fetchers
