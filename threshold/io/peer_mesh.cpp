#include "threshold/io/peer_mesh.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "threshold/io/host_port.hpp"
#include "threshold/io/peer_link.hpp"
#include "threshold/io/tls_identity.hpp"

namespace assay::threshold {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Frame = PeerLink::Frame;

MonoTime mono_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return MonoTime{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

/// Connections looked at: to turn one away costs some ten microseconds of the committee's thread.
constexpr std::int64_t accepts_per_second = 2000;

/// What the mesh knows of one other member.
struct Peer {
  Peer(asio::io_context& loop, const MeshSettings& settings)
      : retry(loop),
        backoff(settings.backoff_min),
        budget{TokenBucket(settings.frames_per_second, MonoTime{0}),
               TokenBucket(settings.bytes_per_second, MonoTime{0})},
        links(settings.links_per_second, MonoTime{0}),
        knocks(settings.links_per_second, MonoTime{0}) {}

  PeerLinkPointer link;
  bool up = false;
  asio::steady_timer retry;
  Micros backoff;
  std::chrono::steady_clock::time_point shut_until{};  ///< a penalty
  PeerBudget budget;
  TokenBucket links;
  TokenBucket knocks;                               ///< handshakes begun from its homes
  std::optional<asio::ip::address> home;            ///< as configured, where that is a number
  std::optional<asio::ip::address> last_home = {};  ///< where it last proved who it is
  // read by links() on any thread
  std::atomic<bool> shown_up{false};
  std::atomic<std::uint64_t> frames_in{0};
  std::atomic<std::uint64_t> frames_out{0};
  std::atomic<std::uint64_t> bytes_queued{0};
  std::atomic<std::uint64_t> times_up{0};
};

}  // namespace

struct PeerMesh::Parts {
  Parts(const MeshSettings& given, MeshEvents told)
      : settings(given),
        events(std::move(told)),
        limits{given.frame_size_max, given.queue_bytes_max, given.handshake_timeout, given.silence_max},
        knocks(given.strangers_per_second, MonoTime{0}),
        accepts(accepts_per_second, MonoTime{0}) {}

  Done listen_at(const HostPort& where);
  void accept();
  void accept_later(Micros pause);
  void admit(tcp::socket socket);
  bool may_knock(const tcp::socket& socket);
  void dial(std::size_t member);
  void dial_later(std::size_t member);
  void secured(const PeerLinkPointer& link);
  void arrived(const PeerLinkPointer& link, Bytes frame);
  void ended(const PeerLinkPointer& link, Error error, const std::string& text);
  void detach(std::size_t member, Error error, const std::string& text);
  void raise(const PeerLinkPointer& link);
  PeerLinkPointer new_link(tcp::socket socket);
  void send(std::size_t member, const Frame& frame);

