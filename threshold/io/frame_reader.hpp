#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace assay::threshold {

/// Cuts a byte stream into frames: u32 length, big-endian, then that many bytes. Pure; memory grows with the bytes that
/// arrived, never with the length that was announced.
class FrameReader {
 public:
  explicit FrameReader(std::size_t frame_size_max) : frame_size_max_(frame_size_max) {}

  /// Takes bytes as they come; then next() until it has nothing.
  void feed(ByteSpan bytes);
  /// The next whole frame, perhaps empty; nothing when more bytes are needed.
  ///   errors  too_large: the announced length is above the bound; latched, the stream cannot be read on
  Result<std::optional<Bytes>> next();

 private:
  const std::size_t frame_size_max_;
  Bytes pending_;
  std::size_t consumed_ = 0;  ///< bytes at the start of pending_ that next() has given out
};

inline constexpr std::size_t frame_length_size = 4;

}  // namespace assay::threshold
