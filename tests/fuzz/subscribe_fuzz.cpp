// A subscriber's messages, one a line, against the hub; an empty line is a new batch and a byte 01 lets time pass.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.hpp"
#include "publisher/hub.hpp"
#include "tests/unit/publisher/support.hpp"

namespace {

using namespace assay;
using namespace assay::publisher;

constexpr std::size_t batches_max = 64;

/// Everything there is for the client now; a hub that always has more would never let its socket rest.
void drain(Hub& hub, ClientId id) {
  const std::size_t most = HubLimits{}.replies_max + 4;
  std::size_t taken = 0;
  while (hub.take(id)) {
    check(++taken <= most, "what waits for a client is bounded");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::Chain start(5);
  test::Chain chain = start;
  Hub hub(chain.feeds(), HubLimits{}, "hello");
  MonoTime now{0};
  const auto reader = hub.connect(now);
  const auto sleeper = hub.connect(now);
  check(reader && sleeper, "an empty hub has room");
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::size_t batches = 0;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.empty() && ++batches <= batches_max) {
      hub.publish(chain.next());
    } else if (line == "\x01") {
      now = now + millis(500);
    } else {
      for (const auto id : {*reader, *sleeper}) {
        if (hub.receive(id, line, now)) {
          hub.disconnect(id);
        }
      }
    }
    drain(hub, *reader);
  }
  drain(hub, *sleeper);
  hub.disconnect(*reader);
  hub.disconnect(*sleeper);
  check(hub.clients() == 0, "nobody stays");
  return 0;
}
