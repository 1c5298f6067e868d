#include "node/commands/venues_check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "node/signals.hpp"
#include "node/venue_check_report.hpp"
#include "node/venue_plan.hpp"

namespace assay::node {

namespace {

struct CheckOptions {
  std::string network;
  std::string node;
  std::vector<std::string> venues;
  unsigned timeout_s = 15;
  bool json = false;
};

using Plan = std::vector<fetchers::VenueFeedSettings>;

/// The venues that are to be checked; none, with the reason on stderr, when there are none.
std::optional<Plan> plan_of(const CheckOptions& options) {
  auto plan = read_plan(options.network, options.node);
  if (!plan || options.venues.empty()) return plan;
  Plan chosen;
  for (const auto& venue : options.venues) {
    const auto found = std::find_if(plan->begin(), plan->end(), [&](const auto& one) { return one.venue == venue; });
    if (found == plan->end()) {
      fmt::print(stderr, "assay: {} reads nothing from a venue \"{}\"\n", options.network, venue);
      return std::nullopt;
    }
    chosen.push_back(*found);
  }
  return chosen;
}

/// Tells how far it is on stderr, from the third second on: in place on a terminal, else a line every five seconds.
class Progress {
 public:
  void tell(const std::vector<VenueCheck>& checks, Micros since) {
    const std::int64_t second = since.value / 1'000'000;
    if (second < 2 || second == told_ || (!terminal_ && told_ != 0 && second < told_ + 5)) return;
    told_ = second;
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r" : "", check_progress(checks), terminal_ ? "\x1b[K" : "\n");
    std::fflush(stderr);
  }
  void end() const {
    if (terminal_ && told_ != 0) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  std::int64_t told_ = 0;
};

Exit check(const CheckOptions& options) {
  auto plan = plan_of(options);
  if (!plan) return Exit::usage;
  if (plan->empty()) {
    fmt::print(stderr, "assay: {} reads no venue\n", options.network);
    return Exit::usage;
  }
  const StopSignals signals;
  const Micros patience = millis(std::int64_t{options.timeout_s} * 1000);
  const MonoTime start = mono_now();
  const auto gates = std::make_shared<fetchers::HostGates>();
  std::vector<std::unique_ptr<VenueTrial>> trials;
  for (auto& settings : *plan) trials.push_back(std::make_unique<VenueTrial>(std::move(settings), gates));
  Progress progress;
  std::vector<VenueCheck> checks;
  for (bool over = false; !over;) {
    over = signals.wait(millis(50)) || mono_now() - start >= patience;
    checks.clear();
    for (const auto& trial : trials) checks.push_back(over ? trial->end(mono_now() - start) : trial->look());
    over = over || std::all_of(checks.begin(), checks.end(), [](const auto& each) { return each.done; });
    if (!over) progress.tell(checks, mono_now() - start);
  }
  progress.end();
  if (options.json) {
    fmt::print("{}\n", check_json(checks));
  } else {
    for (const auto& line : check_text(checks)) fmt::print("{}\n", line);
  }
  std::fflush(stdout);
  const bool good = std::all_of(checks.begin(), checks.end(), [](const auto& each) { return works(each); });
  const Exit answer = good ? Exit::yes : Exit::no;
  // The look-up of a name cannot be cut: whoever waits for one holds nothing that needs an orderly end.
  for (int i = 0; i < 20; ++i) {
    if (std::all_of(trials.begin(), trials.end(), [](const auto& trial) { return trial->ended(); })) return answer;
    signals.wait(millis(50));
  }
  std::_Exit(static_cast<int>(answer));
}

}  // namespace

void add_check(CLI::App& venues, Chosen& chosen) {
  auto* command = venues.add_subcommand("check", "read each venue of a network file once and say what works");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("--network", options->network, "the network file whose venues and instruments are read")
      ->required()
      ->type_name("FILE");
  command->add_option("--node", options->node, "a node file that says how to reach them; default: their own addresses")
      ->type_name("FILE");
  command->add_option("--venue", options->venues, "only this one; may be repeated")->type_name("NAME");
  command->add_option("--timeout", options->timeout_s, "seconds; who has not answered by then does not work (15)")
      ->check(CLI::Range(1, 600));
  command->add_flag("--json", options->json, "one document instead of text");
  command->footer(
      "Reads as a node does: the same streams, requests, limits, keys and proxies, until each instrument was quoted.\n"
      "Beside that each host is reached step by step (dns, tcp, proxy, tls), so that it shows where the way ends.\n"
      "Exit 0: all work. 1: some do not; the last lines say which and why. Nothing is signed, no node need run.\n"
      "  assay venues check --network net.yaml --node node.yaml            all of them\n"
      "  assay venues check --network net.yaml --node node.yaml --venue kraken --timeout 60\n"
      "  assay venues check --network net.yaml --json | jq '.venues[] | select(.ok | not) | .problem'");
  command->callback([&chosen, options] { chosen = [options] { return check(*options); }; });
}

}  // namespace assay::node
