#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "threshold/io/frame_reader.hpp"
#include "threshold/io/tls_identity.hpp"
#include "threshold/io/token_bucket.hpp"

namespace assay::threshold {

class PeerLink;
using PeerLinkPointer = std::shared_ptr<PeerLink>;

struct PeerLinkLimits {
  std::size_t frame_size_max{};
  std::size_t queue_bytes_max{};
  Micros handshake_timeout;
  Micros silence_max;
};

/// What is left of one peer's rates; shared by all links of that peer.
struct PeerBudget {
  TokenBucket frames;
  TokenBucket bytes;
};

/// What a link tells the mesh. Called from the loop, on_end never from inside a call of the mesh.
struct PeerLinkOwner {
  std::function<void(const PeerLinkPointer&)> on_secured;  ///< the handshake is through; the key is a pinned one
  std::function<void(const PeerLinkPointer&, Bytes)> on_frame;
  std::function<void(const PeerLinkPointer&, Error, const std::string& text)> on_end;  ///< once
};

/// Frames that one link hands out before every other link had its turn: what arrives in one piece from one peer may be
/// hundreds, and each costs a signature check.
inline constexpr int frames_per_turn = 16;

/// One TCP connection with TLS on it, dialled or accepted: frames in, frames out, one end. Internal to the mesh; owned
/// by its loop's thread. A link lives as long as it has an operation under way, or the mesh holds it.
class PeerLink : public std::enable_shared_from_this<PeerLink> {
 public:
  using Frame = std::shared_ptr<const Bytes>;
  using Endpoints = boost::asio::ip::tcp::resolver::results_type;

  /// limits, owner and tls (for both roles) outlive the link.
  PeerLink(boost::asio::io_context& loop, ssl_ctx_st* tls, boost::asio::ip::tcp::socket socket,
           const PeerLinkLimits& limits, const PeerLinkOwner& owner);
  ~PeerLink();

  void start_deadline();  ///< the time for everything up to trust()
  void trust();
  void dial(const Endpoints& where);  ///< connects, then handshakes as a client
  void handshake_accepted();          ///< as a server
  void read();                        ///< from now on, frames arrive
  /// Frames sent within one turn of the loop leave in one write. A full queue ends the link.
  void send(const Frame& frame);
  void end(Error error, std::string text);

  std::optional<PublicKey> key() const;  ///< whom the handshake proved
  /// Where it comes from; none when it has ended.
  std::optional<boost::asio::ip::address> remote() const;
  /// An IPv4 address that a socket of IPv6 shows, as itself.
  static boost::asio::ip::address plain(const boost::asio::ip::address& address);

  // The mesh's own notes on this link.
  std::optional<std::size_t> member;                  ///< whom we dial, or who has proven to be there
  std::atomic<std::uint64_t>* queue_gauge = nullptr;  ///< where the queue's size is shown
  PeerBudget* budget = nullptr;                       ///< reading stops while it is spent; outlives the link
  bool dialled = false;

 private:
  struct Wire;
  enum class Role : std::uint8_t { client, server };
  void handshake(Role role);
  void take(std::size_t size);
  void hand_out();
  void flush();
  void show_queue();

  boost::asio::io_context& loop_;
  const PeerLinkLimits& limits_;
  const PeerLinkOwner& owner_;
  std::unique_ptr<Wire> wire_;  ///< TLS stream and read buffer
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer pause_;
  FrameReader frames_;
  std::deque<Frame> queue_;
  Bytes out_;
  std::size_t queued_bytes_ = 0;
  bool writing_ = false;
  bool handing_out_ = false;  ///< frames_ may hold more whole frames
  bool ended_ = false;
};

}  // namespace assay::threshold
