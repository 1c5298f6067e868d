#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "committees.hpp"
#include "threshold/ceremony/machine.hpp"

namespace assay::threshold::ceremony {

/// All parties of one ceremony in one thread: real machines, a perfect network that a liar may bend, disks that keep
/// what was persisted, and crashes.
class World {
 public:
  /// What becomes of a frame on its way: other frames, or none.
  using Bend = std::function<std::vector<Bytes>(std::uint16_t from, std::uint16_t to, const Bytes& frame)>;

  struct Party {
    const IdentityKey* identity{};
    const frost::SecretShare* old_share{};
    std::unique_ptr<SeededEntropy> entropy;
    std::unique_ptr<Machine> machine;
    std::vector<Bytes> log;
    std::shared_ptr<const frost::SecretShare> share;  ///< the share file
    std::optional<Activate> activated;
    std::optional<Failed> failed;
    std::size_t persists = 0;
    std::size_t crash_at = SIZE_MAX;  ///< dies when this many records were asked for
    bool crash_before_writing = false;
    std::size_t crashes = 0;
  };

  /// old_shares  by index of the old committee; empty when fresh
  World(Terms terms, const std::vector<const IdentityKey*>& keys,
        const std::vector<frost::SecretShare>& old_shares = {});

  Bend bend;
  /// Until nobody has anything to do before the ceremony's last deadline.
  void run();

  const Terms& terms() const { return terms_; }
  Party& party(std::uint16_t place) { return parties_[place]; }
  std::vector<Party>& parties() { return parties_; }
  Bytes sealed(std::uint16_t party, MessageType type, ByteSpan payload, std::uint32_t attempt = 0) const;
  bool everybody_activated() const;
  std::size_t activated() const;

 private:
  struct Delivery {
    std::uint16_t to;
    Event event;
    std::size_t life;  ///< an event of a life before a crash is lost
  };
  void start(std::uint16_t place);
  void take(std::uint16_t place, const std::vector<Effect>& effects);
  bool perform(std::uint16_t place, const Effect& effect);
  bool dies(std::uint16_t place, bool written);
  void post(std::uint16_t from, std::uint16_t to, const Bytes& frame);
  void deliver_all();

  Terms terms_;
  std::vector<Party> parties_;
  std::deque<Delivery> queue_;
  MonoTime now_{1'000'000};
};

/// True when these members of the group produce a valid signature with their shares.
bool signs(const frost::GroupPublic& group, const std::vector<const frost::SecretShare*>& shares);
frost::GroupPublic group_of(const EpochRecord& record);

}  // namespace assay::threshold::ceremony
