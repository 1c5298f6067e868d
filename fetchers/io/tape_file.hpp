#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/tape.hpp"

namespace assay::fetchers {

/// Where a recording goes, and when a file of it is full.
struct TapeSettings {
  std::filesystem::path folder;                ///< made when absent
  std::uint64_t file_size_max = 64ULL << 20U;  ///< compressed bytes, then the next file begins
  Micros sync_interval = millis(1000);         ///< by the events' clock: what a kill -9 may cost
};

/// Files of gzipped lines, FOLDER/tape-20260131T143000Z-0001.jsonl.gz and on, never one that is there already. What has
/// been flushed survives a kill; a file that was cut is read up to the cut. One thread at a time.
class TapeWriter {
 public:
  ///   errors  io_failed: no such folder and no way to make it, no room for the first file
  static Result<std::unique_ptr<TapeWriter>> open(TapeSettings settings, WallTime start);
  virtual ~TapeWriter() = default;
  TapeWriter(const TapeWriter&) = delete;
  TapeWriter& operator=(const TapeWriter&) = delete;

  /// Appends.   errors  io_failed (a full disk): nothing more is taken then
  virtual Done write(const TapeEvent& event) = 0;
  virtual std::uint64_t bytes() const = 0;  ///< compressed, in all files so far; as of the last flush
  virtual std::uint64_t files() const = 0;

 protected:
  TapeWriter() = default;
};

/// What the files of a tape hold, in their order.
class TapeReader {
 public:
  /// `path` is one file (gzipped or plain lines), or a folder of tape-*.jsonl.gz, read by name.
  ///   errors  io_failed: none there
  static Result<std::unique_ptr<TapeReader>> open(const std::filesystem::path& path);
  virtual ~TapeReader() = default;
  TapeReader(const TapeReader&) = delete;
  TapeReader& operator=(const TapeReader&) = delete;

  /// The next event; none at the end. A file that ends in the middle of a line (its writer was killed) ends before it.
  ///   errors  io_failed; those of from_tape_line(): `where()` tells the place
  virtual Result<std::optional<TapeEvent>> next() = 0;
  virtual std::string where() const = 0;  ///< "FILE:LINE" of what next() gave last

 protected:
  TapeReader() = default;
};

}  // namespace assay::fetchers
