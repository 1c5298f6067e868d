#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/nearest.hpp"
#include "fetchers/parse_lines.hpp"
#include "fetchers/venue.hpp"
#include "node/commands/commands.hpp"
#include "node/commands/venues_check.hpp"
#include "node/commands/venues_live.hpp"
#include "node/config_files.hpp"
#include "node/input.hpp"

namespace assay::node {

namespace {

struct ParseOptions {
  std::string venue;
  std::string endpoint;            ///< of --rest
  std::vector<std::string> words;  ///< behind --ws: PATH, FILE, both or none
  std::string path;                ///< of --ws
  bool is_ws = false;
  std::string file;
  std::string symbol;
  std::string instruments;
  std::string node_file;  ///< whose described sources are known too
  bool json = true;
};

std::string known_venues() {
  std::string names;
  for (const auto venue : fetchers::venue_names()) {
    names += names.empty() ? "" : ", ";
    names += venue;
  }
  return names;
}

/// What the node file describes under that name, else the built-in adapter, else none.
std::shared_ptr<const fetchers::Adapter> adapter_of(const ParseOptions& options,
                                                    const std::vector<config::VenueSettings>& described) {
  for (const auto& venue : described) {
    if (venue.venue != options.venue) continue;
    if (venue.described) return std::make_shared<fetchers::DescribedAdapter>(*venue.described);
    if (!venue.pools.empty()) return std::make_shared<fetchers::UniswapAdapter>(venue.venue, venue.pools);
  }
  return {fetchers::find_adapter(options.venue), [](const fetchers::Adapter*) {}};
}

/// A symbol as each venue spells it, for examples.
struct Sample {
  std::string_view venue;
  std::string_view symbol;
};
constexpr std::array<Sample, 28> samples = {{{"binance", "BTCUSDT"},
                                             {"binance_us", "BTCUSD"},
                                             {"bitfinex", "tBTCUSD"},
                                             {"bitget", "BTCUSDT"},
                                             {"bithumb", "KRW-BTC"},
                                             {"bitstamp", "btcusd"},
                                             {"bybit", "BTCUSDT"},
                                             {"coinbase_advanced", "BTC-USD"},
                                             {"coinbase_exchange", "BTC-USD"},
                                             {"coingecko", "bitcoin"},
                                             {"crypto_com", "BTC_USDT"},
                                             {"deribit", "BTC-PERPETUAL"},
                                             {"dydx", "BTC-USD"},
                                             {"ecb", "USD"},
                                             {"exchangerate_host", "EURUSD"},
                                             {"gateio", "BTC_USDT"},
                                             {"gemini", "btcusd"},
                                             {"htx", "btcusdt"},
                                             {"hyperliquid", "BTC"},
                                             {"kraken", "BTC/USD"},
                                             {"kucoin", "BTC-USDT"},
                                             {"mexc", "BTCUSDT"},
                                             {"oanda", "EUR/USD"},
                                             {"okx", "BTC-USDT"},
                                             {"polygon", "C:EURUSD"},
                                             {"twelvedata", "EUR/USD"},
                                             {"uniswap", "WETH/USDC"},
                                             {"upbit", "KRW-BTC"}}};

/// What a node itself would ask that venue, as an argument of --rest: a POST is as good as its target.
std::string example_of(const fetchers::Adapter& adapter) {
  const auto sample =
      std::find_if(samples.begin(), samples.end(), [&](const Sample& one) { return one.venue == adapter.venue(); });
  const std::vector<std::string> symbols = {std::string(sample == samples.end() ? "SYMBOL" : sample->symbol)};
  const auto targets = adapter.rest_targets(symbols);
  const auto posts = adapter.rest_posts(symbols);
  std::string out;
  if (!targets.empty()) out = fmt::format("--rest '{}' body", targets.front());
  if (targets.empty() && !posts.empty()) {
    out = fmt::format("--rest 'POST {}' --symbol {} body", posts.front().target.empty() ? "/" : posts.front().target,
                      symbols.front());
  }
  if (!adapter.ws_base().empty()) out += out.empty() ? "--ws frame" : " | --ws frame";
  return out;
}

std::string examples() {
  std::string out =
      "FILE is one body or frame exactly as received, packed or not. The venue's own words are in docs/venues.md.\n"
      "  curl -s 'https://api.kraken.com/0/public/Ticker?pair=XBTUSD' | assay venues parse kraken --rest "
      "'/0/public/Ticker?pair=XBTUSD' -\n"
      "Exit 0: read (a quote, or a control such as an acknowledgement). 1: refused, {\"error\":CODE,\"detail\":TEXT}.\n"
      "What a node asks each venue, and whose frames it reads:\n";
  for (const auto venue : fetchers::venue_names()) {
    out += fmt::format("  {:<18} {}\n", venue, example_of(*fetchers::find_adapter(venue)));
  }
  return out;
}

Exit unknown_venue(const std::string& venue) {
  const auto names = fetchers::venue_names();
  const auto near = nearest(venue, names);
  fmt::print(stderr, "assay: no adapter for venue \"{}\"{}; known: {}\n", venue,
             near ? fmt::format(", did you mean {}?", *near) : "", known_venues());
  return Exit::usage;
}

/// Several messages, one a line, where one was due: each of them would have been read.
bool looks_like_lines(std::string_view payload) {
  const auto first = payload.find('\n');
  const auto next = first == std::string_view::npos ? first : payload.find_first_not_of("\r\n ", first);
  return next != std::string_view::npos && (payload.front() == '{' || payload.front() == '[') &&
         payload[next] == payload.front() && (payload[first - 1] == '}' || payload[first - 1] == ']');
}

/// What can be said to whoever gave something else than one payload.
void advise(const ParseOptions& options, std::string_view payload, const fetchers::Parsed& parsed) {
  const auto* refusal = parsed.items.empty() ? nullptr : std::get_if<fetchers::Refusal>(&parsed.items.front());
  if (refusal == nullptr) return;
  if (refusal->error.code == Errc::malformed && looks_like_lines(payload)) {
    fmt::print(stderr,
               "assay: {} looks like several messages, one a line; give them one by one: while IFS= read -r line; "
               "do printf %s \"$line\" | assay venues parse {} ... -; done\n",
               options.file, options.venue);
  }
  if (refusal->error.code == Errc::symbol_unknown && options.symbol.empty()) {
    fmt::print(stderr, "assay: the payload does not name its instrument: say which with --symbol\n");
  }
}

Exit parse(ParseOptions options) {
  const auto node = options.node_file.empty() ? std::nullopt : read_node(options.node_file);
  if (!options.node_file.empty() && !node) return Exit::usage;
  const auto adapter = adapter_of(options, node ? node->venues : std::vector<config::VenueSettings>{});
  if (adapter == nullptr) return unknown_venue(options.venue);
  // The words behind --ws are PATH and FILE, unless FILE stands elsewhere: the last one is the file then.
  if (options.is_ws && options.file.empty() && !options.words.empty()) {
    options.file = options.words.back();
    options.words.pop_back();
  }
  if (!options.words.empty()) {
    options.path = options.words.front();
  }
  if (options.is_ws != options.endpoint.empty() || options.file.empty() || options.words.size() > 1) {
    fmt::print(stderr,
               "assay: say what FILE holds: --rest ENDPOINT or --ws [PATH], then FILE (- for stdin); for instance\n"
               "  assay venues parse {} {}\n",
               options.venue, example_of(*adapter));
    return Exit::usage;
  }
  const auto payload = read_beginning(options.file, fetchers::payload_size_max + 1);  // longer is refused as such
  if (!payload) {
    return Exit::usage;
  }
  const auto parsed = options.is_ws ? adapter->parse_ws_with_symbol(as_bytes(*payload), options.path, options.symbol)
                                    : adapter->parse_rest(options.endpoint, as_bytes(*payload), options.symbol);
  for (const auto& line : fetchers::to_json_lines(options.venue, parsed)) {
    fmt::print("{}\n", line);
  }
  std::fflush(stdout);
  advise(options, *payload, parsed);
  return fetchers::any_refused(parsed) ? Exit::no : Exit::yes;
}

void add_parse(CLI::App& venues, Chosen& chosen) {
  auto* command =
      venues.add_subcommand("parse", "read one payload of a venue and print what it says, a JSON line per quote");
  auto options = std::make_shared<ParseOptions>();
  command->add_option("venue", options->venue, "the venue's name: a built-in one, or one of --node")
      ->required()
      ->type_name("VENUE");
  command->add_option("--rest", options->endpoint, "FILE is the body of this request: \"GET URL\" or path and query")
      ->type_name("ENDPOINT");
  auto* ws = command->add_option("--ws", options->words, "FILE is one WebSocket message (received at PATH)")
                 ->expected(0, 2)
                 ->type_name("[PATH]");
  command->add_option("file", options->file, "the payload exactly as received; - for stdin")->type_name("FILE");
  command->add_option("--symbol", options->symbol, "the instrument, where the payload does not name it");
  command->add_option("--node", options->node_file, "a node file: the sources that it describes are known too")
      ->type_name("FILE");
  command->add_option("--instruments", options->instruments, "the venue's instrument list, where symbols need it")
      ->type_name("FILE");
  command->footer([] { return examples(); });
  command->add_flag("--json", options->json, "accepted for uniformity: the output is always JSON lines");
  command->callback([&chosen, options, ws] {
    options->is_ws = ws->count() > 0;
    chosen = [options] { return parse(*options); };
  });
}

}  // namespace

void add_venues(CLI::App& app, Chosen& chosen) {
  auto* venues = app.add_subcommand("venues", "what each source of a running node says now, and why it counts or not");
  venues->require_subcommand(0, 1);
  auto options = std::make_shared<VenuesOptions>();
  venues->add_option("--node", options->node, "a running node, e.g. http://127.0.0.1:8080")->type_name("URL");
  venues->add_option("--seconds", options->seconds, "end after so many seconds; 0: once, on a terminal at Ctrl-C");
  venues->add_option("--venue", options->venue, "only this one, with all its instruments")->type_name("NAME");
  venues->add_flag("--json", options->json, "the node's document as it is, one line a look");
  venues->callback([&chosen, venues, options] {
    if (!venues->get_subcommands().empty()) {
      return;
    }
    if (options->node.empty()) {
      throw CLI::RequiredError("--node URL, or a subcommand");
    }
    chosen = [options] { return venues_live(*options); };
  });
  add_check(*venues, chosen);
  add_parse(*venues, chosen);
}

}  // namespace assay::node
