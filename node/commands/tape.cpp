#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <thread>

#include "fetchers/io/tape_file.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parse_lines.hpp"
#include "node/commands/commands.hpp"
#include "node/failure.hpp"
#include "node/signals.hpp"
#include "node/system.hpp"
#include "node/venue_plan.hpp"

namespace assay::node {

namespace {

constexpr int mebibyte = 20;

struct RecordOptions {
  std::string network;
  std::string node;
  std::string folder;
  std::uint64_t file_mib = 64;
  unsigned seconds = 0;
};

struct ReplayOptions {
  std::string tape;
  std::string network;
  std::string node;
  double speed = 0;
};

/// What a recording has so far, told by the recording thread and read by the one that shows it.
struct Progress {
  std::atomic<std::uint64_t> payloads = 0;
  std::atomic<std::uint64_t> quotes = 0;
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<bool> full = false;
};

/// In place on a terminal; elsewhere only the last.
void show(const Progress& progress, std::size_t venues, bool last) {
  static const bool terminal = isatty(STDERR_FILENO) == 1;
  if (!terminal && !last) return;
  fmt::print(stderr, "{}{} venues, {} payloads, {} quotes, {:.1f} MiB{}", terminal ? "\r" : "", venues,
             progress.payloads.load(), progress.quotes.load(),
             static_cast<double>(progress.bytes.load()) / (1U << mebibyte), last ? "\n" : "");
}

Exit record(const RecordOptions& options) {
  const auto plan = read_plan(options.network, options.node);
  if (!plan) return Exit::usage;
  auto tape =
      fetchers::TapeWriter::open({.folder = options.folder, .file_size_max = options.file_mib << mebibyte}, wall_now());
  if (!tape) return complain(cannot(options.folder, tape.error()));
  const StopSignals signals;
  SystemEntropy entropy;
  Progress progress;
  fetchers::VenueFeeds feeds(
      *plan, {.mono = mono_now, .wall = wall_now}, entropy, [&](const Quote&) { ++progress.quotes; },
      [](const fetchers::VenueNote& note) {
        fmt::print(stderr, "\r{}: {}: {}: {}\n", note.venue, note.what, name(note.error.code), note.text);
      });
  feeds.tap([&](const fetchers::TapeEvent& event) {
    if (!(*tape)->write(event)) progress.full = true;
    ++progress.payloads;
    progress.bytes = (*tape)->bytes();
  });
  std::vector<std::thread> threads;
  threads.emplace_back([&] { feeds.run_streams(); });
  for (std::size_t i = 0; i < std::min<std::size_t>(plan->size(), 8); ++i) {
    threads.emplace_back([&] { feeds.run_pollers(); });
  }
  for (unsigned second = 0; options.seconds == 0 || second < options.seconds; ++second) {
    if (progress.full || signals.wait(millis(1000))) break;
    show(progress, plan->size(), false);
  }
  feeds.stop();
  for (auto& thread : threads) thread.join();
  show(progress, plan->size(), true);
  return progress.full
             ? complain(cannot(options.folder, {Errc::io_failed, "room for the tape; what is there is whole"}))
         : progress.payloads == 0 ? Exit::no
                                  : Exit::yes;
}

/// Waits until an event is due: its distance from the first one, shortened by the speed. False when told to stop.
class Pace {
 public:
  Pace(double speed, const StopSignals& signals) : speed_(speed), signals_(signals) {}

  bool reach(MonoTime event) {
    if (speed_ <= 0) return !signals_.wait(Micros{});
    if (!first_) {
      first_ = event;
      start_ = mono_now();
    }
    const auto due = static_cast<std::int64_t>(static_cast<double>((event - *first_).value) / speed_);
    const Micros wait = start_ + Micros{due} - mono_now();
    return !signals_.wait(std::max(wait, Micros{}));
  }

