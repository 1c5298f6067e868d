#include "node/venue_text.hpp"

#include <fmt/format.h>

#include <optional>

#include "node/told_json.hpp"

namespace assay::node {

namespace {

namespace json = boost::json;

/// Messages a second since the document before, as far as that tells.
std::string rate_of(const json::object& venue, const json::object& now, const std::optional<json::object>& before) {
  if (!before) return "-";
  const auto span_ms = number_of(now, "at_ms") - number_of(*before, "at_ms");
  for (const json::object* old : objects(*before, "venues")) {
    if (text_of(*old, "venue") != text_of(venue, "venue") || span_ms == 0 || span_ms > 3'600'000) continue;
    return fmt::format("{}", (number_of(venue, "messages") - number_of(*old, "messages")) * 1000 / span_ms);
  }
  return "-";
}

/// "7 ms", "12 s", "-".
std::string age_text(const std::string& age_ms) {
  if (age_ms.empty()) return "-";
  return age_ms.size() <= 4 ? age_ms + " ms" : age_ms.substr(0, age_ms.size() - 3) + " s";
}

/// "BTC/USD, ETH/USD; not USDC/USD: outlier": the feeds for which it counts, then those for which it does not, and why.
std::string feeds_text(const json::object& instrument) {
  std::string counts;
  std::string not_counted;
  for (const json::object* feed : objects(instrument, "feeds")) {
    const auto reason = text_of(*feed, "reason");
    std::string& out = reason.empty() ? counts : not_counted;
    out += (out.empty() ? "" : ", ") + text_of(*feed, "feed") + (reason.empty() ? "" : ": " + reason);
  }
  return not_counted.empty() ? counts : counts + (counts.empty() ? "" : "; ") + "not " + not_counted;
}

bool counts_everywhere(const json::object& instrument) {
  for (const json::object* feed : objects(instrument, "feeds")) {
    if (!text_of(*feed, "reason").empty()) return false;
  }
  return true;
}

std::string shown(const json::object& at, std::string_view key) {
  const auto text = text_of(at, key);
  return text.empty() ? "-" : text;
}

/// Its REST host where that is not well, what its two roads do not agree on, and what the venue's list lacks.
std::vector<std::string> complaints(const json::object& venue) {
  std::vector<std::string> out;
  const auto rest = text_of(venue, "rest");
  if (!rest.empty() && rest != "good" && rest != "unknown") {
    const auto left_alone = text_of(venue, "rest_left_alone_ms");
    out.push_back("REST host: " + rest +
                  (left_alone.empty() || left_alone == "0" ? "" : ", left alone for " + age_text(left_alone)));
  }
  for (const json::value* problem : entries(venue, "instrument_problems")) {
    if (problem->is_string()) out.emplace_back(problem->as_string());
  }
  for (const json::value* denied : entries(venue, "contradicted")) {
    if (!denied->is_string()) continue;
    out.push_back(std::string(denied->as_string()) + ": polling denies its stream, which does not count");
  }
  for (const json::value* mute : entries(venue, "mute")) {
    if (mute->is_string()) out.push_back(std::string(mute->as_string()) + ": nothing heard for a minute");
  }
  return out;
}

std::string venue_line(const json::object& venue, const std::string& rate) {
  const auto errors = number_of(venue, "refusals") + number_of(venue, "poll_failures") + number_of(venue, "reconnects");
  const auto age = text_of(venue, "last_message_age_ms");
  return fmt::format("{:<17} {}, {}/s of {}, newest {}, {} errors", text_of(venue, "venue"), text_of(venue, "state"),
                     rate, text_of(venue, "messages"), age.empty() ? "never" : age_text(age), errors);
}

}  // namespace

Result<std::vector<std::string>> venues_text(std::string_view document, std::string_view before, std::string_view venue,
                                             VenueDetail detail) {
  const auto now = told_object(document, "venues");
  if (!now) return Error{Errc::malformed, "the document of /v1/venues"};
  const auto earlier = before.empty() ? std::nullopt : told_object(before, "venues");
  std::vector<std::string> out{
      fmt::format("{:<16} {:>13} {:>13} {:>8}  {}", "venue, symbol", "bid", "ask", "age", "counts for")};
  bool any = venue.empty();
  for (const json::object* each : objects(*now, "venues")) {
    if (!venue.empty() && text_of(*each, "venue") != venue) continue;
    any = true;
    out.push_back(venue_line(*each, rate_of(*each, *now, earlier)));
    for (const auto& complaint : complaints(*each)) out.push_back("  ! " + complaint);
    for (const json::object* one : objects(*each, "instruments")) {
      if (detail == VenueDetail::troubles && counts_everywhere(*one)) continue;
      out.push_back(fmt::format("  {:<14} {:>13} {:>13} {:>8}  {}", text_of(*one, "symbol"), shown(*one, "bid"),
                                shown(*one, "ask"), age_text(text_of(*one, "age_ms")), feeds_text(*one)));
    }
  }
  if (!any) return Error{Errc::symbol_unknown, "a venue that this node reads"};
  return out;
}

}  // namespace assay::node
