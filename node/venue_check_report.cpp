#include "node/venue_check_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "node/json_values.hpp"

namespace assay::node {

namespace {

namespace json = boost::json;

std::string ms(Micros span) {
  return std::to_string(span.value / 1000);
}

/// "HTTP 451: ..." of the fetchers; 200 for a road that answered.
std::optional<int> status_of(const RoadCheck& road) {
  if (const auto at = road.failure.find("HTTP "); !road.answered && at != std::string::npos) {
    int status = 0;
    const char* digits = road.failure.data() + at + 5;
    std::from_chars(digits, road.failure.data() + road.failure.size(), status);
    if (status != 0) return status;
  }
  return road.answered ? std::optional(200) : std::nullopt;
}

json::value road_json(const std::optional<RoadCheck>& road) {
  if (!road) return nullptr;
  json::array steps;
  for (const auto& step : road->steps) {
    steps.push_back({{"step", step.what}, {"ok", step.reached}, {"ms", ms(step.took)}, {"text", step.text}});
  }
  const auto status = status_of(*road);
  return json::object{{"url", road->url},
                      {"ok", road->told > 0},
                      {"steps", std::move(steps)},
                      {"http", status ? json::value(*status) : json::value(nullptr)},
                      {"answered_ms", millis_or_null(road->answered)},
                      {"first_quote_ms", millis_or_null(road->quoted)},
                      {"told", std::to_string(road->told)},
                      {"failure", text_or_null(road->failure)}};
}

json::value listed_json(const InstrumentCheck& one) {
  if (one.listed) return *one.listed;
  return one.by_rest || one.by_stream || one.halted ? json::value(true) : json::value(nullptr);
}

json::object venue_json(const VenueCheck& check) {
  json::array instruments;
  for (const auto& one : check.instruments) {
    instruments.push_back({{"symbol", one.symbol},
                           {"listed", listed_json(one)},
                           {"problem", text_or_null(one.problem)},
                           {"bid", text_or_null(one.bid)},
                           {"ask", text_or_null(one.ask)},
                           {"last", text_or_null(one.last)},
                           {"rest_ms", millis_or_null(one.by_rest)},
                           {"stream_ms", millis_or_null(one.by_stream)}});
  }
  json::array remarks;
  for (const auto& remark : check.remarks) remarks.emplace_back(remark);
  return {{"venue", check.venue},
          {"ok", works(check)},
          {"problem", text_or_null(why_not(check))},
          {"rest", road_json(check.rest)},
          {"stream", road_json(check.stream)},
          {"instruments", std::move(instruments)},
          {"clock_offset_ms", millis_or_null(check.clock_offset)},
          {"remarks", std::move(remarks)}};
}

/// "dns 1 ms, tcp 3 ms, tls 9 ms, http 200, 3 of 3 quoted, first after 41 ms".
std::string road_line(const RoadCheck& road, std::size_t instruments, bool is_rest) {
  std::string out;
  for (const auto& step : road.steps) {
    if (step.reached) out += fmt::format("{} {} ms, ", step.what, ms(step.took));
    if (!step.reached) return out + fmt::format("{} FAILS", step.what);
  }
  if (const auto status = is_rest ? status_of(road) : std::nullopt) out += fmt::format("http {}, ", *status);
  if (!is_rest) out += road.answered ? "opened, " : "not opened, ";
  out += fmt::format("{} of {} quoted", road.told, instruments);
  if (road.quoted) out += fmt::format(", first after {} ms", ms(*road.quoted));
  return out;
}

void add_road(std::vector<std::string>& out, const std::optional<RoadCheck>& road, std::size_t instruments,
              std::string_view name) {
  if (!road) return;
  out.push_back(fmt::format("  {:<7} {}", name, road->url));
  out.push_back(fmt::format("          {}", road_line(*road, instruments, name == "rest")));
  for (const auto& step : road->steps) {
    if (!step.reached) out.push_back(fmt::format("          {}: {}", step.what, step.text));
  }
  if (road->told < instruments && !road->failure.empty()) out.push_back("          " + road->failure);
}

std::string instrument_line(const InstrumentCheck& one) {
  const bool sides = !one.bid.empty() && !one.ask.empty();
  const std::string price = sides ? one.bid + " / " + one.ask : one.last.empty() ? one.bid + one.ask : one.last;
  const auto after = [](const std::optional<Micros>& span) { return span ? ms(*span) + " ms" : std::string("-"); };
  if (!one.by_rest && !one.by_stream) {
    return fmt::format("  {:<14} {}", one.symbol, one.problem.empty() ? "no quote" : one.problem);
  }
  const std::string line = fmt::format("  {:<14} {:<31} rest {:>7} stream {:>7}", one.symbol, price, after(one.by_rest),
                                       after(one.by_stream));
  return one.problem.empty() ? line : line + "  " + one.problem;
}

}  // namespace

std::string check_json(const std::vector<VenueCheck>& checks) {
  json::array venues;
  for (const auto& check : checks) venues.push_back(venue_json(check));
  const bool ok = std::all_of(checks.begin(), checks.end(), [](const auto& check) { return works(check); });
  return json::serialize(json::object{{"ok", ok}, {"venues", std::move(venues)}});
}

std::vector<std::string> check_text(const std::vector<VenueCheck>& checks) {
  std::vector<std::string> out;
  std::vector<std::string> failing;
  for (const auto& check : checks) {
    const bool good = works(check);
    const auto& offset = check.clock_offset;
    out.push_back(check.venue + (good ? ": works" : ": DOES NOT WORK") +
                  (offset ? ", clock offset " + ms(*offset) + " ms" : ""));
    for (const auto& problem : check.problems) out.push_back("  " + problem);
    add_road(out, check.rest, check.instruments.size(), "rest");
    add_road(out, check.stream, check.instruments.size(), "stream");
    for (const auto& one : check.instruments) out.push_back(instrument_line(one));
    for (const auto& remark : check.remarks) out.push_back("  remark: " + remark);
    out.emplace_back();
    if (!good) failing.push_back(fmt::format("  {}: {}", check.venue, why_not(check)));
  }
  out.push_back(fmt::format("{} of {} venues work{}", checks.size() - failing.size(), checks.size(),
                            failing.empty() ? "" : "; these do not:"));
  out.insert(out.end(), failing.begin(), failing.end());
  return out;
}

std::string check_progress(const std::vector<VenueCheck>& checks) {
  constexpr std::size_t columns = 79;
  std::size_t done = 0;
  std::string waiting;
  for (const auto& check : checks) {
    if (check.done) ++done;
    if (!check.done) waiting += (waiting.empty() ? " waiting for " : ", ") + check.venue;
  }
  std::string line = fmt::format("{} of {} venues checked,{}", done, checks.size(), waiting);
  if (line.size() > columns) line.replace(columns - 3, std::string::npos, "...");
  return line;
}

}  // namespace assay::node
