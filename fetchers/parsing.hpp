#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "fetchers/json_reader.hpp"
#include "fetchers/symbols.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// What the adapters share: bounded answers, prices kept as text, best levels of a book. Pure, any thread.

/// Longest symbol or price text that is taken over; more is a refusal.
inline constexpr std::size_t field_length_max = 64;

/// At most 200 bytes of `text`, everything but printable ASCII replaced by '?'.
std::string printable(std::string_view text);

/// The JSON text of a frame or body, unpacked first when it came as gzip.   errors  of JsonDocument::parse and gunzip
Result<JsonDocument> read_payload(ByteSpan payload);

/// The refusal of a payload that read_payload() did not read, with its beginning.
Parsed unreadable(Error error, ByteSpan payload);

/// One answer as a whole.
Parsed one_control(std::string_view name);
Parsed one_refusal(Error error, std::string_view said);

/// A venue's own error by what its text says: rate_limited ("rate limit", "too many requests", "msg rate", "lockout"),
/// retired_api ("retired", "deprecated", "no longer", "discontinued"), else venue_error.
Refusal venue_refusal(std::string_view said);

/// Appends; the item after the last place becomes one too_large refusal, later ones are dropped.
void add_item(Parsed& parsed, ParsedItem item);
/// True once add_item() takes nothing more, so that a loop may end.
bool is_full(const Parsed& parsed);

/// Whose quote it is.
struct Instrument {
  std::string symbol;  ///< as sent; empty: unknown
  Pair pair;
};

/// The fields of a statement as they lie in the payload; an absent value or null stays unknown.
struct PriceFields {
  JsonValue bid;
  JsonValue ask;
  JsonValue last;
  JsonValue base_volume;
};

/// A quote from its fields, digits untouched; zero passes (to_quote refuses it).
///   refusals  symbol_unknown;  missing_field: no bid, ask or last, or a field that is neither text nor number;
///             bad_number, negative_price, overflow as parse_decimal has them;  too_large: symbol or digits too long
ParsedItem make_quote(const Instrument& instrument, QuoteKind kind, const PriceFields& fields,
                      std::optional<WallTime> venue_time);

/// Where a level keeps its price and size when levels are objects; arrays keep them at 0 and 1.
struct LevelNames {
  std::string_view price = "price";
  std::string_view size = "qty";
};

/// A book snapshot: highest bid and lowest ask in any order, levels of size zero aside; an empty side is unknown.
///   refusals  symbol_unknown, missing_field (no such arrays), and those of a bad price in any level
ParsedItem make_book(const Instrument& instrument, JsonValue bids, JsonValue asks, const LevelNames& names,
                     std::optional<WallTime> venue_time);

}  // namespace assay::fetchers
