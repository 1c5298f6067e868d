#include "threshold/catch_up.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/mutants.hpp"
#include "threshold/certificate.hpp"

namespace assay::threshold {
namespace {

bool bare(const CatchUp::Held& held) {
  return held.batch.observations.empty();
}

}  // namespace

CatchUp::CatchUp(const CatchUpSettings& settings) : settings_(settings), peers_(settings.quorum.n) {
  for (Peer& peer : peers_) peer.patience = settings.patience_min;
}

void CatchUp::shows(MemberIndex peer, Height height) {
  Peer* one = find(peer);
  if (one == nullptr) return;
  one->linked = true;
  one->shown = std::max(one->shown, height);
}

void CatchUp::welcome(MemberIndex peer) {
  leave(peer);
  Peer* one = find(peer);
  if (one == nullptr) return;
  one->linked = true;
  if (one->caught) return;
  one->barred_until = MonoTime{INT64_MIN};
  one->patience = settings_.patience_min;
}

void CatchUp::leave(MemberIndex peer) {
  Peer* one = find(peer);
  if (one == nullptr) return;
  one->linked = false;
  for (Piece& piece : pieces_) {  // it has not been asked for what it may never have heard
    const auto asked = [&](const auto& range) { return range && range->holds(piece.range.from); };
    if (asked(one->asked) || asked(one->late)) piece.tried &= ~bit_of(peer);
  }
  one->asked.reset();
  one->late.reset();
}

CatchUp::Peer* CatchUp::find(MemberIndex peer) {
  return peer.value < peers_.size() && peer != settings_.me ? &peers_[peer.value] : nullptr;
}

std::uint32_t CatchUp::everybody() const {
  std::uint32_t there = 0;
  for (std::uint16_t i = 0; i < peers_.size(); ++i) there |= peers_[i].linked ? bit_of(MemberIndex{i}) : 0;
  return there;
}

// ---- asking

std::vector<CatchUp::Ask> CatchUp::poll(Window window, Wanted wanted, MonoTime now) {
  now_ = now;
  move_up(window.first);
  give_up(wanted);
  shorten(window);
  extend(window);
  std::vector<Ask> asks;
  const auto under_way = [this](const Piece& piece) { return !piece.held.empty() || askers(piece) > 0; };
  auto busy = static_cast<std::size_t>(std::ranges::count_if(pieces_, under_way));
  for (Piece& piece : pieces_) {
    if (is_here(piece)) continue;
    const bool front = &piece == &pieces_.front();
    if (askers(piece) > (front && front_is_late() ? 1U : 0U)) continue;
    const bool begins = !under_way(piece);
    if (begins && !front && busy >= ranges_max) continue;
    const auto peer = pick(piece);
    if (!peer) continue;
    Peer& one = peers_[peer->value];
    one.asked = piece.range;
    one.wanted = wanted;
    one.due = now + one.patience;
    piece.tried |= bit_of(*peer);
    asks.push_back({*peer, piece.range.from, piece.range.count});
    busy += begins ? 1 : 0;
  }
  return asks;
}

/// Heights that came another way are no longer wanted.
void CatchUp::move_up(Height first) {
  while (!pieces_.empty() && pieces_.front().range.from < first) {
    Piece& front = pieces_.front();
    if (front.range.end() <= first) {
      pieces_.pop_front();
      continue;
    }
    while (!front.held.empty() && front.held.front().batch.header.height < first) front.held.pop_front();
    front.range.count = static_cast<std::uint32_t>(front.range.end().value - first.value);
    front.range.from = first;
  }
  if (!pieces_.empty() && pieces_.front().range.from > first) pieces_.clear();  // begins anew further down
}

void CatchUp::give_up(Wanted wanted) {
  for (std::uint16_t i = 0; i < peers_.size(); ++i) {
    if (!peers_[i].asked || now_ < peers_[i].due) continue;
    peers_[i].late = peers_[i].asked;
    release(MemberIndex{i}, wanted == Wanted::attested ? Fault::whole : Fault::none);
  }
}

/// What nobody was asked for yet may have become too far.
void CatchUp::shorten(Window window) {
  while (!pieces_.empty() && pieces_.back().held.empty() && askers(pieces_.back()) == 0) {
    Range& back = pieces_.back().range;
    if (back.from <= window.last) {
      back.count = static_cast<std::uint32_t>(std::min(back.end().value, window.last.value + 1) - back.from.value);
      return;
    }
    pieces_.pop_back();
  }
}

void CatchUp::extend(Window window) {
  while (pieces_.size() < ranges_max) {
    const Height from = pieces_.empty() ? window.first : pieces_.back().range.end();
    if (from > window.last) return;
    const auto count = std::min<std::uint64_t>(settings_.range_batches, window.last.value - from.value + 1);
    pieces_.push_back({.range = {from, static_cast<std::uint32_t>(count)}});
  }
}

std::size_t CatchUp::askers(const Piece& piece) const {
  return static_cast<std::size_t>(std::count_if(peers_.begin(), peers_.end(), [&](const Peer& peer) {
    return peer.asked && peer.asked->holds(piece.range.from);
  }));
}

/// Half of the window is here and waits for its first range: that one is worth asking a second peer.
bool CatchUp::front_is_late() const {
  const auto held =
      std::count_if(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return !piece.held.empty(); });
  return static_cast<std::size_t>(held) >= ranges_max / 2;
}

