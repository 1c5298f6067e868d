#include "fetchers/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "fetchers/venue.hpp"

namespace assay::fetchers {

namespace {

constexpr int gzip_window_bits = 15 + 16;  // the largest window, gzip framing
constexpr Error damaged{Errc::malformed, "not one complete gzip member"};

/// zlib's state, ended on every way out.
class Inflater {
 public:
  Inflater() : ready_(inflateInit2(&stream_, gzip_window_bits) == Z_OK) {}
  ~Inflater() {
    if (ready_) {
      inflateEnd(&stream_);
    }
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool ready() const noexcept { return ready_; }
  z_stream& stream() noexcept { return stream_; }

 private:
  z_stream stream_{};
  bool ready_;
};

}  // namespace

bool is_gzip(ByteSpan bytes) noexcept {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

Result<Bytes> gunzip(ByteSpan packed) {
  if (packed.size() > payload_size_max) {
    return Error{Errc::too_large, "payload above the size limit"};
  }
  Inflater inflater;
  if (!inflater.ready()) {
    return Error{Errc::too_large, "no memory to unpack"};
  }
  z_stream& stream = inflater.stream();
  stream.next_in = const_cast<Bytef*>(packed.data());  // zlib reads only
  stream.avail_in = static_cast<uInt>(packed.size());
  Bytes out;
  int status = Z_OK;
  while (status == Z_OK) {
    if (out.size() >= payload_size_max) {
      return Error{Errc::too_large, "payload above the size limit when unpacked"};
    }
    const std::size_t filled = out.size();
    out.resize(std::min(payload_size_max, std::max<std::size_t>(filled * 2, 16U << 10U)));
    stream.next_out = out.data() + filled;
    stream.avail_out = static_cast<uInt>(out.size() - filled);
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  if (status != Z_STREAM_END || stream.avail_in != 0) {
    return damaged;
  }
  return out;
}

}  // namespace assay::fetchers
