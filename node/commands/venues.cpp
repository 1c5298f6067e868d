#include <fmt/format.h>

#include <memory>

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

/// The built-in adapter of that name, else the one that the node file describes, else none.
std::shared_ptr<const fetchers::Adapter> adapter_of(const ParseOptions& options) {
  if (const auto* built_in = fetchers::find_adapter(options.venue)) {
    return {built_in, [](const fetchers::Adapter*) {}};
  }
  const auto node = options.node_file.empty() ? std::nullopt : read_node(options.node_file);
  for (const auto& venue : node ? node->venues : std::vector<config::VenueSettings>{}) {
    if (venue.venue == options.venue && venue.described) {
      return std::make_shared<fetchers::DescribedAdapter>(*venue.described);
    }
  }
  return nullptr;
}

Exit parse(ParseOptions options) {
  const auto adapter = adapter_of(options);
  if (adapter == nullptr) {
    fmt::print(stderr, "assay: no adapter for venue \"{}\"; known: {}\n", options.venue, known_venues());
    return Exit::usage;
  }
  // The words behind --ws are PATH and FILE, unless FILE stands elsewhere: the last one is the file then.
  if (options.is_ws && options.file.empty() && !options.words.empty()) {
    options.file = options.words.back();
    options.words.pop_back();
  }
  if (!options.words.empty()) {
    options.path = options.words.front();
  }
  if (options.is_ws != options.endpoint.empty() || options.file.empty() || options.words.size() > 1) {
    fmt::print(stderr, "assay: say what FILE holds: --rest ENDPOINT or --ws [PATH], then FILE (- for stdin)\n");
    return Exit::usage;
  }
  const auto payload = read_input(options.file, fetchers::payload_size_max);
  if (!payload) {
    return Exit::usage;
  }
  const auto parsed = options.is_ws ? adapter->parse_ws_with_symbol(as_bytes(*payload), options.path, options.symbol)
                                    : adapter->parse_rest(options.endpoint, as_bytes(*payload), options.symbol);
  for (const auto& line : fetchers::to_json_lines(options.venue, parsed)) {
    fmt::print("{}\n", line);
  }
  return fetchers::any_refused(parsed) ? Exit::no : Exit::yes;
}

void add_parse(CLI::App& venues, Chosen& chosen) {
  auto* command =
      venues.add_subcommand("parse", "read one payload of a venue and print what it says, a JSON line per quote");
  auto options = std::make_shared<ParseOptions>();
  command->add_option("venue", options->venue, "venue name: " + known_venues())->required()->type_name("VENUE");
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
