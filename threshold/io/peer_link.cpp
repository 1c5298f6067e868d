#include "threshold/io/peer_link.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

namespace assay::threshold {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::size_t read_size = 64U << 10;
constexpr std::size_t flush_size = 256U << 10;

/// A peer that vanished without a word is noticed within about `silence`: when nothing is said the kernel asks after
/// 4/10 of it, and again each 2/10; what was said and is not acknowledged by then ends the link, too.
void tune(tcp::socket& socket, Micros silence) {
  const auto seconds = [silence](std::int64_t tenths) {
    return static_cast<int>(std::max<std::int64_t>(silence.value * tenths / 10'000'000, 1));
  };
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const auto set = [&](int name, int value) {
    (void)::setsockopt(socket.native_handle(), IPPROTO_TCP, name, &value, sizeof value);
  };
  set(TCP_KEEPIDLE, seconds(4));
  set(TCP_KEEPINTVL, seconds(2));
  set(TCP_KEEPCNT, 3);
  set(TCP_USER_TIMEOUT, static_cast<int>(silence.value / 1000));
}

MonoTime mono_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return MonoTime{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

/// A context of Asio's kind over the same SSL_CTX: it takes a reference of its own.
asio::ssl::context shared_context(ssl_ctx_st* tls) {
  SSL_CTX_up_ref(tls);
  return asio::ssl::context(tls);
}

}  // namespace

struct PeerLink::Wire {
  Wire(tcp::socket socket, ssl_ctx_st* tls) : context(shared_context(tls)), stream(std::move(socket), context) {}
  asio::ssl::context context;
  asio::ssl::stream<tcp::socket> stream;
  std::array<std::uint8_t, read_size> buffer{};
};

PeerLink::PeerLink(asio::io_context& loop, ssl_ctx_st* tls, tcp::socket socket, const PeerLinkLimits& limits,
                   const PeerLinkOwner& owner)
    : loop_(loop),
      limits_(limits),
      owner_(owner),
      wire_(std::make_unique<Wire>(std::move(socket), tls)),
      deadline_(loop),
      pause_(loop),
      frames_(limits.frame_size_max) {}

PeerLink::~PeerLink() = default;

void PeerLink::start_deadline() {
  deadline_.expires_after(std::chrono::microseconds(limits_.handshake_timeout.value));
  deadline_.async_wait([self = shared_from_this()](error_code ec) {
    if (!ec) self->end({Errc::timed_out, "connect, handshake and welcome in time"}, "");
  });
}

void PeerLink::trust() {
  deadline_.cancel();
}

void PeerLink::dial(const Endpoints& where) {
  if (ended_) return;
  asio::async_connect(wire_->stream.next_layer(), where,
                      [self = shared_from_this()](error_code ec, const tcp::endpoint&) {
                        if (ec) return self->end({Errc::connect_failed, "the peer accepts connections"}, ec.message());
                        self->handshake(Role::client);
                      });
}

void PeerLink::handshake_accepted() {
  handshake(Role::server);
}

void PeerLink::handshake(Role role) {
  if (ended_) return;
  tune(wire_->stream.next_layer(), limits_.silence_max);
  const auto type = role == Role::client ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
  wire_->stream.async_handshake(type, [self = shared_from_this()](error_code ec) {
    if (!ec) return self->owner_.on_secured(self);
    const bool stranger = refused_identity(self->wire_->stream.native_handle());
    self->end(stranger ? Error{Errc::bad_identity, "the certificate key is a pinned one"}
                       : Error{Errc::connect_failed, "the TLS handshake completes"},
              ec.message());
  });
}

std::optional<PublicKey> PeerLink::key() const {
  return peer_key(wire_->stream.native_handle());
}

std::optional<asio::ip::address> PeerLink::remote() const {
  error_code ec;
  const auto from = wire_->stream.next_layer().remote_endpoint(ec);
  return ec ? std::nullopt : std::optional(plain(from.address()));
}

asio::ip::address PeerLink::plain(const asio::ip::address& address) {
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  return mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()) : address;
}

void PeerLink::read() {
  if (ended_) return;
  const MonoTime now = mono_now();
  const Micros wait = budget == nullptr ? Micros{0} : std::max(budget->frames.wait(now), budget->bytes.wait(now));
  if (wait > Micros{0}) {  // the peer's bytes wait in its kernel, and nobody else for them
    pause_.expires_after(std::chrono::microseconds(wait.value));
    return pause_.async_wait([self = shared_from_this()](error_code ec) {
      if (!ec) self->read();
    });
  }
  if (handing_out_) return hand_out();
  wire_->stream.async_read_some(asio::buffer(wire_->buffer),
                                [self = shared_from_this()](error_code ec, std::size_t size) {
                                  if (!ec) return self->take(size);
                                  self->end({Errc::closed, "the peer keeps the link open"}, ec.message());
                                });
}

void PeerLink::take(std::size_t size) {
  frames_.feed(ByteSpan(wire_->buffer).first(size));
  if (budget != nullptr) budget->bytes.take(static_cast<std::int64_t>(size), mono_now());
  hand_out();
}

void PeerLink::hand_out() {
  for (int i = 0; i < frames_per_turn && !ended_; ++i) {
    auto frame = frames_.next();
    if (!frame) return end(frame.error(), "");
    handing_out_ = frame->has_value();
    if (!handing_out_) return read();
    if (budget != nullptr) budget->frames.take(1, mono_now());
    owner_.on_frame(shared_from_this(), std::move(**frame));
  }
  if (!ended_) asio::post(loop_, [self = shared_from_this()] { self->read(); });
}

void PeerLink::send(const Frame& frame) {
  if (ended_) return;
  const std::size_t size = frame_length_size + frame->size();
  if (queued_bytes_ + size > limits_.queue_bytes_max) {
    return end({Errc::mailbox_full, "the peer reads as fast as we send"}, "");
  }
  queued_bytes_ += size;
  show_queue();
  queue_.push_back(frame);
  if (std::exchange(writing_, true)) return;
  asio::post(loop_, [self = shared_from_this()] { self->flush(); });
}

void PeerLink::flush() {
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
  asio::async_write(wire_->stream, asio::buffer(out_), [self = shared_from_this()](error_code ec, std::size_t size) {
    if (ec) return self->end({Errc::closed, "the peer keeps the link open"}, ec.message());
    self->queued_bytes_ -= size;
    self->show_queue();
    self->writing_ = !self->queue_.empty();
    if (self->writing_) self->flush();
  });
}

void PeerLink::show_queue() {
  if (queue_gauge != nullptr) queue_gauge->store(queued_bytes_, std::memory_order_relaxed);
}

void PeerLink::end(Error error, std::string text) {
  if (std::exchange(ended_, true)) return;
  error_code ignored;
  wire_->stream.next_layer().close(ignored);
  deadline_.cancel();
  pause_.cancel();
  asio::post(loop_,
             [self = shared_from_this(), error, text = std::move(text)] { self->owner_.on_end(self, error, text); });
}

}  // namespace assay::threshold
