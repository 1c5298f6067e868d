#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>

#include "node/commands/commands.hpp"
#include "node/failure.hpp"
#include "node/input.hpp"
#include "node/simulate.hpp"
#include "node/system.hpp"
#include "threshold/sim/meanings.hpp"
#include "threshold/sim/transcript.hpp"

namespace assay::node {
namespace {

namespace sim = threshold::sim;

constexpr std::uint64_t runs_max = 10'000'000;
constexpr std::uint64_t runs_that_reach_all = 1'000;  ///< from here on a rare branch never reached is a failure
constexpr std::size_t replay_size_max = 1U << 20U;

struct Options {
  std::string seeds;
  std::optional<std::uint64_t> seed;
  std::vector<std::uint16_t> nodes{4};
  bool trace = false;
  bool json = false;
  std::string replay;
  std::string out = "sim-failures";
};

std::optional<std::pair<std::uint64_t, std::uint64_t>> range_of(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  };
  const auto dots = text.find("..");
  const auto from = number(text.substr(0, dots));
  const auto to = dots == std::string_view::npos ? from : number(text.substr(dots + 2));
  if (!from || !to || *to < *from || *to - *from >= runs_max) return std::nullopt;
  return std::pair{*from, *to};
}

std::filesystem::path file_of(const Options& options, const sim::RunReport& report) {
  if (!options.replay.empty()) return options.replay;
  return std::filesystem::absolute(std::filesystem::path(options.out) /
                                   fmt::format("seed-{}-nodes-{}.json", report.seed, report.nodes));
}

/// Says what broke, and leaves a file that names the run and tells how to see it again.
void tell_failure(const Options& options, const sim::RunReport& report) {
  fmt::print(stderr, "FAIL seed {} nodes {}: {}: {}\n     {}\n", report.seed, report.nodes, report.violation->invariant,
             report.violation->detail, sim::meaning(report.violation->invariant));
  if (!options.replay.empty()) return;
  const auto path = file_of(options, report);
  std::error_code failed;
  std::filesystem::create_directories(options.out, failed);
  const boost::json::object content{{"seed", std::to_string(report.seed)},
                                    {"nodes", report.nodes},
                                    {"invariant", report.violation->invariant},
                                    {"detail", report.violation->detail},
                                    {"meaning", sim::meaning(report.violation->invariant)},
                                    {"plan", sim::draw_plan(report.seed, report.nodes).text()},
                                    {"replay", fmt::format("assay sim --replay {}", path.string())}};
  std::ofstream file(path);
  file << boost::json::serialize(content) << std::endl;
  if (!file.good()) {
    fmt::print(stderr, "     cannot write {}\n", path.string());
  } else {
    fmt::print(stderr, "     event by event: assay sim --replay {}\n", path.string());
  }
}

template <std::size_t size>
boost::json::object figures(const std::array<std::uint64_t, size>& counts, auto name_of) {
  boost::json::object out;
  for (std::size_t i = 0; i < size; ++i) out[name_of(i)] = std::to_string(counts[i]);
  return out;
}

Exit conclude(const Options& options, const CampaignReport& report) {
  boost::json::array failures;
  for (const sim::RunReport& one : report.failures) {
    failures.push_back(boost::json::object{{"seed", std::to_string(one.seed)},
                                           {"nodes", one.nodes},
                                           {"invariant", one.violation->invariant},
                                           {"file", file_of(options, one).string()}});
  }
  bool reached = true;
  for (std::size_t i = 0; i < sim::branch_count; ++i) {
    if (report.counts.branches[i] != 0 || report.runs < runs_that_reach_all) continue;
    reached = false;
    fmt::print(stderr, "never reached: {}\n", sim::name(static_cast<sim::Branch>(i)));
  }
  if (options.json) {
    const boost::json::object out{
        {"runs", std::to_string(report.runs)},
        {"heights", std::to_string(report.heights)},
        {"faults", figures(report.counts.faults, [](std::size_t i) { return sim::name(static_cast<sim::Fault>(i)); })},
        {"branches",
         figures(report.counts.branches, [](std::size_t i) { return sim::name(static_cast<sim::Branch>(i)); })},
        {"failures", failures},
        {"trace_hash", to_hex(report.trace_hash.bytes)}};
    fmt::print("{}\n", boost::json::serialize(out));
  } else {
    for (std::size_t i = 0; i < sim::branch_count; ++i) {
      if (report.runs == 1 && report.counts.branches[i] == 0) continue;
      fmt::print("{:<20} {}\n", sim::name(static_cast<sim::Branch>(i)), report.counts.branches[i]);
    }
    fmt::print("trace {}\n", to_hex(report.trace_hash.bytes));
    fmt::print("runs {}, heights {}, faults {}, failures {}\n", report.runs, report.heights, report.counts.fault_sum(),
               report.failures.size());
  }
  return report.failures.empty() && reached ? Exit::yes : Exit::no;
}

Exit run_one(const Options& options, std::uint64_t seed, std::uint16_t nodes) {
  const sim::Plan plan = sim::draw_plan(seed, nodes);
  std::FILE* const to = options.json ? stderr : stdout;
  fmt::print(to, "{}\n", plan.text());
  const sim::Keys keys(threshold::Quorum{nodes});
  sim::Transcript::Line line;
  if (options.trace) line = [to](const std::string& text) { fmt::print(to, "{}\n", text); };
  auto one = sim::run(keys, plan, line);
  fmt::print(to, "seed {}, {} nodes: {}\n", seed, nodes,
             one.violation ? one.violation->invariant + ": " + one.violation->detail : std::string("everything held"));
  CampaignReport report{1, one.heights, one.counts, {}, {}};
  ByteWriter trace;
  trace.u64(one.trace);
  report.trace_hash = tagged_sha256("assay/sim/v1", {trace.bytes()});
  if (one.violation) {
    tell_failure(options, one);
    report.failures.push_back(std::move(one));
  }
  return conclude(options, report);
}

Exit run_many(const Options& options, std::uint64_t from, std::uint64_t to) {
  if (!options.json) fmt::print("seeds {}..{}, nodes {}\n", from, to, fmt::join(options.nodes, ","));
  const MonoTime began = mono_now();
  MonoTime told = began + millis(1'000);
  Telling telling;
  telling.failed = [&](const sim::RunReport& report) { tell_failure(options, report); };
  telling.progress = [&](std::uint64_t done, std::uint64_t of) {
    const MonoTime now = mono_now();
    if (now - told < millis(1'000)) return;
    told = now;
    const std::int64_t seconds = (now - began).value / 1'000'000;
    const auto left = static_cast<std::uint64_t>(seconds) * (of - done) / std::max<std::uint64_t>(done, 1);
    fmt::print(stderr, "{} of {} runs, {} s, about {} s more\n", done, of, seconds, left);
  };
  const auto report = simulate({from, to, options.nodes}, telling);
  if (!options.json) fmt::print("seeds {}..{}, nodes {}\n", from, to, fmt::join(options.nodes, ","));
  return conclude(options, report);
}

Exit replay(Options options) {
  const auto text = read_input(options.replay, replay_size_max);
  if (!text) return Exit::usage;
  boost::system::error_code failed;
  const auto content = boost::json::parse(*text, failed);
  const auto* object = failed ? nullptr : content.if_object();
  const auto* seed = object != nullptr ? object->if_contains("seed") : nullptr;
  const auto* nodes = object != nullptr ? object->if_contains("nodes") : nullptr;
  if (seed == nullptr || nodes == nullptr || !seed->is_string() || !nodes->is_int64())
    return complain("no file of a failed run", Exit::usage);
  const auto range = range_of(seed->get_string());
  const std::int64_t size = nodes->get_int64();
  if (!range || size < 4 || size > 31 || !threshold::Quorum::of(static_cast<std::uint32_t>(size))) {
    return complain("no file of a failed run", Exit::usage);
  }
  options.trace = true;
  return run_one(options, range->first, static_cast<std::uint16_t>(size));
}

Exit simulate_chosen(const Options& options) {
  if (!options.replay.empty()) return replay(options);
  for (const std::uint16_t nodes : options.nodes) {
    if (!threshold::Quorum::of(nodes)) return complain("--nodes: " + threshold::size_problem(nodes), Exit::usage);
  }
  const auto range = range_of(options.seeds.empty() ? "1..200" : options.seeds);
  if (!range) return complain("--seeds takes A..B with A <= B", Exit::usage);
  if (options.seed && options.nodes.size() == 1) return run_one(options, *options.seed, options.nodes.front());
  if (options.trace) return complain("--trace shows one run: --seed S --nodes n", Exit::usage);
  return options.seed ? run_many(options, *options.seed, *options.seed)
                      : run_many(options, range->first, range->second);
}

}  // namespace

void add_sim(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand(
      "sim", "committees in memory on virtual time under faults and liars; one seed fixes everything");
  auto options = std::make_shared<Options>();
  auto* seeds =
      command->add_option("--seeds", options->seeds, "one run for each of these and each size; default 1..200");
  seeds->type_name("A..B");
  auto* seed = command->add_option("--seed", options->seed, "one run")->excludes(seeds);
  command->add_option("--nodes", options->nodes, "committee sizes: 4, 7, ... 31")->delimiter(',')->type_name("LIST");
  command->add_flag("--trace", options->trace, "tell the run event by event (with --seed)");
  command->add_option("--replay", options->replay, "the file that a failed run left")
      ->type_name("FILE")
      ->excludes(seeds, seed);
  command->add_option("--out", options->out, "where failed runs leave their files; default sim-failures")
      ->type_name("DIR");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([&chosen, options] { chosen = [options] { return simulate_chosen(*options); }; });
}

}  // namespace assay::node
