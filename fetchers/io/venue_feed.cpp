#include "fetchers/io/venue_feed.hpp"

#include <algorithm>
#include <bit>
#include <mutex>
#include <utility>

#include "fetchers/endpoint.hpp"
#include "fetchers/io/http_poller.hpp"
#include "fetchers/io/shared_gate.hpp"
#include "fetchers/io/url.hpp"
#include "fetchers/io/venue_desk.hpp"
#include "fetchers/io/ws_client.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {
namespace {

enum class Wants : std::uint8_t { quotes, token, instruments };

/// A venue with what is told of it no more than now and then, and its newest token.
struct Place {
  std::unique_ptr<VenueDesk> desk;
  std::string token;
  std::uint64_t failed_polls = 0;     ///< in a row
  std::uint64_t failed_streams = 0;   ///< likewise
  std::uint64_t failed_renewals = 0;  ///< likewise
};

/// Which request of which venue a poll target is.
struct Poll {
  Place* place;
  Wants wants;
  std::size_t index = 0;  ///< slot of quotes, question of instruments
};

bool uses_streams(Transport transport) {
  return transport != Transport::polls;
}
bool uses_polls(Transport transport) {
  return transport != Transport::streams;
}

}  // namespace

class VenueFeeds::Impl {
 public:
  Impl(std::vector<VenueFeedSettings> venues, Clocks clocks, Entropy& entropy, std::function<void(Quote)> sink,
       std::function<void(VenueNote)> note, std::shared_ptr<HostGates> gates)
      : clocks_(std::move(clocks)),
        gates_(gates ? std::move(gates) : std::make_shared<HostGates>()),
        entropy_(entropy),
        streams_(clocks_.mono, entropy) {
    std::vector<PollTarget> targets;
    for (VenueFeedSettings& settings : venues) {
      places_.push_back(std::make_unique<Place>());
      places_.back()->desk = std::make_unique<VenueDesk>(std::move(settings), sink, note);
      open(*places_.back(), targets);
    }
    poller_ = std::make_unique<HttpPoller>(std::move(targets), HttpPoller::Clocks{clocks_.mono, clocks_.wall}, entropy,
                                           [this](const HttpPoller::Asked& asked, HttpOutcome outcome) {
                                             return answered(polls_[asked.index], asked.request, std::move(outcome));
                                           });
  }

  void tap(std::function<void(const TapeEvent&)> recorder) { recorder_ = std::move(recorder); }
  void run_streams() { streams_.run(); }
  void run_pollers() { poller_->run(); }
  void stop() {
    streams_.stop();
    poller_->stop();
  }

  std::vector<VenueState> states() const {
    const MonoTime now = clocks_.mono();
    const std::lock_guard lock(mutex_);
    std::vector<VenueState> states;
    for (const auto& place : places_) states.push_back(place->desk->state_at(now));
    return states;
  }

