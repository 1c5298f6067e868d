#include "tests/unit/threshold/protocol/wire_observer.hpp"

#include <algorithm>

namespace assay::threshold {
namespace {

std::string where(const Envelope& envelope) {
  return " (member " + std::to_string(envelope.sender.value) + ", view " + std::to_string(envelope.view.value) +
         ", height " + std::to_string(envelope.height.value) + ")";
}

}  // namespace

void WireObserver::once(MessageType type, const Envelope& envelope, const Bytes& frame) {
  const Key key{envelope.sender, envelope.view, envelope.height};
  const auto [found, fresh] = said_.try_emplace({type, key}, sha256(envelope.payload));
  (void)frame;
  if (!fresh && found->second != sha256(envelope.payload)) {
    violated("two messages of type " + std::to_string(static_cast<int>(type)) + where(envelope));
  }
}

void WireObserver::check_durable(const Envelope& envelope, const std::vector<Bytes>& disk) {
  if (envelope.type == MessageType::wish) return;
  View highest{0};
  for (const Bytes& bytes : disk) {
    const auto record = decode_record({committee_.cfg, envelope.sender}, limits_, bytes);
    if (!record || !*record) continue;
    if (const auto* view = std::get_if<ViewRecord>(&**record)) highest = std::max(highest, view->view);
  }
  if (envelope.view > highest) violated("a message of a view that is not durable" + where(envelope));
}

void WireObserver::check_share(const Envelope& envelope, const ShareMessage& share, const std::vector<Bytes>& disk) {
  const bool locked = std::any_of(disk.begin(), disk.end(), [&](const Bytes& bytes) {
    const auto record = decode_record({committee_.cfg, envelope.sender}, limits_, bytes);
    if (!record || !*record) return false;
    const auto* lock = std::get_if<LockRecord>(&**record);
    return lock != nullptr && lock->view() == envelope.view && lock->height() == envelope.height &&
           lock->hash() == share.header_hash;
  });
  if (!locked) violated("a share without a durable lock" + where(envelope));
  const bool again = reproposed_[{envelope.view, envelope.height}];
  const std::uint8_t purpose = share.attempt > 0 ? 2 : (again ? 1 : 0);
  const Key key{envelope.sender, envelope.view, envelope.height};
  const auto commitment = commitments_.find({key, purpose, share.attempt});
  if (commitment == commitments_.end()) return violated("a share without a published commitment" + where(envelope));
  auto& sids = spent_[{envelope.sender, commitment->second.hiding}];
  sids.insert(share.sid);
  sids_.insert(share.sid);
  if (sids.size() > 1) violated("a nonce for two sessions" + where(envelope));
  const auto [found, fresh] = said_.try_emplace({MessageType::share, key}, share.header_hash);
  if (!fresh && found->second != share.header_hash) violated("shares for two batches" + where(envelope));
}

void WireObserver::learn_proposal(const Envelope& envelope, const Message& message) {
  const auto* prop = std::get_if<PropMessage>(&message);
  if (prop == nullptr) return;
  const bool again =
      prop->new_view && prop->new_view->lock && prop->new_view->lock->header_hash == header_hash(prop->header);
  reproposed_[{envelope.view, envelope.height}] = again;
}

void WireObserver::sent(MemberIndex sender, const Bytes& frame, const std::vector<Bytes>& disk) {
  const auto envelope = open_envelope(committee_, frame);
  if (ignored_.contains(sender)) {
    // What a liar leads, honest members sign: whether it is a re-proposal decides which pair they use.
    const auto said = envelope ? decode_payload(envelope->type, envelope->payload, limits_) : envelope.error();
    if (said) learn_proposal(*envelope, *said);
    return;
  }
  if (!envelope || envelope->sender != sender) return violated("a frame that does not open");
  const auto message = decode_payload(envelope->type, envelope->payload, limits_);
  if (!message) return violated("a frame that does not decode" + where(*envelope));
  if (encode_payload(*message) != Bytes(envelope->payload.begin(), envelope->payload.end())) {
    return violated("a payload with two spellings" + where(*envelope));
  }
  ++counts_[envelope->type];
  check_durable(*envelope, disk);
  const Key key{envelope->sender, envelope->view, envelope->height};
  const MessageType type = envelope->type;
  const bool speaks = type == MessageType::obs || type == MessageType::prop || type == MessageType::prep ||
                      type == MessageType::share || type == MessageType::sign_request || type == MessageType::venter ||
                      type == MessageType::nonce || type == MessageType::nonce_request;
  // The answer to ASK_VIEW repeats what was said before; everything else is new.
  if (const auto fence = fences_.find(sender); speaks && fence != fences_.end() && envelope->view <= fence->second) {
    violated("a word inside the fence" + where(*envelope));
  }
  if (type == MessageType::obs || type == MessageType::prep || type == MessageType::prop ||
      type == MessageType::venter) {
    once(type, *envelope, frame);
  }
  if (const auto* obs = std::get_if<ObsMessage>(&*message); obs != nullptr && obs->commitment) {
    commitments_.try_emplace({key, std::uint8_t{0}, std::uint8_t{0}}, *obs->commitment);
  }
  if (const auto* venter = std::get_if<VenterMessage>(&*message); venter != nullptr && venter->commitment) {
    commitments_.try_emplace({key, std::uint8_t{1}, std::uint8_t{0}}, *venter->commitment);
  }
  if (const auto* nonce = std::get_if<NonceMessage>(&*message)) {
    commitments_.try_emplace({key, std::uint8_t{2}, nonce->attempt}, nonce->commitment);
  }
  if (const auto* request = std::get_if<SignRequest>(&*message)) {
    // The coordinator's own answer to itself shows only here.
    for (const SignedNonce& nonce : request->signers) {
      const Key owner{nonce.member, envelope->view, envelope->height};
      commitments_.try_emplace({owner, std::uint8_t{2}, request->attempt}, nonce.commitment);
    }
  }
  learn_proposal(*envelope, *message);
  if (type == MessageType::prep) votes_[sender].push_back(envelope->view);
  if (const auto* share = std::get_if<ShareMessage>(&*message)) check_share(*envelope, *share, disk);
}

void WireObserver::attested(MemberIndex node, const Batch& batch) {
  if (!verify_batch(batch, committee_.record.group_key)) {
    violated("member " + std::to_string(node.value) + " attested a batch that does not verify");
  }
  const Height height = batch.header.height;
  const auto [found, fresh] = batches_.try_emplace(height, header_hash(batch.header));
  if (!fresh && found->second != header_hash(batch.header)) {
    violated("two attested batches at height " + std::to_string(height.value));
  }
  const auto before = batches_.find(Height{height.value - 1});
  if (before != batches_.end() && before->second != batch.header.prev_header_hash) {
    violated("height " + std::to_string(height.value) + " does not extend the one before");
  }
}

std::size_t WireObserver::count(MessageType type) const {
  const auto found = counts_.find(type);
  return found == counts_.end() ? 0 : found->second;
}

std::size_t WireObserver::votes_above(MemberIndex member, View view) const {
  const auto found = votes_.find(member);
  if (found == votes_.end()) return 0;
  return static_cast<std::size_t>(
      std::count_if(found->second.begin(), found->second.end(), [view](View one) { return one > view; }));
}

}  // namespace assay::threshold
