#include "threshold/inbox.hpp"

namespace assay::threshold {

void Inbox::keep(const Envelope& envelope, SharedBytes frame) {
  const auto at = std::pair{envelope.view, envelope.height};
  const auto [found, fresh] = held_.try_emplace({envelope.sender, envelope.type}, Held{at.first, at.second, frame});
  if (!fresh && std::pair{found->second.view, found->second.height} <= at) {
    found->second = Held{at.first, at.second, std::move(frame)};
  }
}

std::vector<SharedBytes> Inbox::take() {
  std::vector<SharedBytes> frames;
  for (auto& [key, held] : held_) frames.push_back(std::move(held.frame));
  held_.clear();
  return frames;
}

void Echoes::hold(MemberIndex member, Kind kind, const Envelope& envelope, const SharedBytes& frame) {
  const auto at = std::pair{envelope.view, envelope.height};
  const auto [found, fresh] = held_.try_emplace({member, kind}, Held{at.first, at.second, frame});
  if (!fresh && std::pair{found->second.view, found->second.height} < at) {
    found->second = Held{at.first, at.second, frame};
  }
}

void Echoes::hear(const Envelope& envelope, const SharedBytes& frame) {
  const MessageType type = envelope.type;
  // A wish is said before its view is durable, and bulk answers prove nothing that the others do not.
  if (type == MessageType::wish || type == MessageType::range || type == MessageType::bodies ||
      type == MessageType::echo || type == MessageType::proofs) {
    return;
  }
  hold(envelope.sender, Kind::newest, envelope, frame);
  if (type == MessageType::share) hold(envelope.sender, Kind::share, envelope, frame);
  if (type == MessageType::obs) hold(envelope.sender, Kind::observation, envelope, frame);
}

std::vector<Bytes> Echoes::of(MemberIndex member) const {
  std::vector<Bytes> frames;
  for (auto it = held_.lower_bound({member, Kind::newest}); it != held_.end() && it->first.first == member; ++it) {
    frames.push_back(*it->second.frame);
  }
  return frames;
}

}  // namespace assay::threshold
