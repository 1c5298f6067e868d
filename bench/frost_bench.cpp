// Threshold signing and key ceremonies beside their floor: what libsodium's primitives, measured in this very run, cost
// for the group operations that the algorithm cannot do without. `x_floor` compares minima, so that a busy machine
// spoils it little. One core; per member; the last one, since small identifiers cost less.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <string>
#include <thread>
#include <utility>

#include "bench/seeded_entropy.hpp"
#include "threshold/ceremony/assemble.hpp"
#include "threshold/crypto/element.hpp"

namespace {

using namespace assay;
using namespace assay::threshold;

const Bytes message(272, 0x5a);  // as long as a header

/// Of this thread's processor time: neighbours do not count.
double microseconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) * 1e6 + static_cast<double>(at.tv_nsec) / 1e3;
  };
  const double start = now();
  work();
  return now() - start;
}

/// The primitives that floors are made of, in microseconds: the least of many runs.
struct Primitives {
  double base{};    ///< scalar * base point
  double point{};   ///< scalar * any point, the order of which libsodium checks
  double add{};     ///< point + point
  double valid{};   ///< a point of prime order?
  double invert{};  ///< 1 / scalar
  double verify{};  ///< an Ed25519 signature

  static const Primitives& measured() {
    static const Primitives all = measure();
    return all;
  }

 private:
  static double least(const std::function<void()>& work) {
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < 400; ++i) best = std::min(best, microseconds_of(work));
    return best;
  }
  static Primitives measure() {
    bench::SeededEntropy entropy;
    const auto a = frost::SecretScalar::draw(entropy).published();
    const auto p = *frost::base_times(a);
    const auto q = *frost::base_times(frost::scalar_of(7));
    const auto key = IdentityKey::generate(entropy);
    const auto signature = key.sign(message);
    using benchmark::DoNotOptimize;
    Primitives out;
    out.base = least([&] { DoNotOptimize(frost::base_times(a)); });
    out.point = least([&] { DoNotOptimize(frost::times(a, p)); });
    out.add = least([&] { DoNotOptimize(frost::plus(p, q)); });
    out.valid = least([&] { DoNotOptimize(frost::is_valid_element(p)); });
    frost::PublicScalar inverse;
    out.invert = least([&] { DoNotOptimize(frost::Suite::invert(inverse.bytes, a.bytes)); });
    out.verify = least([&] { DoNotOptimize(verify_ed25519(key.public_key(), message, signature)); });
    return out;
  }
};

std::uint16_t threshold_of(std::int64_t n) {
  return static_cast<std::uint16_t>((n - 1) / 3 * 2 + 1);
}

/// Times `work` alone, over and over, after `prepare`.
void against_floor(benchmark::State& state, double floor, const std::function<void()>& prepare,
                   const std::function<void()>& work) {
  double best = std::numeric_limits<double>::max();
  for (auto _ : state) {
    prepare();
    const double took = microseconds_of(work);
    state.SetIterationTime(took / 1e6);
    best = std::min(best, took);
  }
  state.counters["min_us"] = best;
  state.counters["floor_us"] = floor;
  state.counters["x_floor"] = best / floor;
}

/// A committee of n = range(0) whose first t members have committed.
struct Signing {
  explicit Signing(const benchmark::State& state)
      : t(threshold_of(state.range(0))),
        dealt(frost::deal(static_cast<std::uint16_t>(state.range(0)), t, entropy).value()) {
    commit();
  }
  void commit() {
    pairs.clear();
    signers.clear();
    for (std::uint16_t i = 0; i < t; ++i) {
      pairs.push_back(frost::commit(dealt.shares[i], entropy));
      signers.push_back({MemberIndex{i}, pairs.back().commitment()});
    }
  }
  frost::Session session() const { return frost::Session::make(dealt.group, message, signers).value(); }
  std::vector<frost::SignatureShare> shares(const frost::Session& in) {
    std::vector<frost::SignatureShare> out;
    for (std::size_t i = 0; i < t; ++i) out.push_back(in.sign(dealt.shares[i], std::move(pairs[i])).value());
    return out;
  }

