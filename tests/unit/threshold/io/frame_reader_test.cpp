#include "threshold/io/frame_reader.hpp"

#include <gtest/gtest.h>

namespace assay::threshold {
namespace {

Bytes framed(const std::vector<Bytes>& frames) {
  ByteWriter out;
  for (const auto& frame : frames) out.blob(frame);
  return std::move(out).take();
}

TEST(FrameReader, cuts_the_same_frames_whatever_the_pieces) {
  const std::vector<Bytes> frames{{1}, {}, Bytes(300, 7), {2, 3}};
  const Bytes stream = framed(frames);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameReader reader(300);
    std::vector<Bytes> found;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      reader.feed(ByteSpan(stream).subspan(at, std::min(piece, stream.size() - at)));
      while (true) {
        auto frame = reader.next();
        ASSERT_TRUE(frame);
        if (!*frame) break;
        found.push_back(std::move(**frame));
      }
    }
    ASSERT_EQ(found, frames) << piece;
  }
}

TEST(FrameReader, refuses_a_length_above_the_bound_before_any_body_arrives) {
  FrameReader reader(300);
  reader.feed(Bytes{0, 0, 1, 45});
  EXPECT_EQ(reader.next().error().code, Errc::too_large);
  reader.feed(Bytes(400, 0));
  EXPECT_EQ(reader.next().error().code, Errc::too_large);
  FrameReader huge(8U << 20);
  huge.feed(Bytes{0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(huge.next().error().code, Errc::too_large);
}

}  // namespace
}  // namespace assay::threshold
