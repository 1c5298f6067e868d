// What a peer's stream may hold: the frames that come out do not depend on how the bytes were cut, and no more memory
// is held than arrived.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/check.hpp"
#include "threshold/io/frame_reader.hpp"

namespace {

using namespace assay;

std::vector<Bytes> frames_in_pieces(ByteSpan in, std::size_t piece, bool& refused) {
  threshold::FrameReader reader(1000);
  std::vector<Bytes> frames;
  refused = false;
  while (!in.empty()) {
    reader.feed(in.first(std::min(piece, in.size())));
    in = in.subspan(std::min(piece, in.size()));
    while (true) {
      auto frame = reader.next();
      if (!frame) {
        refused = true;
        return frames;
      }
      if (!*frame) break;
      frames.push_back(std::move(**frame));
    }
  }
  return frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = data[0] + std::size_t{1};
  bool refused = false;
  bool refused_whole = false;
  const auto cut = frames_in_pieces({data + 1, size - 1}, piece, refused);
  const auto whole = frames_in_pieces({data + 1, size - 1}, size, refused_whole);
  check(cut == whole && refused == refused_whole, "frames do not depend on the pieces");
  for (const auto& frame : whole) check(frame.size() <= 1000, "no frame is above the bound");
  return 0;
}
