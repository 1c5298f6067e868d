#include "threshold/pacemaker.hpp"

#include <algorithm>
#include <functional>

namespace assay::threshold {

Pacemaker::Pacemaker(Quorum quorum, MemberIndex me, const Timing& timing, View view, Now now)
    : quorum_(quorum),
      me_(me),
      timing_(timing),
      view_(view),
      there_(quorum.n),
      wishes_(quorum.n),
      expires_(now.mono + timing.timeout) {
  hear(me_, view);
}

void Pacemaker::hear(MemberIndex member, View view) {
  if (member.value >= there_.size()) return;
  there_[member.value] = std::max(there_[member.value], view);
  hear_wish(member, view);
}

void Pacemaker::hear_wish(MemberIndex member, View view) {
  if (member.value < wishes_.size()) wishes_[member.value] = std::max(wishes_[member.value], view);
}

Micros Pacemaker::patience() const {
  std::int64_t span = timing_.timeout.value;
  for (std::uint32_t i = 0; i < failed_ && span < timing_.timeout_max.value; ++i) span *= 2;
  return Micros{std::min(span, timing_.timeout_max.value)};
}

void Pacemaker::progress(Now now) {
  failed_ = 0;
  extended_ = false;
  wishes_ = there_;
  said_.reset();
  expires_ = now.mono + patience();
}

void Pacemaker::entered(View view, Now now) {
  view_ = view;
  hear(me_, view);
  extended_ = false;
  said_.reset();
  expires_ = now.mono + patience();
}

void Pacemaker::extend_once(Now now) {
  if (extended_) return;
  extended_ = true;
  // f+1 sessions: each waits `retry` for shares and, after the first, for commitments that travel to and fro before.
  const Micros sessions = quorum_.one_honest() * (timing_.retry + 2 * timing_.delay_max) + 2 * timing_.delay_max;
  expires_ = std::max(expires_, now.mono + sessions);
}

View Pacemaker::nth_highest(std::size_t rank) const {
  std::vector<View> sorted = wishes_;
  std::sort(sorted.begin(), sorted.end(), std::greater<>{});
  return sorted[rank - 1];
}

Pacemaker::Move Pacemaker::poll(Now now) {
  if (now.mono >= expires_ && wish() <= view_) {
    wishes_[me_.value] = next(view_);
    said_.reset();
    failed_ = std::min<std::uint32_t>(failed_ + 1, 32);
  }
  const View joined = nth_highest(quorum_.one_honest());
  if (joined > wish()) {
    wishes_[me_.value] = joined;
    said_.reset();
  }
  const View agreed = nth_highest(quorum_.agree());
  if (agreed > view_) return {Advice::enter, agreed};
  if (wish() > view_ && (!said_ || now.mono >= *said_ + timing_.resend)) {
    said_ = now.mono;
    return {Advice::wish, wish()};
  }
  return {Advice::stay, view_};
}

MonoTime Pacemaker::deadline() const {
  return wish() > view_ && said_ ? *said_ + timing_.resend : expires_;
}

}  // namespace assay::threshold
