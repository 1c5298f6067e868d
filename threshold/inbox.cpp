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

bool binds(MessageType type) {
  switch (type) {
    case MessageType::obs:
    case MessageType::prop:
    case MessageType::prep:
    case MessageType::share:
    case MessageType::sign_request:
    case MessageType::nonce_request:
    case MessageType::nonce:
    case MessageType::venter:
      return true;
    case MessageType::att:
    case MessageType::wish:
    case MessageType::proofs:
    case MessageType::get:
    case MessageType::range:
    case MessageType::hello:
    case MessageType::echo:
    case MessageType::pull:
    case MessageType::bodies:
    case MessageType::ask_view:
    case MessageType::ready:
      return false;
  }
  return false;
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
  if (!binds(type)) return;
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

SharedBytes Echoes::share_of(MemberIndex member) const {
  const auto found = held_.find({member, Kind::share});
  return found == held_.end() ? nullptr : found->second.frame;
}

}  // namespace assay::threshold