  bench::SeededEntropy entropy;
  std::uint16_t t;
  frost::Dealt dealt;
  std::vector<frost::NoncePair> pairs;
  std::vector<frost::SignerCommitment> signers;
};

void commit(benchmark::State& state) {
  Signing on(state);
  against_floor(
      state, 2 * Primitives::measured().base, [] {},
      [&] { benchmark::DoNotOptimize(frost::commit(on.dealt.shares[0], on.entropy)); });
}

/// From commitments that were validated when they came to this member's share: R, binding factors, challenge, Lagrange
/// coefficients, z.
void sign(benchmark::State& state) {
  Signing on(state);
  const auto& cost = Primitives::measured();
  const double floor = on.t * cost.point + (2 * on.t - 1) * cost.add + cost.invert;
  against_floor(
      state, floor, [&] { on.commit(); },
      [&] { benchmark::DoNotOptimize(on.session().sign(on.dealt.shares[0], std::move(on.pairs[0]))); });
}

void verify_share(benchmark::State& state) {
  Signing on(state);
  const auto& cost = Primitives::measured();
  const auto session = on.session();
  const auto shares = on.shares(session);
  against_floor(
      state, cost.base + cost.point + cost.add, [] {},
      [&] { benchmark::DoNotOptimize(session.verify_share(MemberIndex{0}, shares[0])); });
}

void aggregate(benchmark::State& state) {
  Signing on(state);
  const auto session = on.session();
  const auto shares = on.shares(session);
  against_floor(
      state, Primitives::measured().verify, [] {}, [&] { benchmark::DoNotOptimize(session.aggregate(shares)); });
}

/// One ceremony among n = range(0): everything but messages and disks.
struct Ceremony {
  explicit Ceremony(const benchmark::State& state) : n(static_cast<std::uint16_t>(state.range(0))) {
    for (std::uint16_t i = 0; i < n; ++i) keys.push_back(IdentityKey::generate(entropy));
    proposal.kind = ceremony::Kind::fresh;
    proposal.network = "bench";
    proposal.epoch = Epoch{1};
    proposal.share_generation = 1;
    proposal.new_threshold = threshold_of(n);
    for (std::uint16_t i = 0; i < n; ++i) {
      proposal.members.push_back(ceremony::recipient_of(keys[i]));
      proposal.dealers.push_back(MemberIndex{i});
    }
    terms = ceremony::make_terms(ceremony::propose(proposal, keys[0]), std::nullopt).value();
    deal_all();
  }
  /// The same key for the same committee, from the first t shares of a dealing.
  void reshare() {
    auto old = frost::deal(n, proposal.new_threshold, entropy).value();
    EpochRecord record;
    record.epoch = Epoch{1};
    record.share_generation = 1;
    record.threshold = proposal.new_threshold;
    record.group_key = old.group.group_key;
    record.verifying_shares = old.group.verifying_shares;
    for (const auto& key : keys) record.identities.push_back(key.public_key());
    proposal.kind = ceremony::Kind::refresh;
    proposal.epoch = Epoch{2};
    proposal.share_generation = 2;
    proposal.previous = epoch_record_digest(record);
    proposal.old_threshold = record.threshold;
    proposal.dealers.resize(record.threshold);
    terms = ceremony::make_terms(ceremony::propose(proposal, keys[0]), record).value();
    old_shares = std::move(old.shares);
    deal_all();
  }
  const frost::SecretShare* old_share(std::uint16_t dealer) const {
    return old_shares.empty() ? nullptr : &old_shares[dealer];
  }
  void deal_all() {
    deals.clear();
    for (std::uint16_t d = 0; d < terms.dealers(); ++d) {
      deals.push_back(ceremony::make_deal(terms, d, old_share(d), entropy));
    }
  }
  /// All that the last member computes.
  void member() {
    benchmark::DoNotOptimize(ceremony::make_deal(terms, 0, old_share(0), entropy));
    const MemberIndex me{static_cast<std::uint16_t>(n - 1)};
    const auto key = frost::EncryptionKey::of(keys.back());
    std::vector<frost::SecretScalar> dealt;
    for (std::uint16_t d = 0; d < terms.dealers(); ++d) {
      if (!ceremony::check_deal(terms, d, deals[d])) std::abort();
      const auto shared = key.agree(deals[d].ephemeral);
      dealt.push_back(ceremony::open_share(terms, d, deals[d], me, shared->bytes().first<32>()).value());
    }
    const auto record = ceremony::assemble_record(terms, deals).value();
    benchmark::DoNotOptimize(ceremony::assemble_share(terms, dealt, me, record).value());
  }
  /// Dealing: t coefficients, two proofs, an ephemeral key, n agreements. For each deal: t points checked, two proofs,
  /// one agreement, Feldman's check. The record: commitments summed over the dealers, then one value a member, the
  /// first for additions alone.
  double floor() const {
    const auto& cost = Primitives::measured();
    const double t = proposal.new_threshold;
    const double dealers = terms.dealers();
    const double deal = (t + 3) * cost.base + n * cost.point;
    const double proof = cost.valid + cost.base + cost.point + cost.add;
    const double feldman = (t - 1) * (cost.point + cost.add) + cost.base;
    const double check = t * cost.valid + 2 * proof + cost.point + feldman;
    const double weighted = terms.old ? dealers * t * cost.point + cost.invert : 0;
    const double record = weighted + (dealers - 1) * t * cost.add + ((n - 1) * cost.point + n * cost.add) * (t - 1);
    return deal + dealers * check + record + 2 * cost.base;  // and the keys of encryption and of the new share
  }

