#include "fetchers/io/ws_client.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <mutex>
#include <utility>

#include "fetchers/backoff.hpp"
#include "fetchers/io/url.hpp"
#include "fetchers/io/ws_connection.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;

std::chrono::microseconds span(Micros time) {
  return std::chrono::microseconds{time.value};
}

/// One connection with its timers, from the attempt to its end.
struct Session {
  Session(asio::io_context& io, WsConnectionId number, RateRule send_rule)
      : id(number), ledger(std::array{send_rule}), pulse_timer(io), ping_timer(io), send_timer(io), age_timer(io) {}

  void end() {
    if (connection) connection->cut();
    for (asio::steady_timer* timer : {&pulse_timer, &ping_timer, &send_timer, &age_timer}) timer->cancel();
    ended = true;
  }

  const WsConnectionId id;
  RateLedger ledger;  ///< of the frames that we send
  asio::steady_timer pulse_timer;
  asio::steady_timer ping_timer;
  asio::steady_timer send_timer;
  asio::steady_timer age_timer;  ///< while it is a replacement: of the overlap; then of its life
  std::shared_ptr<WsConnection> connection;
  std::vector<std::string> frames;
  std::deque<std::string> queue;  ///< front is being written when `writing`
  MonoTime opened_at;
  bool writing = false;
  bool open = false;
  bool spoke = false;
  bool ended = false;
  int quiet_pulses = 0;
  std::int64_t pulses = 0;
};
using SessionPtr = std::shared_ptr<Session>;