/// Who is free and was not asked for it yet: first of those that know of it and answer in time, then of the others.
/// Where everybody was asked, whoever has not answered and is not late.
std::optional<MemberIndex> CatchUp::pick(const Piece& piece) {
  const auto turns = static_cast<std::uint16_t>(peers_.size());
  const auto first = [&](auto fits) -> std::pair<bool, std::optional<MemberIndex>> {
    bool any = false;  // who fits but is busy is worth waiting for
    for (std::uint16_t i = 0; i < turns; ++i) {
      const MemberIndex peer{static_cast<std::uint16_t>((turn_ + i) % turns)};
      if (!peers_[peer.value].linked || !fits(peer)) continue;
      any = true;
      if (peers_[peer.value].asked) continue;
      turn_ = static_cast<std::uint16_t>(peer.value + 1);
      return {true, peer};
    }
    return {any, std::nullopt};
  };
  const auto untried = [&](MemberIndex peer) { return (piece.tried & bit_of(peer)) == 0; };
  const auto prompt = [&](MemberIndex peer) { return peers_[peer.value].barred_until <= now_; };
  const auto knows = [&](MemberIndex peer) { return peers_[peer.value].shown >= piece.range.from; };
  const auto best = first([&](MemberIndex peer) { return untried(peer) && prompt(peer) && knows(peer); });
  if (best.first) return best.second;
  const auto other = first([&](MemberIndex peer) { return untried(peer) && prompt(peer); });
  if (other.first) return other.second;
  const auto barred = first(untried);
  if (barred.first) return barred.second;
  const auto untold = [&](MemberIndex peer) { return (piece.told & bit_of(peer)) == 0; };
  return first([&](MemberIndex peer) { return untold(peer) && prompt(peer); }).second;
}

std::optional<MonoTime> CatchUp::deadline() const {
  std::optional<MonoTime> first;
  if (pieces_.empty()) return first;
  for (const Peer& peer : peers_) {
    const MonoTime when = peer.asked ? peer.due : peer.barred_until;
    if (when > now_ && (!first || when < *first)) first = when;
  }
  return first;
}

// ---- answers

bool CatchUp::is_whole(const Piece& piece) {
  return !piece.held.empty() && std::ranges::none_of(piece.held, bare);
}

bool CatchUp::is_here(const Piece& piece) const {
  if (piece.held.empty() || planted(Mutant::stripped_chain)) return !piece.held.empty();
  const auto nobody_has_more = [&] {
    return static_cast<std::size_t>(std::popcount(piece.told)) >= settings_.quorum.one_honest() &&
           (everybody() & ~piece.tried) == 0 && askers(piece) == 0;
  };
  return is_whole(piece) || nobody_has_more();
}

std::uint32_t CatchUp::wants(MemberIndex peer, Height from) {
  if (peer.value >= peers_.size()) return 0;
  for (auto* range : {&peers_[peer.value].asked, &peers_[peer.value].late}) {
    if (!*range || (*range)->from != from) continue;
    const auto wanted = [&](const Piece& piece) { return (*range)->holds(piece.range.from) && !is_whole(piece); };
    if (std::ranges::any_of(pieces_, wanted)) return (*range)->count;
    range->reset();  // somebody else was faster
  }
  return 0;
}

