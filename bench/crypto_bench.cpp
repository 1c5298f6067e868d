// What threshold signing costs on one core, for committees of 4 and of 31 (t = 3 and 21). The floors are libsodium's
// own primitives: a multiplication of the base, of any point, and one Ed25519 verification.
#include <benchmark/benchmark.h>

#include <utility>

#include "bench/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"

namespace {

using namespace assay;
using namespace assay::threshold;

const Bytes message(272, 0x5a);  // as long as a header

/// A committee of n = range(0) whose first t members have committed.
struct Setting {
  explicit Setting(const benchmark::State& state)
      : members(static_cast<std::uint16_t>(state.range(0))),
        dealt(frost::deal(members, static_cast<std::uint16_t>((members - 1) / 3 * 2 + 1), entropy).value()) {
    for (std::uint16_t i = 0; i < dealt.group.threshold; ++i) {
      pairs.push_back(frost::commit(dealt.shares[i], entropy));
      signers.push_back({MemberIndex{i}, pairs.back().commitment()});
    }
  }
  frost::Session session() const { return frost::Session::make(dealt.group, message, signers).value(); }
  std::vector<frost::SignatureShare> shares(const frost::Session& in) {
    std::vector<frost::SignatureShare> out;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      out.push_back(in.sign(dealt.shares[i], std::move(pairs[i])).value());
    }
    return out;
  }

  bench::SeededEntropy entropy;
  std::uint16_t members;
  frost::Dealt dealt;
  std::vector<frost::NoncePair> pairs;
  std::vector<frost::SignerCommitment> signers;
};

void base_multiplication(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(frost::base_times(frost::scalar_of(123'456'789)));
}
BENCHMARK(base_multiplication)->Unit(benchmark::kMicrosecond);

void point_multiplication(benchmark::State& state) {
  const Bytes32 point = *frost::base_times(frost::scalar_of(7));
  for (auto _ : state) benchmark::DoNotOptimize(frost::times(frost::scalar_of(123'456'789), point));
}
BENCHMARK(point_multiplication)->Unit(benchmark::kMicrosecond);

void identity_sign(benchmark::State& state) {
  bench::SeededEntropy entropy;
  const auto key = IdentityKey::generate(entropy);
  for (auto _ : state) benchmark::DoNotOptimize(key.sign(message));
}
BENCHMARK(identity_sign)->Unit(benchmark::kMicrosecond);

void verify_signature(benchmark::State& state) {
  bench::SeededEntropy entropy;
  const auto key = IdentityKey::generate(entropy);
  const auto signature = key.sign(message);
  for (auto _ : state) benchmark::DoNotOptimize(verify_ed25519(key.public_key(), message, signature));
}
BENCHMARK(verify_signature)->Unit(benchmark::kMicrosecond);

void frost_commit(benchmark::State& state) {
  bench::SeededEntropy entropy;
  const auto dealt = frost::deal(4, 3, entropy).value();
  for (auto _ : state) benchmark::DoNotOptimize(frost::commit(dealt.shares[0], entropy));
}
BENCHMARK(frost_commit)->Unit(benchmark::kMicrosecond);

void frost_validate_commitment(benchmark::State& state) {
  bench::SeededEntropy entropy;
  const auto dealt = frost::deal(4, 3, entropy).value();
  const auto pair = frost::commit(dealt.shares[0], entropy);
  for (auto _ : state) benchmark::DoNotOptimize(frost::validate(pair.commitment()));
}
BENCHMARK(frost_validate_commitment)->Unit(benchmark::kMicrosecond);

void frost_session(benchmark::State& state) {
  const Setting setting(state);
  for (auto _ : state) benchmark::DoNotOptimize(setting.session());
}
BENCHMARK(frost_session)->Arg(4)->Arg(31)->Unit(benchmark::kMicrosecond);

void frost_sign(benchmark::State& state) {
  Setting setting(state);
  const Bytes32 randomness{1};  // the same pair each time: made outside the clock, since signing spends it
  const auto listed = frost::commit(setting.dealt.shares[0], randomness, randomness);
  setting.signers[0].commitment = listed.commitment();
  const auto session = setting.session();
  for (auto _ : state) {
    state.PauseTiming();
    auto pair = frost::commit(setting.dealt.shares[0], randomness, randomness);
    state.ResumeTiming();
    benchmark::DoNotOptimize(session.sign(setting.dealt.shares[0], std::move(pair)));
  }
}
BENCHMARK(frost_sign)->Arg(4)->Arg(31)->Unit(benchmark::kMicrosecond);

void frost_verify_share(benchmark::State& state) {
  Setting setting(state);
  const auto session = setting.session();
  const auto shares = setting.shares(session);
  for (auto _ : state) benchmark::DoNotOptimize(session.verify_share(MemberIndex{0}, shares[0]));
}
BENCHMARK(frost_verify_share)->Arg(4)->Arg(31)->Unit(benchmark::kMicrosecond);

void frost_aggregate(benchmark::State& state) {
  Setting setting(state);
  const auto session = setting.session();
  const auto shares = setting.shares(session);
  for (auto _ : state) benchmark::DoNotOptimize(session.aggregate(shares));
}
BENCHMARK(frost_aggregate)->Arg(4)->Arg(31)->Unit(benchmark::kMicrosecond);

void frost_self_test(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(frost::self_test());
}
BENCHMARK(frost_self_test)->Unit(benchmark::kMicrosecond);

}  // namespace
