#include "fetchers/venues/kraken_book.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/kraken_messages.hpp"

namespace assay::fetchers {
namespace {

constexpr std::size_t checked_levels = 10;
/// A change may tell of every level that it moves, twice; more than that is no book of this depth.
constexpr std::size_t changes_max = 10 * kraken_book_depth;

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
    table[i] = value;
  }
  return table;
}();

std::uint32_t crc32(std::string_view text) {
  std::uint32_t value = 0xFFFFFFFFU;
  for (const char c : text) value = crc_table[(value ^ static_cast<std::uint8_t>(c)) & 0xFFU] ^ (value >> 8U);
  return ~value;
}

/// Places behind the point of what a book holds, at most as many as digits that can matter.
struct Places {
  std::int32_t price = 0;
  std::int32_t size = 0;
};
constexpr std::int32_t places_max = 40;

void widen(const KeptSide& side, Places& places) {
  for (const auto& level : side.levels()) {
    places.price = std::clamp(-level.exact.price.exponent, places.price, places_max);
    places.size = std::clamp(-level.exact.size.exponent, places.size, places_max);
  }
}

void append_digits(const Decimal& value, std::int32_t places, std::string& out) {
  std::array<char, 40> digits{};
  std::size_t count = 0;
  for (UInt128 rest = value.mantissa; rest > 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
  while (count > 0) out += digits[--count];
  const std::int32_t zeros = std::min(places + value.exponent, places_max);
  for (std::int32_t i = 0; i < zeros; ++i) out += '0';
}

void append_best(const KeptSide& side, Places places, std::string& out) {
  const auto& levels = side.levels();
  for (std::size_t i = 0; i < std::min(levels.size(), checked_levels); ++i) {
    append_digits(levels[i].exact.price, places.price, out);
    append_digits(levels[i].exact.size, places.size, out);
  }
}

/// The first fault among a side's changes.
Done apply(JsonValue changes, KeptSide& side) {
  for (const JsonValue change : changes) {
    const std::string_view price = change["price"].text();
    const std::string_view size = change["qty"].text();
    if (price.empty() || size.empty()) return Error{Errc::missing_field, "a level has a price and a qty"};
    if (price.size() > field_length_max || size.size() > field_length_max)
      return Error{Errc::too_large, "digits of a level"};
    if (const Done set = side.set(price, size); !set) return set.error();
  }
  side.cut(kraken_book_depth);
  return Ok{};
}

Done take_over(JsonValue item, KeptBook& book) {
  if (!item["bids"].is_array() && !item["asks"].is_array())
    return Error{Errc::missing_field, "a book has a list of bids or of asks"};
  if (item["bids"].size() + item["asks"].size() > changes_max) return Error{Errc::too_large, "changes of a book"};
  if (const Done bids = apply(item["bids"], book.bids); !bids) return bids;
  return apply(item["asks"], book.asks);
}

ParsedItem quote_of(const Instrument& instrument, const KeptBook& book, std::optional<WallTime> time) {
  if (book.bids.levels().empty() && book.asks.levels().empty()) return Control{"empty"};
  ParsedQuote quote{.symbol = instrument.symbol,
                    .base = instrument.pair.base,
                    .quote = instrument.pair.quote,
                    .kind = QuoteKind::book,
                    .bid = {},
                    .ask = {},
                    .last = {},
                    .base_volume = {},
                    .venue_time = time,
                    .bids = book.bids.best(book_levels_max),
                    .asks = book.asks.best(book_levels_max)};
  if (!book.bids.levels().empty()) quote.bid = book.bids.levels().front().price;
  if (!book.asks.levels().empty()) quote.ask = book.asks.levels().front().price;
  return quote;
}

/// Whether the want of a snapshot is to be told: at the 1st, 2nd, 4th, 8th... change without one.
bool lacks_snapshot(const std::string& symbol, StreamMemory& memory) {
  if (memory.counters.size() >= channels_max && !memory.counters.contains(symbol)) return false;
  return std::has_single_bit(++memory.counters[symbol]);
}

ParsedItem read_item(JsonValue item, bool is_snapshot, StreamMemory& memory) {
  const Instrument instrument = kraken_instrument(item["symbol"].text());
  if (instrument.symbol.empty() || instrument.symbol.size() > field_length_max)
    return Refusal{.error = {Errc::symbol_unknown, "a book has a symbol"}, .text = {}};
  if (is_snapshot && (memory.books.size() < channels_max || memory.books.contains(instrument.symbol)))
    memory.books[instrument.symbol] = {};
  const auto known = memory.books.find(instrument.symbol);
  if (known == memory.books.end()) {
    memory.missed = memory.missed || lacks_snapshot(instrument.symbol, memory);
    return Control{"delta"};
  }
  Done taken = take_over(item, known->second);
  const auto told = whole_number(item["checksum"].text());
  if (taken && (!told || *told != kraken_checksum(known->second)))
    taken = Error{Errc::malformed, "a book that its checksum confirms"};
  if (taken) return quote_of(instrument, known->second, time_from_iso(item["timestamp"].text()));
  memory.books.erase(known);
  memory.missed = true;
  return Refusal{.error = taken.error(), .text = printable(instrument.symbol)};
}

}  // namespace

std::uint32_t kraken_checksum(const KeptBook& book) {
  Places places;
  widen(book.bids, places);
  widen(book.asks, places);
  std::string digits;
  append_best(book.asks, places, digits);
  append_best(book.bids, places, digits);
  return crc32(digits);
}

void read_kraken_book(JsonValue message, StreamMemory& memory, Parsed& out) {
  const bool is_snapshot = message["type"].text() == "snapshot";
  const JsonValue data = message["data"];
  if (!data.is_array()) return add_item(out, missing("a channel message has a list of data"));
  if (data.size() == 0) return add_item(out, Control{"empty"});
  for (const JsonValue item : data) {
    if (is_full(out)) return;
    add_item(out, read_item(item, is_snapshot, memory));
  }
}

}  // namespace assay::fetchers