/// One endpoint's life: connect, converse, wait, again. On the run() thread only.
class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(asio::io_context& io, TlsRoots& roots, std::function<MonoTime()> mono, WsEndpoint endpoint, WsEvents events,
         Entropy& entropy)
      : io_(io),
        roots_(roots),
        mono_(std::move(mono)),
        endpoint_(std::move(endpoint)),
        events_(std::move(events)),
        backoff_({endpoint_.backoff_min, endpoint_.backoff_max}, entropy),
        renewal_backoff_({endpoint_.backoff_min, endpoint_.backoff_max}, entropy),
        pause_(io),
        renewal_pause_(io) {}

  void connect() {
    main_ = new_session();
    attempt(main_);
  }

  /// Makes a replacement beside the present connection, not more often than every few seconds.
  void renew() {
    if (!main_ || !main_->open || heir_ || renewal_due_) return;
    const MonoTime now = mono_();
    const Micros early = last_renewal_ ? *last_renewal_ + 8 * endpoint_.backoff_min - now : Micros{};
    if (early.value > 0) return renew_after(early);
    heir_ = new_session();
    attempt(heir_);
  }

 private:
  SessionPtr new_session() { return std::make_shared<Session>(io_, ++sessions_, endpoint_.send_rule); }
  bool is_ours(const SessionPtr& session) const { return !session->ended && (session == main_ || session == heir_); }

  void attempt(const SessionPtr& session) {
    const Micros wait = events_.may_connect ? events_.may_connect() : Micros{};
    if (wait.value > 0) {
      return after(session->age_timer, wait, session, [this, session] { attempt(session); });
    }
    auto plan = events_.on_connect ? events_.on_connect() : Result<WsPlan>(WsPlan{endpoint_.url, endpoint_.frames});
    auto url = plan ? parse_url(plan->url) : Result<Url>(plan.error());
    auto proxy = endpoint_.proxy.empty() ? Result<Proxy>(Proxy{}) : parse_proxy(endpoint_.proxy);
    if (!url || !proxy) {  // told from the loop: an attempt never ends within its own call
      const Error error = url ? proxy.error() : url.error();
      return asio::post(io_, [self = shared_from_this(), session, error] { self->down(session, error, error.detail); });
    }
    session->frames = std::move(plan->frames);
    WsCall call;
    call.url = *std::move(url);
    if (!endpoint_.proxy.empty()) call.proxy = *std::move(proxy);
    call.ca_file = endpoint_.ca_file;
    call.connect_timeout = endpoint_.connect_timeout;
    call.message_size_max = endpoint_.message_size_max;
    const std::weak_ptr<Client> us = weak_from_this();  // both hold the connection, which holds these
    const std::weak_ptr<Session> known = session;
    session->connection =
        open_ws(io_, roots_, std::move(call),
                {.on_open = [us, known] { tell(us, known, &Client::opened); },
                 .on_message = [us, known](ByteSpan message) { tell(us, known, &Client::heard, message); },
                 .on_down = [us, known](Error error,
                                        const std::string& text) { tell(us, known, &Client::down, error, text); }});
  }

  template <class Call, class... Arguments>
  static void tell(const std::weak_ptr<Client>& us, const std::weak_ptr<Session>& known, Call call,
                   const Arguments&... arguments) {
    const auto self = us.lock();
    const SessionPtr session = known.lock();
    if (self && session) ((*self).*call)(session, arguments...);
  }

  void opened(const SessionPtr& session) {
    if (!is_ours(session)) return;
    session->open = true;
    session->opened_at = mono_();
    for (std::string& frame : session->frames) enqueue(session, std::move(frame));
    if (session->ended) return;
    session->frames.clear();
    pulse(session);
    if (endpoint_.ping_interval.value > 0) schedule_ping(session);
    if (session == heir_) {
      after(session->age_timer, endpoint_.overlap_max, session, [this, session] { overlap_ends(session); });
    } else {
      schedule_renewal(session);
    }
    if (events_.on_open) events_.on_open(session->id);
  }

  void heard(const SessionPtr& session, ByteSpan message) {
    if (!is_ours(session)) return;
    session->quiet_pulses = 0;
    session->spoke = true;
    WsReaction reaction = events_.on_message(session->id, message);
    if (reaction.reply) enqueue(session, *std::move(reaction.reply));
    if (session == heir_ && reaction.renew) {
      return down(session, Error{Errc::malformed, "a new connection that misses nothing"}, "replacement: incomplete");
    }
    if (session == heir_ && reaction.settled) promote();
    if (session == main_ && reaction.renew) renew();
  }

  /// The replacement takes over.
  void promote() {
    const SessionPtr old = std::exchange(main_, std::exchange(heir_, nullptr));
    last_renewal_ = mono_();
    renewal_backoff_.reset();
    schedule_renewal(main_);
    if (old) close(old);
    if (events_.on_renewal) events_.on_renewal(Ok{});
  }

  void overlap_ends(const SessionPtr& session) {
    if (session != heir_) return;
    if (session->spoke) return promote();
    down(session, Error{Errc::timed_out, "a word of the new connection within overlap_max"}, "replacement: silent");
  }

  void close(const SessionPtr& session) {
    const bool was_open = session->open;
    session->end();
    if (was_open && events_.on_close) events_.on_close(session->id);
  }

  void down(const SessionPtr& session, Error error, std::string_view text) {
    if (!is_ours(session)) return;
    const std::string said = printable(text);  // a proxy's or a server's own words may be in it
    close(session);
    if (session == heir_) {
      heir_ = nullptr;
      if (events_.on_renewal) events_.on_renewal(error);
      return renew_after(renewal_backoff_.next());
    }
    main_ = nullptr;
    if (heir_ && heir_->open) return promote();
    if (events_.on_down) events_.on_down(error, said);
    main_ = std::exchange(heir_, nullptr);  // what was to replace it is on its way
    if (main_) return;
    pause_.expires_after(span(backoff_.next()));
    pause_.async_wait([self = shared_from_this()](Code code) {
      if (!code) self->connect();
    });
  }

  void schedule_renewal(const SessionPtr& session) {
    session->age_timer.cancel();
    if (endpoint_.life_max.value <= 0) return;
    const Micros sixteenth{endpoint_.life_max.value / 16};
    const Micros life = backoff_.within(14 * sixteenth, 15 * sixteenth);
    const Micros left = session->opened_at + life - mono_();
    after(session->age_timer, std::max(left, Micros{}), session, [this] { renew(); });
  }

  void renew_after(Micros wait) {
    renewal_due_ = true;
    renewal_pause_.expires_after(span(wait));
    renewal_pause_.async_wait([self = shared_from_this()](Code code) {
      self->renewal_due_ = false;
      if (!code) self->renew();
    });
  }

  void enqueue(const SessionPtr& session, std::string text) {
    if (session->ended) return;
    if (session->queue.size() >= WsClients::send_queue_max) {
      return down(session, Error{Errc::mailbox_full, "the other side does not read what we send"}, "send queue");
    }
    session->queue.push_back(std::move(text));
    if (!session->writing && session->queue.size() == 1) flush(session);
  }

  void flush(const SessionPtr& session) {
    if (session->queue.empty() || session->ended) return;
    const MonoTime now = mono_();
    const MonoTime settled = session->opened_at + endpoint_.settle;
    const Micros wait = std::max(session->ledger.earliest(now, 1), settled) - now;
    if (wait.value > 0) return after(session->send_timer, wait, session, [this, session] { flush(session); });
    session->ledger.spend(now, 1);
    session->writing = true;
    session->connection->write(session->queue.front(), [self = shared_from_this(), session] {
      session->writing = false;
      session->queue.pop_front();
      self->flush(session);
    });
  }

  Micros pulse_interval() const {
    const Micros whole = endpoint_.silence_max.value > 0 ? endpoint_.silence_max : endpoint_.backoff_max;
    return Micros{std::max<std::int64_t>(whole.value / 4, 1000)};
  }

  /// Four pulses without a message are silence; enough pulses of a living connection forgive past failures.
  void pulse(const SessionPtr& session) {
    after(session->pulse_timer, pulse_interval(), session, [this, session] {
      ++session->pulses;
      if (session == main_ && session->pulses * pulse_interval().value >= endpoint_.backoff_max.value) backoff_.reset();
      if (++session->quiet_pulses > 4 && endpoint_.silence_max.value > 0) {
        return down(session, Error{Errc::timed_out, "a message within silence_max"}, "silent");
      }
      pulse(session);
    });
  }

  void schedule_ping(const SessionPtr& session) {
    after(session->ping_timer, endpoint_.ping_interval, session, [this, session] {
      if (endpoint_.ping_frame.empty()) {
        session->connection->ping();
      } else {
        enqueue(session, endpoint_.ping_frame);
      }
      schedule_ping(session);
    });
  }

  /// Calls later, unless the session has ended by then.
  void after(asio::steady_timer& timer, Micros wait, const SessionPtr& session, std::function<void()> call) {
    timer.expires_after(span(wait));
    timer.async_wait([self = shared_from_this(), session, call = std::move(call)](Code code) {
      if (!code && self->is_ours(session)) call();
    });
  }

  asio::io_context& io_;
  TlsRoots& roots_;
  const std::function<MonoTime()> mono_;
  const WsEndpoint endpoint_;
  const WsEvents events_;
  Backoff backoff_;
  Backoff renewal_backoff_;           ///< its own: the connection that lives forgives no failure of the other
  asio::steady_timer pause_;          ///< between attempts while there is no connection
  asio::steady_timer renewal_pause_;  ///< between attempts at a replacement
  SessionPtr main_;
  SessionPtr heir_;  ///< what is to replace it
  std::optional<MonoTime> last_renewal_;
  bool renewal_due_ = false;
  WsConnectionId sessions_ = 0;
};

}  // namespace

