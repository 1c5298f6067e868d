#include "fetchers/io/http_poller.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "fetchers/backoff.hpp"

namespace assay::fetchers {
namespace {

/// OpenSSL writes with write(2): a peer that is gone must be an error, not a signal that ends the process.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    if (sigismember(&before_, SIGPIPE) == 0) {  // one that is pending would strike at the unblocking
      const timespec at_once{};
      while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace

class HttpPoller::Impl {
 public:
  Impl(std::vector<PollTarget> targets, Clocks clocks, Entropy& jitter, Answered answered)
      : clocks_(std::move(clocks)), answered_(std::move(answered)) {
    const MonoTime start = clocks_.mono();
    for (PollTarget& target : targets) {
      target.interval = std::max(target.interval, millis(1));
      if (target.retry_min.value <= 0) target.retry_min = target.interval;
      Backoff backoff({target.retry_min, target.backoff_max}, jitter);
      auto exchange = std::make_unique<HttpExchange>(target.host);
      slots_.push_back({std::move(target), std::move(exchange), backoff, start, start, false});
    }
  }
  ~Impl() {
    const NoSigpipe guard;  // closing a TLS connection writes to it
    slots_.clear();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void run() {
    const NoSigpipe guard;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const MonoTime start = clocks_.mono();
      const std::size_t index = first_due(start);
      if (index == slots_.size()) {
        changed_.wait(lock);
        continue;
      }
      Slot& slot = slots_[index];
      if (slot.due > start) {
        changed_.wait_for(lock, std::chrono::microseconds{(slot.due - start).value});
        continue;
      }
      slot.busy = true;
      lock.unlock();
      const Turn turn = serve(index, slot, start);
      lock.lock();
      slot.busy = false;
      slot.due = std::max(turn.due, start + micros(1));
      if (turn.served) slot.waiting_since = slot.due;
      changed_.notify_one();
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (Slot& slot : slots_) slot.exchange->cut();
  }

 private:
  struct Slot {
    PollTarget target;
    std::unique_ptr<HttpExchange> exchange;
    Backoff backoff;
    MonoTime due;            ///< when to look again
    MonoTime waiting_since;  ///< when it would have been asked, had the gate let it
    bool busy;
  };
  struct Turn {
    bool served;  ///< it had its turn; false: the gate said later
    MonoTime due;
  };

  /// What is due goes by how long it waits; else what is due first. slots_.size() when every target is being served.
  std::size_t first_due(MonoTime now) const {
    const auto rank = [&](const Slot& slot) {
      return slot.due <= now ? std::pair(0, slot.waiting_since) : std::pair(1, slot.due);
    };
    std::size_t best = slots_.size();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (!slots_[i].busy && (best == slots_.size() || rank(slots_[i]) < rank(slots_[best]))) best = i;
    }
    return best;
  }

  /// One turn of a target, outside the lock: `busy` keeps the others away.
  Turn serve(std::size_t index, Slot& slot, MonoTime start) {
    const PollTarget& target = slot.target;
    const auto wanted = target.next();
    if (!wanted) return {true, start + target.interval};
    if (const auto later = target.gate ? target.gate->ask(start, wanted->weight) : std::nullopt) return {false, *later};
    HttpOutcome outcome = slot.exchange->ask(wanted->request, clocks_.mono, clocks_.wall);
    const Micros asked = outcome.retry_after;
    const auto used = outcome.used;
    Condition condition = outcome.condition;
    if (!stopped()) condition = answered_({.index = index, .request = wanted->request}, std::move(outcome));
    const MonoTime now = clocks_.mono();
    if (target.gate) {
      target.gate->answered(now, condition, asked);
      if (used) target.gate->heard(now, used_window, *used);
    }
    if (condition == Condition::good) {
      slot.backoff.reset();
      return {true, std::max(start + target.interval, now)};
    }
    const bool gates_business = target.gate && is_trouble(condition);  // its breaker says when
    const Micros pause = gates_business ? target.retry_min : std::max(target.retry_min, slot.backoff.next());
    return {true, std::max(start + std::max(pause, gates_business ? Micros{} : asked), now)};
  }

  bool stopped() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  static constexpr Micros used_window = millis(60'000);  ///< of the headers that say what is used

  const Clocks clocks_;
  const Answered answered_;
  std::mutex mutex_;  ///< guards due, waiting_since and busy of the slots, and stopping_
  std::condition_variable changed_;
  std::vector<Slot> slots_;  ///< never grows after the constructor
  bool stopping_ = false;
};

HttpPoller::HttpPoller(std::vector<PollTarget> targets, Clocks clocks, Entropy& jitter, Answered answered)
    : impl_(std::make_unique<Impl>(std::move(targets), std::move(clocks), jitter, std::move(answered))) {}
HttpPoller::~HttpPoller() = default;
void HttpPoller::run() {
  impl_->run();
}
void HttpPoller::stop() {
  impl_->stop();
}

}  // namespace assay::fetchers
