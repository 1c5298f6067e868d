#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace assay::fetchers::market {

/// What a venue answers to who asks too much.
struct TooMuch {
  unsigned status = 429;  ///< 418 once it goes on although it was told to wait
  std::uint32_t retry_after_s = 1;
};

/// How much one client asks of one venue, held against what that venue documents (`docs/venues.md`), in its weights: in
/// no span of a window more than its allowance. Written apart from the client's own table, so that a mistake there is
/// found out here. Knows one client: everybody who asks counts together. What is refused does not count, but ten
/// refusals in a row that nobody waited for bring a ban of two minutes. Pure; memory is bounded by the allowances.
class Toll {
 public:
  /// A venue without published limits, and an unknown one, refuses nothing.
  explicit Toll(std::string_view venue);

  /// A request.   request  path and query; behind a blank the body of a POST.   returns  none: it may be answered
  std::optional<TooMuch> ask(WallTime now, std::string_view request);
  /// A stream that is to be opened.   returns  as ask()
  std::optional<TooMuch> connect(WallTime now);
  /// What a client has sent on one of its streams.
  struct Frames {
    std::deque<WallTime> sent;
  };
  /// A frame more on it.   returns  false: too many
  bool hear(WallTime now, Frames& frames);

  std::uint64_t asked() const { return asked_; }      ///< requests, and streams opened
  std::uint64_t refused() const { return refused_; }  ///< of these, and frames

  static constexpr std::uint32_t patience = 10;  ///< refusals in a row
  static constexpr Micros ban = millis(120'000);

 private:
  struct Rule {
    std::uint64_t allowance = 0;  ///< 0: none
    Micros window{};
  };
  struct Spent {
    WallTime at;
    std::uint64_t weight;
  };
  struct Book {
    Rule rule;
    std::deque<Spent> spent;
    std::uint64_t total = 0;
  };
  struct Row;
  static const Row* find(std::string_view venue);
  std::optional<TooMuch> charge(WallTime now, std::vector<Book>& books, std::uint64_t weight);

  const Row* row_;
  std::vector<Book> requests_;
  std::vector<Book> connects_;
  WallTime told_until_{};  ///< it was asked to wait until then
  WallTime banned_until_{};
  std::uint32_t defied_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace assay::fetchers::market