 private:
  const double speed_;
  const StopSignals& signals_;
  std::optional<MonoTime> first_;
  MonoTime start_;
};

/// One venue of a tape.
struct Player {
  std::shared_ptr<const fetchers::Adapter> described;
  std::unique_ptr<fetchers::Intake> intake;
  std::vector<Quote> told;                                                ///< of the payload that is being read
  std::map<std::pair<std::uint64_t, std::string>, std::string> standing;  ///< newest line by connection and symbol
};

/// ,"bids":[[price,size],...],"asks":[...]; nothing where the book is not known. Exact, as mantissa and exponent.
std::string levels_text(const fetchers::ParsedQuote& quote) {
  const auto number = [](const Decimal& value) {
    std::string digits;
    for (UInt128 rest = value.mantissa; rest > 0; rest /= 10)
      digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    if (digits.empty()) digits = "0";
    return "\"" + std::string(digits.rbegin(), digits.rend()) + "e" + std::to_string(value.exponent) + "\"";
  };
  const auto side = [&number](const std::vector<PriceLevel>& levels) {
    std::string out;
    for (const auto& level : levels) {
      out += (out.empty() ? "[" : ",[") + number(level.price) + "," + number(level.size) + "]";
    }
    return "[" + out + "]";
  };
  if (quote.bids.empty() || quote.asks.empty()) return {};
  return ",\"bids\":" + side(quote.bids) + ",\"asks\":" + side(quote.asks);
}

void print_trading(const Player& player, WallTime at) {
  for (const Quote& word : player.told) {
    if (has_price(word)) continue;
    fmt::print("{{\"venue\":{},\"symbol\":{},\"trading\":{},\"recv_time_ms\":\"{}\"}}\n",
               fetchers::json_string(word.venue), fetchers::json_string(word.symbol), word.trading == Trading::trading,
               at.value / 1000);
  }
}

/// Lines as `assay explain --quotes` takes them: those of `venues parse` with the book and the time of receipt, for
/// configured instruments under the names that they are configured with; what the venue says of trading; what still
/// stands, again.
///   returns  how many quotes the payload holds
std::uint64_t print_quotes(Player& player, const fetchers::TapeEvent& event, const fetchers::Parsed& parsed) {
  player.intake->take(parsed, event.at, event.connection);
  const std::string received = fmt::format(R"("recv_time_ms":"{}"}})", event.at.wall.value / 1000);
  print_trading(player, event.at.wall);
  std::uint64_t quotes = 0;
  for (const auto& item : parsed.items) {
    const auto* quote = std::get_if<fetchers::ParsedQuote>(&item);
    const auto listed = quote != nullptr ? player.intake->listed(*quote) : std::nullopt;
    if (!listed) continue;
    std::string line = fetchers::to_json_lines(event.venue, {.items = {*listed}, .reply = {}}).front();
    line.pop_back();
    line += levels_text(*listed) + ",";
    fmt::print("{}{}\n", line, received);
    if (event.via == fetchers::TapeVia::message && listed->kind != fetchers::QuoteKind::trade) {
      player.standing[{event.connection, listed->symbol}] = std::move(line);
    }
    ++quotes;
  }
  for (const Quote& each : player.told) {
    const auto line = player.standing.find({event.connection, each.symbol});
    if (each.repeated == Micros{} || line == player.standing.end()) continue;
    fmt::print("{}\"repeated_ms\":\"{}\",{}\n", line->second, each.repeated.value / 1000, received);
  }
  return quotes;
}

std::map<std::string, Player> players_of(const std::vector<fetchers::VenueFeedSettings>& plan) {
  std::map<std::string, Player> players;
  for (const auto& venue : plan) {
    const auto* adapter = venue.adapter ? venue.adapter.get() : fetchers::find_adapter(venue.venue);
    if (adapter == nullptr) continue;
    Player& player = players[venue.venue];
    player.described = venue.adapter;
    player.intake = std::make_unique<fetchers::Intake>(
        fetchers::IntakeSettings{venue.venue, venue.symbols, venue.names}, *adapter,
        [&player](Quote quote) { player.told.push_back(std::move(quote)); }, [](const fetchers::VenueNote&) {});
  }
  return players;
}

Exit replay(const ReplayOptions& options) {
  const auto plan = read_plan(options.network, options.node);
  if (!plan) return Exit::usage;
  auto tape = fetchers::TapeReader::open(options.tape);
  if (!tape) {
    fmt::print(stderr, "assay: {}: {}\n", options.tape, tape.error().detail);
    return Exit::usage;
  }
  auto players = players_of(*plan);
  const StopSignals signals;
  Pace pace(options.speed, signals);
  std::uint64_t payloads = 0;
  std::uint64_t quotes = 0;
  for (;;) {
    const auto event = (*tape)->next();
    if (!event) return complain(error_text((*tape)->where(), event.error()));
    if (!*event || !pace.reach((*event)->at.mono)) break;
    ++payloads;
    const auto player = players.find((*event)->venue);
    if (player == players.end()) continue;
    player->second.told.clear();
    const auto parsed = fetchers::read_event(**event, *player->second.intake);
    if (!parsed) print_trading(player->second, (*event)->at.wall);
    if (parsed) quotes += print_quotes(player->second, **event, *parsed);
  }
  std::fflush(stdout);
  fmt::print(stderr, "{} payloads, {} quotes\n", payloads, quotes);
  return quotes == 0 ? Exit::no : Exit::yes;
}

}  // namespace

void add_record(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("record", "write down everything that the venues send, as it comes: a tape");
  auto options = std::make_shared<RecordOptions>();
  command->add_option("--network", options->network, "the network file whose venues and instruments are read")
      ->required()
      ->type_name("FILE");
  command->add_option("--node", options->node, "a node file that says how to reach them; default: their own addresses")
      ->type_name("FILE");
  command->add_option("--out", options->folder, "where the tape's files go")->required()->type_name("FOLDER");
  command->add_option("--file-mib", options->file_mib, "compressed size at which the next file begins (64)")
      ->check(CLI::Range(1, 4096));
  command->add_option("--seconds", options->seconds, "end by itself; 0: at Ctrl-C");
  command->footer(
      "Files are gzipped lines of JSON, one a payload, with both clocks: `zcat FOLDER/*.gz | head`. What was sent a "
      "second\n"
      "before a kill or a full disk is safe. Nothing is agreed or signed: a running node is not needed.");
  command->callback([&chosen, options] { chosen = [options] { return record(*options); }; });
}

void add_replay(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("replay", "what a tape says, through the code that reads the venues");
  auto options = std::make_shared<ReplayOptions>();
  command->add_option("tape", options->tape, "a folder that `assay record` wrote, or one file of it")
      ->required()
      ->type_name("TAPE");
  command->add_option("--network", options->network, "the network file whose instruments are printed")
      ->required()
      ->type_name("FILE");
  command->add_option("--node", options->node, "a node file: its described sources are known too")->type_name("FILE");
  command->add_option("--speed", options->speed, "1: as it happened, 10: ten times as fast; 0: at once (default)")
      ->check(CLI::NonNegativeNumber);
  command->footer(
      "Prints a line a quote, as `assay venues parse` does, with the time of its receipt. To see what a feed made of "
      "it:\n"
      "  assay replay TAPE --network net.yaml >quotes.jsonl\n"
      "  assay explain --network net.yaml --feed BTC/USD --quotes quotes.jsonl --every 1000");
  command->callback([&chosen, options] { chosen = [options] { return replay(*options); }; });
}

}  // namespace assay::node
