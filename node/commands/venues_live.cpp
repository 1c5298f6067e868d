#include <fmt/format.h>

#include "node/commands/venues_live.hpp"
#include "node/failure.hpp"
#include "node/plain_http.hpp"
#include "node/price_table.hpp"
#include "node/signals.hpp"
#include "node/system.hpp"
#include "node/venue_text.hpp"

namespace assay::node {

namespace {

constexpr std::string_view target = "/v1/venues";

Exit unreachable(const VenuesOptions& options, Error error) {
  return complain(error_text(options.node, error),
                  error.code == Errc::symbol_unknown ? Exit::usage : Exit::environment);
}

/// As much as fits: on a terminal that is too low for everything, the instruments that count go first.
Result<std::vector<std::string>> lines_of(const std::string& document, const std::string& before,
                                          const VenuesOptions& options, const LiveBlock& block) {
  auto lines = venues_text(document, before, options.venue, VenueDetail::everything);
  if (!lines || !block.is_terminal() || lines->size() < block.rows()) return lines;
  lines = venues_text(document, before, options.venue, VenueDetail::troubles);
  if (!lines) return lines;
  const std::size_t room = block.rows() - 2;
  const std::size_t hidden = lines->size() > room ? lines->size() - room : 0;
  lines->resize(lines->size() - hidden);
  lines->push_back(fmt::format("{}instruments that count are not shown: --venue NAME, or a higher terminal",
                               hidden == 0 ? "" : std::to_string(hidden) + " more lines; "));
  return lines;
}

}  // namespace

Exit venues_live(const VenuesOptions& options) {
  LiveBlock block;
  const StopSignals signals;
  const bool live = block.is_terminal() && !options.json;
  const auto end = mono_now() + millis(std::int64_t{options.seconds} * 1000);
  std::string before;
  for (;;) {
    const auto document = http_get(options.node, target);
    if (!document && before.empty()) {
      return unreachable(options, document.error());
    }
    const auto lines = document ? lines_of(*document, before, options, block)
                                : Result<std::vector<std::string>>(std::vector<std::string>{
                                      fmt::format("{}: {}", options.node, document.error().detail)});
    if (!lines) {
      return unreachable(options, lines.error());
    }
    if (options.json) {
      fmt::print("{}\n", document ? *document : "null");
    } else if (live) {
      block.draw(*lines);
    } else {
      for (const auto& line : *lines) fmt::print("{}\n", line);
    }
    std::fflush(stdout);
    if (document) before = *document;
    const bool once = options.seconds == 0 && !live;
    if (once || (options.seconds != 0 && mono_now() >= end) || signals.wait(millis(1000))) {
      return Exit::yes;
    }
  }
}

}  // namespace assay::node
