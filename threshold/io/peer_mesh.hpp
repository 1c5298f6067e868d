#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold {

/// Who is who, and how much anyone may cost us.
struct MeshSettings {
  MemberIndex me;
  std::string listen;                     ///< "host:port"; port 0 takes a free one
  std::vector<PublicKey> identities;      ///< by member; pinned
  std::vector<std::string> addresses;     ///< "host:port" by member; my own is ignored
  const IdentityKey& key;                 ///< outlives listen()
  std::size_t frame_size_max = 8U << 20;  ///< a longer announced frame ends the link
  /// What one peer may send; beyond it nothing is read from that peer for a while, whatever link it makes. The mesh's
  /// user derives both from what it makes honest members send (threshold/protocol.hpp, peer_rate).
  std::uint32_t frames_per_second = 10'000;
  std::uint32_t bytes_per_second = 256U << 20;
  std::size_t queue_bytes_max = 32U << 20;  ///< per peer; a peer this far behind is disconnected
  Micros handshake_timeout = millis(3000);
  /// Accepted connections that have not yet shown who they are. One more ends the oldest of them: silence at the port
  /// never keeps a member out, who needs a few round trips only.
  std::size_t strangers_max = 64;
  /// Handshakes that strangers may begin, all together. Beyond it they are turned away before the handshake, which is
  /// what costs. Who comes from where a member lives (its address, if that is a number, or where its last link came
  /// from) does not count here, but for that member: links_per_second.
  std::uint32_t strangers_per_second = 64;
  Micros backoff_min = millis(50);
  Micros backoff_max = millis(2000);
  /// A link on which nothing comes back for so long is closed, though no word of its end came. Whole seconds matter.
  Micros silence_max = millis(10'000);
  Micros penalty = millis(1000);  ///< a member that was disconnected is not let in again before
  /// Links of one member that come up: each is a greeting, and everything of the height said again. One that dials more
  /// often is turned away, at the latest after the handshake, and its link that is there stays.
  std::uint32_t links_per_second = 4;
};

/// What the mesh tells. All are called on the run() thread and may call the mesh.
struct MeshEvents {
  std::function<void(MemberIndex, Bytes)> on_frame;
  std::function<void(MemberIndex)> on_up;
  std::function<void(MemberIndex, Error, const std::string& text)>
      on_down;                                                          ///< a link ended, or a dial or accept failed
  std::function<void()> on_wake;                                        ///< the time given to wake_at() has come
  std::function<void(Error, const std::string& text)> on_refused = {};  ///< an accepted stranger went without proof
};

struct LinkState {
  MemberIndex member;
  bool up{};
  std::uint64_t frames_in{};
  std::uint64_t frames_out{};
  std::uint64_t bytes_queued{};
  std::uint64_t times_up{};
};

/// The links of one committee member and the loop its thread runs. TLS 1.3 both ways; each side shows a self-signed
/// certificate over its Ed25519 identity and is who it says only if that key is the pinned one. One link per pair: the
/// higher index dials the lower, again and again with jittered back-off. Frames are a u32 length, big-endian, then
/// bytes; the mesh does not look inside. No link ever waits for another.
class PeerMesh {
 public:
  /// Binds and listens; nothing is accepted before run().
  ///   errors  out_of_range: settings that do not fit together;  io_failed: cannot listen there
  static Result<std::unique_ptr<PeerMesh>> listen(const MeshSettings& settings, MeshEvents events);
  ~PeerMesh();
  PeerMesh(const PeerMesh&) = delete;
  PeerMesh& operator=(const PeerMesh&) = delete;

  std::uint16_t port() const noexcept;
  /// The committee thread's loop; returns after stop(). Once.
  void run();
  void stop();                            ///< thread-safe
  void post(std::function<void()> work);  ///< thread-safe: runs on the run() thread, in order
  std::vector<LinkState> links() const;   ///< thread-safe; every other member, ascending

  // On the run() thread only:
  /// Queues a frame; drops it when the link is down, or when it is empty or too large (the protocol resends on PeerUp),
  /// disconnects when the queue is full.
  void send(MemberIndex to, const std::shared_ptr<const Bytes>& frame);
  void broadcast(const std::shared_ptr<const Bytes>& frame);  ///< to every other member
  /// Closes the link, if it is up, and neither dials nor accepts this member for `penalty`. on_down comes later.
  void disconnect(MemberIndex member);
  /// From now on these may dial me too, as members above all others in the order of their coming: who joins the next
  /// committee, and fetches the chain before. Known ones stay as they are; beyond 64 members in all they are left out.
  void admit(const std::vector<PublicKey>& guests);
  /// Calls on_wake once at or after this time (steady clock, microseconds); a new time replaces the old one.
  void wake_at(MonoTime at);

 private:
  struct Parts;
  explicit PeerMesh(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::threshold
