#include "fetchers/io/venue_feed.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <variant>

#include "fetchers/endpoint.hpp"
#include "fetchers/io/http_poller.hpp"
#include "fetchers/io/url.hpp"
#include "fetchers/io/ws_client.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {
namespace {

/// One venue with what has happened to it: guarded by the owner's mutex, but for the settings and the adapter.
struct Venue {
  VenueFeedSettings settings;
  const Adapter* adapter = nullptr;
  VenueState state;
  std::optional<Intake> intake;  ///< its counters are guarded too; none without an adapter
  std::string token;             ///< newest
};

enum class Wants : std::uint8_t { quotes, token };

/// Which request of which venue a poll target is.
struct Poll {
  Venue* venue;
  Wants wants;
  std::string endpoint;  ///< as Adapter::parse_rest() takes it
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
       std::function<void(VenueNote)> note)
      : clocks_(std::move(clocks)), sink_(std::move(sink)), note_(std::move(note)), streams_(entropy) {
    for (VenueFeedSettings& settings : venues) {
      auto venue = std::make_unique<Venue>();
      venue->adapter = settings.adapter ? settings.adapter.get() : find_adapter(settings.venue);
      venue->state.venue = settings.venue;
      venue->settings = std::move(settings);
      if (venue->adapter != nullptr) {
        venue->intake.emplace(venue->settings.venue, venue->settings.symbols, *venue->adapter, sink_, note_);
      }
      venues_.push_back(std::move(venue));
    }
    std::vector<PollTarget> targets;
    for (const auto& venue : venues_) {
      if (venue->adapter == nullptr) {
        down(*venue, "settings", Error{Errc::unsupported, "a venue with an adapter"}, venue->settings.venue);
        continue;
      }
      if (uses_streams(venue->settings.transport)) {
        add_stream(*venue);
        add_token(*venue, targets);
      }
      if (uses_polls(venue->settings.transport)) add_polls(*venue, targets);
    }
    poller_ = std::make_unique<HttpPoller>(std::move(targets), clocks_.mono, entropy,
                                           [this](std::size_t index, Result<HttpAnswer> answer, std::string_view text) {
                                             polled(polls_[index], std::move(answer), text);
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
    for (const auto& venue : venues_) {
      states.push_back(state_of(*venue, now));
    }
    return states;
  }

 private:
  static VenueState state_of(const Venue& venue, MonoTime now) {
    VenueState state = venue.state;
    if (!venue.intake) return state;
    state.messages = venue.intake->messages();
    state.quotes = venue.intake->quotes();
    state.refusals = venue.intake->refusals();
    state.unlisted = venue.intake->unlisted();
    if (const auto last = venue.intake->last_message()) state.last_message_age = now - *last;
    return state;
  }

  void add_stream(Venue& venue) {
    const Adapter& adapter = *venue.adapter;
    Subscription subscription = adapter.subscribe(venue.settings.symbols);
    const std::string& base = venue.settings.ws_url;
    if (base.empty() && adapter.ws_base().empty()) return;  // a venue without streams
    WsEndpoint endpoint;
    endpoint.url = join_url(base.empty() ? adapter.ws_base() : std::string_view(base), subscription.target);
    endpoint.ca_file = venue.settings.ca_file;
    endpoint.frames = std::move(subscription.frames);
    endpoint.ping_interval = adapter.ping().interval;
    endpoint.ping_frame = adapter.ping().frame;
    endpoint.silence_max = adapter.silence_max();
    endpoint.message_size_max = payload_size_max;
    venue.state.state = "connecting";
    WsEvents events;
    events.on_message = [this, &venue, path = subscription.target](ByteSpan message) {
      return heard(venue, message, path);
    };
    events.on_open = [this, &venue, path = subscription.target] {
      const std::lock_guard lock(mutex_);
      record(venue, TapeVia::opened, path, {}, now());
      venue.intake->opened();
      venue.state.connected = true;
      venue.state.state = "streaming";
    };
    events.on_down = [this, &venue](Error error, std::string_view text) { down(venue, "stream", error, text); };
    if (adapter.token_rule()) {
      events.on_connect = [this, &venue, url = endpoint.url] { return with_token(venue, url); };
    }
    const auto added = streams_.add(std::move(endpoint), std::move(events));
    if (!added) down(venue, "settings", added.error(), "WebSocket URL");
  }

  void add_token(Venue& venue, std::vector<PollTarget>& targets) {
    const auto rule = venue.adapter->token_rule();
    if (!rule) return;
    targets.push_back(poll_target(venue, {}, rule->request.target, rule->request.body));
    targets.back().interval = rule->lifetime;
    polls_.push_back(Poll{&venue, Wants::token, {}});
  }

  Result<std::string> with_token(const Venue& venue, const std::string& url) {
    const std::lock_guard lock(mutex_);
    if (venue.token.empty()) return Error{Errc::missing_field, "a token for this stream"};
    return url + (url.find('?') == std::string::npos ? "?token=" : "&token=") + percent_encoded(venue.token);
  }

  void add_polls(Venue& venue, std::vector<PollTarget>& targets) {
    KeyRule rule = venue.adapter->key_rule();
    if (venue.settings.api_key.empty() && !venue.settings.rest_url.empty()) rule = {};  // somebody else adds it
    if (venue.settings.api_key.empty() && rule.place != KeyRule::Place::none) {
      down(venue, "settings", Error{Errc::missing_field, "an api_key_env that names a set variable"}, "no key");
      return;
    }
    for (const std::string& target : venue.adapter->rest_targets(venue.settings.symbols)) {
      targets.push_back(poll_target(venue, rule, target, {}));
      polls_.push_back(Poll{&venue, Wants::quotes, target});
    }
    for (const RestPost& post : venue.adapter->rest_posts(venue.settings.symbols)) {
      targets.push_back(poll_target(venue, rule, post.target, post.body));
      polls_.push_back(Poll{&venue, Wants::quotes, "POST " + post.target + " " + post.body});
    }
  }

  static PollTarget poll_target(const Venue& venue, const KeyRule& rule, std::string target, std::string body) {
    const std::string& base = venue.settings.rest_url;
    PollTarget poll;
    poll.base_url = base.empty() ? venue.adapter->rest_base() : std::string_view(base);
    poll.target = std::move(target);
    poll.body = std::move(body);
    poll.ca_file = venue.settings.ca_file;
    poll.interval = venue.settings.poll_interval;
    poll.body_size_max = payload_size_max;
    switch (rule.place) {
      case KeyRule::Place::none:
        break;
      case KeyRule::Place::query:
        poll.secret_query = std::string(rule.name) + "=" + percent_encoded(venue.settings.api_key);
        break;
      case KeyRule::Place::header:
        poll.secret_header = std::string(rule.name) + ": " + std::string(rule.prefix) + venue.settings.api_key;
        break;
    }
    return poll;
  }

  std::optional<std::string> heard(Venue& venue, ByteSpan message, const std::string& path) {
    const Moment at = now();
    Parsed parsed = venue.intake->read_message(message, path);
    const std::lock_guard lock(mutex_);
    record(venue, TapeVia::message, path, message, at);
    venue.intake->take(parsed, at);
    return std::move(parsed.reply);
  }

  void polled(const Poll& poll, Result<HttpAnswer> answer, std::string_view text) {
    Venue& venue = *poll.venue;
    if (!answer) {
      const std::lock_guard lock(mutex_);
      ++venue.state.poll_failures;
      if (!venue.state.connected) venue.state.state = "down: " + std::string(text);
      return tell(venue, "poll", answer.error(), text);
    }
    const Moment at = now();
    const ByteSpan body(reinterpret_cast<const std::uint8_t*>(answer->body.data()), answer->body.size());
    if (poll.wants == Wants::token) return renew(venue, body);
    const Parsed parsed = venue.intake->read_body(poll.endpoint, body);
    const std::lock_guard lock(mutex_);
    if (!venue.state.connected) venue.state.state = "polling";
    record(venue, TapeVia::body, poll.endpoint, body, at);
    venue.intake->take(parsed, at);
  }

  void renew(Venue& venue, ByteSpan body) {
    std::string token = venue.adapter->token_of(body);
    const std::lock_guard lock(mutex_);
    if (token.empty()) return tell(venue, "poll", Error{Errc::missing_field, "a token in the answer"}, "token");
    venue.token = std::move(token);
  }

  Moment now() const { return {.wall = clocks_.wall(), .mono = clocks_.mono()}; }

  /// With mutex_ held.
  void record(const Venue& venue, TapeVia via, const std::string& endpoint, ByteSpan payload, Moment at) {
    if (!recorder_) return;
    recorder_({.at = at,
               .venue = venue.settings.venue,
               .via = via,
               .endpoint = endpoint,
               .payload = Bytes(payload.begin(), payload.end())});
  }

  void down(Venue& venue, std::string_view what, Error error, std::string_view text) {
    const std::lock_guard lock(mutex_);
    venue.state.connected = false;
    if (what == "stream") ++venue.state.reconnects;
    venue.state.state = "down: " + std::string(text);
    tell(venue, what, error, text);
  }

  /// With mutex_ held.
  void tell(const Venue& venue, std::string_view what, Error error, std::string_view text) {
    if (note_) note_(VenueNote{venue.settings.venue, what, error, std::string(text)});
  }

  const Clocks clocks_;
  const std::function<void(Quote)> sink_;
  const std::function<void(VenueNote)> note_;
  std::function<void(const TapeEvent&)> recorder_;  ///< set before the first run
  mutable std::mutex mutex_;                        ///< guards the venues' counters and serialises sink_ and note_
  std::vector<std::unique_ptr<Venue>> venues_;
  std::vector<Poll> polls_;  ///< by index of the poller's targets
  WsClients streams_;
  std::unique_ptr<HttpPoller> poller_;
};

VenueFeeds::VenueFeeds(std::vector<VenueFeedSettings> venues, Clocks clocks, Entropy& entropy,
                       std::function<void(Quote)> sink, std::function<void(VenueNote)> note)
    : impl_(std::make_unique<Impl>(std::move(venues), std::move(clocks), entropy, std::move(sink), std::move(note))) {}
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
