#include <fmt/format.h>

#include "node/commands/venues_live.hpp"
#include "node/plain_http.hpp"
#include "node/price_table.hpp"
#include "node/signals.hpp"
#include "node/system.hpp"
#include "node/venue_table.hpp"

namespace assay::node {

namespace {

constexpr std::string_view target = "/v1/venues";

Exit unreachable(const VenuesOptions& options, Error error) {
  fmt::print(stderr, "assay: {}: {}: {}\n", options.node, name(error.code), error.detail);
  return Exit::environment;
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
    const auto lines = document ? venues_text(*document, before)
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
