#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "threshold/ceremony/effects.hpp"

namespace assay::threshold::ceremony {

/// What goes on when a record is durable.
enum class Next : std::uint8_t { deal, support, stored, confirm, certified, attempt, activate, fail };

/// The effects of one step, in order, and which of them the machine waits for.
class Outbox {
 public:
  void send(std::uint16_t to, const Bytes& frame);
  void broadcast(const Bytes& frame);
  void persist(Next next, Bytes record);
  void persist_share(Next next, std::shared_ptr<const frost::SecretShare> share, const EpochRecord& record);
  void tell(Effect effect) { effects_.push_back(std::move(effect)); }

  /// What waited for this one; nothing when nobody did.
  std::optional<Next> persisted(std::uint64_t id);
  bool is_waiting() const noexcept { return !pending_.empty(); }

  std::vector<Effect> take();
  void drop_effects() { effects_.clear(); }  ///< of a restore: they happened in the life before

 private:
  std::vector<Effect> effects_;
  std::map<std::uint64_t, Next> pending_;
  std::uint64_t last_id_ = 0;
};

}  // namespace assay::threshold::ceremony
