// Subscriber frames. First byte 't': the rest is a frame as somebody sent it. Else: a true frame with bytes changed as
// the input says, three bytes a change (place, place, xor). Only one batch was ever signed under this key, so whatever
// is accepted must be that batch, leaf for leaf.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/check.hpp"
#include "publisher/verify.hpp"
#include "tests/unit/publisher/support.hpp"

namespace {

using namespace assay;
using namespace assay::publisher;

struct Truth {
  test::Chain chain{5};
  std::shared_ptr<const Batch> batch = chain.next();
  std::string update = chain.frames(batch).update(3);
  std::string whole = chain.frames(batch).batch(std::vector<std::uint32_t>{0, 1, 2, 3, 4});
};

const Truth& truth() {
  static const Truth one;
  return one;
}

void check_verdict(std::string_view text) {
  const auto verdict = verify_frame(text, truth().chain.pinned());
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    check(refused->code != Errc{} && refused->detail.size() < 512, "a refusal has a code and a short detail");
    return;
  }
  const auto& frame = std::get<VerifiedFrame>(verdict);
  check(frame.header == truth().batch->header, "only the signed header is accepted");
  check(!frame.leaves.empty(), "an accepted frame has leaves");
  for (const auto& item : frame.leaves) {
    check(item.index < 5 && item.leaf == truth().batch->leaves[item.index], "only the signed leaves are accepted");
    check(feed_id(item.symbol) == item.leaf.feed, "under their own names");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  if (data[0] == 't') {
    check_verdict({reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
  }
  std::string text = data[0] % 2 == 0 ? truth().update : truth().whole;
  for (std::size_t at = 1; at + 2 < size; at += 3) {
    const std::size_t place = (data[at] * 256U + data[at + 1]) % text.size();
    text[place] = static_cast<char>(text[place] ^ data[at + 2]);
  }
  check_verdict(text);
  return 0;
}
