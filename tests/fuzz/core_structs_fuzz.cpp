// The first byte picks a decoder of core/; whatever it accepts must be written back as the very same bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/batch.hpp"
#include "core/check.hpp"
#include "core/header.hpp"
#include "core/leaf.hpp"
#include "core/merkle.hpp"
#include "core/observation.hpp"

namespace {

using namespace assay;

void same(ByteSpan in, ByteSpan out) {
  check(std::equal(in.begin(), in.end(), out.begin(), out.end()), "encode(decode(b)) == b");
}

void observation(ByteSpan in) {
  if (in.empty()) {
    return;
  }
  ByteReader reader(in.subspan(1));
  const Observation decoded = decode_observation(reader, in.front());
  if (!reader.done()) {
    return;
  }
  ByteWriter out;
  encode(decoded, out);
  same(in.subspan(1), out.bytes());
}

void texts(ByteSpan in) {
  const std::string_view text(reinterpret_cast<const char*>(in.data()), in.size());
  if (const auto bytes = from_hex(text)) {
    check(to_hex(*bytes) == text, "one hex text for each value");
  }
  if (const auto bytes = from_base64(text, in.size())) {
    check(to_base64(*bytes) == text, "one base64 text for each value");
  }
  check(from_hex(to_hex(in)).value().size() == in.size(), "hex of anything is read back");
  check(from_base64(to_base64(in), in.size()).value().size() == in.size(), "base64 of anything is read back");
}

template <class Decoded>
void round_trip(ByteSpan in, const Decoded& decoded) {
  if (decoded) {
    same(in, encode(*decoded));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const ByteSpan in(data + 1, size - 1);
  switch (data[0]) {
    case '1':
      round_trip(in, decode_leaf(in));
      break;
    case '2':
      round_trip(in, decode_header(in));
      break;
    case '3':
      observation(in);
      break;
    case '4':
      round_trip(in, decode_batch(in));
      break;
    case '5':
      if (const auto frontier = Frontier::decode(in)) {
        same(in, frontier->encode());
        static_cast<void>(frontier->root());
      }
      break;
    default:
      texts(in);
  }
  return 0;
}
