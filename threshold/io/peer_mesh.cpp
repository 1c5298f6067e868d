#include "threshold/io/peer_mesh.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/rand.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>

#include "threshold/io/frame_reader.hpp"
#include "threshold/io/tls_identity.hpp"

namespace assay::threshold {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Stream = asio::ssl::stream<tcp::socket>;
using Frame = std::shared_ptr<const Bytes>;

constexpr std::size_t read_size = 64U << 10;
constexpr std::size_t flush_size = 256U << 10;

std::chrono::microseconds duration(Micros span) {
  return std::chrono::microseconds(span.value);
}

struct HostPort {
  std::string host;
  std::string port;
};

std::optional<HostPort> split(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) return std::nullopt;
  auto host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host.empty()) return std::nullopt;
  return HostPort{host, address.substr(colon + 1)};
}

/// A peer that vanished without a word is noticed within about ten seconds.
void tune(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const auto set = [&](int name, int value) {
    (void)::setsockopt(socket.native_handle(), IPPROTO_TCP, name, &value, sizeof value);
  };
  set(TCP_KEEPIDLE, 4);
  set(TCP_KEEPINTVL, 2);
  set(TCP_KEEPCNT, 3);
  set(TCP_USER_TIMEOUT, 10'000);
}

class Link;
using LinkPointer = std::shared_ptr<Link>;

/// What a link asks of the mesh. Called on the loop, never from inside send().
struct LinkOwner {
  std::function<void(const LinkPointer&)> on_secured;  ///< the handshake is through; the key is a pinned one
  std::function<void(const LinkPointer&, Bytes)> on_frame;
  std::function<void(const LinkPointer&, Error, const std::string&)> on_end;  ///< once
};

/// One TCP connection with TLS on it, dialled or accepted.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(asio::io_context& loop, asio::ssl::context& tls, tcp::socket socket, const MeshSettings& settings,
       const LinkOwner& owner)
      : loop_(loop),
        stream_(std::move(socket), tls),
        deadline_(loop),
        settings_(settings),
        owner_(owner),
        frames_(settings.frame_size_max) {}

  void dial(const tcp::resolver::results_type& where) {
    asio::async_connect(stream_.next_layer(), where, [self = shared_from_this()](error_code ec, const tcp::endpoint&) {
      if (ec) return self->end({Errc::connect_failed, "the peer accepts connections"}, ec.message());
      self->handshake(asio::ssl::stream_base::client);
    });
  }

  void handshake(asio::ssl::stream_base::handshake_type role) {
    if (ended_) return;
    tune(stream_.next_layer());
    stream_.async_handshake(role, [self = shared_from_this()](error_code ec) {
      if (ec) {
        const bool stranger = refused_identity(self->stream_.native_handle());
        return self->end(stranger ? Error{Errc::bad_identity, "the certificate key is a pinned one"}
                                  : Error{Errc::connect_failed, "the TLS handshake completes"},
                         ec.message());
      }
      self->owner_.on_secured(self);
    });
  }

  /// The time for everything up to trust().
  void start_deadline() {
    deadline_.expires_after(duration(settings_.handshake_timeout));
    deadline_.async_wait([self = shared_from_this()](error_code ec) {
      if (!ec) self->end({Errc::timed_out, "connect, handshake and welcome in time"}, "");
    });
  }
  void trust() { deadline_.cancel(); }

  std::optional<PublicKey> key() { return peer_key(stream_.native_handle()); }

  void read() {
    if (ended_) return;
    stream_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](error_code ec, std::size_t size) {
      if (ec) return self->end({Errc::closed, "the peer keeps the link open"}, ec.message());
      self->take(size);
    });
  }

  /// Frames sent within one turn of the loop leave in one write.
  void send(const Frame& frame) {
    if (ended_) return;
    const std::size_t size = frame_length_size + frame->size();
    if (queued_bytes_ + size > settings_.queue_bytes_max) {
      return end({Errc::mailbox_full, "the peer reads as fast as we send"}, "");
    }
    queued_bytes_ += size;
    show_queue();
    queue_.push_back(frame);
    if (writing_) return;
    writing_ = true;
    asio::post(loop_, [self = shared_from_this()] { self->flush(); });
  }

  void end(Error error, std::string text) {
    if (std::exchange(ended_, true)) return;
    error_code ignored;
    stream_.next_layer().close(ignored);
    deadline_.cancel();
    asio::post(loop_,
               [self = shared_from_this(), error, text = std::move(text)] { self->owner_.on_end(self, error, text); });
  }

  std::optional<std::size_t> member;  ///< whom we dial, or who has proven to be there
  std::atomic<std::uint64_t>* queue_gauge = nullptr;
  bool dialled = false;

 private:
  void show_queue() {
    if (queue_gauge != nullptr) queue_gauge->store(queued_bytes_, std::memory_order_relaxed);
  }

  void take(std::size_t size) {
    frames_.feed(ByteSpan(buffer_).first(size));
    while (!ended_) {
      auto frame = frames_.next();
      if (!frame) return end(frame.error(), "");
      if (!*frame) return read();
      owner_.on_frame(shared_from_this(), std::move(**frame));
    }
  }

  void flush() {
    if (ended_) return;
    out_.clear();
    while (!queue_.empty() && (out_.empty() || out_.size() + queue_.front()->size() <= flush_size)) {
      const Bytes& frame = *queue_.front();
      ByteWriter length(frame_length_size);
      length.u32(static_cast<std::uint32_t>(frame.size()));
      out_.insert(out_.end(), length.bytes().begin(), length.bytes().end());
      out_.insert(out_.end(), frame.begin(), frame.end());
      queue_.pop_front();
    }
    asio::async_write(stream_, asio::buffer(out_), [self = shared_from_this()](error_code ec, std::size_t size) {
      if (ec) return self->end({Errc::closed, "the peer keeps the link open"}, ec.message());
      self->queued_bytes_ -= size;
      self->show_queue();
      if (self->queue_.empty()) {
        self->writing_ = false;
        return;
      }
      self->flush();
    });
  }

  asio::io_context& loop_;
  Stream stream_;
  asio::steady_timer deadline_;
  const MeshSettings& settings_;
  const LinkOwner& owner_;
  FrameReader frames_;
  std::array<std::uint8_t, read_size> buffer_{};
  std::deque<Frame> queue_;
  Bytes out_;
  std::size_t queued_bytes_ = 0;
  bool writing_ = false;
  bool ended_ = false;
};

