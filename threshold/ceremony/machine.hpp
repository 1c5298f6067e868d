#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/entropy.hpp"
#include "core/time.hpp"
#include "threshold/ceremony/assemble.hpp"
#include "threshold/ceremony/durable.hpp"
#include "threshold/ceremony/messages.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold::ceremony {

/// One party's side of one ceremony, as a pure machine: step(event, now) -> effects. Same restored records, events and
/// entropy, same effects.

struct Tick {};  ///< next_deadline() has come; also the first event of all
struct FromPeer {
  Bytes frame;
};  ///< from whomever: every frame is signed
struct Persisted {
  std::uint64_t id{};
};
using Event = std::variant<Tick, FromPeer, Persisted>;

/// Append to the ceremony's log, fsync, then Persisted{id}.
struct Persist {
  std::uint64_t id{};
  Bytes record;
};
/// Write the share where the epoch's share files are, fsync, then Persisted{id}. It is asked for again after a restart:
/// a file that holds this share already is as good; one that holds another stops the ceremony.
struct PersistShare {
  std::uint64_t id{};
  std::shared_ptr<const frost::SecretShare> share;
  std::uint32_t generation{};
};
struct Send {
  PublicKey to;
  std::shared_ptr<const Bytes> frame;
};
struct Broadcast {
  std::shared_ptr<const Bytes> frame;
};  ///< to every other party
/// It is over and well: the record may be published; old shares may be erased once it is in force.
struct Activate {
  EpochRecord record;
  Outcome outcome;
};
/// It went wrong, once per run. final: nothing of it can come into force, and the pending share, if any, may be erased.
/// Else this party has confirmed, or only watches: it keeps both shares and still activates when an outcome comes.
struct Failed {
  std::vector<Blame> blames;
  bool final{};
};
using Effect = std::variant<Persist, PersistShare, Send, Broadcast, Activate, Failed>;

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

class Machine {
 public:
  /// identity  one of the parties' (else unknown_member); old_share  its share of the old key, null when it has none to
  /// deal. All three outlive the machine.   errors  log_corrupt, unknown_member; bad_share: not the old record's share
  static Result<std::unique_ptr<Machine>> make(Settings settings, const IdentityKey& identity,
                                               const frost::SecretShare* old_share, const std::vector<Bytes>& records,
                                               Entropy& entropy, MonoTime now);

  [[nodiscard]] std::vector<Effect> step(const Event& event, MonoTime now);
  MonoTime next_deadline() const;
  Stage stage() const noexcept { return stage_; }
  const Terms& terms() const noexcept { return settings_.terms; }

 private:
  Machine(Settings settings, const IdentityKey& identity, const frost::SecretShare* old_share, Entropy& entropy);

  /// A message that is said once, as it came.
  struct Heard {
    Bytes bytes;
    SignedDigest signed_digest;
    std::uint32_t attempt{};
  };
  /// What goes on when a record is durable.
  enum class Next : std::uint8_t { deal, support, stored, confirm, certified, attempt, activate, fail };

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
  void say(MessageType type, ByteSpan payload);
  void say_again();
  Bytes sealed(MessageType type, ByteSpan payload) const;
  const Party& self() const { return settings_.terms.parties[me_]; }
  bool is_member() const { return self().member.has_value(); }
  // machine_messages.cpp
  void broadcast(const Bytes& frame);
  void on_frame(const Bytes& bytes);
  bool is_news(const Frame& frame);
  void on_query(const Frame& frame);
  void on_outcome(const Frame& frame);
  const Heard* heard(MessageType type, std::uint16_t party) const;
  bool all_said(MessageType type) const;
  std::uint32_t bitmap_of(MessageType type) const;
  // machine_deals.cpp
  void deal();
  void support();
  void complain(std::uint16_t dealer);
  void compare_supports();
  void store();
  bool assemble();
  void compare_confirms();
  void certify();
  // machine_test_sign.cpp
  void test();
  void begin_attempt(std::uint32_t attempt);
  void commit_test();
  void sign_test();
  void compare_lists();
  void finish_test();
  std::optional<frost::Session> test_session() const;
  void activate();
  // machine_faults.cpp
  std::vector<Blame> absent() const;
  void accuse(const Evidence& evidence);
  void fail(std::vector<Blame> blames);

  // configuration
  Settings settings_;
  const IdentityKey& identity_;
  const frost::SecretShare* old_share_;
  Entropy& entropy_;
  std::uint16_t me_{};  ///< place in the parties

  // durable
  bool dealt_ = false;
  bool bound_ = false;  ///< Confirmed is written or being written
  std::vector<Signature> certificate_;
  std::uint32_t attempt_ = 0;
  std::optional<Outcome> outcome_;
  std::vector<Blame> blames_;

  // heard, in memory
  std::map<std::pair<MessageType, std::uint16_t>, Heard> heard_;  ///< newest attempt only
  std::map<std::uint16_t, Deal> deals_;                           ///< checked, by dealer
  std::map<std::uint16_t, MonoTime> answered_;

  // derived and volatile
  Stage stage_ = Stage::dealing;
  MonoTime since_{};
  MonoTime said_{};
  MonoTime now_{};
  std::optional<EpochRecord> record_;
  Confirm confirm_;
  std::shared_ptr<const frost::SecretShare> share_;
  std::optional<frost::NoncePair> nonces_;
  bool failed_ = false;
  Bytes unsaid_;            ///< waits for its record
  bool busy_ = false;       ///< a persist that must complete before the next step
  bool announced_ = false;  ///< Activate or the final Failed was handed out in this run
  std::map<std::uint64_t, Next> pending_;
  std::uint64_t last_id_ = 0;
  std::vector<Effect> effects_;
};

}  // namespace assay::threshold::ceremony
