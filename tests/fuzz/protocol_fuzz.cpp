#include <algorithm>
#include <cstdlib>

#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/codec.hpp"

using namespace assay;
using namespace assay::threshold;

namespace {

/// Turns bytes into choices; runs dry with zeros.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool left() const { return at_ < size_; }
  std::uint8_t byte() { return at_ < size_ ? data_[at_++] : 0; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

}  // namespace

/// Random schedules against four real machines: kills, restarts, cuts, lost and replayed frames, and one member whose
/// frames are altered and signed again. No abort, and no rule of the wire observer broken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, std::min<std::size_t>(size, 96));
  Cluster cluster({.nodes = 4, .seed = choices.byte(), .rotation_heights = 4});
  std::uint8_t twist = 0;
  std::vector<std::pair<std::uint16_t, Bytes>> heard;
  cluster.distrust(3);
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    if (heard.size() < 64) heard.emplace_back(from, frame);
    if (from != 3 || twist == 0) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    Bytes payload(envelope->payload.begin(), envelope->payload.end());
    if (!payload.empty()) payload[(twist * 37U) % payload.size()] ^= twist;
    Scope scope{envelope->type, envelope->view, envelope->height, envelope->sender};
    if (twist % 5 == 0) scope.view = View{scope.view.value + twist % 3};
    if (twist % 7 == 0) scope.height = Height{scope.height.value + twist % 3};
    frame = seal(cluster.committee(), cluster.identity(3), scope, payload);
    return twist % 11 != 0;
  });
  while (choices.left()) {
    const std::uint8_t what = choices.byte();
    const auto node = static_cast<std::uint16_t>(what / 16 % 4);
    const auto other = static_cast<std::uint16_t>((node + 1 + what / 64) % 4);
    switch (what % 8) {
      case 0:
        cluster.kill(node);
        break;
      case 1:
        cluster.restart(node);
        break;
      case 2:
        if (node != other) cluster.cut(node, other);
        break;
      case 3:
        cluster.heal();
        break;
      case 4:
        twist = choices.byte();
        break;
      case 5:
        cluster.skew(node, millis(static_cast<std::int64_t>(choices.byte()) * 40 - 2560));
        break;
      case 6:
        if (!heard.empty()) {
          const auto& [from, frame] = heard[choices.byte() % heard.size()];
          if (from != node) cluster.inject(from, node, frame);
        }
        break;
      default:
        cluster.run_for(millis(choices.byte() * 3));
        break;
    }
  }
  cluster.run_for(millis(300));
  if (!cluster.violation().empty()) std::abort();
  return 0;
}