/// What the mesh knows of one other member.
struct Peer {
  explicit Peer(asio::io_context& loop, Micros first_backoff) : retry(loop), backoff(first_backoff) {}

  LinkPointer link;
  bool up = false;
  asio::steady_timer retry;
  Micros backoff;
  // read by links() on any thread
  std::atomic<bool> shown_up{false};
  std::atomic<std::uint64_t> frames_in{0};
  std::atomic<std::uint64_t> frames_out{0};
  std::atomic<std::uint64_t> bytes_queued{0};
  std::atomic<std::uint64_t> times_up{0};
};

}  // namespace

struct PeerMesh::Parts {
  Parts(const MeshSettings& given, MeshEvents told) : settings(given), events(std::move(told)) {}

  Done listen_at(const HostPort& where);
  void accept();
  void dial(std::size_t member);
  void dial_later(std::size_t member);
  void secured(const LinkPointer& link);
  void arrived(const LinkPointer& link, Bytes frame);
  void ended(const LinkPointer& link, Error error, const std::string& text);
  void detach(std::size_t member, Error error, const std::string& text);
  void raise(const LinkPointer& link);
  LinkPointer new_link(tcp::socket socket);
  void send(std::size_t member, const Frame& frame);

  const MeshSettings settings;
  const MeshEvents events;
  LinkOwner owner;
  asio::io_context loop{1};
  std::optional<asio::ssl::context> tls;
  tcp::acceptor acceptor{loop};
  tcp::resolver resolver{loop};
  asio::steady_timer accept_pause{loop};
  asio::steady_timer wake{loop};
  std::uint64_t wake_generation = 0;
  std::size_t strangers = 0;
  std::vector<std::unique_ptr<Peer>> peers;  ///< by member; mine is empty
};

Done PeerMesh::Parts::listen_at(const HostPort& where) {
  error_code ec;
  const auto found = resolver.resolve(where.host, where.port, tcp::resolver::passive, ec);
  if (ec || found.empty()) return Error{Errc::io_failed, "the peer listen address can be resolved"};
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return Error{Errc::io_failed, "the peer listen address is free and ours"};
  return Ok{};
}

LinkPointer PeerMesh::Parts::new_link(tcp::socket socket) {
  auto link = std::make_shared<Link>(loop, *tls, std::move(socket), settings, owner);
  link->start_deadline();
  return link;
}