  bench::SeededEntropy entropy;
  std::uint16_t n;
  std::vector<IdentityKey> keys;
  ceremony::Proposal proposal;
  ceremony::Terms terms;
  std::vector<frost::SecretShare> old_shares;
  std::vector<ceremony::Deal> deals;
};

void dkg(benchmark::State& state) {
  Ceremony on(state);
  against_floor(
      state, on.floor(), [] {}, [&] { on.member(); });
}

void reshare(benchmark::State& state) {
  Ceremony on(state);
  on.reshare();
  against_floor(
      state, on.floor(), [] {}, [&] { on.member(); });
}

void sizes(benchmark::internal::Benchmark* of) {
  for (const std::int64_t n : {4, 7, 16, 31}) of->Arg(n);
  of->UseManualTime()->Unit(benchmark::kMicrosecond);
}
BENCHMARK(commit)->Apply(sizes);
BENCHMARK(sign)->Apply(sizes);
BENCHMARK(verify_share)->Apply(sizes);
BENCHMARK(aggregate)->Apply(sizes);
BENCHMARK(dkg)->Apply(sizes);
BENCHMARK(reshare)->Apply(sizes);

/// Seconds of processor time that this machine spent, idling apart, since it started.
double busy_seconds() {
  std::ifstream in("/proc/stat");
  std::string cpu;
  double user = 0;
  double nice = 0;
  double system = 0;
  in >> cpu >> user >> nice >> system;
  return (user + nice + system) / 100;
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const auto start = std::chrono::steady_clock::now();
  const double busy = busy_seconds();
  const auto& cost = Primitives::measured();
  std::cerr << "libsodium, least of 400, us: base " << cost.base << ", point " << cost.point << ", add " << cost.add
            << ", valid " << cost.valid << ", invert " << cost.invert << ", verify " << cost.verify << "\n";
  benchmark::RunSpecifiedBenchmarks();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double own = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  std::cerr << "neighbours used " << std::max(0.0, (busy_seconds() - busy - own) / took * 100)
            << " % of one core meanwhile, " << std::thread::hardware_concurrency() << " cores\n";
  return 0;
}
