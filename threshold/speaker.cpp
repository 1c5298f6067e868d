#include "threshold/speaker.hpp"

#include "threshold/codec.hpp"

namespace assay::threshold {

SharedBytes Speaker::seal(MessageType type, View view, Height height, const Message& message) const {
  check(message.index() + 1 == static_cast<std::size_t>(type), "a message is sealed under its own type");
  const Scope scope{type, view, height, me_};
  return std::make_shared<const Bytes>(threshold::seal(committee_, identity_, scope, encode_payload(message)));
}

void Speaker::remember(Said said) {
  if (said_.size() < said_max) said_.push_back(std::move(said));
}

void Speaker::keep_saying(MessageType type, Height height, SharedBytes frame) {
  to_all(frame);
  remember({type, height, std::nullopt, std::move(frame)});
}

void Speaker::keep_telling(MemberIndex peer, MessageType type, Height height, SharedBytes frame) {
  to(peer, frame);
  remember({type, height, peer, std::move(frame)});
}

void Speaker::stop_saying(MessageType type) {
  std::erase_if(said_, [type](const Said& said) { return said.type == type; });
}

void Speaker::forget_below(Height height) {
  // Entries into a view hold until the view is open, whatever the height.
  std::erase_if(said_, [height](const Said& said) {
    return said.height < height && said.type != MessageType::venter && said.type != MessageType::proofs;
  });
}

void Speaker::repeat_to(MemberIndex peer) {
  for (const Said& said : said_) {
    if (!said.to || *said.to == peer) to(peer, said.frame);
  }
}

void Speaker::repeat_to(MemberIndex peer, MessageType type) {
  for (const Said& said : said_) {
    if (said.to == peer && said.type == type) to(peer, said.frame);
  }
}

void Speaker::repeat() {
  for (const Said& said : said_) {
    if (said.type == MessageType::proofs) continue;
    if (said.to) {
      to(*said.to, said.frame);
    } else {
      to_all(said.frame);
    }
  }
}

}  // namespace assay::threshold