void PeerMesh::Parts::accept() {
  acceptor.async_accept([this](error_code ec, tcp::socket socket) {
    if (ec == asio::error::operation_aborted) return;
    if (ec) {  // out of descriptors, most likely: breathe
      accept_pause.expires_after(std::chrono::milliseconds(100));
      accept_pause.async_wait([this](error_code aborted) {
        if (!aborted) accept();
      });
      return;
    }
    if (strangers < settings.strangers_max) {
      ++strangers;
      new_link(std::move(socket))->handshake(asio::ssl::stream_base::server);
    }
    accept();
  });
}

void PeerMesh::Parts::dial(std::size_t member) {
  auto link = new_link(tcp::socket(loop));
  link->member = member;
  link->dialled = true;
  peers[member]->link = link;
  const auto where = split(settings.addresses[member]).value();
  error_code ec;
  const auto address = asio::ip::make_address(where.host, ec);
  const auto port = static_cast<std::uint16_t>(std::strtoul(where.port.c_str(), nullptr, 10));
  if (!ec) return link->dial(tcp::resolver::results_type::create(tcp::endpoint(address, port), where.host, where.port));
  resolver.async_resolve(where.host, where.port, [link](error_code failed, const tcp::resolver::results_type& found) {
    if (failed) return link->end({Errc::connect_failed, "the peer's host name resolves"}, failed.message());
    link->dial(found);
  });
}

void PeerMesh::Parts::dial_later(std::size_t member) {
  Peer& peer = *peers[member];
  std::array<unsigned char, 2> dice{};
  (void)RAND_bytes(dice.data(), dice.size());
  const std::int64_t half = peer.backoff.value / 2;
  const std::int64_t jitter = half * (dice[0] * 256 + dice[1]) / 65'536;
  peer.backoff.value = std::min(2 * peer.backoff.value, settings.backoff_max.value);
  peer.retry.expires_after(std::chrono::microseconds(half + jitter));
  peer.retry.async_wait([this, member](error_code ec) {
    if (!ec) dial(member);
  });
}

void PeerMesh::Parts::secured(const LinkPointer& link) {
  const auto key = link->key();
  if (link->dialled) {
    if (key != settings.identities[*link->member]) {
      return link->end({Errc::bad_identity, "the certificate key is that of the dialled member"}, "");
    }
    return link->read();  // the welcome makes the link, since only then has the other side checked our key too
  }
  const auto found = key ? std::ranges::find(settings.identities, *key) : settings.identities.end();
  const auto member = static_cast<std::size_t>(found - settings.identities.begin());
  if (found == settings.identities.end() || member <= settings.me.value) {
    return link->end({Errc::bad_identity, "a member of higher index dials"}, "");
  }
  --strangers;
  link->member = member;
  link->trust();
  if (peers[member]->link) detach(member, {Errc::closed, "the peer has one link"}, "it dialled again");
  peers[member]->link = link;
  link->send(std::make_shared<const Bytes>());
  raise(link);
  link->read();
}

void PeerMesh::Parts::raise(const LinkPointer& link) {
  Peer& peer = *peers[*link->member];
  peer.up = true;
  peer.backoff = settings.backoff_min;
  peer.shown_up = true;
  ++peer.times_up;
  link->queue_gauge = &peer.bytes_queued;
  events.on_up(MemberIndex{static_cast<std::uint16_t>(*link->member)});
}

void PeerMesh::Parts::arrived(const LinkPointer& link, Bytes frame) {
  Peer& peer = *peers[*link->member];
  if (peer.link != link) return;
  if (frame.empty()) {
    if (peer.up) return;
    link->trust();
    return raise(link);
  }
  if (!peer.up) return link->end({Errc::malformed, "a welcome before the first frame"}, "");
  ++peer.frames_in;
  events.on_frame(MemberIndex{static_cast<std::uint16_t>(*link->member)}, std::move(frame));
}

void PeerMesh::Parts::ended(const LinkPointer& link, Error error, const std::string& text) {
  if (!link->member) {
    --strangers;
    if (events.on_refused) events.on_refused(error, text);
    return;
  }
  if (peers[*link->member]->link == link) detach(*link->member, error, text);
}

void PeerMesh::Parts::detach(std::size_t member, Error error, const std::string& text) {
  Peer& peer = *peers[member];
  const LinkPointer link = std::exchange(peer.link, nullptr);
  link->queue_gauge = nullptr;
  link->end(error, text);
  peer.up = false;
  peer.shown_up = false;
  peer.bytes_queued = 0;
  if (member < settings.me.value) dial_later(member);
  events.on_down(MemberIndex{static_cast<std::uint16_t>(member)}, error, text);
}

