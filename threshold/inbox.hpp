#pragma once
#include <map>
#include <vector>

#include "threshold/envelope.hpp"
#include "threshold/observations.hpp"

namespace assay::threshold {

/// Verified frames that are not of my present (view, height) yet: one per (peer, type), the newest wins. So a peer can
/// hold at most one frame of each kind here, however much it sends.
class Inbox {
 public:
  void keep(const Envelope& envelope, SharedBytes frame);
  /// Everything held, in (peer, type) order; empties the box.
  std::vector<SharedBytes> take();

 private:
  struct Held {
    View view;
    Height height;
    SharedBytes frame;
  };
  std::map<std::pair<MemberIndex, MessageType>, Held> held_;
};

/// Said only by a member that votes in the view: never within a fence, never before the start's greeting is done.
bool binds(MessageType type);

/// The newest that each peer said as a voter, kept to tell it after a restart (ECHO).
class Echoes {
 public:
  void hear(const Envelope& envelope, const SharedBytes& frame);
  std::vector<Bytes> of(MemberIndex member) const;
  /// Its SHARE of the highest view and height; null when it gave none.
  SharedBytes share_of(MemberIndex member) const;

 private:
  enum class Kind : std::uint8_t { newest, share, observation };
  struct Held {
    View view;
    Height height;
    SharedBytes frame;
  };
  void hold(MemberIndex member, Kind kind, const Envelope& envelope, const SharedBytes& frame);

  std::map<std::pair<MemberIndex, Kind>, Held> held_;
};

}  // namespace assay::threshold
