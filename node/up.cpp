#include "node/up.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "node/failure.hpp"
#include "node/signals.hpp"
#include "node/stream_watch.hpp"
#include "node/system.hpp"
#include "publisher/audit/ledger_reader.hpp"

namespace assay::node {

namespace {

constexpr auto readiness_patience = millis(60'000);
constexpr auto redraw = millis(250);

struct Outcome {
  std::uint64_t batches{};
  std::uint64_t updates{};
  std::uint64_t disagreements{};
};

/// Header hash by height, over all ledgers: where two differ, and the greatest height.
class LedgerComparison {
 public:
  /// Adds one ledger; false when it cannot be read.
  bool add(const std::filesystem::path& file) {
    auto reader = publisher::LedgerReader::open(file);
    if (!reader) {
      return false;
    }
    const auto tip = (*reader)->tip_height();
    if (!tip) {
      return false;
    }
    for (auto height = Height{1}; height <= *tip; height = next(height)) {
      const auto header = (*reader)->header_at(height);
      if (!header || !*header) {
        return false;
      }
      const auto hash = header_hash(**header);
      const auto [known, first] = hashes_.emplace(height, hash);
      if (!first && known->second != hash) {
        disagreeing_.insert(height);
      }
    }
    return true;
  }

  std::uint64_t disagreements() const { return disagreeing_.size(); }
  Height tip() const { return hashes_.empty() ? Height{} : hashes_.rbegin()->first; }

 private:
  std::map<Height, Digest> hashes_;
  std::set<Height> disagreeing_;
};

/// Compares what the nodes have on their disks; nothing when a ledger cannot be read (the reason was printed).
std::optional<LedgerComparison> compare(const UpCommittee& committee) {
  LedgerComparison comparison;
  for (const auto& file : committee.ledgers()) {
    if (std::filesystem::exists(file) && !comparison.add(file)) {
      fmt::print(stderr, "assay: cannot read {}\n", file.string());
      return std::nullopt;
    }
  }
  return comparison;
}

std::vector<std::string> picture(UpCommittee& committee, const StreamWatch& stream) {
  const auto counters = stream.counters();
  auto lines = stream.table(wall_now());
  lines.emplace_back();
  const auto urls = committee.stream_urls();
  for (std::size_t i = 0; i < committee.size(); ++i) {
    lines.push_back(fmt::format("node {}  {:<8} height {:<8} {}", i, committee.is_node_running(i) ? "running" : "down",
                                counters.newest[i].value, counters.link[i]));
  }
  lines.push_back(fmt::format("group key {}   verified {} updates in {} batches, refused {} {}",
                              to_hex(committee.demo().record.group_key.bytes).substr(0, 16), counters.leaves,
                              counters.heights, counters.refused, counters.last_refusal));
  return lines;
}

enum class Waited { ready, interrupted, late };

/// Ready: every node has sent a batch that verified.
Waited wait_until_ready(UpCommittee& committee, const StreamWatch& stream, const StopSignals& signals) {
  const auto deadline = mono_now() + readiness_patience;
  while (mono_now() < deadline) {
    const auto counters = stream.counters();
    if (std::all_of(counters.newest.begin(), counters.newest.end(), [](Height h) { return h.value > 0; })) {
      return Waited::ready;
    }
    for (std::size_t i = 0; i < committee.size(); ++i) {
      if (!committee.is_node_running(i)) {
        fmt::print(stderr, "assay: node {} ended before it was ready; see {}\n", i, committee.log_of(i).string());
        return Waited::late;
      }
    }
    if (!committee.is_market_running()) {
      fmt::print(stderr, "assay: the synthetic market ended before it was ready\n");
      return Waited::late;
    }
    if (signals.wait(millis(50))) {
      return Waited::interrupted;
    }
  }
  fmt::print(stderr,
             "assay: not ready after 60 s: not every node streams verified batches; see the logs in the folder\n");
  return Waited::late;
}

void watch_until_the_end(const UpOptions& options, UpCommittee& committee, const StreamWatch& stream,
                         const StopSignals& signals) {
  LiveBlock block;
  const auto end = mono_now() + millis(std::int64_t{options.seconds} * 1000);
  bool stopped = false;
  while (!stopped && (options.seconds == 0 || mono_now() < end)) {
    if (!options.json) {
      block.draw(picture(committee, stream));
    }
    const auto left = options.seconds == 0 ? redraw : std::min(redraw, end - mono_now());
    stopped = left.value > 0 && signals.wait(left);
  }
}

void print_outcome(const Outcome& outcome, bool json) {
  if (json) {
    fmt::print("{}\n",
               boost::json::serialize(boost::json::object{{"batches", std::to_string(outcome.batches)},
                                                          {"updates", std::to_string(outcome.updates)},
                                                          {"disagreements", std::to_string(outcome.disagreements)}}));
  } else {
    fmt::print("attested {} batches, {} updates, {} disagreements\n", outcome.batches, outcome.updates,
               outcome.disagreements);
  }
  std::fflush(stdout);
}

struct Watched {
  Waited waited{};
  Height start;             ///< newest verified height at readiness
  std::uint64_t updates{};  ///< leaves verified since
  bool forked = false;
  bool announced = true;
};

/// From the first connection to the end of the run, through the eyes of a verifying client of all nodes.
Watched watch_committee(const UpOptions& options, UpCommittee& committee, const StopSignals& signals) {
  std::vector<FeedTerms> feeds;
  for (const auto& feed : committee.demo().network.policy.feeds) {
    feeds.push_back(feed.terms);
  }
  const publisher::Pinned pinned{.group_key = committee.demo().record.group_key, .network = committee.network()};
  StreamWatch stream(pinned, std::move(feeds), committee.stream_urls(), {"*"}, {});
  std::thread client([&stream] { stream.run(); });
  Watched watched;
  watched.waited = wait_until_ready(committee, stream, signals);
  std::uint64_t leaves_before = 0;
  if (watched.waited == Waited::ready) {
    const auto counters = stream.counters();
    watched.start = *std::max_element(counters.newest.begin(), counters.newest.end());
    leaves_before = counters.leaves;
    if (const auto done = committee.announce(); !done) {
      watched.announced = false;
      fmt::print(stderr, "assay: {}/up.json: {}\n", options.folder, done.error().detail);
    }
    fmt::print(stderr, "ready: {} nodes; {}/up.json says where; Ctrl-C ends it\n", committee.size(), options.folder);
    watch_until_the_end(options, committee, stream, signals);
  }
  stream.stop();
  client.join();
  const auto counters = stream.counters();
  watched.updates = counters.leaves - leaves_before;
  watched.forked = counters.forked;
  return watched;
}

Exit conclude(const UpOptions& options, const UpCommittee& committee, const Watched& watched) {
  const auto comparison = compare(committee);
  Outcome outcome;
  outcome.updates = watched.updates;
  if (comparison) {
    outcome.disagreements = comparison->disagreements() + (watched.forked ? 1 : 0);
    if (watched.waited == Waited::ready && watched.start < comparison->tip()) {
      outcome.batches = comparison->tip().value - watched.start.value;
    }
  }
  print_outcome(outcome, options.json);
  if (outcome.batches == 0 || outcome.disagreements > 0) {
    return comparison ? Exit::no : Exit::environment;
  }
  return watched.announced ? Exit::yes : Exit::environment;
}

}  // namespace

Exit run_up(const UpOptions& options) {
  forbid_core_dumps();  // the nodes' identities pass through this process
  umask(077);
  const StopSignals signals;
  fmt::print(stderr, "starting a synthetic market and {} nodes in {}\n", options.nodes, options.folder);
  auto started = UpCommittee::start(options);
  if (!started) {
    const auto error = started.error();
    const bool usage = error.code == Errc::out_of_range || error.code == Errc::locked;
    return complain(cannot(options.folder, error, usage ? Exit::usage : Exit::environment));
  }
  auto& committee = **started;
  const auto watched = watch_committee(options, committee, signals);
  committee.end();
  return conclude(options, committee, watched);
}

}  // namespace assay::node
