#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/batch.hpp"
#include "threshold/committee.hpp"

namespace assay::threshold {

struct CatchUpSettings {
  Quorum quorum;
  MemberIndex me;
  std::uint32_t range_batches{};  ///< asked of a peer at once: never more than one answer can hold
  Micros patience_min;            ///< for an answer; doubles each time that a peer gives none, or a bad one
  Micros patience_max;
};

/// Catching up from several peers at once: which range of batches is asked of whom, and what came before its turn. Each
/// peer has one range to answer; the next goes to whoever is free. Who is late or lies waits, longer each time, while
/// its range is asked elsewhere; a late answer still counts. A batch without its observations is good for the chain,
/// and yet nothing that one peer alone may decide: it is there once everybody was asked and f+1 answered, and of their
/// answers the one that has them counts. Nothing here is durable: whatever was applied is in the ledger, and after a
/// restart the window begins there. Pure bookkeeping: sends nothing, verifies nothing.
///   memory  ranges_max answers
class CatchUp {
 public:
  static constexpr std::size_t ranges_max = 8;  ///< asked for or held at once

  struct Ask {
    MemberIndex peer;
    Height from;
    std::uint32_t count{};
    friend bool operator==(const Ask&, const Ask&) = default;
  };
  struct Held {
    Batch batch;
    MemberIndex from;  ///< who sent it
  };
  /// Heights wanted, both included; none when first > last.
  struct Window {
    Height first;
    Height last;
  };
  /// Whether somebody has shown a certificate of what is wanted. Who does not answer for heights that may not exist yet
  /// is not late.
  enum class Wanted : std::uint8_t { attested, perhaps };
  /// Whether an answer could have been longer: one of large batches is full before it is complete.
  enum class Room : std::uint8_t { left, none };

  explicit CatchUp(const CatchUpSettings& settings);

  /// Something came from the peer: it is there, and knows of `height`: better asked than one that has not shown it. A
  /// hint, believed from anybody.
  void shows(MemberIndex peer, Height height);
  /// Its link is up anew: it was away, not slow, and what it was asked is lost. Who gave a bad answer waits all the
  /// same.
  void welcome(MemberIndex peer);
  /// Its link ended, and what it was asked is lost. Who has no link is asked for nothing.
  void leave(MemberIndex peer);

  /// What to ask now; moves the window up to its first height, and gives up on who is late.
  std::vector<Ask> poll(Window window, Wanted wanted, MonoTime now);
  /// When poll() has something to do by itself.
  std::optional<MonoTime> deadline() const;

  /// An answer has come: how many batches from `from` on are wanted of it; 0: not asked, or no longer needed.
  std::uint32_t wants(MemberIndex peer, Height from);
  /// That answer: consecutive batches from `from` on, verified each by itself, at most wants(). Fewer than asked for:
  /// the rest is asked elsewhere; that is the sender's fault only when all were attested and its frame had room.
  void hold(MemberIndex peer, Height from, std::vector<Batch> batches, Room room, MonoTime now);
  /// Its answer is no good.
  void fail(MemberIndex peer, MonoTime now);

  /// The batch of this height, when it is here and nothing below is missing. Without observations only when nobody who
  /// is there has them: each was asked, none is still in time to answer, and f+1 did, one of whom is honest.
  std::optional<Held> take(Height height);
  /// Who gave what take() does not give yet, for want of observations; nobody when nothing waits for that.
  std::optional<MemberIndex> stripped() const;
  /// What take() gave was no good: the rest of what came with it is dropped and asked again. Who sent it is asked last
  /// for a while.
  void put_back(const Held& held, MonoTime now);

  void clear();

 private:
  struct Range {
    Height from;
    std::uint32_t count{};
    Height end() const { return Height{from.value + count}; }
    bool holds(Height height) const { return from <= height && height < end(); }
  };
  struct Piece {
    Range range;
    std::uint32_t tried = 0;     ///< bitmap: who was asked for its first batch, and kept the link,
    std::uint32_t told = 0;      ///< and who answered
    std::deque<Held> held = {};  ///< all of it, or nothing
  };
  struct Peer {
    bool linked = false;
    std::optional<Range> asked;
    Wanted wanted{};            ///< when it was asked
    std::optional<Range> late;  ///< given up on, but welcome
    MonoTime due;
    MonoTime barred_until{INT64_MIN};  ///< asked only where nobody else is left
    bool caught = false;               ///< with a bad answer
    Micros patience;
    Height shown;
  };
  enum class Fault : std::uint8_t { none, brief, whole };

  void move_up(Height first);
  void give_up(Wanted wanted);
  void shorten(Window window);
  void extend(Window window);
  void release(MemberIndex peer, Fault fault);
  std::optional<MemberIndex> pick(const Piece& piece);
  std::size_t askers(const Piece& piece) const;
  static bool is_whole(const Piece& piece);
  bool is_here(const Piece& piece) const;
  void split(std::size_t index, Height at, MemberIndex peer);
  bool front_is_late() const;
  std::uint32_t everybody() const;
  Peer* find(MemberIndex peer);

  CatchUpSettings settings_;
  std::vector<Peer> peers_;   ///< by member
  std::deque<Piece> pieces_;  ///< ascending, without gaps
  Range taken_{};             ///< what is left of the range that the newest of take() came with, itself included
  std::uint16_t turn_ = 0;
  MonoTime now_{};
};

}  // namespace assay::threshold