void CatchUp::hold(MemberIndex peer, Height from, std::vector<Batch> batches, Room room, MonoTime now) {
  now_ = now;
  const Range answer{from, static_cast<std::uint32_t>(batches.size())};
  Peer& one = peers_[peer.value];
  if (one.asked && one.asked->from == from) {
    const bool brief = answer.count < one.asked->count && room == Room::left && one.wanted == Wanted::attested;
    release(peer, brief ? Fault::brief : Fault::none);
    one.patience = std::max(Micros{one.patience.value / 2}, settings_.patience_min);
  } else {
    one.late.reset();
  }
  one.caught = false;
  bool enough = true;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (!answer.holds(pieces_[i].range.from) || is_whole(pieces_[i])) continue;
    if (answer.end() < pieces_[i].range.end()) split(i, answer.end(), peer);
    Piece& piece = pieces_[i];
    const bool first = piece.held.empty();
    for (std::uint32_t k = 0; k < piece.range.count; ++k) {
      Batch& batch = batches[piece.range.from.value + k - from.value];
      if (first) {
        piece.held.push_back({std::move(batch), peer});
      } else if (bare(piece.held[k]) && !batch.observations.empty()) {
        piece.held[k] = {std::move(batch), peer};
      }
    }
    piece.told |= bit_of(peer);
    enough = enough && is_here(piece);
  }
  if (!enough) one.barred_until = std::max(one.barred_until, now + one.patience);  // others may have more
}

/// The part of a piece from `at` on becomes one of its own, of which the peer has said nothing.
void CatchUp::split(std::size_t index, Height at, MemberIndex peer) {
  Piece& piece = pieces_[index];
  const auto count = static_cast<std::uint32_t>(at.value - piece.range.from.value);
  Piece rest{{at, piece.range.count - count}, piece.tried & ~bit_of(peer), piece.told & ~bit_of(peer)};
  piece.range.count = count;
  while (piece.held.size() > count) {
    rest.held.push_front(std::move(piece.held.back()));
    piece.held.pop_back();
  }
  pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(rest));
}

void CatchUp::fail(MemberIndex peer, MonoTime now) {
  now_ = now;
  if (peer.value >= peers_.size()) return;
  release(peer, Fault::whole);
  peers_[peer.value].late.reset();
  peers_[peer.value].caught = true;
}

void CatchUp::release(MemberIndex peer, Fault fault) {
  Peer& one = peers_[peer.value];
  one.asked.reset();
  if (fault == Fault::none) return;
  one.barred_until = now_ + one.patience;
  if (fault == Fault::whole) one.patience = std::min(Micros{2 * one.patience.value}, settings_.patience_max);
}

std::optional<CatchUp::Held> CatchUp::take(Height height) {
  move_up(height);
  if (pieces_.empty() || !is_here(pieces_.front())) return std::nullopt;
  Piece& front = pieces_.front();
  taken_ = front.range;
  Held held = std::move(front.held.front());
  front.held.pop_front();
  front.range = {next(front.range.from), front.range.count - 1};
  if (front.held.empty()) pieces_.pop_front();
  return held;
}

void CatchUp::put_back(const Held& held, MonoTime now) {
  now_ = now;
  if (!pieces_.empty() && taken_.holds(pieces_.front().range.from)) pieces_.pop_front();  // what else came with it
  pieces_.push_front({.range = taken_});
  Peer& peer = peers_[held.from.value];
  peer.barred_until = std::max(peer.barred_until, now + peer.patience);
}

std::optional<MemberIndex> CatchUp::stripped() const {
  if (pieces_.empty() || is_here(pieces_.front())) return std::nullopt;
  const auto& held = pieces_.front().held;
  const auto first = std::ranges::find_if(held, bare);
  return first == held.end() ? std::nullopt : std::optional(first->from);
}

void CatchUp::clear() {
  pieces_.clear();
  for (Peer& peer : peers_) {
    peer.asked.reset();
    peer.late.reset();
  }
}

}  // namespace assay::threshold
