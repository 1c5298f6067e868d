#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fetchers/market/io/tls_server.hpp"
#include "tests/unit/fetchers/fixture_text.hpp"

/// Recorded venue sessions, and what they say, read with another JSON library and other code than the adapters use.
namespace assay::fetchers::testing {

/// One quote as a frame states it: digits as sent, times in microseconds.
struct Stated {
  std::string symbol;
  std::optional<std::string> bid;
  std::optional<std::string> ask;
  std::optional<std::string> last;
  std::optional<std::uint64_t> time_us;
  friend bool operator==(const Stated&, const Stated&) = default;
};

/// One line of a recording that the venue sent.
struct RecordedFrame {
  std::uint64_t at_us = 0;  ///< when it was received
  std::string text;         ///< as received: gzip stays gzip
  market::Opcode opcode = market::Opcode::text;
};

/// Lines with dir "in". Empty when the file is absent.
std::vector<RecordedFrame> recorded_frames(const std::filesystem::path& log);

/// The frame with every venue time inside moved by whole milliseconds; all other bytes, and the length, as they were.
/// The forms are those of the recorded venues: 13 digit milliseconds under E, T and t; ISO 8601 under time; seconds
/// with six places in strings.
std::string with_times_moved(const std::string& frame, std::int64_t by_ms);

/// The quotes that a frame states, in order; candles are none.
std::vector<Stated> stated_by_binance(const std::string& frame);
std::vector<Stated> stated_by_coinbase(const std::string& frame);
std::vector<Stated> stated_by_kraken_v1(const std::string& frame);

/// The quotes that an HTTP body states, in order. A body that names no symbol speaks of `asked`.
std::vector<Stated> stated_by_binance_rest(const std::string& body, const std::string& asked);
std::vector<Stated> stated_by_coinbase_rest(const std::string& body, const std::string& asked);
std::vector<Stated> stated_by_kraken_rest(const std::string& body, const std::string& asked);

/// Microseconds since 1970 of "2021-04-17T16:43:15.270101Z".
std::uint64_t iso_to_us(const std::string& text);

}  // namespace assay::fetchers::testing
