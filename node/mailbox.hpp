#pragma once
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
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

/// Quotes on their way to the committee thread: the newest per (venue, symbol) replaces the one before it, so the size
/// is bounded by the instruments of the network file.
class QuoteMailbox {
 public:
  void put(Quote quote) {
    const std::lock_guard lock(mutex_);
    auto key = std::pair(quote.venue, quote.symbol);
    newest_.insert_or_assign(std::move(key), std::move(quote));
  }

  std::map<std::pair<std::string, std::string>, Quote> take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(newest_, {});
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Quote> newest_;
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
