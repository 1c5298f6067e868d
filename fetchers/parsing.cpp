#include "fetchers/parsing.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "core/decimal.hpp"
#include "fetchers/gzip.hpp"

namespace assay::fetchers {

namespace {

constexpr std::size_t text_length_max = 200;

constexpr Error no_symbol{Errc::symbol_unknown, "the payload names no symbol and none was given"};

constexpr std::array<std::string_view, 16> rate_words = {
    "rate limit",    "ratelimit",         "rate_limit",       "msg rate",
    "rate exceeded", "too many requests", "too many request", "too_many_requests",
    "too-many-requ", "too many api",      "too much request", "too many visits",
    "too frequent",  "throttl",           "maximum requests", "lockout"};
/// Said in plain text by what stands before many venues.
constexpr std::string_view blocked_for_now = "error code: 1015";
constexpr std::array<std::string_view, 4> retired_words = {"retired", "deprecated", "no longer", "discontinued"};

Done check_digits(std::string_view text) {
  if (text.size() > field_length_max) {
    return Error{Errc::too_large, "more digits than any price has"};
  }
  const auto decimal = parse_decimal(text);
  return decimal ? Done{Ok{}} : Done{decimal.error()};
}

/// Empty text counts as unknown: some venues send "" for a side without orders.
bool is_unknown(JsonValue value) {
  return !value.exists() || value.is_null() || (value.is_string() && value.text().empty());
}

Result<std::optional<std::string>> price_text(JsonValue value) {
  if (is_unknown(value)) {
    return std::optional<std::string>{};
  }
  if (!value.is_string() && !value.is_number()) {
    return Error{Errc::missing_field, "a decimal, as text or number, was due"};
  }
  const Done checked = check_digits(value.text());
  return checked ? Result<std::optional<std::string>>(std::string(value.text())) : checked.error();
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

/// Nothing but too many digits.
bool is_long_number(Error error, JsonValue value) {
  return error.code == Errc::overflow && value.text().find_first_not_of("0123456789.") == std::string_view::npos;
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

/// The best price of one side so far, and the levels behind it.
class BestPrice {
 public:
  /// `better` is the sign of compare(level, best) that makes a level the best.
  explicit BestPrice(int better) : better_(better) {}

  /// Takes one more level; says why it cannot be read.
  std::optional<Refusal> add(JsonValue price, JsonValue size) {
    const auto checked = price_text(price);
    if (!checked) {
      return refuse(checked.error(), price);
    }
    if (!*checked) {
      return Refusal{.error = {Errc::missing_field, "a level without price"}, .text = {}};
    }
    const auto amount = parse_decimal(size.text());
    if (amount && amount->mantissa == 0) {
      return std::nullopt;
    }
    const Decimal value = parse_decimal(price.text()).value();
    if (amount) {
      levels_.push_back({value, *amount});
      keep_best(2 * book_levels_max);
    }
    if (!best_ || compare(value, *best_) == better_) {
      best_ = value;
      text_ = price.text();
    }
    return std::nullopt;
  }

  /// Best first; levels whose size is not told are left out.
  std::vector<PriceLevel> levels() && {
    keep_best(0);
    return std::move(levels_);
  }

  std::optional<std::string> text() const { return best_ ? std::optional<std::string>(text_) : std::nullopt; }

 private:
  /// Sorts and cuts when there are more than `count` levels.
  void keep_best(std::size_t count) {
    if (levels_.size() <= count) {
      return;
    }
    std::stable_sort(levels_.begin(), levels_.end(),
                     [this](const PriceLevel& a, const PriceLevel& b) { return compare(a.price, b.price) == better_; });
    levels_.resize(std::min(levels_.size(), book_levels_max));
  }

  int better_;
  std::optional<Decimal> best_;
  std::vector<PriceLevel> levels_;
  std::string_view text_;
};

/// A side without orders may be left out.
bool is_side(JsonValue levels) {
  return levels.is_array() || !levels.exists() || levels.is_null();
}

std::optional<Refusal> add_levels(JsonValue levels, const LevelNames& names, BestPrice& best) {
  for (const JsonValue level : levels) {
    auto fault =
        level.is_array() ? best.add(level.at(0), level.at(1)) : best.add(level[names.price], level[names.size]);
    if (fault) {
      return fault;
    }
  }
  return std::nullopt;
}

ParsedQuote with_sides(ParsedQuote quote, BestPrice bid, BestPrice ask) {
  quote.bid = bid.text();
  quote.ask = ask.text();
  quote.bids = std::move(bid).levels();
  quote.asks = std::move(ask).levels();
  return quote;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out(text.substr(0, text_length_max));
  for (char& c : out) {
    c = c >= ' ' && c <= '~' ? c : '?';
  }
  return out;
}

std::string_view first_text(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) {
      return text;
    }
  }
  return {};
}

std::optional<std::uint64_t> whole_number(std::string_view digits, std::size_t digits_max) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = !digits.empty() && error == std::errc{} && end == digits.data() + digits.size();
  if (!whole || digits.size() > digits_max) return std::nullopt;
  return value;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

JsonValue first_field(JsonValue object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const JsonValue field = object[name]; field.exists()) {
      return field;
    }
  }
  return {};
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
  const std::string_view said(reinterpret_cast<const char*>(start.data()), start.size());
  if (Refusal known = venue_refusal(said); error.code == Errc::malformed && known.error.code != Errc::venue_error) {
    Parsed parsed;
    parsed.items.emplace_back(std::move(known));
    return parsed;
  }
  return one_refusal(error, said);
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
  if (speaks_of(rate_words) || text.starts_with(blocked_for_now)) {
    error = {Errc::rate_limited, "the venue asks us to slow down"};
  } else if (speaks_of(retired_words)) {
    error = {Errc::retired_api, "the venue no longer speaks this protocol"};
  }
  return Refusal{.error = error, .text = printable(said)};
}

