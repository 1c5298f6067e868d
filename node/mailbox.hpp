#pragma once
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/quote.hpp"

namespace assay::node {

/// Where threads meet. The only mutexes of the process outside io/ live in this file.

/// A bounded queue between threads. When it is full, push() refuses: the caller states what happens then.
template <class T>
class Mailbox {
 public:
  explicit Mailbox(std::size_t limit) : limit_(limit) {}

  /// False when full or closed; the item is gone.
  [[nodiscard]] bool push(T item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() >= limit_) {
        return false;
      }
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
    return true;
  }

  /// Waits for at least one item and takes all of them, in order. Empty only when closed and drained.
  std::vector<T> take_all() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return closed_ || !items_.empty(); });
    return std::exchange(items_, {});
  }

  /// No more pushes; what is inside can still be taken.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    arrived_.notify_all();
  }

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<T> items_;
  bool closed_ = false;
};

/// Quotes on their way to the committee thread. The newest of an instrument replaces the one before it that told as
/// much: a trade between two looks does not take bid and ask along, nor these the book, nor any of them a word on
/// trading. So the size is bounded by four times the instruments of the network file. What is only repeated replaces
/// nothing that was said later.
class QuoteMailbox {
 public:
  void put(Quote quote) {
    const std::lock_guard lock(mutex_);
    Key key{quote.venue, quote.symbol, tells(quote)};
    const auto [place, fresh] = newest_.try_emplace(std::move(key));
    if (!fresh && told_mono(quote) < told_mono(place->second.quote)) return;
    place->second = Arrival{++arrivals_, std::move(quote)};
  }

  /// In the order of their arrival.
  std::vector<Quote> take_all() {
    std::map<Key, Arrival> taken;
    {
      const std::lock_guard lock(mutex_);
      taken = std::exchange(newest_, {});
    }
    std::vector<Arrival> ordered;
    ordered.reserve(taken.size());
    for (auto& [key, arrival] : taken) ordered.push_back(std::move(arrival));
    std::sort(ordered.begin(), ordered.end(), [](const Arrival& a, const Arrival& b) { return a.number < b.number; });
    std::vector<Quote> out;
    out.reserve(ordered.size());
    for (auto& arrival : ordered) out.push_back(std::move(arrival.quote));
    return out;
  }

 private:
  enum class Tells : std::uint8_t { trading, last, sides, book };
  using Key = std::tuple<std::string, std::string, Tells>;
  struct Arrival {
    std::uint64_t number{};
    Quote quote;
  };

  static Tells tells(const Quote& quote) {
    if (!quote.bids.empty() && !quote.asks.empty()) return Tells::book;
    if (quote.bid && quote.ask) return Tells::sides;
    return has_price(quote) ? Tells::last : Tells::trading;
  }

  std::mutex mutex_;
  std::map<Key, Arrival> newest_;
  std::uint64_t arrivals_ = 0;
};

/// A value that several threads read and replace.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T initial) : value_(std::move(initial)) {}

  T read() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  template <class Change>
  void update(Change&& change) {
    const std::lock_guard lock(mutex_);
    std::forward<Change>(change)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace assay::node
