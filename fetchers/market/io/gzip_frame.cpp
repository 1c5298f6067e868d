#include "fetchers/market/io/gzip_frame.hpp"

#include <zlib.h>

#include "core/check.hpp"

namespace assay::fetchers::market {

std::string gzipped(std::string_view text) {
  constexpr int gzip_window = 15 + 16;
  constexpr int memory_level = 8;
  z_stream stream{};
  check(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) == Z_OK,
        "zlib starts");
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  std::string in(text);  // zlib wants it writable
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  check(deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflateBound is a bound");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace assay::fetchers::market
