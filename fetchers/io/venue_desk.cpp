#include "fetchers/io/venue_desk.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "fetchers/io/url.hpp"
#include "fetchers/quote_lines.hpp"
#include "fetchers/symbol_match.hpp"

namespace assay::fetchers {
namespace {

VenueLimits limits_for(const VenueFeedSettings& settings) {
  VenueLimits limits = limits_of(settings.venue);
  if (settings.requests) limits.requests = {*settings.requests};
  return limits;
}

/// The symbols in as many parts as one stream may carry each.
std::vector<std::vector<std::string>> parts_of(const std::vector<std::string>& symbols, std::uint32_t part_max) {
  if (part_max == 0 || symbols.empty()) return {symbols};
  std::vector<std::vector<std::string>> parts;
  for (std::size_t i = 0; i < symbols.size(); i += part_max) {
    const auto first = symbols.begin() + static_cast<std::ptrdiff_t>(i);
    const auto size = std::min<std::size_t>(part_max, symbols.size() - i);
    parts.emplace_back(first, first + static_cast<std::ptrdiff_t>(size));
  }
  return parts;
}

bool has_control(const Parsed& parsed, std::string_view name) {
  return std::any_of(parsed.items.begin(), parsed.items.end(), [&](const ParsedItem& item) {
    const auto* control = std::get_if<Control>(&item);
    return control != nullptr && control->name == name;
  });
}

/// What a body is worth: one that holds nothing but refusals is as bad as its first.
Condition worth_of(const Parsed& parsed) {
  const Refusal* first = nullptr;
  for (const ParsedItem& item : parsed.items) {
    const auto* refusal = std::get_if<Refusal>(&item);
    if (refusal == nullptr) return Condition::good;
    if (first == nullptr) first = refusal;
  }
  if (first == nullptr) return Condition::good;
  if (first->error.code == Errc::rate_limited) return Condition::rate_limited;
  return first->error.code == Errc::html_page ? Condition::html_page : Condition::bad_answer;
}

}  // namespace

VenueDesk::VenueDesk(VenueFeedSettings given, std::function<void(Quote)> sink, std::function<void(VenueNote)> note)
    : settings(std::move(given)),
      adapter(settings.adapter ? settings.adapter.get() : find_adapter(settings.venue)),
      limits(limits_for(settings)),
      sink_(std::move(sink)),
      note_(std::move(note)) {
  state.venue = settings.venue;
  if (adapter == nullptr) return;
  intake.emplace(
      IntakeSettings{settings.venue, settings.symbols, settings.names}, *adapter,
      [this](Quote quote) { take_quote(std::move(quote)); }, note_);
  if (!settings.adapter) questions_ = instrument_questions(settings.venue, settings.symbols);
  problems_.resize(questions_.size());
  for (auto& part : parts_of(settings.symbols, limits.symbols_per_stream)) {
    streams_.push_back({.symbols = std::move(part), .told = {}, .talking = {}});
  }
  build_requests();
  polled_at_.resize(requests_.size());
  point_at_unasked();
}

/// A venue that is only polled never speaks of what its adapter has no request for.
void VenueDesk::point_at_unasked() {
  if (!adapter->ws_base().empty() || !settings.ws_url.empty()) return;
  for (const std::string& symbol : settings.symbols) {
    const std::span<const std::string> alone(&symbol, 1);
    if (!adapter->rest_targets(alone).empty() || !adapter->rest_posts(alone).empty()) continue;
    state.problems.push_back(
        {symbol, false, symbol + " is not known to be asked for; a pool is described under `pools`"});
    tell("instruments", Error{Errc::symbol_unknown, "an instrument that can be asked for"}, state.problems.back().text);
  }
}

void VenueDesk::tell(std::string_view what, Error error, std::string_view text) const {
  if (note_) note_(VenueNote{settings.venue, what, error, std::string(text)});
}

std::vector<std::string> VenueDesk::asked_of(const std::vector<std::string>& symbols) const {
  std::vector<std::string> asked;
  std::copy_if(symbols.begin(), symbols.end(), std::back_inserter(asked),
               [&](const std::string& symbol) { return !unlisted_.contains(symbol); });
  return asked;
}

/// The slots stay: what is asked in them follows from the symbols that are listed.
void VenueDesk::build_requests() {
  const auto symbols = asked_of(settings.symbols);
  std::vector<HttpRequest> requests;
  for (std::string& target : adapter->rest_targets(symbols)) requests.push_back({std::move(target), {}});
  for (RestPost& post : adapter->rest_posts(symbols))
    requests.push_back({std::move(post.target), std::move(post.body)});
  if (!requests_.empty()) requests.resize(requests_.size());
  requests_ = std::move(requests);
  asked_names_.clear();
  for (const std::string& symbol : symbols) asked_names_.push_back(name_in(settings.names, symbol));
}

std::vector<RateRule> VenueDesk::allowances() const {
  std::vector<RateRule> rules;
  for (const RateRule& rule : limits.requests) rules.push_back(settings.requests ? rule : careful(rule));
  return rules;
}

std::uint32_t VenueDesk::weight(const HttpRequest& request) const {
  return weight_of(settings.venue, request.body.empty() ? request.target : request.target + " " + request.body);
}

/// Spread over the window: spent at once, an allowance would leave its rest without a word.
Micros VenueDesk::poll_interval() const {
  std::int64_t round = 0;
  for (const HttpRequest& request : requests_) round += weight(request);
  Micros interval = settings.poll_interval;
  for (const RateRule& rule : allowances()) {
    if (rule.allowance > 0) interval = std::max(interval, Micros{rule.window.value * round / rule.allowance});
  }
  return interval;
}

std::optional<PollRequest> VenueDesk::next_poll(std::size_t slot, MonoTime now) {
  const HttpRequest& request = requests_[slot];
  if (request.target.empty() && request.body.empty()) return std::nullopt;
  Micros quiet_max = std::max(2 * settings.poll_interval, StreamCover::fresh_max);
  // What is older than this does not count: polling is to begin before.
  if (settings.age_max) quiet_max = std::min(quiet_max, Micros{settings.age_max->value / 2});
  const auto& polled_at = polled_at_[slot];
  const bool looked = polled_at && now - *polled_at < check_interval;
  if (looked && state.connected && cover_.covers(asked_names_, now, quiet_max)) return std::nullopt;
  return PollRequest{.request = request, .weight = weight(request)};
}

Condition VenueDesk::take_body(const Parsed& parsed, Moment at) {
  road_ = Road::poll;
  polled_.clear();
  intake->take(parsed, at);
  road_ = Road::none;
  if (!state.connected) state.state = "polling";
  const Condition worth = worth_of(parsed);
  if (worth == Condition::bad_answer) intake->doubt();
  if (worth == Condition::good && requests_.size() == 1) {
    for (const std::string& name : asked_names_) {
      if (!polled_.contains(name)) intake->doubt(name);
    }
  }
  return worth;
}

void VenueDesk::take_quote(Quote quote) {
  const bool priced = is_price(quote);  // else it takes back what was said, or is a word on its trading
  const bool news = priced && quote.repeated == Micros{};
  if (news) heard_.insert(quote.symbol);
  const bool streamed = road_ == Road::stream && has_price(quote);
  if (streamed && !counts_by_stream(quote, news ? News::fresh : News::repeated)) return;
  if (news && road_ == Road::poll) {
    polled_.insert(quote.symbol);
    doubt(quote);
  }
  sink_(std::move(quote));
}

/// Takes note of what a stream tells. What is repeated covers nothing: polling goes on where nothing else tells that
/// it stands.   returns  whether it counts
bool VenueDesk::counts_by_stream(const Quote& quote, News news) {
  if (is_overtaken(*stream_, connection_, quote.symbol)) return false;
  if (news == News::fresh) {
    cover_.streamed(quote);
    stream_->talking[connection_].insert(quote.symbol);
  }
  return !cover_.contradicts(quote.symbol, quote.recv_mono);
}

/// While one connection replaces another, what the newer one has told of is its own: the older may lag behind it, and
/// not every venue dates what it says.
bool VenueDesk::is_overtaken(const Stream& stream, WsConnectionId connection, const std::string& symbol) const {
  return std::any_of(stream.talking.upper_bound(connection), stream.talking.end(),
                     [&](const auto& newer) { return newer.second.contains(symbol); });
}

/// Holds a polled quote against the streams. The one that brings the contradiction replaces what the stream said last,
/// however late that was dated.
void VenueDesk::doubt(Quote& polled) {
  const bool doubted = cover_.contradicts(polled.symbol, polled.recv_mono);
  const std::uint32_t times = cover_.disagreement(polled);
  if (times == 0 || times % StreamCover::disagreements_max != 0) return;
  ++state.disagreements;
  distrusts_streams_ = true;
  if (!doubted) polled.venue_time.reset();
  tell("check", Error{Errc::venue_error, "a stream that agrees with polling"}, polled.symbol);
}

WsPlan VenueDesk::plan(std::size_t stream) const {
  Subscription subscription = adapter->subscribe(asked_of(streams_[stream].symbols));
  const std::string_view base = settings.ws_url.empty() ? adapter->ws_base() : std::string_view(settings.ws_url);
  return {.url = join_url(base, subscription.target), .frames = std::move(subscription.frames)};
}

std::string VenueDesk::target_of(std::size_t stream) const {
  return adapter->subscribe(asked_of(streams_[stream].symbols)).target;
}

std::uint64_t VenueDesk::tape_number(std::size_t stream, WsConnectionId connection) {
  return connection * 1000 + stream;
}

void VenueDesk::opened(std::size_t stream, WsConnectionId connection) {
  intake->opened(tape_number(stream, connection));
  streams_[stream].talking[connection] = {};
  streams_[stream].up = true;
  state.connected = std::all_of(streams_.begin(), streams_.end(), [](const Stream& one) { return one.up; });
  if (state.connected) state.state = "streaming";
}

void VenueDesk::closed(std::size_t stream, WsConnectionId connection) {
  intake->closed(tape_number(stream, connection));
  streams_[stream].talking.erase(connection);
}

void VenueDesk::down(std::size_t stream) {
  streams_[stream].up = false;
  state.connected = false;
  ++state.reconnects;
  cover_.forget();
}

WsReaction VenueDesk::take_message(std::size_t stream, WsConnectionId connection, const Parsed& parsed, Moment at) {
  Stream& one = streams_[stream];
  road_ = Road::stream;
  stream_ = &one;
  connection_ = connection;
  intake->take(parsed, at, tape_number(stream, connection));
  road_ = Road::none;
  stream_ = nullptr;
  const std::set<std::string>& talk = one.talking[connection];
  one.told.insert(talk.begin(), talk.end());
  if (parsed.missed) ++state.gaps;
  return {.reply = parsed.reply,
          .settled = std::includes(talk.begin(), talk.end(), one.told.begin(), one.told.end()),
          .renew = parsed.missed || has_control(parsed, "shutdown")};
}

std::vector<InstrumentProblem> VenueDesk::judge(std::size_t question, std::span<const ListedInstrument> listed) const {
  return instrument_problems(questions_[question].symbols, settings.pairs, listed);
}

bool VenueDesk::take_problems(std::size_t question, std::vector<InstrumentProblem> problems, Moment at) {
  for (const InstrumentProblem& problem : problems) {
    const auto& known = problems_[question];
    if (known && std::find(known->begin(), known->end(), problem) != known->end()) continue;
    tell("instruments", Error{Errc::symbol_unknown, "a symbol that the venue lists and trades"}, problem.text);
  }
  for (const std::string& symbol : questions_[question].symbols) {
    const bool halted = std::any_of(problems.begin(), problems.end(), [&](const InstrumentProblem& problem) {
      return problem.listed && problem.symbol == symbol;
    });
    intake->take_trading(symbol, Halts::list, halted ? Trading::halted : Trading::trading, at);
  }
  problems_[question] = std::move(problems);
  state.lists_read = std::all_of(problems_.begin(), problems_.end(), [](const auto& one) { return one.has_value(); });
  const auto before = unlisted_;
  list_problems();
  if (unlisted_ == before) return false;
  build_requests();
  for (Stream& stream : streams_) {
    for (const std::string& symbol : unlisted_) stream.told.erase(name_in(settings.names, symbol));
  }
  return true;
}

/// What all lists together come to: what is shown, and what is not asked for.
void VenueDesk::list_problems() {
  unlisted_.clear();
  state.problems.clear();
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    if (!problems_[i]) continue;
    std::set<std::string> unlisted;
    for (const InstrumentProblem& problem : *problems_[i]) {
      state.problems.push_back(problem);
      if (!problem.listed) unlisted.insert(problem.symbol);
    }
    // A list in which nothing of ours stands says more of the list than of us.
    if (unlisted.size() < questions_[i].symbols.size()) unlisted_.merge(unlisted);
  }
}

VenueState VenueDesk::state_at(MonoTime now) const {
  VenueState shown = state;
  if (rest_gate) {
    const SharedGate::View view = rest_gate->view(now);
    shown.condition = view.condition;
    shown.left_alone = view.left_alone;
  }
  if (!intake) return shown;
  shown.contradicted = cover_.contradicted(now);
  shown.messages = intake->messages();
  shown.quotes = intake->quotes();
  shown.refusals = intake->refusals();
  shown.unlisted = intake->unlisted();
  shown.untimely = intake->untimely();
  shown.clock_offset = intake->clock().offset(now);
  if (const auto last = intake->last_message()) shown.last_message_age = now - *last;
  const auto first = intake->first_message();
  if (!first || now - *first < mute_after) return shown;
  for (const std::string& symbol : settings.symbols) {
    if (!heard_.contains(name_in(settings.names, symbol))) shown.mute.push_back(symbol);
  }
  return shown;
}

}  // namespace assay::fetchers
