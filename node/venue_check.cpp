#include "node/venue_check.hpp"

#include <algorithm>
#include <functional>

#include "aggregator/number.hpp"
#include "fetchers/instruments.hpp"
#include "fetchers/quote_lines.hpp"
#include "fetchers/symbol_match.hpp"
#include "fetchers/venue.hpp"

namespace assay::node {

namespace {

/// So long a venue that works may take to tell of its last instrument or its list before it is let go.
constexpr Micros courtesy = millis(3'000);

/// A road that has failed so often in a row is not tried again.
constexpr std::uint32_t failures_enough = 2;

std::string digits(const std::optional<Decimal>& price) {
  return price ? aggregator::digits_of(aggregator::make_number(*price)) : std::string{};
}

std::size_t wanted(const VenueCheck& check) {
  return static_cast<std::size_t>(std::count_if(check.instruments.begin(), check.instruments.end(),
                                                [](const auto& one) { return one.problem.empty(); }));
}

bool works(const std::optional<RoadCheck>& road, std::size_t instruments) {
  return !road || road->told > 0 || (instruments == 0 && road->answered);
}

std::string why_not(const RoadCheck& road, std::string_view name) {
  for (const auto& step : road.steps) {
    if (!step.reached) return std::string(name) + ": " + std::string(step.what) + ": " + step.text;
  }
  if (!road.failure.empty()) return std::string(name) + ": " + road.failure;
  return std::string(name) + (road.answered ? ": connected, but no quote" : ": no answer");
}

bool quoted(const InstrumentCheck& one) {
  return one.by_rest || one.by_stream;
}

/// It does not work for an instrument that is not there, and all the others were quoted: nothing more is to be learnt.
/// Such an instrument can spoil the first request for all, and the next waits while the streams tell them.
bool all_told(const VenueCheck& check) {
  return wanted(check) < check.instruments.size() &&
         std::all_of(check.instruments.begin(), check.instruments.end(),
                     [](const auto& one) { return !one.problem.empty() || quoted(one); });
}

/// Everything was told, or it has failed so that another try would hardly fare better.
bool settled(const std::optional<RoadCheck>& road, std::size_t instruments) {
  if (!road) return true;
  return !road->steps.empty() && (road->failures >= failures_enough || (road->answered && road->told >= instruments));
}

}  // namespace

bool works(const VenueCheck& check) {
  const std::size_t instruments = wanted(check);
  return check.problems.empty() && instruments == check.instruments.size() && works(check.rest, instruments) &&
         works(check.stream, instruments) &&
         std::all_of(check.instruments.begin(), check.instruments.end(), [](const auto& one) { return quoted(one); });
}

std::string why_not(const VenueCheck& check) {
  if (!check.problems.empty()) return check.problems.front();
  const std::size_t instruments = wanted(check);
  const std::size_t more = check.instruments.size() - instruments;
  for (const auto& one : check.instruments) {  // first: a symbol that is not listed can spoil a road for all
    if (!one.problem.empty()) {
      return one.problem + (more > 1 ? " (and " + std::to_string(more - 1) + " more)" : "");
    }
  }
  if (!works(check.rest, instruments)) return why_not(*check.rest, "rest");
  if (!works(check.stream, instruments)) return why_not(*check.stream, "stream");
  for (const auto& one : check.instruments) {
    if (!quoted(one)) return one.symbol + ": no quote";
  }
  return {};
}

VenueTrial::VenueTrial(fetchers::VenueFeedSettings settings, std::shared_ptr<fetchers::HostGates> gates)
    : settings_(std::move(settings)),
      adapter_(settings_.adapter ? settings_.adapter.get() : fetchers::find_adapter(settings_.venue)),
      found_(blank(settings_, adapter_)) {
  auto asked = settings_;
  asked.poll_interval = std::min(asked.poll_interval, millis(1'000));  // a host that fails is soon asked once more
  feeds_ = std::make_unique<fetchers::VenueFeeds>(
      std::vector{std::move(asked)}, fetchers::Clocks{.mono = mono_now, .wall = wall_now}, entropy_,
      [this](const Quote& quote) { quoted(quote); }, [this](const fetchers::VenueNote& note) { noted(note); },
      std::move(gates));
  feeds_->tap([this](const fetchers::TapeEvent& event) { recorded(event); });
  const VenueCheck roads = found_.read();
  if (roads.rest) lend([this] { reach_host(Road::rest); });
  if (roads.stream) lend([this] { reach_host(Road::stream); });
  lend([this] { feeds_->run_streams(); });
  for (int i = 0; i < 2; ++i) lend([this] { feeds_->run_pollers(); });
}

VenueTrial::~VenueTrial() {
  feeds_->stop();
  for (auto& thread : threads_) thread.join();
}

void VenueTrial::lend(std::function<void()> work) {
  ++busy_;
  threads_.emplace_back([this, work = std::move(work)] {
    work();
    --busy_;
  });
}

VenueCheck VenueTrial::blank(const fetchers::VenueFeedSettings& settings, const fetchers::Adapter* adapter) {
  VenueCheck out;
  out.venue = settings.venue;
  for (const auto& symbol : settings.symbols) {
    out.instruments.push_back({.symbol = fetchers::name_in(settings.names, symbol)});
  }
  if (adapter == nullptr) return out;
  const bool polled =
      !adapter->rest_targets(settings.symbols).empty() || !adapter->rest_posts(settings.symbols).empty();
  if (polled && settings.transport != fetchers::Transport::streams) {
    out.rest = RoadCheck{.url = settings.rest_url.empty() ? std::string(adapter->rest_base()) : settings.rest_url};
  }
  const std::string stream = settings.ws_url.empty() ? std::string(adapter->ws_base()) : settings.ws_url;
  if (!stream.empty() && settings.transport != fetchers::Transport::polls) out.stream = RoadCheck{.url = stream};
  if (!out.rest && !out.stream) out.problems.emplace_back("no way to ask for these instruments");
  return out;
}

std::optional<RoadCheck>& VenueTrial::road_of(VenueCheck& check, Road road) {
  switch (road) {
    case Road::rest:
      return check.rest ? check.rest : check.stream;  // a stream's token comes by REST
    case Road::stream:
      return check.stream ? check.stream : check.rest;
  }
  return check.rest;
}

void VenueTrial::reach_host(Road road) {
  auto known = found_.read();
  const auto url = fetchers::parse_url(road_of(known, road)->url);
  std::vector<fetchers::ReachStep> steps;
  if (!url) {
    steps.push_back({"url", false, {}, "none that can be read: give one in the node file"});
  } else {
    fetchers::ReachTarget target{.url = *url, .proxy = {}, .ca_file = settings_.ca_file};
    const auto proxy = settings_.proxy.empty() ? std::nullopt : std::optional(fetchers::parse_proxy(settings_.proxy));
    if (proxy && !*proxy) {
      steps.push_back({"proxy", false, {}, "not an http://host:port"});
    } else {
      if (proxy) target.proxy = **proxy;
      steps = fetchers::reach(target, mono_now);
    }
  }
  found_.update([&](VenueCheck& found) { road_of(found, road)->steps = std::move(steps); });
}

void VenueTrial::recorded(const fetchers::TapeEvent& event) {
  const Road road = event.via == fetchers::TapeVia::body ? Road::rest : Road::stream;
  newest_ = road;
  found_.update([&](VenueCheck& found) {
    auto& way = road_of(found, road);
    if (way && !way->answered) way->answered = since();
  });
}

void VenueTrial::quoted(const Quote& quote) {
  const Road road = newest_;
  found_.update([&](VenueCheck& found) {
    const auto one = std::find_if(found.instruments.begin(), found.instruments.end(),
                                  [&](const auto& each) { return each.symbol == quote.symbol; });
    auto& way = road_of(found, road);
    if (one == found.instruments.end() || !way) return;
    if (quote.trading != Trading::unsaid) one->halted = quote.trading == Trading::halted;
    if (!fetchers::is_price(quote)) return;
    auto& when = road == Road::rest ? one->by_rest : one->by_stream;
    if (when) return;
    if (!node::quoted(*one)) {
      one->bid = digits(quote.bid);
      one->ask = digits(quote.ask);
      one->last = digits(quote.last);
    }
    when = since();
    ++way->told;
    if (!way->quoted) way->quoted = when;
  });
}

void VenueTrial::noted(const fetchers::VenueNote& note) {
  const std::string said = std::string(name(note.error.code)) + ": " + note.text;
  if (note.what == "unlisted") return;  // of a list of everything we want but a few
  if (note.what == "instruments") {
    if (note.error.code == Errc::symbol_unknown) return;  // look() reads it with its instrument
    lists_failed_ = true;
  }
  found_.update([&](VenueCheck& found) {
    if (note.what == "settings") {
      found.problems.push_back(said);
    } else if (note.what == "poll" || note.what == "stream" || note.what == "parse") {
      const Road road = note.what == "poll" ? Road::rest : note.what == "stream" ? Road::stream : newest_.load();
      // A stream that waits for its token has not failed yet.
      if (note.what == "stream" && note.error.code == Errc::missing_field) return;
      if (auto& way = road_of(found, road)) {
        way->failure = said;
        // Nobody asks again at once who was told to slow down.
        way->failures += note.what == "parse" ? 0 : note.error.code == Errc::rate_limited ? failures_enough : 1;
      }
    } else if (found.remarks.size() < 16) {
      found.remarks.push_back(std::string(note.what) + ": " + said);
    }
  });
}

bool VenueTrial::lists_due() const {
  if (adapter_ == nullptr || settings_.adapter) return false;
  const bool elsewhere = settings_.rest_url.empty() && !settings_.ws_url.empty();
  if (elsewhere && settings_.transport == fetchers::Transport::streams) return false;
  return !fetchers::instrument_questions(settings_.venue, settings_.symbols).empty();
}

bool VenueTrial::settled(const VenueCheck& check, const fetchers::VenueState& state) const {
  if (!check.problems.empty()) return true;
  const bool listed = !lists_due() || state.lists_read || lists_failed_;
  const std::size_t instruments = wanted(check);
  const bool patient = since() > courtesy;
  if (!node::settled(check.rest, instruments) || !node::settled(check.stream, instruments)) {
    const bool stepped = (!check.rest || !check.rest->steps.empty()) && (!check.stream || !check.stream->steps.empty());
    return patient && listed && stepped && (works(check) || all_told(check));
  }
  return listed || patient;
}

VenueCheck VenueTrial::look() {
  const auto state = feeds_->states().front();
  found_.update([&](VenueCheck& found) {
    if (found.done) return;
    found.clock_offset = state.clock_offset;
    if (found.rest && state.left_alone.value > 0) found.rest->failures = failures_enough;
    for (auto& one : found.instruments) {
      one.listed.reset();
      one.problem = one.halted ? one.symbol + " is halted" : "";
    }
    for (const auto& problem : state.problems) {
      const std::string& shown = fetchers::name_in(settings_.names, problem.symbol);
      for (auto& one : found.instruments) {
        if (one.symbol != shown) continue;
        one.problem = problem.text;
        if (lists_due()) one.listed = problem.listed;
      }
    }
    found.done = settled(found, state);
  });
  VenueCheck now = found_.read();
  if (now.done) feeds_->stop();
  return now;
}

VenueCheck VenueTrial::end(Micros patience) {
  look();
  feeds_->stop();
  found_.update([&](VenueCheck& found) {
    const std::string within = " within " + std::to_string(patience.value / 1'000'000) + " s";
    for (auto* road : {&found.rest, &found.stream}) {
      if (!*road) continue;
      if ((*road)->steps.empty()) (*road)->steps.push_back({"dns", false, patience, "no address" + within});
      const bool silent = (*road)->told == 0 && (*road)->failure.empty();
      if (silent) (*road)->failure = ((*road)->answered ? "connected, but no quote" : "no answer") + within;
    }
    found.done = true;
  });
  return found_.read();
}

}  // namespace assay::node
