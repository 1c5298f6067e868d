#include <fmt/format.h>
#include <signal.h>

#include <boost/json.hpp>
#include <memory>
#include <thread>

#include "core/decimal.hpp"
#include "node/commands/commands.hpp"
#include "node/commands/pinned.hpp"
#include "node/signals.hpp"
#include "node/stream_watch.hpp"

namespace assay::node {

namespace {

struct WatchOptions {
  std::vector<std::string> urls;
  std::string group_key;
  std::string network_id;
  std::vector<std::string> feeds{"*"};
  std::uint32_t seconds = 0;
  bool json = false;
};

void print_frame(const publisher::VerifiedFrame& frame, bool json) {
  for (const auto& [index, symbol, leaf] : frame.leaves) {
    const auto price = to_text(leaf.price, leaf.exponent);
    const auto confidence = to_text(static_cast<std::int64_t>(leaf.confidence), leaf.exponent);
    if (json) {
      fmt::print("{}\n",
                 boost::json::serialize(boost::json::object{{"height", std::to_string(frame.header.height.value)},
                                                            {"feed", symbol},
                                                            {"price", price},
                                                            {"confidence", confidence},
                                                            {"status", std::string(name(leaf.status))}}));
    } else {
      fmt::print("{} {} {} +- {} {}\n", frame.header.height.value, symbol, price, confidence, name(leaf.status));
    }
  }
  std::fflush(stdout);
}

Exit watch(const WatchOptions& options) {
  const auto pinned = pinned_by(options.group_key, options.network_id);
  if (!pinned) {
    return Exit::usage;
  }
  std::vector<std::string> urls;
  for (const auto& url : options.urls) {
    urls.push_back(stream_url(url));
  }
  LiveBlock block;
  const bool live = block.is_terminal() && !options.json;
  StreamWatch::OnFrame print;
  if (!live) {
    print = [json = options.json](const publisher::VerifiedFrame& frame, WallTime) { print_frame(frame, json); };
  }
  const StopSignals signals;
  StreamWatch stream(*pinned, {}, urls, options.feeds, print);
  std::thread thread([&stream] { stream.run(); });
  const auto end = mono_now() + millis(std::int64_t{options.seconds} * 1000);
  bool stopped = false;
  while (!stopped && (options.seconds == 0 || mono_now() < end)) {
    stopped = signals.wait(millis(250));
    if (live) {
      auto lines = stream.table(wall_now());
      const auto counters = stream.counters();
      for (std::size_t i = 0; i < urls.size(); ++i) {
        lines.push_back(fmt::format("{}  height {}  {}", urls[i], counters.newest[i].value, counters.link[i]));
      }
      lines.push_back(fmt::format("{} leaves verified, {} frames refused {}", counters.leaves, counters.refused,
                                  counters.last_refusal));
      block.draw(lines);
    }
  }
  stream.stop();
  thread.join();
  const auto counters = stream.counters();
  if (counters.refused > 0) {
    fmt::print(stderr, "assay: {} frames refused; the last: {}\n", counters.refused, counters.last_refusal);
    return Exit::no;
  }
  if (counters.leaves == 0) {
    fmt::print(stderr, "assay: nothing received: {}\n", counters.link.front());
    return Exit::environment;
  }
  return Exit::yes;
}

}  // namespace

void add_watch(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("watch", "live table of verified prices from one or more nodes");
  auto options = std::make_shared<WatchOptions>();
  command->add_option("url", options->urls, "a node's http address, e.g. http://127.0.0.1:8080; several for one view")
      ->required()
      ->type_name("URL");
  command->add_option("--group-key", options->group_key, "the committee's Ed25519 key, learnt out of band")
      ->required()
      ->type_name("HEX");
  command->add_option("--network-id", options->network_id, "pin the network too")->type_name("HEX");
  command->add_option("--feeds", options->feeds, "symbols, comma separated; all by default")->delimiter(',');
  command->add_option("--seconds", options->seconds, "end after so many seconds; 0: at Ctrl-C");
  command->add_flag("--json", options->json, "a JSON line per verified leaf");
  command->callback([&chosen, options] { chosen = [options] { return watch(*options); }; });
}

}  // namespace assay::node
