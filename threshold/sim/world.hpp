#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "threshold/envelope.hpp"
#include "threshold/limits.hpp"
#include "threshold/sim/chance.hpp"
#include "threshold/sim/keys.hpp"
#include "threshold/sim/link.hpp"
#include "threshold/sim/market.hpp"
#include "threshold/sim/seat.hpp"
#include "threshold/sim/witness.hpp"

namespace assay::threshold::sim {

struct WorldSettings {
  std::uint64_t seed = 1;
  std::uint32_t feeds = 2;
  Timing timing;
  LinkQuality links;
  DiskQuality disks;
  Weather weather = Weather::changing;
  Micros shut_after_fault = millis(1000);  ///< a link that one of its ends gives up; 0: it stays up
};

/// The network's clocks and patience in simulations and tests.
Timing usual_timing(std::uint32_t rotation_heights);

/// Who signs in a new epoch: the present shares, or the key handed on, as other members need it.
enum class Shares : std::uint8_t { kept, renewed };

/// What a node was given as the next epoch.
enum class File : std::uint8_t { none, right, wrong };

/// Stands between a Byzantine member's machines and the wire: what they say goes through here, and what they hear.
class Mouth {
 public:
  virtual ~Mouth() = default;
  virtual void says(Seat seat, MemberIndex to, const SharedFrame& frame) = 0;
  virtual SharedFrame hears(Seat, MemberIndex /*from*/, const SharedFrame& frame) { return frame; }
};

/// A committee of real protocol machines in one thread on virtual time: links, disks, clocks and ledgers are models,
/// everything else is what runs in a node. The same settings and calls give the same run.
class World {
 public:
  World(const Keys& keys, const Signatures& signatures, WorldSettings settings);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void add_witness(Witness& witness) { witnesses_.push_back(&witness); }
  /// Starts every seat of the first epoch that has not started; call once, after the witnesses.
  void begin();

  // time
  MonoTime now() const { return now_; }
  bool advance(MonoTime limit);  ///< one event; false when none is due by `limit`
  void run_for(Micros span);
  using Deed = std::function<void()>;
  void at(MonoTime when, Deed deed);

  // epochs: 0 is the first
  /// There are settings of the epoch after the newest from now on; nobody holds them. Members keep their index; seats
  /// of those who join are there, and wait for restart(). Call before any twin is added.
  void add_epoch(Quorum quorum, std::uint32_t feeds, Shares shares);
  /// The node holds the epoch after its own and takes it up when that begins; or believes so.
  void stage(Seat seat, File file);
  bool holds_next(Seat seat) const;
  /// What an operator does whose node cannot go on in its epoch: starts it in the next one, where it waits.
  void move_on(Seat seat);
  std::size_t epochs() const { return terms_.size(); }
  Quorum quorum(std::size_t epoch = 0) const { return terms_[epoch].committee.quorum; }
  const Committee& committee(std::size_t epoch = 0) const { return terms_[epoch].committee; }
  const Committee& committee_of(Seat seat) const {
    const SeatState& one = *seats_[seat];
    return one.epoch == 0 && one.setup == Setup::other_settings ? mistaken_ : committee(one.epoch);
  }
  const Market& market(std::size_t epoch = 0) const { return terms_[epoch].market; }
  Limits limits(std::size_t epoch = 0) const { return {quorum(epoch), terms_[epoch].feeds}; }
  Limits limits_of(Seat seat) const { return limits(seats_[seat]->epoch); }

  // members: of any epoch
  std::uint16_t members() const { return members_; }
  const IdentityKey& identity(MemberIndex member) const { return keys_.identities[member.value]; }
  const WorldSettings& settings() const { return settings_; }
  Seat seats() const { return static_cast<Seat>(seats_.size()); }
  SeatState& seat(Seat seat) { return *seats_[seat]; }
  const SeatState& seat(Seat seat) const { return *seats_[seat]; }
  bool alive(Seat seat) const { return seats_[seat]->machine != nullptr; }
  Height tip(Seat seat) const;
  Now now_of(Seat seat) const;
  /// From now on the member lies: `mouth` decides what leaves.
  void corrupt(MemberIndex member, Mouth& mouth);
  /// A second copy of a corrupt member; peers in `sees_second` talk with it, the others with the first.
  Seat add_twin(MemberIndex member, std::uint32_t sees_second);
  void divide_twins(MemberIndex member, std::uint32_t sees_second);

