#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/entropy.hpp"
#include "core/time.hpp"
#include "threshold/ceremony/assemble.hpp"
#include "threshold/ceremony/board.hpp"
#include "threshold/ceremony/effects.hpp"
#include "threshold/ceremony/outbox.hpp"
#include "threshold/ceremony/test_signing.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold::ceremony {

enum class Stage : std::uint8_t {
  dealing = 1,  ///< until every deal is here and holds
  supporting,   ///< until every member supports the same deals
  storing,      ///< my share on its way to the disk
  confirming,   ///< until every member confirmed
  testing,      ///< until the new group signed
  activated,
  cancelled,
};

struct Settings {
  Terms terms;
  Micros stage_timeout;  ///< a stage that takes longer has failed: whoever is missing is named absent
  Micros resend;         ///< own words and a query again after this long
};

/// One party's side of one ceremony, as a pure machine: step(event, now) -> effects. Same restored records, events and
/// entropy, same effects.
class Machine {
 public:
  /// identity  one of the parties' (else unknown_member); old_share  its share of the old key, null when it has none to
  /// deal. All three outlive the machine.   errors  log_corrupt, unknown_member; bad_share: not the old record's share
  static Result<std::unique_ptr<Machine>> make(Settings settings, const IdentityKey& identity,
                                               const frost::SecretShare* old_share, const std::vector<Bytes>& records,
                                               Entropy& entropy, MonoTime now);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  [[nodiscard]] std::vector<Effect> step(const Event& event, MonoTime now);
  MonoTime next_deadline() const;
  Stage stage() const noexcept { return pace_.stage; }
  const Terms& terms() const noexcept { return settings_.terms; }
  std::uint16_t me() const noexcept { return me_; }  ///< place in Terms::parties
  const Board& board() const noexcept { return board_; }
  /// What the deals add up to, once they are all here and supported.
  std::optional<EpochRecord> record() const { return ours_ ? std::optional(ours_->record) : std::nullopt; }

 private:
  /// Where we are, and since when.
  struct Pace {
    Stage stage = Stage::dealing;
    MonoTime since{};
    MonoTime said{};
    MonoTime now{};
  };
  /// What the log holds, beside the frames.
  struct Kept {
    bool dealt = false;
    bool bound = false;  ///< Confirmed is written or being written
    std::vector<Signature> certificate;
    std::optional<Outcome> outcome;
    std::vector<Blame> blames;
  };

  Machine(Settings settings, const IdentityKey& identity, const frost::SecretShare* old_share, Entropy& entropy,
          std::uint16_t me);

  // machine_restore.cpp
  Done restore(const std::vector<Bytes>& records);
  Done restore_one(const Record& record);
  Done restore_supported(const Supported& record);
  // machine.cpp
  void advance();
  void advance_once();
  void enter(Stage stage);
  void persist(Next next, const Record& record);
  void on_persisted(std::uint64_t id);
  void on_tick();
  const Party& self() const { return settings_.terms.parties[me_]; }
  bool is_member() const { return self().member.has_value(); }
  bool is_over() const { return pace_.stage == Stage::activated || pace_.stage == Stage::cancelled; }
  // machine_messages.cpp
  Bytes sealed(MessageType type, ByteSpan payload) const;
  void say(MessageType type, ByteSpan payload);
  void say_again();
  void on_frame(const Bytes& bytes);
  bool is_news(const Frame& frame);
  void on_met(std::uint16_t party);
  void on_query(const Frame& frame);
  std::vector<Bytes> last_words() const;  ///< what ends it for whoever hears them; empty while it goes on
  void on_outcome(const Frame& frame);
  // machine_deals.cpp
  void deal();
  void support();
  void complain(std::uint16_t dealer);
  void compare_supports();
  void store();
  void compare_confirms();
  void certify();
  void test();
  void judge_test();
  // machine_faults.cpp
  std::vector<Blame> absent() const;
  void accuse(const Evidence& evidence);
  void fail(std::vector<Blame> blames);

  const Settings settings_;
  const IdentityKey& identity_;
  const frost::SecretShare* const old_share_;
  Entropy& entropy_;
  const std::uint16_t me_;

  Board board_;
  Outbox outbox_;
  TestSigning test_;
  Pace pace_;
  Kept kept_;
  std::optional<Assembled> ours_;
  Bytes unsaid_;                                ///< waits for its record
  bool failed_ = false;                         ///< in this life, or for good
  bool announced_ = false;                      ///< Activate or the final Failed was handed out in this life
  std::map<std::uint16_t, MonoTime> answered_;  ///< queries, by asker
};

}  // namespace assay::threshold::ceremony
