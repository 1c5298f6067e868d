#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "fetchers/intake.hpp"

namespace assay::fetchers {

/// What happened at a venue's socket.
enum class TapeVia : std::uint8_t {
  opened,   ///< a stream was opened; no payload
  message,  ///< one WebSocket message
  body,     ///< one HTTP body
  closed,   ///< a stream ended; no payload
};

/// One thing that arrived, exactly as it did.
struct TapeEvent {
  Moment at;
  std::string venue;
  TapeVia via{};
  std::string endpoint;  ///< the stream's target, or the request as Adapter::parse_rest() takes it
  Bytes payload;
  std::uint64_t connection = 0;  ///< which of the venue's streams, each number once in a recording; 0 for a body
};

/// A line of a tape, without line feed:
/// {"wall_us","mono_us","venue","via","endpoint","stream","text"} (no "stream" where that is 0) with text payloads as
/// they are, "b64" instead of "text" for those that are not printable ASCII; numbers as text.
std::string to_tape_line(const TapeEvent& event);

/// The inverse; keys in any order, others are passed over.
///   errors  malformed, missing_field, bad_base64, too_large (beyond payload_size_max)
Result<TapeEvent> from_tape_line(std::string_view line);

/// Reads an event as it was read when it arrived; none for the opening and the end of a stream, which hold
/// no payload.
std::optional<Parsed> read_event(const TapeEvent& event, Intake& intake);

}  // namespace assay::fetchers
