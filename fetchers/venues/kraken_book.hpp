#pragma once
#include <cstddef>
#include <cstdint>

#include "fetchers/json_reader.hpp"
#include "fetchers/kept_book.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// Levels of a side that we subscribe to: what falls out of them is not told any more.
inline constexpr std::size_t kraken_book_depth = 100;

/// CRC-32 over the digits of the ten best asks, then of the ten best bids, each price before its size, without point
/// and leading zeros. Sizes and prices count with as many places as the longest of the book: where trailing zeros are
/// left out on the wire, they count all the same.
///   source  docs.kraken.com/api/docs/guides/spot-ws-book-v2
std::uint32_t kraken_checksum(const KeptBook& book);

/// A v2 message of the channel "book" with the memory of its connection: the book as it stands after it.
///   a book that its checksum does not confirm   refusal malformed, and it is forgotten; memory.missed, so that a new
///                                               snapshot comes
///   a change without a snapshot before it       control "delta"; memory.missed at the 1st, 2nd, 4th, 8th...
///   refusals  besides: symbol_unknown, missing_field, too_large, those of a bad price in any level
void read_kraken_book(JsonValue message, StreamMemory& memory, Parsed& out);

}  // namespace assay::fetchers
