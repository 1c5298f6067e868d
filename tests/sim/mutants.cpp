// `./dev sim --mutants [--json]`: plants one deliberate bug after another and shows that an invariant fails. First the
// same seeds and scripts run without any, and must pass. A line each; exit 1 if a mutant survives or the original
// fails.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <optional>
#include <thread>

#include "tests/sim/mutant_names.hpp"
#include "tests/sim/stage.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::uint64_t seeds_max = 400;

struct Kill {
  std::uint64_t seeds = 0;  ///< tried, the killing one included
  std::string first;        ///< seed or script
  Violation violation;
};

Plan plan_of(std::uint64_t seed) {
  Plan plan = draw_plan(seed, 4);
  plan.scheme = Plan::Scheme::stand_in;  // a bug in the protocol, not in FROST
  return plan;
}

/// Seeds in their order, then the scripts.
std::optional<Kill> hunt(const Keys& keys, Mutant mutant) {
  planted_mutant = mutant;
  Kill kill;
  for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
    ++kill.seeds;
    auto report = run(keys, plan_of(seed));
    if (!report.violation) continue;
    kill.first = std::to_string(seed);
    kill.violation = *report.violation;
    return kill;
  }
  for (const Script& script : scripts()) {
    ++kill.seeds;
    const auto violation = play(script, keys);
    if (!violation) continue;
    kill.first = std::string("script ") + script.name;
    kill.violation = *violation;
    return kill;
  }
  return std::nullopt;
}

void tell(const char* name, const std::optional<Kill>& kill, bool json) {
  const unsigned long long seeds = kill ? kill->seeds : seeds_max + scripts().size();
  if (json) {
    std::printf("{\"mutant\":\"%s\",\"killed\":%s,\"seeds\":\"%llu\",\"first_seed\":%s%s%s,\"invariant\":%s%s%s}\n",
                name, kill ? "true" : "false", seeds, kill ? "\"" : "", kill ? kill->first.c_str() : "null",
                kill ? "\"" : "", kill ? "\"" : "", kill ? kill->violation.invariant.c_str() : "null",
                kill ? "\"" : "");
  } else if (kill) {
    std::printf("%-22s killed after %llu by %s: %s (%s)\n", name, seeds, kill->first.c_str(),
                kill->violation.invariant.c_str(), kill->violation.detail.c_str());
  } else {
    std::printf("%-22s SURVIVES %llu seeds and scripts\n", name, seeds);
  }
  std::fflush(stdout);
}

int campaign(bool json) {
  const Keys keys(Quorum{4});
  if (const auto original = hunt(keys, Mutant::none)) {
    std::fprintf(stderr, "without any mutant, %s fails: %s: %s\n", original->first.c_str(),
                 original->violation.invariant.c_str(), original->violation.detail.c_str());
    return 1;
  }
  std::fprintf(stderr, "without any mutant %llu seeds and %zu scripts pass\n",
               static_cast<unsigned long long>(seeds_max), scripts().size());
  std::array<std::optional<Kill>, mutant_count> kills;
  std::atomic<int> next{1};
  const auto work = [&] {
    for (int i = next++; i < mutant_count; i = next++) {
      kills[static_cast<std::size_t>(i)] = hunt(keys, static_cast<Mutant>(i));
      std::fprintf(stderr, "%s done\n", mutant_names[static_cast<std::size_t>(i)]);
    }
  };
  {
    std::jthread other(work);
    work();
  }
  bool all = true;
  for (std::size_t i = 1; i < kills.size(); ++i) {
    tell(mutant_names[i], kills[i], json);
    all = all && kills[i].has_value();
  }
  return all ? 0 : 1;
}

}  // namespace
}  // namespace assay::threshold::sim

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fputs("usage: sim_mutants [--json]\n", stderr);
    return 2;
  }
  return assay::threshold::sim::campaign(json);
}
