#include "threshold/io/frame_reader.hpp"

namespace assay::threshold {

void FrameReader::feed(ByteSpan bytes) {
  if (consumed_ > 0) {
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(consumed_));
    consumed_ = 0;
  }
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Bytes>> FrameReader::next() {
  const ByteSpan rest = ByteSpan(pending_).subspan(consumed_);
  if (rest.size() < frame_length_size) return std::optional<Bytes>{};
  const std::size_t length = ByteReader(rest.first(frame_length_size)).u32();
  if (length > frame_size_max_) return Error{Errc::too_large, "a frame within the agreed size"};
  if (rest.size() - frame_length_size < length) return std::optional<Bytes>{};
  const auto body = rest.subspan(frame_length_size, length);
  consumed_ += frame_length_size + length;
  return std::optional<Bytes>(std::in_place, body.begin(), body.end());
}

}  // namespace assay::threshold