 private:
  void open(Place& place, std::vector<PollTarget>& targets) {
    VenueDesk& desk = *place.desk;
    if (desk.adapter == nullptr) {
      return fault(desk, Error{Errc::unsupported, "a venue with an adapter"}, desk.settings.venue);
    }
    GateLimits limits;
    limits.rules = desk.allowances();
    desk.rest_gate = gates_->of(host_key(rest_base(desk)), limits, entropy_);
    if (uses_streams(desk.settings.transport)) open_streams(place, targets);
    if (uses_polls(desk.settings.transport)) open_polls(place, targets);
    const bool elsewhere = desk.settings.rest_url.empty() && !desk.settings.ws_url.empty();
    if (elsewhere && !uses_polls(desk.settings.transport)) return;  // nothing but its stream was to be asked
    for (std::size_t i = 0; i < desk.questions().size(); ++i) {
      const RestPost& post = desk.questions()[i].request;
      PollTarget target = poll_target(desk, {}, HttpRequest{post.target, post.body});
      target.interval = list_interval;
      target.retry_min = millis(10'000);
      target.backoff_max = millis(600'000);
      target.host.timeout = millis(20'000);
      targets.push_back(std::move(target));
      polls_.push_back(Poll{&place, Wants::instruments, i});
    }
  }

  static std::string rest_base(const VenueDesk& desk) {
    return desk.settings.rest_url.empty() ? std::string(desk.adapter->rest_base()) : desk.settings.rest_url;
  }

  void open_streams(Place& place, std::vector<PollTarget>& targets) {
    VenueDesk& desk = *place.desk;
    const VenueFeedSettings& settings = desk.settings;
    if (settings.ws_url.empty() && desk.adapter->ws_base().empty()) return;  // a venue without streams
    desk.state.state = "connecting";
    GateLimits limits;
    limits.rules = {careful(desk.limits.connects)};
    limits.failures_max = UINT32_MAX;  // each stream has a back-off of its own
    desk.stream_gate = gates_->of("ws " + host_key(desk.plan(0).url), limits, entropy_);
    for (std::size_t stream = 0; stream < desk.streams(); ++stream) {
      const auto added = streams_.add(endpoint_of(desk, stream), events_of(place, stream));
      if (!added) return fault(desk, added.error(), "WebSocket URL");
      desk.clients.push_back(*added);
    }
    if (const auto rule = desk.adapter->token_rule()) {
      PollTarget target = poll_target(desk, {}, HttpRequest{rule->request.target, rule->request.body});
      target.interval = rule->lifetime;
      target.retry_min = millis(1000);
      targets.push_back(std::move(target));
      polls_.push_back(Poll{&place, Wants::token});
    }
  }

  static WsEndpoint endpoint_of(const VenueDesk& desk, std::size_t stream) {
    const PingRule ping = desk.adapter->ping();
    WsEndpoint endpoint;
    endpoint.url = desk.plan(stream).url;
    endpoint.ca_file = desk.settings.ca_file;
    endpoint.proxy = desk.settings.proxy;
    endpoint.ping_interval = ping.interval;
    endpoint.ping_frame = ping.frame;
    endpoint.silence_max = desk.adapter->silence_max();
    endpoint.message_size_max = payload_size_max;
    endpoint.send_rule = careful(desk.limits.messages);
    endpoint.settle = desk.limits.settle;
    endpoint.life_max = desk.limits.life_max;
    return endpoint;
  }

  WsEvents events_of(Place& place, std::size_t stream) {
    VenueDesk& desk = *place.desk;
    const std::string path = desk.target_of(stream);
    WsEvents events;
    events.may_connect = [this, &desk] {
      const MonoTime at = clocks_.mono();
      const auto later = desk.stream_gate->ask(at, 1);
      return later ? *later - at : Micros{};
    };
    events.on_connect = [this, &place, stream] { return plan(place, stream); };
    events.on_message = [this, &desk, stream, path](WsConnectionId connection, ByteSpan message) {
      return heard(desk, stream, connection, message, path);
    };
    events.on_open = [this, &place, stream, path](WsConnectionId connection) {
      const std::lock_guard lock(mutex_);
      record(*place.desk, TapeVia::opened, path, {}, now(), VenueDesk::tape_number(stream, connection));
      place.failed_streams = 0;
      place.desk->stream_gate->answered(clocks_.mono(), Condition::good, Micros{});
      place.desk->opened(stream, connection);
    };
    events.on_close = [this, &desk, stream, path](WsConnectionId connection) {
      const Moment at = now();
      const std::lock_guard lock(mutex_);
      record(desk, TapeVia::closed, path, {}, at, VenueDesk::tape_number(stream, connection));
      desk.closed(stream, connection);
    };
    events.on_down = [this, &place, stream](Error error, std::string_view text) { down(place, stream, error, text); };
    events.on_renewal = [this, &place](const Done& replaced) { renewed(place, replaced); };
    return events;
  }

  Result<WsPlan> plan(const Place& place, std::size_t stream) {
    const std::lock_guard lock(mutex_);
    WsPlan plan = place.desk->plan(stream);
    if (!place.desk->adapter->token_rule()) return plan;
    if (place.token.empty()) return Error{Errc::missing_field, "a token for this stream"};
    plan.url += (plan.url.find('?') == std::string::npos ? "?token=" : "&token=") + percent_encoded(place.token);
    return plan;
  }

  void open_polls(Place& place, std::vector<PollTarget>& targets) {
    VenueDesk& desk = *place.desk;
    KeyRule rule = desk.adapter->key_rule();
    if (desk.settings.api_key.empty() && !desk.settings.rest_url.empty()) rule = {};  // somebody else adds it
    if (desk.settings.api_key.empty() && rule.place != KeyRule::Place::none) {
      return fault(desk, Error{Errc::missing_field, "an api_key_env that names a set variable"}, "no key");
    }
    if (desk.slots() > 0) desk.state.poll_interval = desk.poll_interval();
    warn_of_slow_polls(desk);
    for (std::size_t slot = 0; slot < desk.slots(); ++slot) {
      PollTarget target = poll_target(desk, rule, {});
      target.interval = desk.poll_interval();
      target.next = [this, &desk, slot] {
        const std::lock_guard lock(mutex_);
        return desk.next_poll(slot, clocks_.mono());
      };
      targets.push_back(std::move(target));
      polls_.push_back(Poll{&place, Wants::quotes, slot});
    }
  }

  /// What nothing but polling tells is dropped between two answers when it may not be as old as that.
  static void warn_of_slow_polls(const VenueDesk& desk) {
    const VenueFeedSettings& settings = desk.settings;
    const bool streamed =
        uses_streams(settings.transport) && !(settings.ws_url.empty() && desk.adapter->ws_base().empty());
    const Micros interval = desk.state.poll_interval;
    if (streamed || !settings.age_max || interval <= *settings.age_max) return;
    desk.tell("settings", Error{Errc::out_of_range, "polls at least as frequent as age_max_ms"},
              "polled every " + std::to_string(interval.value / 1000) + " ms, but a source of it counts for " +
                  std::to_string(settings.age_max->value / 1000) + " ms only");
  }

  static PollTarget poll_target(const VenueDesk& desk, const KeyRule& rule, HttpRequest request) {
    const VenueFeedSettings& settings = desk.settings;
    PollTarget poll;
    poll.host.base_url = rest_base(desk);
    poll.host.proxy = settings.proxy;
    poll.host.ca_file = settings.ca_file;
    poll.host.body_size_max = payload_size_max;
    poll.host.used_header = desk.limits.used_header;
    poll.gate = desk.rest_gate;
    poll.next = [wanted = PollRequest{request, desk.weight(request)}] { return std::optional(wanted); };
    poll.host.secret = settings.api_key;
    switch (rule.place) {
      case KeyRule::Place::none:
        break;
      case KeyRule::Place::query:
        poll.host.secret_query = std::string(rule.name) + "=" + percent_encoded(settings.api_key);
        break;
      case KeyRule::Place::header:
        poll.host.secret_header = std::string(rule.name) + ": " + std::string(rule.prefix) + settings.api_key;
        break;
    }
    return poll;
  }

  WsReaction heard(VenueDesk& desk, std::size_t stream, WsConnectionId connection, ByteSpan message,
                   const std::string& path) {
    const Moment at = now();
    const std::uint64_t number = VenueDesk::tape_number(stream, connection);
    const Parsed parsed = desk.intake->read_message(number, message, path);
    const std::lock_guard lock(mutex_);
    record(desk, TapeVia::message, path, message, at, number);
    return desk.take_message(stream, connection, parsed, at);
  }

  /// Bodies are read without the mutex: they may be long, and the streams go on meanwhile.
  Condition answered(const Poll& poll, const HttpRequest& request, HttpOutcome outcome) {
    const Moment at = now();
    VenueDesk& desk = *poll.place->desk;
    if (poll.wants == Wants::quotes) {
      const std::lock_guard lock(mutex_);
      desk.polled(poll.index, at.mono);
    }
    if (!outcome.answer) return failed(poll, outcome);
    const std::string& text = outcome.answer->body;
    const ByteSpan body(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    switch (poll.wants) {
      case Wants::quotes:
        break;
      case Wants::token:
        return renew_token(*poll.place, body);
      case Wants::instruments:
        return list(desk, poll.index, read_instruments(desk.questions()[poll.index], body), outcome.condition);
    }
    const std::string endpoint = request.body.empty() ? request.target : "POST " + request.target + " " + request.body;
    const Parsed parsed = desk.intake->read_body(endpoint, body);
    const std::lock_guard lock(mutex_);
    poll.place->failed_polls = 0;
    record(desk, TapeVia::body, endpoint, body, at, 0);
    const Condition worth = desk.take_body(parsed, at);
    if (desk.distrusts_streams()) renew_streams(desk);
    return outcome.condition == Condition::html_page ? outcome.condition : worth;
  }

  /// Told at its 1st, 2nd, 4th, 8th... time in a row.
  Condition failed(const Poll& poll, const HttpOutcome& outcome) {
    const std::lock_guard lock(mutex_);
    VenueDesk& desk = *poll.place->desk;
    if (poll.wants == Wants::instruments) {
      desk.tell("instruments", outcome.answer.error(), outcome.text);
      return outcome.condition;
    }
    ++desk.state.poll_failures;
    if (outcome.condition == Condition::bad_answer) desk.intake->doubt();
    if (!desk.state.connected) desk.state.state = "down: " + outcome.text;
    if (std::has_single_bit(++poll.place->failed_polls)) desk.tell("poll", outcome.answer.error(), outcome.text);
    return outcome.condition;
  }

  Condition renew_token(Place& place, ByteSpan body) {
    std::string token = place.desk->adapter->token_of(body);
    const std::lock_guard lock(mutex_);
    if (token.empty()) {
      place.desk->tell("poll", Error{Errc::missing_field, "a token in the answer"}, "token");
      return Condition::bad_answer;
    }
    place.token = std::move(token);
    return Condition::good;
  }

  /// Lists are long: they are held against ours without the mutex.
  Condition list(VenueDesk& desk, std::size_t question, Result<std::vector<ListedInstrument>> listed,
                 Condition condition) {
    std::vector<InstrumentProblem> problems;
    if (listed) problems = desk.judge(question, *listed);
    const bool good = problems.empty();
    const std::lock_guard lock(mutex_);
    if (!listed) {
      desk.tell("instruments", listed.error(), "no list of instruments");
      return condition == Condition::good ? Condition::bad_answer : condition;
    }
    if (desk.take_problems(question, std::move(problems), now())) renew_streams(desk);
    // What is not listed may be soon: such a list is looked at again after seconds, then minutes.
    return good ? Condition::good : Condition::bad_answer;
  }

  void renew_streams(const VenueDesk& desk) {
    for (const std::size_t client : desk.clients) streams_.renew(client);
  }

  Moment now() const { return {.wall = clocks_.wall(), .mono = clocks_.mono()}; }

  /// With mutex_ held.
  void record(const VenueDesk& desk, TapeVia via, const std::string& endpoint, ByteSpan payload, Moment at,
              std::uint64_t connection) {
    if (!recorder_) return;
    recorder_({.at = at,
               .venue = desk.settings.venue,
               .via = via,
               .endpoint = endpoint,
               .payload = Bytes(payload.begin(), payload.end()),
               .connection = connection});
  }

  void down(Place& place, std::size_t stream, Error error, std::string_view text) {
    const MonoTime at = clocks_.mono();
    const std::lock_guard lock(mutex_);
    VenueDesk& desk = *place.desk;
    if (error.code == Errc::rate_limited) desk.stream_gate->answered(at, Condition::rate_limited, Micros{});
    desk.down(stream);
    desk.state.state = "down: " + std::string(text);
    if (std::has_single_bit(++place.failed_streams)) desk.tell("stream", error, text);
  }

  void renewed(Place& place, const Done& replaced) {
    const MonoTime at = clocks_.mono();
    const std::lock_guard lock(mutex_);
    VenueDesk& desk = *place.desk;
    if (replaced) {
      place.failed_renewals = 0;
      ++desk.state.renewals;
      return;
    }
    const Error error = replaced.error();
    if (error.code == Errc::rate_limited) desk.stream_gate->answered(at, Condition::rate_limited, Micros{});
    if (!std::has_single_bit(++place.failed_renewals)) return;
    desk.tell("stream", error, "a replacement failed; the old connection goes on");
  }

  /// What is wrong with the settings of a venue: it stays silent. Before anything runs.
  static void fault(VenueDesk& desk, Error error, const std::string& text) {
    desk.state.state = "down: " + text;
    desk.tell("settings", error, text);
  }

  const Clocks clocks_;
  const std::shared_ptr<HostGates> gates_;
  Entropy& entropy_;                                ///< drawn from in the constructor only
  std::function<void(const TapeEvent&)> recorder_;  ///< set before the first run
  mutable std::mutex mutex_;                        ///< guards the desks and serialises what they are told to tell
  std::vector<std::unique_ptr<Place>> places_;
  std::vector<Poll> polls_;  ///< by index of the poller's targets
  WsClients streams_;
  std::unique_ptr<HttpPoller> poller_;
};

VenueFeeds::VenueFeeds(std::vector<VenueFeedSettings> venues, Clocks clocks, Entropy& entropy,
                       std::function<void(Quote)> sink, std::function<void(VenueNote)> note,
                       std::shared_ptr<HostGates> gates)
    : impl_(std::make_unique<Impl>(std::move(venues), std::move(clocks), entropy, std::move(sink), std::move(note),
                                   std::move(gates))) {}
VenueFeeds::~VenueFeeds() = default;
void VenueFeeds::tap(std::function<void(const TapeEvent&)> recorder) {
  impl_->tap(std::move(recorder));
}
void VenueFeeds::run_streams() {
  impl_->run_streams();
}
void VenueFeeds::run_pollers() {
  impl_->run_pollers();
}
void VenueFeeds::stop() {
  impl_->stop();
}
std::vector<VenueState> VenueFeeds::states() const {
  return impl_->states();
}

}  // namespace assay::fetchers
