#include "fetchers/rate_ledger.hpp"

#include <algorithm>

namespace assay::fetchers {

RateLedger::RateLedger(std::span<const RateRule> rules) {
  restrict(rules);
}

void RateLedger::restrict(std::span<const RateRule> rules) {
  for (RateRule rule : rules) {
    if (rule.allowance == 0) continue;
    rule.window = std::max(rule.window, millis(1));
    const auto known =
        std::find_if(books_.begin(), books_.end(), [&](const Book& book) { return book.rule.window == rule.window; });
    if (known == books_.end()) {
      books_.push_back({.rule = rule, .spent = {}, .total = 0});
    } else {
      known->rule.allowance = std::min(known->rule.allowance, rule.allowance);
    }
  }
}

void RateLedger::forget(Book& book, MonoTime now) {
  while (!book.spent.empty() && book.spent.front().until <= now) {
    book.total -= book.spent.front().weight;
    book.spent.pop_front();
  }
}

/// What is spent counts a whole window and then to the end of its slot: a little too long, never too short.
void RateLedger::book_in(Book& book, MonoTime now, std::uint64_t weight) {
  const std::int64_t slot = std::max<std::int64_t>(book.rule.window.value / slots_per_window, 1);
  const std::int64_t end = now.value + book.rule.window.value;
  const MonoTime until{end + (slot - end % slot) % slot};
  if (book.spent.empty() || book.spent.back().until < until) book.spent.push_back({until, 0});
  book.spent.back().weight += weight;
  book.total += weight;
}

MonoTime RateLedger::earliest(MonoTime now, std::uint32_t weight) {
  MonoTime when = now;
  for (Book& book : books_) {
    forget(book, now);
    const std::uint64_t room = book.rule.allowance - std::min(weight, book.rule.allowance);
    std::uint64_t left = book.total;
    for (const Spent& spent : book.spent) {
      if (left <= room) break;
      left -= spent.weight;
      when = std::max(when, spent.until);
    }
  }
  return when;
}

void RateLedger::spend(MonoTime now, std::uint32_t weight) {
  for (Book& book : books_) {
    forget(book, now);
    book_in(book, now, weight);
  }
}

void RateLedger::heard(MonoTime now, Micros window, std::uint32_t used) {
  for (Book& book : books_) {
    if (book.rule.window != window) continue;
    forget(book, now);
    if (used > book.total) book_in(book, now, used - book.total);
  }
}

RateRule careful(RateRule rule) {
  if (rule.allowance == 0) return rule;
  return {.allowance = std::max(rule.allowance / 5 * 4 + rule.allowance % 5 * 4 / 5, 1U), .window = rule.window};
}

}  // namespace assay::fetchers
