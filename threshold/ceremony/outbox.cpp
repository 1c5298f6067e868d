#include "threshold/ceremony/outbox.hpp"

#include <utility>

namespace assay::threshold::ceremony {

void Outbox::send(std::uint16_t to, const Bytes& frame) {
  effects_.push_back(Send{to, std::make_shared<const Bytes>(frame)});
}

void Outbox::broadcast(const Bytes& frame) {
  effects_.push_back(Broadcast{std::make_shared<const Bytes>(frame)});
}

void Outbox::persist(Next next, Bytes record) {
  pending_.emplace(++last_id_, next);
  effects_.push_back(Persist{last_id_, std::move(record)});
}

void Outbox::persist_share(Next next, std::shared_ptr<const frost::SecretShare> share, const EpochRecord& record) {
  pending_.emplace(++last_id_, next);
  effects_.push_back(PersistShare{last_id_, std::move(share), record.share_generation, record.group_key});
}

std::optional<Next> Outbox::persisted(std::uint64_t id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return std::nullopt;
  const Next next = found->second;
  pending_.erase(found);
  return next;
}

std::vector<Effect> Outbox::take() {
  return std::exchange(effects_, {});
}

}  // namespace assay::threshold::ceremony
