// Storms over in-memory committees, one seed a run: sim_seeds [A..B [nodes]]. Real machines, real FROST, virtual time.
// Each seed first draws which faults are on, because a storm of everything hides what needs a quiet network. After the
// storm all is healed and the heights must go on. The same arguments give the same run.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {
namespace {

struct Weather {
  ClusterOptions options;
  std::uint64_t kills_percent = 0;
  std::uint64_t cuts_percent = 0;
  std::uint64_t skews_percent = 0;
};

class Storm {
 public:
  Storm(std::uint64_t seed, std::uint16_t nodes)
      : random_(seed), weather_(draw(seed, nodes)), cluster_(weather_.options) {}

  /// Empty when everything held, else what did not.
  std::string run() {
    for (int gust = 0; gust < 40; ++gust) {
      cluster_.run_for(micros(below(400'000)));
      if (chance(weather_.kills_percent)) kill_or_restart(any_node());
      if (chance(weather_.cuts_percent)) cut_or_join(any_node(), any_node());
      if (chance(weather_.skews_percent)) cluster_.skew(any_node(), micros(below(40'000) - 20'000));
    }
    clear_up();
    const Height before = cluster_.highest_tip();
    const bool live = cluster_.reach(Height{before.value + 20}, millis(120'000));
    if (const auto& violations = cluster_.wire().violations(); !violations.empty()) return violations.front();
    for (std::uint16_t node = 0; node < nodes(); ++node) {
      if (cluster_.stopped(node)) return "node " + std::to_string(node) + " stopped itself";
    }
    return live ? "" : "no progress after the storm, from height " + std::to_string(before.value);
  }
  std::uint64_t heights() const { return cluster_.highest_tip().value; }

 private:
  Weather draw(std::uint64_t seed, std::uint16_t nodes) {
    Weather weather;
    weather.options.nodes = nodes;
    weather.options.seed = seed;
    weather.options.delay = micros(200 + below(20'000));
    weather.options.jitter = micros(below(10'000));
    weather.options.disk = micros(50 + below(15'000));
    weather.options.ledger_lag = micros(below(8'000));
    weather.options.loss_ppm = chance(50) ? static_cast<std::uint32_t>(below(100'000)) : 0;
    weather.options.rotation_heights = static_cast<std::uint32_t>(4 + below(61));
    weather.kills_percent = chance(60) ? 60 : 0;
    weather.cuts_percent = chance(50) ? 50 : 0;
    weather.skews_percent = chance(30) ? 30 : 0;
    return weather;
  }

  std::uint16_t nodes() const { return weather_.options.nodes; }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
  }
  bool chance(std::uint64_t percent) { return random_() % 100 < percent; }
  std::uint16_t any_node() { return static_cast<std::uint16_t>(random_() % nodes()); }

  void kill_or_restart(std::uint16_t node) {
    if (cluster_.alive(node)) {
      cluster_.kill(node);
    } else {
      cluster_.restart(node);
    }
  }

  void cut_or_join(std::uint16_t a, std::uint16_t b) {
    if (a == b) return;
    if (chance(60)) {
      cluster_.cut(a, b);
    } else {
      cluster_.join(a, b);
    }
  }

  void clear_up() {
    cluster_.heal();
    for (std::uint16_t node = 0; node < nodes(); ++node) {
      cluster_.skew(node, micros(0));
      if (!cluster_.alive(node)) cluster_.restart(node);
    }
  }

  std::mt19937_64 random_;
  Weather weather_;
  Cluster cluster_;
};

int storms(std::uint64_t from, std::uint64_t to, std::uint16_t nodes) {
  std::uint64_t runs = 0;
  std::uint64_t heights = 0;
  std::uint64_t failures = 0;
  for (std::uint64_t seed = from; seed <= to; ++seed) {
    Storm storm(seed, nodes);
    const std::string wrong = storm.run();
    ++runs;
    heights += storm.heights();
    if (wrong.empty()) continue;
    ++failures;
    std::printf("FAIL %s    again: ./dev sim %llu..%llu %u\n", wrong.c_str(), static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(seed), static_cast<unsigned>(nodes));
  }
  std::printf("runs %llu, heights %llu, failures %llu\n", static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(heights), static_cast<unsigned long long>(failures));
  return failures == 0 ? 0 : 1;
}

bool number(std::string_view text, std::uint64_t& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size();
}

int usage() {
  std::fputs("usage: sim_seeds [A..B [4, 7, ... 31]]\n", stderr);
  return 2;
}

int run(int argc, char** argv) {
  std::uint64_t from = 1;
  std::uint64_t to = 20;
  std::uint64_t nodes = 4;
  if (argc > 1) {
    const std::string_view range = argv[1];
    const auto dots = range.find("..");
    if (dots == std::string_view::npos || !number(range.substr(0, dots), from) || !number(range.substr(dots + 2), to)) {
      return usage();
    }
  }
  if (argc > 3 || (argc > 2 && !number(argv[2], nodes)) || nodes > 31 ||
      !Quorum::of(static_cast<std::uint32_t>(nodes))) {
    return usage();
  }
  return storms(from, to, static_cast<std::uint16_t>(nodes));
}

}  // namespace
}  // namespace assay::threshold

int main(int argc, char** argv) {
  return assay::threshold::run(argc, argv);
}