ParsedItem unsupported(std::string_view said) {
  return Refusal{.error = {Errc::unsupported, "a kind of message that is not read"}, .text = printable(said)};
}

ParsedItem missing(const char* what) {
  return Refusal{.error = {Errc::missing_field, what}, .text = {}};
}

void add_item(Parsed& parsed, ParsedItem item) {
  if (parsed.items.size() + 1 < items_max) {
    parsed.items.push_back(std::move(item));
  } else if (!is_full(parsed)) {
    parsed.items.emplace_back(
        Refusal{.error = {Errc::too_large, "more items than are read from one payload"}, .text = {}});
  }
}

void note_trading(Parsed& parsed, const Instrument& instrument, Trading said) {
  const bool named = !instrument.symbol.empty() && instrument.symbol.size() <= field_length_max;
  if (!named || said == Trading::unsaid || parsed.trading.size() >= items_max) return;
  parsed.trading.push_back(
      {.symbol = instrument.symbol, .base = instrument.pair.base, .quote = instrument.pair.quote, .said = said});
}

void note_all_trading(Parsed& parsed, Trading said) {
  if (said != Trading::unsaid) parsed.trading.push_back({.symbol = {}, .base = {}, .quote = {}, .said = said});
}

bool is_full(const Parsed& parsed) {
  return parsed.items.size() >= items_max;
}

PriceFields last_only(JsonValue price) {
  return {.bid = {}, .ask = {}, .last = price, .base_volume = {}};
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
    if (!text && place == &quote.base_volume && is_long_number(text.error(), value)) {
      text = std::optional<std::string>(value.text());  // nothing is reckoned with it; some venues send 40 digits
    }
    if (!text) {
      return refuse(text.error(), value);
    }
    *place = *std::move(text);
  }
  if (!has_price(quote)) {
    return Refusal{.error = {Errc::missing_field, "neither bid nor ask nor last"},
                   .text = printable(instrument.symbol)};
  }
  return quote;
}

ParsedItem dated_aside(ParsedItem item) {
  if (auto* quote = std::get_if<ParsedQuote>(&item)) quote->time_of = TimeOf::aside;
  return item;
}

ParsedItem make_listed_quote(const Instrument& instrument, QuoteKind kind, const PriceFields& fields,
                             std::optional<WallTime> venue_time) {
  if (!instrument.symbol.empty() && is_unknown(fields.bid) && is_unknown(fields.ask) && is_unknown(fields.last)) {
    return Control{"empty"};
  }
  return make_quote(instrument, kind, fields, venue_time);
}

ParsedItem make_last(const Instrument& instrument, QuoteKind kind, std::string_view price,
                     std::optional<WallTime> venue_time) {
  if (auto fault = symbol_fault(instrument)) {
    return *std::move(fault);
  }
  if (const Done checked = check_digits(price); !checked) {
    return Refusal{.error = checked.error(), .text = printable(price)};
  }
  ParsedQuote quote = quote_of(instrument, kind, venue_time);
  quote.last = std::string(price);
  return quote;
}

ParsedItem make_book(const Instrument& instrument, JsonValue bids, JsonValue asks, const LevelNames& names,
                     std::optional<WallTime> venue_time) {
  if (auto fault = symbol_fault(instrument)) {
    return *std::move(fault);
  }
  if (!(bids.is_array() || asks.is_array()) || !is_side(bids) || !is_side(asks)) {
    return Refusal{.error = {Errc::missing_field, "a book has a list of bids and one of asks"},
                   .text = printable(instrument.symbol)};
  }
  ParsedQuote quote = quote_of(instrument, QuoteKind::book, venue_time);
  BestPrice bid(1);
  BestPrice ask(-1);
  auto fault = add_levels(bids, names, bid);
  if (!fault) {
    fault = add_levels(asks, names, ask);
  }
  if (fault) {
    return *std::move(fault);
  }
  return with_sides(std::move(quote), std::move(bid), std::move(ask));
}

ParsedItem make_book(const Instrument& instrument, std::span<const BookLevel> levels,
                     std::optional<WallTime> venue_time) {
  if (auto fault = symbol_fault(instrument)) {
    return *std::move(fault);
  }
  ParsedQuote quote = quote_of(instrument, QuoteKind::book, venue_time);
  BestPrice bid(1);
  BestPrice ask(-1);
  for (const BookLevel& level : levels) {
    if (auto fault = (level.side == BookSide::bid ? bid : ask).add(level.price, level.size)) {
      return *std::move(fault);
    }
  }
  return with_sides(std::move(quote), std::move(bid), std::move(ask));
}

bool lacks_symbol(const ParsedItem& item) {
  const auto* refusal = std::get_if<Refusal>(&item);
  return refusal != nullptr && refusal->error.code == Errc::symbol_unknown;
}

}  // namespace assay::fetchers
