#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "aggregator/aggregate.hpp"
#include "aggregator/quote_book.hpp"
#include "core/check.hpp"
#include "tests/unit/aggregator/support.hpp"

/// What the price costs: one node's step for 1,000 feeds of 20 sources, the committee's for 1,000 feeds of 31
/// observations, one quote on its way in; time and allocations, one thread. Targets: 5 ms, 10 ms, no allocation a
/// quote.

namespace {
std::atomic<std::uint64_t> allocation_count{0};
}  // namespace

// Not inlined: gcc would see malloc on one side of a pair only, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocation_count.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace assay::aggregator {
namespace {

constexpr std::size_t feed_count = 1'000;
constexpr std::size_t source_count = 20;
constexpr WallTime bench_time{1'700'000'000'000'000};

/// Half of the sources in the feed's own pair, half through one leg.
AggregationPolicy thousand_feeds() {
  AggregationPolicy policy = some_policy();
  policy.feeds.clear();
  for (std::size_t i = 0; i <= feed_count; ++i) {
    const bool leg = i == feed_count;
    FeedPolicy feed = some_feed(0);
    feed.base = leg ? "USDT" : "A" + std::to_string(i);
    const std::string symbol = feed.base + "/USD";
    feed.terms = FeedTerms{symbol, feed_id(symbol), -8, millis(3'000)};
    feed.floor_price = 1;
    feed.ceiling_price = price_mantissa_max;
    feed.weight_min = 6;
    feed.exclude_ppm = 2'500;
    feed.age_ppm = 100;
    for (std::size_t s = 0; s < source_count; ++s) {
      SourcePolicy each = source("venue" + std::to_string(s), static_cast<std::uint16_t>(s + 1));
      each.symbol = feed.base + (s % 2 == 0 || leg ? "USD" : "USDT");
      each.age_max = millis(5'000);
      each.base = feed.base;
      each.quote = s % 2 == 0 || leg ? "USD" : "USDT";
      if (each.quote == "USDT") each.via = {"USDT/USD"};
      feed.sources.push_back(std::move(each));
    }
    (leg ? policy.legs : policy.feeds).push_back(feed);
  }
  return policy;
}

Quote quote_of(const SourcePolicy& source, std::uint64_t nudge) {
  Quote quote;
  quote.venue = source.venue;
  quote.symbol = source.symbol;
  quote.bid = Decimal{99'990 + nudge * 7 % 20, -5};
  quote.ask = Decimal{100'010 + nudge * 7 % 20, -5};
  quote.recv_time = bench_time;
  quote.recv_mono = MonoTime{1'000'000};
  return quote;
}

QuoteBook full_book(const AggregationPolicy& policy) {
  QuoteBook book(policy);
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    std::uint64_t nudge = node;
    for (const SourcePolicy& source : node_policy(policy, node).sources) book.accept(quote_of(source, nudge++));
  }
  return book;
}

/// Allocations an iteration, as the benchmark's counter.
class Counted {
 public:
  explicit Counted(benchmark::State& state) : state_(state), before_(allocation_count.load()) {}
  ~Counted() {
    const auto made = static_cast<double>(allocation_count.load() - before_);
    state_.counters["allocations"] = made / static_cast<double>(state_.iterations());
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  benchmark::State& state_;
  std::uint64_t before_;
};

void node_step_of_1000_feeds(benchmark::State& state) {
  QuoteBook book = full_book(thousand_feeds());
  std::int64_t passed = 0;
  check(book.observe(MonoTime{1'000'000}, bench_time).feeds[0].has_value(), "the feeds are priced");
  const Counted counted(state);
  for (auto _ : state) {
    passed = (passed + 1'000) % 1'000'000;
    benchmark::DoNotOptimize(book.observe(MonoTime{1'000'000 + passed}, bench_time + Micros{passed}));
  }
}
BENCHMARK(node_step_of_1000_feeds)->Unit(benchmark::kMillisecond);

void one_quote(benchmark::State& state) {
  const AggregationPolicy policy = thousand_feeds();
  QuoteBook book = full_book(policy);
  std::vector<Quote> quotes;
  for (std::uint64_t i = 0; i < 1'000; ++i) quotes.push_back(quote_of(policy.feeds[i].sources[i % source_count], i));
  std::size_t at = 0;
  const Counted counted(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(book.accept(quotes[at]));
    at = (at + 1) % quotes.size();
  }
}
BENCHMARK(one_quote);

void committee_step_of_1000_feeds(benchmark::State& state) {
  const AggregationPolicy policy = thousand_feeds();
  QuoteBook book = full_book(policy);
  std::vector<Observation> observations(31, book.observe(MonoTime{1'000'000}, bench_time));
  std::int64_t nudge = 0;
  for (Observation& each : observations) {
    for (auto& entry : each.feeds) {
      entry->price += nudge % 5;
      entry->ask += nudge % 5;
      nudge += 7;
    }
  }
  Header header;
  header.time = bench_time;
  const AggregateInput first{header, {}, observations, 21, 10};
  const auto leaves = aggregate(policy, first)->leaves;
  header.height = next(header.height);
  header.time = bench_time + millis(1);
  const Counted counted(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(aggregate(policy, AggregateInput{header, leaves, observations, 21, 10}));
  }
}
BENCHMARK(committee_step_of_1000_feeds)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace assay::aggregator