  MeshSettings settings;  ///< identities grow, nothing else changes
  const MeshEvents events;
  PeerLinkLimits limits;
  PeerLinkOwner owner;
  asio::io_context loop{1};
  TlsContext tls;
  tcp::acceptor acceptor{loop};
  tcp::resolver resolver{loop};
  asio::steady_timer accept_pause{loop};
  asio::steady_timer wake{loop};
  std::uint64_t wake_generation = 0;
  std::vector<std::unique_ptr<Peer>> peers;  ///< by member; mine is empty
  mutable std::mutex growing;                ///< of peers, against links()
  std::deque<PeerLinkPointer> strangers;     ///< accepted, oldest first, until they have proven who they are
  TokenBucket knocks;                        ///< handshakes begun from nobody's home
  TokenBucket accepts;
};

Done PeerMesh::Parts::listen_at(const HostPort& where) {
  error_code ec;
  const auto found = resolver.resolve(where.host, std::to_string(where.port), tcp::resolver::passive, ec);
  if (ec || found.empty()) return Error{Errc::io_failed, "the peer listen address can be resolved"};
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return Error{Errc::io_failed, "the peer listen address is free and ours"};
  return Ok{};
}

PeerLinkPointer PeerMesh::Parts::new_link(tcp::socket socket) {
  auto link = std::make_shared<PeerLink>(loop, tls.get(), std::move(socket), limits, owner);
  link->start_deadline();
  return link;
}

void PeerMesh::Parts::accept() {
  acceptor.async_accept([this](error_code ec, tcp::socket socket) {
    if (ec == asio::error::operation_aborted) return;
    if (ec) return accept_later(millis(100));  // out of descriptors, most likely: breathe
    const MonoTime now = mono_now();
    accepts.take(1, now);
    if (may_knock(socket)) {
      admit(std::move(socket));
    } else if (events.on_refused) {
      events.on_refused({Errc::closed, "handshakes are begun at a rate"}, "");
    }
    accept_later(accepts.wait(now));
  });
}

void PeerMesh::Parts::accept_later(Micros pause) {
  if (pause <= Micros{0}) return accept();
  accept_pause.expires_after(std::chrono::microseconds(pause.value));
  accept_pause.async_wait([this](error_code aborted) {
    if (!aborted) accept();
  });
}

/// Whether a handshake is worth its price: each costs as much as a hundred frames, and anybody can ask for one.
bool PeerMesh::Parts::may_knock(const tcp::socket& socket) {
  error_code ec;
  const auto from = PeerLink::plain(socket.remote_endpoint(ec).address());
  const MonoTime now = mono_now();
  bool lives_here = false;
  for (auto& peer : peers) {
    if (ec || (peer->home != from && peer->last_home != from)) continue;
    if (peer->knocks.try_take(now)) return true;
    lives_here = true;
  }
  return !lives_here && knocks.try_take(now);
}

void PeerMesh::Parts::admit(tcp::socket socket) {
  if (strangers.size() >= settings.strangers_max && !strangers.empty()) {
    strangers.front()->end({Errc::timed_out, "a handshake before strangers_max others came"}, "too many strangers");
    strangers.pop_front();
  }
  strangers.push_back(new_link(std::move(socket)));
  strangers.back()->handshake_accepted();
}

void PeerMesh::Parts::dial(std::size_t member) {
  auto link = new_link(tcp::socket(loop));
  link->member = member;
  link->dialled = true;
  peers[member]->link = link;
  const auto where = parse_host_port(settings.addresses[member]).value();
  const std::string port = std::to_string(where.port);
  error_code ec;
  const auto address = asio::ip::make_address(where.host, ec);
  if (!ec) return link->dial(PeerLink::Endpoints::create(tcp::endpoint(address, where.port), where.host, port));
  resolver.async_resolve(where.host, port, [link](error_code failed, const PeerLink::Endpoints& found) {
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
  const auto again = std::chrono::steady_clock::now() + std::chrono::microseconds(half + jitter);
  peer.backoff.value = std::min(2 * peer.backoff.value, settings.backoff_max.value);
  peer.retry.expires_at(std::max(again, peer.shut_until));
  peer.retry.async_wait([this, member](error_code ec) {
    if (!ec) dial(member);
  });
}

void PeerMesh::Parts::secured(const PeerLinkPointer& link) {
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
  if (std::chrono::steady_clock::now() < peers[member]->shut_until) {
    return link->end({Errc::closed, "a member that was disconnected waits"}, "");
  }
  if (!peers[member]->links.try_take(mono_now())) {
    return link->end({Errc::closed, "a member that dials too often waits"}, "");
  }
  std::erase(strangers, link);
  link->member = member;
  link->trust();
  if (peers[member]->link) detach(member, {Errc::closed, "the peer has one link"}, "it dialled again");
  peers[member]->link = link;
  peers[member]->last_home = link->remote();
  link->send(std::make_shared<const Bytes>());
  raise(link);
  link->read();
}

void PeerMesh::Parts::raise(const PeerLinkPointer& link) {
  Peer& peer = *peers[*link->member];
  peer.up = true;
  peer.backoff = settings.backoff_min;
  peer.shown_up = true;
  ++peer.times_up;
  link->queue_gauge = &peer.bytes_queued;
  link->budget = &peer.budget;
  events.on_up(MemberIndex{static_cast<std::uint16_t>(*link->member)});
}

void PeerMesh::Parts::arrived(const PeerLinkPointer& link, Bytes frame) {
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

void PeerMesh::Parts::ended(const PeerLinkPointer& link, Error error, const std::string& text) {
  if (!link->member) {
    std::erase(strangers, link);
    if (events.on_refused) events.on_refused(error, text);
    return;
  }
  if (peers[*link->member]->link == link) detach(*link->member, error, text);
}

void PeerMesh::Parts::detach(std::size_t member, Error error, const std::string& text) {
  Peer& peer = *peers[member];
  const PeerLinkPointer link = std::exchange(peer.link, nullptr);
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
  constexpr std::uint32_t rate_max = 1U << 30;
  for (const std::uint32_t rate : {settings.frames_per_second, settings.bytes_per_second, settings.links_per_second,
                                   settings.strangers_per_second}) {
    if (rate == 0 || rate > rate_max) return Error{Errc::out_of_range, "rates from 1 to 2^30 a second"};
  }
  const auto where = parse_host_port(settings.listen);
  if (!where) return Error{Errc::out_of_range, "listen is host:port"};
  for (std::size_t i = 0; i < settings.me.value; ++i) {
    if (!parse_host_port(settings.addresses[i])) return Error{Errc::out_of_range, "a peer's address is host:port"};
  }
  auto parts = std::make_unique<Parts>(settings, std::move(events));
  auto* const self = parts.get();
  auto context = make_tls_context(settings.key, self->settings.identities);
  if (!context) return context.error();
  self->tls = std::move(*context);
  self->owner.on_secured = [self](const PeerLinkPointer& link) { self->secured(link); };
  self->owner.on_frame = [self](const PeerLinkPointer& link, Bytes frame) { self->arrived(link, std::move(frame)); };
  self->owner.on_end = [self](const PeerLinkPointer& link, Error error, const std::string& text) {
    self->ended(link, error, text);
  };
  for (std::size_t i = 0; i < members; ++i) {
    auto& peer = self->peers.emplace_back(std::make_unique<Peer>(self->loop, settings));
    error_code ec;
    const auto lives_at = parse_host_port(settings.addresses[i]);
    const auto home = asio::ip::make_address(lives_at && i != settings.me.value ? lives_at->host : "", ec);
    if (!ec) peer->home = PeerLink::plain(home);
  }
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
  const std::lock_guard lock(parts_->growing);
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

void PeerMesh::disconnect(MemberIndex member) {
  if (member.value >= parts_->peers.size()) return;
  Peer& peer = *parts_->peers[member.value];
  peer.shut_until = std::chrono::steady_clock::now() + std::chrono::microseconds(parts_->settings.penalty.value);
  if (peer.link) peer.link->end({Errc::malformed, "the peer says what honest members say"}, "");
}

void PeerMesh::admit(const std::vector<PublicKey>& guests) {
  constexpr std::size_t peers_max = 64;
  auto& known = parts_->settings.identities;
  const std::lock_guard lock(parts_->growing);
  for (const PublicKey& guest : guests) {
    if (known.size() >= peers_max || std::ranges::find(known, guest) != known.end()) continue;
    known.push_back(guest);
    parts_->peers.push_back(std::make_unique<Peer>(parts_->loop, parts_->settings));
  }
}

void PeerMesh::broadcast(const std::shared_ptr<const Bytes>& frame) {
  for (std::size_t i = 0; i < parts_->peers.size(); ++i) {
    if (i != parts_->settings.me.value) parts_->send(i, frame);
  }
}

void PeerMesh::wake_at(MonoTime at) {
  // The steady clock counts nanoseconds: "never" must not wrap around into the past.
  constexpr std::int64_t latest_us = std::int64_t{1} << 52;  // 142 years after boot
  const std::chrono::microseconds due(std::clamp<std::int64_t>(at.value, 0, latest_us));
  const std::uint64_t mine = ++parts_->wake_generation;
  parts_->wake.expires_at(std::chrono::steady_clock::time_point(due));
  parts_->wake.async_wait([parts = parts_.get(), mine](error_code ec) {
    if (!ec && parts->wake_generation == mine) parts->events.on_wake();
  });
}

}  // namespace assay::threshold