void PeerMesh::Parts::send(std::size_t member, const Frame& frame) {
  Peer& peer = *peers[member];
  if (!peer.up || frame->empty() || frame->size() > settings.frame_size_max) return;
  ++peer.frames_out;
  peer.link->send(frame);
}

PeerMesh::PeerMesh(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PeerMesh::~PeerMesh() = default;

Result<std::unique_ptr<PeerMesh>> PeerMesh::listen(const MeshSettings& settings, MeshEvents events) {
  const std::size_t members = settings.identities.size();
  if (settings.me.value >= members || settings.addresses.size() != members) {
    return Error{Errc::out_of_range, "one address per identity, and mine among them"};
  }
  if (settings.identities[settings.me.value] != settings.key.public_key()) {
    return Error{Errc::bad_identity, "my identity key is the one that the network lists for me"};
  }
  const auto where = split(settings.listen);
  if (!where) return Error{Errc::out_of_range, "listen is host:port"};
  for (std::size_t i = 0; i < settings.me.value; ++i) {
    if (!split(settings.addresses[i])) return Error{Errc::out_of_range, "a peer's address is host:port"};
  }
  auto parts = std::make_unique<Parts>(settings, std::move(events));
  auto* const self = parts.get();
  auto context = make_tls_context(settings.key, self->settings.identities);
  if (!context) return context.error();
  self->tls.emplace(context->release());
  self->owner.on_secured = [self](const LinkPointer& link) { self->secured(link); };
  self->owner.on_frame = [self](const LinkPointer& link, Bytes frame) { self->arrived(link, std::move(frame)); };
  self->owner.on_end = [self](const LinkPointer& link, Error error, const std::string& text) {
    self->ended(link, error, text);
  };
  for (std::size_t i = 0; i < members; ++i)
    self->peers.push_back(std::make_unique<Peer>(self->loop, settings.backoff_min));
  if (auto done = self->listen_at(*where); !done) return done.error();
  return std::unique_ptr<PeerMesh>(new PeerMesh(std::move(parts)));
}

std::uint16_t PeerMesh::port() const noexcept {
  error_code ec;
  return parts_->acceptor.local_endpoint(ec).port();
}

void PeerMesh::run() {
  const auto work = asio::make_work_guard(parts_->loop);
  parts_->accept();
  for (std::size_t member = 0; member < parts_->settings.me.value; ++member) parts_->dial(member);
  parts_->loop.run();
  error_code ignored;
  parts_->acceptor.close(ignored);
  for (auto& peer : parts_->peers) {
    peer->shown_up = false;
    if (peer->link) peer->link->end({Errc::closed, "the mesh runs"}, "");
  }
}

void PeerMesh::stop() {
  parts_->loop.stop();
}

void PeerMesh::post(std::function<void()> work) {
  asio::post(parts_->loop, std::move(work));
}

std::vector<LinkState> PeerMesh::links() const {
  std::vector<LinkState> out;
  for (std::size_t i = 0; i < parts_->peers.size(); ++i) {
    if (i == parts_->settings.me.value) continue;
    const Peer& peer = *parts_->peers[i];
    out.push_back({MemberIndex{static_cast<std::uint16_t>(i)}, peer.shown_up, peer.frames_in, peer.frames_out,
                   peer.bytes_queued, peer.times_up});
  }
  return out;
}

void PeerMesh::send(MemberIndex to, const std::shared_ptr<const Bytes>& frame) {
  if (to.value < parts_->peers.size() && to != parts_->settings.me) parts_->send(to.value, frame);
}

void PeerMesh::broadcast(const std::shared_ptr<const Bytes>& frame) {
  for (std::size_t i = 0; i < parts_->peers.size(); ++i) {
    if (i != parts_->settings.me.value) parts_->send(i, frame);
  }
}

void PeerMesh::wake_at(MonoTime at) {
  const std::uint64_t mine = ++parts_->wake_generation;
  parts_->wake.expires_at(std::chrono::steady_clock::time_point(std::chrono::microseconds(at.value)));
  parts_->wake.async_wait([parts = parts_.get(), mine](error_code ec) {
    if (!ec && parts->wake_generation == mine) parts->events.on_wake();
  });
}

}  // namespace assay::threshold
