#include "publisher/io/server.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "publisher/hub.hpp"
#include "publisher/io/address_quota.hpp"
#include "publisher/listen_address.hpp"
#include "publisher/requests.hpp"

namespace assay::publisher {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using WebSocket = websocket::stream<beast::tcp_stream, false>;  // no deflate: frames are shared, not per client

/// Monotonic, for rates only.
MonoTime mono_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();  // tidy: allow(clock) rates and time-outs
  return MonoTime{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

/// What every connection shares; lives on the server's one thread, counters apart.
struct Shared {
  ServerSettings settings;
  Service service;
  Hub hub;
  AddressQuota quota{settings.unsubscribed_per_address_max};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> subscribers{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> frames_sent{0};
  std::atomic<std::uint64_t> frames_conflated{0};
  std::atomic<std::uint64_t> closed_slow{0};
  std::atomic<std::uint64_t> closed_refused{0};
  asio::io_context context{1};  ///< last: what its handlers hold uses all of the above
};

/// Counted for as long as a connection lives, through its upgrade.
class Slot {
 public:
  explicit Slot(std::atomic<std::uint64_t>& counter) : counter_(&counter) { ++*counter_; }
  Slot(Slot&& other) noexcept : counter_(std::exchange(other.counter_, nullptr)) {}
  Slot& operator=(Slot&&) = delete;
  ~Slot() {
    if (counter_ != nullptr) --*counter_;
  }

 private:
  std::atomic<std::uint64_t>* counter_;
};

/// One subscriber: reads requests into the hub, writes what the hub has next, one text at a time.
class Subscriber : public std::enable_shared_from_this<Subscriber> {
 public:
  Subscriber(Shared& shared, beast::tcp_stream stream, ClientId id, Slot slot, AddressQuota::Place place)
      : shared_(shared),
        socket_(std::move(stream)),
        id_(id),
        connection_(std::move(slot)),
        place_(std::move(place)),
        subscriber_(shared.subscribers) {}
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  ~Subscriber() { shared_.hub.disconnect(id_); }

  void start(const http::request<http::string_body>& upgrade) {
    socket_.read_message_max(request_bytes_max);
    socket_.auto_fragment(false);  // one text, one frame, one write: header and shared payload are gathered, not copied
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = std::chrono::milliseconds(shared_.settings.request_timeout_ms);
    // Beast pings at half of this time without traffic and closes at the whole of it.
    timeouts.idle_timeout = std::chrono::milliseconds(2 * shared_.settings.ping_every_ms);
    timeouts.keep_alive_pings = true;
    socket_.set_option(timeouts);
    socket_.async_accept(upgrade, [self = shared_from_this()](error_code failed) {
      if (failed || self->closing_) return;
      self->ready_ = true;
      self->read();
      self->flush();
    });
  }

  /// Writes the next text, unless one is on its way already.
  void flush() {
    if (!ready_ || writing_ || closing_) return;
    current_ = shared_.hub.take(id_);
    shared_.frames_sent = shared_.hub.counters().frames_taken;
    shared_.frames_conflated = shared_.hub.counters().frames_conflated;
    if (!current_) return;
    writing_ = true;
    write_began_ = mono_now();
    socket_.text(true);
    socket_.async_write(asio::buffer(*current_), [self = shared_from_this()](error_code failed, std::size_t) {
      self->writing_ = false;
      self->current_.reset();
      if (failed) return;
      if (self->pending_close_) return self->close(*std::exchange(self->pending_close_, std::nullopt));
      self->flush();
    });
  }

  void close(websocket::close_reason reason) {
    if (closing_) return;
    if (!ready_) return abandon();
    if (writing_) {  // a close frame waits for the text before it; flush() sends it
      pending_close_ = std::move(reason);
      return;
    }
    closing_ = true;
    socket_.async_close(reason, [self = shared_from_this()](error_code) {});
  }

  /// Looked at every second: who reads nothing, or wants nothing, does not keep a place.
  void inspect(MonoTime now) {
    if (shared_.hub.subscribed(id_)) wanted_something_ = now;
    if (writing_ && now - write_began_ > millis(shared_.settings.write_timeout_ms)) {
      ++shared_.closed_slow;
      abandon();  // a close frame would not fit either
    } else if (now - wanted_something_ > millis(shared_.settings.subscribe_timeout_ms)) {
      ++shared_.closed_refused;
      close({websocket::close_code::policy_error, "no subscription"});
    }
  }

  /// At the end of the server: nobody waits for a peer that does not answer.
  void abandon() {
    closing_ = true;
    beast::get_lowest_layer(socket_).close();
  }

 private:
  void read() {
    socket_.async_read(buffer_, [self = shared_from_this()](error_code failed, std::size_t) {
      if (failed) return;
      const auto bytes = self->buffer_.cdata();
      const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
      const auto close = self->shared_.hub.receive(self->id_, text, mono_now());
      self->buffer_.consume(self->buffer_.size());
      if (close) {
        ++self->shared_.closed_refused;
        self->close({static_cast<websocket::close_code>(close->code), close->why});
      }
      if (self->shared_.hub.subscribed(self->id_)) self->place_.reset();
      self->flush();
      if (!self->closing_) self->read();
    });
  }

  Shared& shared_;
  WebSocket socket_;
  beast::flat_buffer buffer_{request_bytes_max + 1024};
  ClientId id_;
  Slot connection_;
  std::optional<AddressQuota::Place> place_;  ///< until it subscribes
  Slot subscriber_;
  SharedText current_;  ///< the text on its way
  MonoTime write_began_;
  MonoTime wanted_something_ = mono_now();  ///< when it was last seen with a subscription
  bool ready_ = false;  ///< the handshake is over: before, batches may come but nothing may be written
  bool writing_ = false;
  bool closing_ = false;
  std::optional<websocket::close_reason> pending_close_;
};

/// Subscribers that are still there, for publishing and for the end.
using Subscribers = std::vector<std::weak_ptr<Subscriber>>;

/// One HTTP connection: requests in sequence until it ends or becomes a subscriber.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(Shared& shared, Subscribers& subscribers, tcp::socket socket, AddressQuota::Place place)
      : shared_(shared),
        subscribers_(subscribers),
        stream_(std::move(socket)),
        slot_(shared.connections),
        place_(std::move(place)) {}

  void read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.settings.header_bytes_max));
    parser_->body_limit(shared_.settings.body_bytes_max);
    stream_.expires_after(std::chrono::milliseconds(shared_.settings.request_timeout_ms));
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code failed, std::size_t) { self->on_request(failed); });
  }

  void abandon() { stream_.close(); }

 private:
  void on_request(error_code failed) {
    if (failed == http::error::header_limit) return refuse(problem(431, "request headers are too long"));
    if (failed == http::error::body_limit) return refuse(problem(413, "no resource reads a body of this size"));
    if (failed.category() == http::make_error_code(http::error::bad_method).category() &&
        failed != http::error::end_of_stream && failed != http::error::partial_message) {
      return refuse(problem(400, "not HTTP/1.1"));
    }
    if (failed) return stream_.close();
    ++shared_.requests;
    const auto& request = parser_->get();
    if (websocket::is_upgrade(request)) return upgrade();
    const auto method = request.method_string();
    const auto target = request.target();
    const auto etag = request[http::field::if_none_match];
    const HttpRequest asked{{method.data(), method.size()}, {target.data(), target.size()}, {etag.data(), etag.size()}};
    respond(ask(asked), request.version(), request.keep_alive());
  }

  /// The hooks are the node's: what they may throw ends this request, not the server.
  [[nodiscard]] HttpResponse ask(const HttpRequest& asked) const {
    try {
      return shared_.service.answer(asked, shared_.hub.latest());
    } catch (const std::exception&) {
      return problem(500, "the node could not answer");
    }
  }

  void upgrade() {
    const auto& request = parser_->get();
    const std::string_view target(request.target().data(), request.target().size());
    if (target.substr(0, target.find('?')) != "/v1/stream") return refuse(problem(404, "no stream here"));
    const auto id = shared_.hub.connect(mono_now());
    if (!id) return refuse(problem(503, "as many subscribers as this node serves"));
    stream_.expires_never();
    const auto subscriber =
        std::make_shared<Subscriber>(shared_, std::move(stream_), *id, std::move(slot_), std::move(place_));
    subscribers_.push_back(subscriber);
    subscriber->start(request);
  }

  void refuse(const HttpResponse& answer) { respond(answer, 11, false); }

  void respond(HttpResponse answer, unsigned version, bool keep_alive) {
    auto& out = response_.emplace(static_cast<http::status>(answer.status), version);
    out.set(http::field::server, "assay");
    out.set(http::field::content_type, answer.content_type);
    out.set(http::field::cache_control, answer.cache_control);
    out.set(http::field::access_control_allow_origin, "*");
    out.set("X-Content-Type-Options", "nosniff");
    if (!answer.etag.empty()) out.set(http::field::etag, answer.etag);
    if (!answer.allow.empty()) out.set(http::field::allow, answer.allow);
    out.keep_alive(keep_alive);
    if (answer.status != 304) out.content_length(answer.content_length);
    out.body() = std::move(answer.body);
    serializer_.emplace(out);
    stream_.expires_after(std::chrono::milliseconds(shared_.settings.write_timeout_ms));
    http::async_write(stream_, *serializer_, [self = shared_from_this(), keep_alive](error_code failed, std::size_t) {
      if (failed) return;
      if (keep_alive) return self->read();
      error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  Shared& shared_;
  Subscribers& subscribers_;
  beast::tcp_stream stream_;
  Slot slot_;
  AddressQuota::Place place_;
  beast::flat_buffer buffer_{std::size_t{64} << 10U};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
};

class BeastServer final : public Server {
 public:
  BeastServer(ServerSettings settings, std::shared_ptr<const FeedList> feeds, Service service, HubLimits limits)
      : shared_{.settings = std::move(settings),
                .service = service,
                .hub = Hub(std::move(feeds), limits, service.hello())},
        acceptor_(shared_.context),
        retry_(shared_.context),
        inspection_(shared_.context) {}
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;
  ~BeastServer() override = default;

  Done bind(const std::string& address, std::uint16_t port) {
    error_code failed;
    const auto ip = asio::ip::make_address(address, failed);
    if (failed) return Error{Errc::out_of_range, "listen: an IP address and a port"};
    const tcp::endpoint endpoint(ip, port);
    acceptor_.open(endpoint.protocol(), failed);
    if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor_.bind(endpoint, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (!failed) port_ = acceptor_.local_endpoint(failed).port();
    if (failed) return Error{Errc::connect_failed, "listen: the address cannot be bound"};
    return Ok{};
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  void run() override {
    accept();
    inspect_later();
    shared_.context.run();
  }

  void stop() override {
    asio::post(shared_.context, [this] { end(); });
  }

  void publish(std::shared_ptr<const Batch> batch) override {
    const std::lock_guard lock(mailbox_);
    const bool posted = static_cast<bool>(newest_);
    // Newest wins, by height: publishers on several threads may overtake one another.
    if (posted && batch->header.height < newest_->header.height) return;
    newest_ = std::move(batch);
    if (!posted) asio::post(shared_.context, [this] { deliver(); });
  }

  [[nodiscard]] ServerCounters counters() const override {
    return {shared_.connections,      shared_.subscribers, shared_.requests,      shared_.frames_sent,
            shared_.frames_conflated, shared_.closed_slow, shared_.closed_refused};
  }

 private:
  void deliver() {
    std::shared_ptr<const Batch> batch;
    {
      const std::lock_guard lock(mailbox_);
      batch = std::exchange(newest_, nullptr);
    }
    shared_.hub.publish(std::move(batch));
    for (const auto& weak : subscribers_) {
      if (const auto subscriber = weak.lock()) subscriber->flush();
    }
  }

  /// By the clock, not with the batches: those may pause, and clients must not gather while they do.
  void inspect_later() {
    inspection_.expires_after(std::chrono::milliseconds(shared_.settings.inspect_every_ms));
    inspection_.async_wait([this](error_code cancelled) {
      if (cancelled || ending_) return;
      std::erase_if(subscribers_, [](const auto& weak) { return weak.expired(); });
      const MonoTime now = mono_now();
      for (const auto& weak : subscribers_) {
        if (const auto subscriber = weak.lock()) subscriber->inspect(now);
      }
      inspect_later();
    });
  }

  void accept() {
    acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
      if (ending_) return;
      if (failed) return retry();
      if (shared_.connections < shared_.settings.connections_max) admit(std::move(socket));
      accept();
    });
  }

  /// Out of file descriptors or the like: waiting is better than spinning.
  void retry() {
    retry_.expires_after(std::chrono::milliseconds(50));
    retry_.async_wait([this](error_code cancelled) {
      if (!cancelled && !ending_) accept();
    });
  }

  void admit(tcp::socket socket) {
    error_code ignored;
    const auto peer = socket.remote_endpoint(ignored);
    if (ignored) return;
    auto place = shared_.quota.take(peer.address());
    if (!place) return;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto bytes = static_cast<int>(shared_.settings.queue_bytes_max);
    socket.set_option(asio::socket_base::send_buffer_size(bytes), ignored);
    const auto connection =
        std::make_shared<HttpConnection>(shared_, subscribers_, std::move(socket), *std::move(place));
    std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
    connections_.push_back(connection);
    connection->read();
  }

  void end() {
    if (std::exchange(ending_, true)) return;
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    inspection_.cancel();
    for (const auto& weak : connections_) {
      if (const auto connection = weak.lock()) connection->abandon();
    }
    for (const auto& weak : subscribers_) {
      if (const auto subscriber = weak.lock()) subscriber->close({websocket::close_code::going_away, "shutting down"});
    }
    wind_down(50);
  }

  /// Half a second for subscribers to answer the goodbye; then they are left.
  void wind_down(int turns_left) {
    if (shared_.subscribers == 0 || turns_left == 0) {
      for (const auto& weak : subscribers_) {
        if (const auto subscriber = weak.lock()) subscriber->abandon();
      }
      return shared_.context.stop();
    }
    retry_.expires_after(std::chrono::milliseconds(10));
    retry_.async_wait([this, turns_left](error_code) { wind_down(turns_left - 1); });
  }

  Shared shared_;
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  asio::steady_timer inspection_;
  std::uint16_t port_ = 0;
  bool ending_ = false;
  Subscribers subscribers_;
  std::vector<std::weak_ptr<HttpConnection>> connections_;
  std::mutex mailbox_;
  std::shared_ptr<const Batch> newest_;  ///< guarded by mailbox_; set: deliver() is on its way
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(ServerSettings settings, std::vector<FeedTerms> feeds, NetworkId network,
                                               PublicKey group_key, ServerHooks hooks) {
  const auto address = parse_listen_address(settings.listen);
  if (!address) return address.error();
  HubLimits limits;
  limits.clients_max = settings.subscribers_max;
  auto list = std::make_shared<const FeedList>(std::move(feeds));
  Service service(list, {network, group_key}, std::move(hooks));
  auto server = std::make_unique<BeastServer>(std::move(settings), list, std::move(service), limits);
  if (const auto done = server->bind(address->host, address->port); !done) return done.error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace assay::publisher
