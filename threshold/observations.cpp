#include "threshold/observations.hpp"

#include <algorithm>

#include "aggregator/aggregate.hpp"
#include "core/merkle.hpp"
#include "threshold/codec.hpp"

namespace assay::threshold {

Result<BodyRef> read_body(const Committee& committee, const Limits& limits, SharedBytes frame, Author author) {
  if (frame->size() > limits.observation_frame()) return Error{Errc::too_large, "an observation is not that long"};
  const auto envelope = open_envelope(committee, *frame);
  if (!envelope) return envelope.error();
  if (envelope->type != MessageType::obs) return Error{Errc::out_of_range, "a body is an OBS frame"};
  if (author == Author::verify_now && !verify(committee, *envelope)) {
    return Error{Errc::bad_signature, "observation not signed by its author"};
  }
  auto message = decode_payload(MessageType::obs, envelope->payload, limits);
  if (!message) return message.error();
  auto* obs = std::get_if<ObsMessage>(&*message);
  if (obs->commitment) {
    if (const auto valid = committee.signatures->validate(*obs->commitment); !valid) return valid.error();
  }
  const Digest digest = merkle_leaf(*frame);
  return BodyRef(std::make_shared<const Body>(
      Body{envelope->sender, envelope->view, envelope->height, digest, std::move(frame), std::move(*obs)}));
}

LockInputs::LockInputs(const std::vector<Bytes>& bodies) {
  for (const Bytes& body : bodies) bodies_.emplace_back(merkle_leaf(body), std::make_shared<const Bytes>(body));
}

LockInputs::LockInputs(const std::vector<BodyRef>& bodies) {
  for (const BodyRef& body : bodies) bodies_.emplace_back(body->digest, body->frame);
}

LockInputs LockInputs::named(const std::vector<Digest>& names) {
  LockInputs inputs;
  for (const Digest& name : names) inputs.bodies_.emplace_back(name, nullptr);
  return inputs;
}

SharedBytes LockInputs::find(const Digest& name) const {
  for (const auto& [known, frame] : bodies_) {
    if (known == name) return frame;
  }
  return nullptr;
}

std::vector<Digest> LockInputs::missing() const {
  std::vector<Digest> missing;
  for (const auto& [name, frame] : bodies_) {
    if (frame == nullptr) missing.push_back(name);
  }
  return missing;
}

bool LockInputs::complete() const {
  return std::ranges::all_of(bodies_, [](const auto& one) { return one.second != nullptr; });
}

void LockInputs::supply(const Digest& name, const SharedBytes& frame) {
  for (auto& [known, held] : bodies_) {
    if (known == name && held == nullptr) held = frame;
  }
}

std::vector<Digest> LockInputs::names() const {
  std::vector<Digest> names;
  for (const auto& [name, frame] : bodies_) names.push_back(name);
  return names;
}

Added ObservationPool::add(BodyRef body) {
  const auto key = std::pair{body->height, body->member};
  const auto [found, fresh] = bodies_.try_emplace(key, body);
  if (fresh) {
    arrived_.push_back(key);
    return Added::first;
  }
  return found->second->digest == body->digest ? Added::same : Added::different;
}

BodyRef ObservationPool::find(Height height, MemberIndex member) const {
  const auto found = bodies_.find({height, member});
  return found == bodies_.end() ? nullptr : found->second;
}

std::vector<BodyRef> ObservationPool::at(Height height) const {
  std::vector<BodyRef> bodies;
  for (auto it = bodies_.lower_bound({height, MemberIndex{0}}); it != bodies_.end() && it->first.first == height;
       ++it) {
    bodies.push_back(it->second);
  }
  return bodies;
}

void ObservationPool::forget_below(Height height) {
  std::erase_if(bodies_, [height](const auto& one) { return one.first.first < height; });
  std::erase_if(arrived_, [height](const auto& one) { return one.first < height; });
}

void ObservationPool::clear() {
  bodies_.clear();
  arrived_.clear();
}

std::vector<MemberIndex> ObservationPool::arrivals(Height height) const {
  std::vector<MemberIndex> members;
  for (const auto& [at, member] : arrived_) {
    if (at == height) members.push_back(member);
  }
  return members;
}

bool covers_feeds(const std::vector<BodyRef>& bodies, const aggregator::AggregationPolicy& policy, Quorum quorum) {
  for (std::size_t feed = 0; feed < policy.feeds.size(); ++feed) {
    std::uint16_t valid = 0;
    std::uint16_t priced = 0;
    for (const BodyRef& body : bodies) {
      const auto& entry = body->message.observation.feeds[feed];
      if (!entry) continue;
      ++priced;
      if (aggregator::is_valid_entry(*entry, body->message.observation.time, policy)) ++valid;
    }
    if (priced >= quorum.one_honest() && valid < quorum.agree()) return false;
  }
  return true;
}

}  // namespace assay::threshold
