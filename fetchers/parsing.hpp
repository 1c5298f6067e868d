#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "fetchers/json_reader.hpp"
#include "fetchers/symbols.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// What the adapters share: bounded answers, prices kept as text, best levels of a book. Pure, any thread.

/// Longest symbol or price text that is taken over; more is a refusal.
inline constexpr std::size_t field_length_max = 64;

/// At most 200 bytes of `text`, everything but printable ASCII replaced by '?'.
std::string printable(std::string_view text);

/// The first text that is not empty; empty when all are.
std::string_view first_text(std::initializer_list<std::string_view> texts);

/// Digits alone, at most so many and below 2^64; none for anything else.
std::optional<std::uint64_t> whole_number(std::string_view digits, std::size_t digits_max = std::string_view::npos);

/// Takes one line off the front, without its end.
std::string_view take_line(std::string_view& text);

/// The first of the names that an object has; absent where it has none of them.
JsonValue first_field(JsonValue object, std::initializer_list<std::string_view> names);

/// The JSON text of a frame or body, unpacked first when it came as gzip.   errors  of JsonDocument::parse and gunzip
Result<JsonDocument> read_payload(ByteSpan payload);

/// The refusal of a payload that read_payload() did not read, with its beginning: rate_limited or retired_api where
/// plain text says so.
Parsed unreadable(Error error, ByteSpan payload);

/// One answer as a whole.
Parsed one_control(std::string_view name);
Parsed one_refusal(Error error, std::string_view said);

/// A venue's own error by what its text says: rate_limited ("rate limit", "too many requests", "too frequent",
/// "throttl", "lockout" and the like), retired_api ("retired", "deprecated", "no longer", "discontinued"), else
/// venue_error.
Refusal venue_refusal(std::string_view said);

/// Well-formed, but nothing that we read.   said  its name, if it has one
ParsedItem unsupported(std::string_view said);
/// What a message lacks.   what  a literal: "a message has a type"
ParsedItem missing(const char* what);

/// Appends; the item after the last place becomes one too_large refusal, later ones are dropped.
void add_item(Parsed& parsed, ParsedItem item);
/// True once add_item() takes nothing more, so that a loop may end.
bool is_full(const Parsed& parsed);

/// Whose quote it is.
struct Instrument {
  std::string symbol;  ///< as sent; empty: unknown
  Pair pair;
};

/// Notes what is said of an instrument's trading; an instrument without a symbol is not one of ours.
void note_trading(Parsed& parsed, const Instrument& instrument, Trading said);
/// The same of all that the venue trades.
void note_all_trading(Parsed& parsed, Trading said);

/// The fields of a statement as they lie in the payload; an absent value or null stays unknown.
struct PriceFields {
  JsonValue bid;
  JsonValue ask;
  JsonValue last;
  JsonValue base_volume;
};

/// A price alone.
PriceFields last_only(JsonValue price);

/// A quote from its fields, digits untouched; zero passes (to_quote refuses it).
///   refusals  symbol_unknown;  missing_field: no bid, ask or last, or a field that is neither text nor number;
///             bad_number, negative_price, overflow as parse_decimal has them (a volume of too many digits stays as
///             sent);  too_large: symbol or digits too long
ParsedItem make_quote(const Instrument& instrument, QuoteKind kind, const PriceFields& fields,
                      std::optional<WallTime> venue_time);

/// One entry of a venue's whole list: control "empty" instead of a refusal where it has no price at all.
ParsedItem make_listed_quote(const Instrument& instrument, QuoteKind kind, const PriceFields& fields,
                             std::optional<WallTime> venue_time);

/// A quote whose time is that of something else (TimeOf::aside); anything else stays as it is.
ParsedItem dated_aside(ParsedItem item);

/// A price alone that lies in no JSON document.   refusals  as above
ParsedItem make_last(const Instrument& instrument, QuoteKind kind, std::string_view price,
                     std::optional<WallTime> venue_time);

/// Where a level keeps its price and size when levels are objects; arrays keep them at 0 and 1.
struct LevelNames {
  std::string_view price = "price";
  std::string_view size = "qty";
};

/// A book snapshot: highest bid and lowest ask in any order, levels of size zero aside; an empty side is unknown.
///   refusals  symbol_unknown, missing_field (neither array), and those of a bad price in any level
ParsedItem make_book(const Instrument& instrument, JsonValue bids, JsonValue asks, const LevelNames& names,
                     std::optional<WallTime> venue_time);

enum class BookSide : std::uint8_t { bid, ask };

/// One level of a book, whichever way the venue tells its side.
struct BookLevel {
  BookSide side{};
  JsonValue price;
  JsonValue size;
};

/// A book snapshot whose levels lie in one list.   refusals  as above
ParsedItem make_book(const Instrument& instrument, std::span<const BookLevel> levels,
                     std::optional<WallTime> venue_time);

/// True for a refusal because no symbol is known: in a list without symbols every further entry would be one.
bool lacks_symbol(const ParsedItem& item);

/// Appends `read(entry)` for each entry of a list, control "empty" for none; ends early where nothing can follow.
template <class Read>
void read_each(JsonValue entries, Parsed& out, Read read) {
  if (entries.size() == 0) {
    return add_item(out, Control{"empty"});
  }
  for (const JsonValue entry : entries) {
    ParsedItem item = read(entry);
    const bool stop = lacks_symbol(item) || is_full(out);
    add_item(out, std::move(item));
    if (stop) {
      return;
    }
  }
}

}  // namespace assay::fetchers
