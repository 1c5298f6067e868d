#include <benchmark/benchmark.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <new>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "fetchers/intake.hpp"
#include "fetchers/market/dialogue.hpp"
#include "fetchers/market/io/gzip_frame.hpp"
#include "fetchers/venue.hpp"
#include "tests/unit/fetchers/market/listings.hpp"

/// What each venue's messages cost: `stream` reads one WebSocket message, `body` one HTTP body, `kept` is the memory
/// that a node keeps of one instrument: its names, what the connection remembers, its newest quote. The messages are
/// those of the synthetic market, fifty instruments a venue. One thread: messages a second are those of one core.

namespace {
std::atomic<std::uint64_t> allocation_count{0};
std::atomic<std::int64_t> live_bytes{0};
}  // namespace

// Not inlined: gcc would see malloc on one side of a pair only, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  allocation_count.fetch_add(1, std::memory_order_relaxed);
  live_bytes.fetch_add(static_cast<std::int64_t>(malloc_usable_size(memory)), std::memory_order_relaxed);
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  live_bytes.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(memory)), std::memory_order_relaxed);
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

namespace assay::fetchers {
namespace {

constexpr WallTime bench_time{1'700'000'000'123'456};

/// One venue with everything that it says of its fifty instruments at one moment.
struct Scene {
  explicit Scene(std::string_view name) : venue(name), adapter(find_adapter(name)), pairs(testing::pairs_of(name)) {
    const market::Dialogue& dialogue = *market::find_dialogue(name);
    market::Board board(7, pairs, {});
    market::Walk walk(7, market::assets_of(pairs));
    for (int step = 0; step < 2; ++step) {
      walk.step();
      board.step(walk, {}, bench_time);
    }
    for (const market::Pair& pair : pairs) symbols.push_back(testing::configured(name, pair));
    for (const std::string& asked : adapter->rest_targets(symbols)) {
      bodies.push_back({asked, dialogue.rest(asked, board, bench_time).body});
    }
    for (const RestPost& post : adapter->rest_posts(symbols)) {
      bodies.push_back(
          {"POST " + post.target + " " + post.body, dialogue.post(post.target, post.body, board, bench_time).body});
    }
    if (adapter->ws_base().empty()) return;
    const Subscription subscription = adapter->subscribe(symbols);
    target = subscription.target;
    hear(dialogue, dialogue.greet(target, pairs));
    for (const std::string& frame : subscription.frames) hear(dialogue, dialogue.hear(frame, pairs, bench_time));
    for (const market::Topic& topic : topics) {
      opening.push_back(wire(dialogue, dialogue.push(topic, target, board, market::Push::snapshot)));
      const std::string frame = dialogue.push(topic, target, board, market::Push::update);
      if (!frame.empty()) frames.push_back(wire(dialogue, frame));
    }
  }

  void hear(const market::Dialogue& dialogue, const market::Answer& answer) {
    for (const std::string& said : answer.frames) opening.push_back(wire(dialogue, said));
    topics.insert(topics.end(), answer.add.begin(), answer.add.end());
  }
  static std::string wire(const market::Dialogue& dialogue, const std::string& frame) {
    std::uint64_t serial = 1;
    const std::string whole = market::numbered(frame, serial);
    return dialogue.form(frame) == market::Form::gzip ? market::gzipped(whole) : whole;
  }

  struct Body {
    std::string endpoint;
    std::string text;
  };

  std::string_view venue;
  const Adapter* adapter;
  std::vector<market::Pair> pairs;
  std::vector<std::string> symbols;
  std::string target;
  std::vector<market::Topic> topics;
  std::vector<std::string> opening;
  std::vector<std::string> frames;
  std::vector<Body> bodies;
};

void report(benchmark::State& state, std::uint64_t allocations, std::uint64_t bytes, std::uint64_t quotes) {
  const auto rounds = static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations());
  state.counters["allocations"] = static_cast<double>(allocations) / rounds;
  state.counters["message_bytes"] = static_cast<double>(bytes) / rounds;
  state.counters["quotes"] = static_cast<double>(quotes) / rounds;
}

/// Parses one sample after the other, again and again.
template <class Sample, class Text, class Parse>
void read_in_turn(benchmark::State& state, const std::vector<Sample>& samples, Text text, Parse parse) {
  std::size_t next = 0;
  std::uint64_t bytes = 0;
  std::uint64_t quotes = 0;
  const std::uint64_t before = allocation_count.load();
  for (auto _ : state) {
    const Sample& sample = samples[next];
    next = (next + 1) % samples.size();
    const Parsed parsed = parse(sample);
    bytes += std::invoke(text, sample).size();
    quotes += parsed.items.size();
  }
  report(state, allocation_count.load() - before, bytes, quotes);
}

void read_stream(benchmark::State& state, const Scene& scene) {
  StreamMemory memory;
  const auto parse = [&](const std::string& frame) {
    return scene.adapter->parse_stream(as_bytes(frame), scene.target, memory);
  };
  for (const std::string& frame : scene.opening) benchmark::DoNotOptimize(parse(frame));
  read_in_turn(state, scene.frames, std::identity{}, parse);
}

void read_body(benchmark::State& state, const Scene& scene) {
  read_in_turn(state, scene.bodies, &Scene::Body::text, [&](const Scene::Body& body) {
    return scene.adapter->parse_rest(body.endpoint, as_bytes(body.text), "");
  });
}

/// The heap that one venue holds once every instrument was quoted, by instrument.
void keep(benchmark::State& state, const Scene& scene) {
  for (auto _ : state) {
    const std::int64_t before = live_bytes.load();
    std::map<std::string, Quote> newest;
    Intake intake({.venue = std::string(scene.venue), .symbols = scene.symbols}, *scene.adapter,
                  [&](const Quote& quote) { newest[quote.symbol] = quote; }, {});
    constexpr std::uint64_t connection = 1;
    intake.opened(connection);
    const Moment now{bench_time, MonoTime{1}};
    for (const auto* frames : {&scene.opening, &scene.frames}) {
      for (const std::string& frame : *frames) {
        intake.take(intake.read_message(connection, as_bytes(frame), scene.target), now);
      }
    }
    for (const Scene::Body& body : scene.bodies) intake.take(intake.read_body(body.endpoint, as_bytes(body.text)), now);
    check(newest.size() == scene.symbols.size(), "every instrument is quoted");
    const auto held = static_cast<double>(live_bytes.load() - before);
    state.counters["bytes_an_instrument"] = held / static_cast<double>(scene.symbols.size());
  }
}

[[maybe_unused]] const bool registered = [] {
  static std::map<std::string_view, Scene> scenes;
  for (const std::string_view venue : market::market_venues()) {
    const Scene& scene = scenes.try_emplace(venue, venue).first->second;
    const std::string name(venue);
    if (!scene.frames.empty()) {
      benchmark::RegisterBenchmark((name + "/stream").c_str(), [&scene](auto& state) { read_stream(state, scene); });
    }
    benchmark::RegisterBenchmark((name + "/body").c_str(), [&scene](auto& state) { read_body(state, scene); });
    benchmark::RegisterBenchmark((name + "/kept").c_str(), [&scene](auto& state) {
      keep(state, scene);
    })->Iterations(1);
  }
  return true;
}();

}  // namespace
}  // namespace assay::fetchers