class WsClients::Impl {
 public:
  Impl(std::function<MonoTime()> mono, Entropy& entropy) : mono_(std::move(mono)), entropy_(entropy) {}

  Result<std::size_t> add(WsEndpoint endpoint, WsEvents events) {
    auto url = parse_url(endpoint.url);
    if (!url) return url.error();
    if (url->scheme != "ws" && url->scheme != "wss") return Error{Errc::malformed, "a ws:// or wss:// URL"};
    const std::lock_guard lock(mutex_);
    auto client = std::make_shared<Client>(io_, roots_, mono_, std::move(endpoint), std::move(events), entropy_);
    clients_.push_back(client);
    asio::post(io_, [client = std::move(client)] { client->connect(); });
    return clients_.size() - 1;
  }

  void renew(std::size_t index) {
    const std::lock_guard lock(mutex_);
    if (index < clients_.size()) asio::post(io_, [client = clients_[index]] { client->renew(); });
  }

  void run() { io_.run(); }
  void stop() { io_.stop(); }

 private:
  const std::function<MonoTime()> mono_;
  Entropy& entropy_;
  TlsRoots roots_;  ///< outlives the streams, which the io_context destroys
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  std::mutex mutex_;                              ///< guards clients_ and entropy_
  std::vector<std::shared_ptr<Client>> clients_;  ///< only grows
};

WsClients::WsClients(std::function<MonoTime()> mono, Entropy& jitter)
    : impl_(std::make_unique<Impl>(std::move(mono), jitter)) {}
WsClients::~WsClients() = default;

Result<std::size_t> WsClients::add(WsEndpoint endpoint, WsEvents events) {
  return impl_->add(std::move(endpoint), std::move(events));
}
void WsClients::renew(std::size_t index) {
  impl_->renew(index);
}
void WsClients::run() {
  impl_->run();
}
void WsClients::stop() {
  impl_->stop();
}

}  // namespace assay::fetchers
