#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/entropy.hpp"
#include "core/time.hpp"
#include "threshold/ceremony/effects.hpp"
#include "threshold/ceremony/frame.hpp"
#include "threshold/ceremony/repair_messages.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold::ceremony {

/// Giving one member its lost share back, as a pure machine like Machine: the member's side or a helper's. Nothing but
/// the share is durable; a party that restarts begins anew, with a round of its own or as a helper that was silent.
/// Nobody learns a share that is not its own: a helper splits its part among the helpers, each of them adds up what it
/// got, and the member sees the sums only. All pieces are committed to, so who lies is named (a remark, no proof).
class RepairMachine {
 public:
  struct Settings {
    Terms terms;  ///< of a Kind::repair
    Micros timeout;
    Micros resend;
  };
  enum class Stage : std::uint8_t { collecting = 1, storing, repaired, failed };

  /// share  the helper's; null for the member that lost its own, or what it has got back in a life before. All but
  /// settings outlive the machine.
  ///   errors  unknown_member; bad_share: not the share that the record names
  static Result<std::unique_ptr<RepairMachine>> make(Settings settings, const IdentityKey& identity,
                                                     const frost::SecretShare* share, Entropy& entropy, MonoTime now);
  RepairMachine(const RepairMachine&) = delete;
  RepairMachine& operator=(const RepairMachine&) = delete;

  /// Effects: Send, Broadcast, PersistShare, Failed (always final), Repaired.
  [[nodiscard]] std::vector<Effect> step(const Event& event, MonoTime now);
  MonoTime next_deadline() const;
  Stage stage() const noexcept { return stage_; }
  std::uint16_t me() const noexcept { return me_; }
  bool is_helper() const noexcept { return me_ > 0; }
  /// How far a helper is, as seen from here, in this round.
  bool has_split(std::uint16_t party) const { return split_.contains(party); }
  bool has_added(std::uint16_t party) const { return added_.contains(party); }

 private:
  /// A message of this round, checked.
  template <class T>
  struct Heard {
    T message;
    Digest digest;
  };

  RepairMachine(Settings settings, const IdentityKey& identity, const frost::SecretShare* share, Entropy& entropy,
                std::uint16_t me);
  void begin_round(const RepairRound& round);
  void ask_anew();
  void split();
  void add_up();
  void put_together();
  void say(MessageType type, ByteSpan payload);
  void answer_again();
  void on_frame(const Bytes& bytes);
  void on_ask(const Frame& frame);
  void on_pieces(const Frame& frame);
  void on_sum(const Frame& frame);
  void on_done(const Frame& frame);
  void on_persisted();
  void announce();
  void on_timeout();
  void fail(std::vector<Blame> blames);
  std::uint16_t place() const { return static_cast<std::uint16_t>(me_ - 1); }  ///< of a helper among the dealers
  bool all_split() const { return split_.size() == settings_.terms.dealers(); }
  std::vector<RepairPieces> all_pieces() const;
  std::vector<Digest> all_digests() const;

  const Settings settings_;
  const IdentityKey& identity_;
  const frost::SecretShare* const share_;
  Entropy& entropy_;
  const std::uint16_t me_;

  Stage stage_ = Stage::collecting;
  MonoTime now_{};
  MonoTime since_{};
  MonoTime said_{};
  std::optional<RepairRound> round_;
  std::uint32_t rounds_ = 0;
  bool announced_ = false;
  std::map<std::uint16_t, Heard<RepairPieces>> split_;  ///< by party
  std::map<std::uint16_t, Heard<RepairSum>> added_;     ///< by party; a helper has its own only
  std::vector<Effect> effects_;
};

}  // namespace assay::threshold::ceremony