  // what happens to them
  void crash(Seat seat);
  void restart(Seat seat);
  void pause(Seat seat, Micros span);
  void stall_disk(Seat seat);
  void resume_disk(Seat seat);
  void jump_clock(Seat seat, Micros by);

  // the network, by directed pair of members
  Link& link(MemberIndex from, MemberIndex to) { return links_[from.value * links_each + to.value]; }
  void cut(MemberIndex from, MemberIndex to) { link(from, to).cut = true; }
  void join(MemberIndex a, MemberIndex b);   ///< both directions, and both sides see the peer come up
  void reset(MemberIndex a, MemberIndex b);  ///< what is on its way is lost, the link comes up again
  void set_links(const LinkQuality& quality);
  /// Puts a frame on the wire as from `from`, whoever made it.
  void post(Seat from, MemberIndex to, SharedFrame frame);
  /// The same past the filter, to one seat.
  void carry(Seat from, Seat to, const SharedFrame& frame);
  void suffer(Fault fault, Seat seat);

  /// May drop a frame (false) or replace it as it leaves.
  using Filter = std::function<bool(MemberIndex from, MemberIndex to, SharedFrame& frame)>;
  void filter(Filter filter) { filter_ = std::move(filter); }
  /// Asked at each write; true kills the seat there.
  using Strike = std::function<bool(Seat seat, const Bytes& record)>;
  void strike_before_durable(Strike strike) { before_durable_ = std::move(strike); }
  void strike_after_durable(Strike strike) { after_durable_ = std::move(strike); }

 private:
  static constexpr std::size_t links_each = 32;
  /// What the machines of one epoch are made of.
  struct Term {
    Committee committee;
    const frost::Dealt* dealt{};
    std::uint32_t feeds{};
    Market market;
  };
  struct Item {
    MonoTime at;
    std::uint64_t turn{};
    Seat seat{};
    MemberIndex from;
    std::uint64_t life{};
    std::uint64_t link_life{};
    SharedFrame frame;  ///< a frame to deliver, else `deed`
    Deed deed;
  };

  void push(Item item);
  void deliver(Item item);
  Restored restored(const SeatState& seat, LogFile::Opened log) const;
  void step(Seat seat, const threshold::Event& event);
  void step_now(Seat seat, const threshold::Event& event);
  void release(Seat seat);
  void perform(Seat seat, const Effect& effect);
  void say(Seat seat, MemberIndex to, const SharedFrame& frame);
  bool linked(const SeatState& a, const SeatState& b) const;
  void greet(Seat a, Seat b);
  void part(Seat me, MemberIndex from);  ///< me is told that the link ended
  void persist(Seat seat, const Persist& persist);
  void write(Seat seat);
  void complete(Seat seat, std::uint64_t life);
  static void append(Disk& disk, Bytes record);
  void lose_power(Seat seat);
  void keep(Seat seat, const Attested& attested);
  void read(Seat seat, const ReadLedger& wanted);
  void disconnect(Seat seat, MemberIndex member);
  void plan_tick(Seat seat);
  void end(Seat seat, std::optional<Error> why);
  void halt(Seat seat);
  void follow_epochs(Seat seat);

  const Keys& keys_;
  WorldSettings settings_;
  std::deque<Term> terms_;  ///< one an epoch, never moved
  Committee mistaken_;      ///< the first one, as a node with other settings takes it to be
  std::uint16_t members_;
  Chance wire_chance_;
  Chance disk_chance_;
  MonoTime now_{1'000'000};
  std::vector<Item> queue_;  ///< heap, earliest first
  std::uint64_t turn_ = 0;
  std::vector<std::unique_ptr<SeatState>> seats_;
  std::vector<Link> links_;
  std::vector<Witness*> witnesses_;
  Filter filter_;
  Strike before_durable_;
  Strike after_durable_;
};

}  // namespace assay::threshold::sim
