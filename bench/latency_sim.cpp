// From observation to attested in an in-memory committee on virtual time: real machines and real FROST, no compute
// time, a chosen one-way delay and a disk that takes 300 us. What is left is the protocol's own cost: delays and one
// fsync. Prints one line per committee size and delay, and how many bytes a member sends per height.
#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {
namespace {

struct Sample {
  std::vector<std::int64_t> spans_us;  ///< each member's, at each height
  std::uint64_t bytes = 0;
  std::uint64_t heights = 0;
};

/// OBS leaves at the tick; ATT leaves a member the moment it holds the signature.
Sample run(std::uint16_t nodes, Micros delay, std::uint64_t heights) {
  ClusterOptions options;
  options.nodes = nodes;
  options.feeds = 12;
  options.delay = delay;
  options.jitter = micros(0);
  Cluster cluster(options);
  Sample sample;
  std::map<std::pair<std::uint16_t, Height>, MonoTime> observed;
  std::map<std::pair<std::uint16_t, Height>, MonoTime> attested;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    sample.bytes += frame.size();
    const auto envelope = open_envelope(cluster.committee(), frame);
    if (!envelope) return true;
    if (envelope->type == MessageType::obs) observed.try_emplace({from, envelope->height}, cluster.now());
    if (envelope->type == MessageType::att) attested.try_emplace({from, envelope->height}, cluster.now());
    return true;
  });
  // The observer of the wire reads the whole log at each frame: a short log is a fast bench.
  for (Height next_stop{4}; next_stop <= Height{heights}; next_stop = Height{next_stop.value + 4}) {
    (void)cluster.reach(next_stop, millis(60'000));
    for (std::uint16_t node = 0; node < nodes; ++node) cluster.compact_log(node, next_stop);
  }
  sample.heights = cluster.lowest_tip().value;
  for (const auto& [key, at] : attested) {
    const auto said = observed.find(key);
    if (said != observed.end()) sample.spans_us.push_back((at - said->second).value);
  }
  std::sort(sample.spans_us.begin(), sample.spans_us.end());
  return sample;
}

double rank_ms(const Sample& sample, std::size_t per_mille) {
  if (sample.spans_us.empty()) return 0;
  const std::size_t rank = (sample.spans_us.size() * per_mille + 999) / 1000;
  return static_cast<double>(sample.spans_us[std::max<std::size_t>(rank, 1) - 1]) / 1000;
}

void row(std::uint16_t nodes, Micros delay) {
  const ClusterOptions defaults;
  const std::uint64_t heights = nodes > 16 ? 20 : nodes > 7 ? 40 : 200;
  const Sample sample = run(nodes, delay, heights);
  const double p50 = rank_ms(sample, 500);
  std::printf("%4u %10.0f %9zu %9.2f %9.2f %9.2f", nodes, static_cast<double>(delay.value) / 1000,
              sample.spans_us.size(), p50, rank_ms(sample, 990), rank_ms(sample, 999));
  const double disk = static_cast<double>(defaults.disk.value) / 1000;
  if (delay.value > 0) {
    std::printf(" %11.2f", (p50 - disk) * 1000 / static_cast<double>(delay.value));
  } else {
    std::printf(" %11s", "-");
  }
  const auto sent = sample.bytes / std::max<std::uint64_t>(sample.heights, 1) / nodes;
  std::printf(" %15llu\n", static_cast<unsigned long long>(sent));
  std::fflush(stdout);
}

}  // namespace
}  // namespace assay::threshold

int main() {
  std::printf("%4s %10s %9s %9s %9s %9s %11s %15s\n", "n", "delay ms", "samples", "p50 ms", "p99 ms", "p99.9 ms",
              "(p50-disk)/d", "bytes/height/n");
  for (const auto nodes : {std::uint16_t{4}, std::uint16_t{7}, std::uint16_t{16}, std::uint16_t{31}}) {
    for (const int delay_ms : {0, 1, 10, 40}) assay::threshold::row(nodes, assay::millis(delay_ms));
  }
}
