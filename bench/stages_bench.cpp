// What each stage of a price costs on one core, from a venue's bytes to a consumer's verdict. The floors are the
// primitives they are made of: one Ed25519 verification for a consumer, one SHA-256 of 141 bytes for a leaf.
#include <benchmark/benchmark.h>

#include <memory>

#include "aggregator/aggregate.hpp"
#include "aggregator/quote_book.hpp"
#include "bench/seeded_entropy.hpp"
#include "config/demo.hpp"
#include "core/batch.hpp"
#include "fetchers/venue.hpp"
#include "publisher/frames.hpp"
#include "publisher/verify.hpp"
#include "threshold/crypto/frost.hpp"

namespace {

using namespace assay;

constexpr WallTime bench_time{1'700'000'000'000'000};

config::NetworkSettings network() {
  return config::demo_network({}, "bench", millis(250));
}

/// A book in which every source of every feed has just spoken.
aggregator::QuoteBook full_book(const aggregator::AggregationPolicy& policy) {
  aggregator::QuoteBook book(policy);
  for (const auto& feed : policy.feeds) {
    std::uint64_t nudge = 0;
    for (const auto& source : feed.sources) {
      const auto mid = static_cast<UInt128>(feed.reference_price) + 10 * nudge++;
      Quote quote;
      quote.venue = source.venue;
      quote.symbol = source.symbol;
      quote.bid = Decimal{mid - 5, feed.terms.exponent};
      quote.ask = Decimal{mid + 5, feed.terms.exponent};
      quote.recv_time = bench_time;
      quote.recv_mono = MonoTime{1};
      book.accept(quote);
    }
  }
  return book;
}

/// One attested batch of the demonstration network, and what is needed to check it.
struct Attested {
  threshold::frost::Dealt dealt;
  std::vector<Observation> observations;
  std::shared_ptr<Batch> batch = std::make_shared<Batch>();
  std::shared_ptr<publisher::FeedList> feeds = std::make_shared<publisher::FeedList>();
};

Signature sign(const threshold::frost::Dealt& dealt, ByteSpan message, Entropy& entropy) {
  std::vector<threshold::frost::NoncePair> nonces;
  std::vector<threshold::frost::SignerCommitment> signers;
  for (std::uint16_t i = 0; i < dealt.group.threshold; ++i) {
    nonces.push_back(threshold::frost::commit(dealt.shares[i], entropy));
    signers.push_back({MemberIndex{i}, nonces.back().commitment()});
  }
  const auto session = threshold::frost::Session::make(dealt.group, message, signers);
  std::vector<threshold::frost::SignatureShare> shares;
  for (std::uint16_t i = 0; i < dealt.group.threshold; ++i) {
    shares.push_back(*session->sign(dealt.shares[i], std::move(nonces[i])));
  }
  return *session->aggregate(shares);
}

Attested attested() {
  bench::SeededEntropy entropy;
  Attested out{.dealt = threshold::frost::deal(4, 3, entropy).value(), .observations = {}};
  const auto settings = network();
  auto book = full_book(settings.policy);
  out.observations.assign(4, book.observe(MonoTime{1}, bench_time));
  const auto next = aggregator::aggregate(
      settings.policy,
      {.previous = Header{}, .previous_leaves = {}, .observations = out.observations, .quorum = 3, .faulty_max = 1});
  out.batch->leaves = next->leaves;
  out.batch->header.height = Height{1};
  out.batch->header.time = next->time;
  out.batch->header.feed_count = static_cast<std::uint32_t>(next->leaves.size());
  out.batch->header.feeds_root = merkle_root(leaf_hashes(out.batch->leaves));
  out.batch->signature = sign(out.dealt, encode(out.batch->header), entropy);
  for (const auto& feed : settings.policy.feeds) {
    out.feeds->push_back(feed.terms);
  }
  return out;
}

void parse_kraken_ticker(benchmark::State& state) {
  const std::string frame =
      R"({"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":65123.4,"bid_qty":0.5,"ask":65123.5,)"
      R"("ask_qty":1.25,"last":65123.5,"volume":1234.56789,"vwap":65000.1,"low":64000.0,"high":66000.0,"change":12.3,)"
      R"("change_pct":0.02}]})";
  const auto* adapter = fetchers::find_adapter("kraken");
  for (auto _ : state) {
    benchmark::DoNotOptimize(adapter->parse_ws(as_bytes(frame), "/v2"));
  }
}
BENCHMARK(parse_kraken_ticker);

void observe_all_feeds(benchmark::State& state) {
  auto book = full_book(network().policy);
  for (auto _ : state) {
    benchmark::DoNotOptimize(book.observe(MonoTime{1}, bench_time));
  }
  state.counters["feeds"] = static_cast<double>(book.policy().feeds.size());
}
BENCHMARK(observe_all_feeds);

void aggregate_all_feeds(benchmark::State& state) {
  const auto made = attested();
  const auto settings = network();
  for (auto _ : state) {
    benchmark::DoNotOptimize(aggregator::aggregate(settings.policy, {.previous = made.batch->header,
                                                                     .previous_leaves = made.batch->leaves,
                                                                     .observations = made.observations,
                                                                     .quorum = 3,
                                                                     .faulty_max = 1}));
  }
}
BENCHMARK(aggregate_all_feeds);

void encode_batch_frame(benchmark::State& state) {
  const auto made = attested();
  std::vector<std::uint32_t> all(made.feeds->size());
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    all[i] = i;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(publisher::BatchFrames::make(made.batch, made.feeds)->batch(all));
  }
}
BENCHMARK(encode_batch_frame);

void verify_batch_frame(benchmark::State& state) {
  const auto made = attested();
  std::vector<std::uint32_t> all(made.feeds->size());
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    all[i] = i;
  }
  const auto text = publisher::BatchFrames::make(made.batch, made.feeds)->batch(all);
  const publisher::Pinned pinned{.group_key = made.dealt.group.group_key, .network = std::nullopt};
  if (!std::holds_alternative<publisher::VerifiedFrame>(publisher::verify_frame(text, pinned))) {
    state.SkipWithError("the frame does not verify");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(publisher::verify_frame(text, pinned));
  }
  state.counters["bytes"] = static_cast<double>(text.size());
}
BENCHMARK(verify_batch_frame);

void verify_update_frame(benchmark::State& state) {
  const auto made = attested();
  const auto text = publisher::BatchFrames::make(made.batch, made.feeds)->update(0);
  const publisher::Pinned pinned{.group_key = made.dealt.group.group_key, .network = std::nullopt};
  for (auto _ : state) {
    benchmark::DoNotOptimize(publisher::verify_frame(text, pinned));
  }
}
BENCHMARK(verify_update_frame);

/// The floor of every consumer: libsodium's verification of one signature over a header.
void floor_ed25519_verify(benchmark::State& state) {
  const auto made = attested();
  const auto bytes = encode(made.batch->header);
  for (auto _ : state) {
    benchmark::DoNotOptimize(verify_ed25519(made.dealt.group.group_key, bytes, made.batch->signature));
  }
}
BENCHMARK(floor_ed25519_verify);

}  // namespace
