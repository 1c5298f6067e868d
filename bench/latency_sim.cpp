// From observation to attested in an in-memory committee on virtual time: real machines and real FROST, no compute
// time, a chosen one-way delay and a disk that takes 300 us. What is left is the protocol's own cost: delays and one
// fsync. Prints one line per committee size and delay, and how many bytes a member sends per height. Then what a new
// leader is sent to re-propose a locked batch.
#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/durable.hpp"
#include "threshold/limits.hpp"

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
  (void)cluster.reach(Height{heights}, millis(60'000));
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

/// The batch of height 2 is locked and its leader gone. What the next one is sent until it has proposed it again.
enum class Leader : std::uint8_t { saw_it, saw_nothing };

void takeover(std::uint16_t nodes, std::uint32_t feeds, Leader leader) {
  ClusterOptions options;
  options.nodes = nodes;
  options.feeds = feeds;
  options.jitter = micros(0);
  Cluster cluster(options);
  const auto type_of = [](const Bytes& frame) { return static_cast<MessageType>(frame[32]); };
  cluster.filter([&](std::uint16_t, std::uint16_t to, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    if (!envelope || envelope->height != Height{2}) return true;
    return envelope->type != MessageType::share && (leader == Leader::saw_it || to != 1);
  });
  std::size_t locks = 0;
  cluster.crash_after_durable([&](std::uint16_t, const Bytes& record) {
    locks += record_height(record) == Height{2} ? 1 : 0;
    return false;
  });
  (void)cluster.run_until([&] { return locks + (leader == Leader::saw_it ? 0 : 1) == nodes; }, millis(60'000));
  cluster.kill(0);
  std::map<MessageType, std::uint64_t> bytes;
  std::uint64_t claims = 0;
  const Limits limits{cluster.committee().quorum, feeds};
  cluster.filter([&](std::uint16_t, std::uint16_t to, Bytes& frame) {
    if (to != 1) return true;
    bytes[type_of(frame)] += frame.size();
    claims += type_of(frame) == MessageType::proofs ? 1 : 0;
    return true;
  });
  (void)cluster.run_until([&] { return cluster.tip(1) >= Height{2}; }, millis(60'000));
  std::printf("%4u %6u %12s %10llu %10llu %22llu\n", nodes, feeds, leader == Leader::saw_it ? "yes" : "no",
              static_cast<unsigned long long>(bytes[MessageType::proofs]),
              static_cast<unsigned long long>(bytes[MessageType::bodies]),
              static_cast<unsigned long long>(claims * limits.bodies()));
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
  std::printf("\na locked batch is proposed again: bytes that its new leader is sent\n%4s %6s %12s %10s %10s %22s\n",
              "n", "feeds", "had seen it", "PROOFS", "BODIES", "bodies in each PROOFS");
  using assay::threshold::Leader;
  for (const auto leader : {Leader::saw_it, Leader::saw_nothing}) {
    for (const auto nodes : {std::uint16_t{4}, std::uint16_t{31}}) assay::threshold::takeover(nodes, 500, leader);
  }
}
