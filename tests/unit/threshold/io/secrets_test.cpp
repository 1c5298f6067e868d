// Invariant 9: a secret is somewhere in this process while it lives, and nowhere afterwards.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "tests/unit/threshold/io/memory_hunt.hpp"
#include "tests/unit/threshold/io/own_stack.hpp"
#include "tests/unit/threshold/io/scratch_folder.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/nonce.hpp"
#include "threshold/crypto/sealed_share.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::threshold {
namespace {

struct Secrets : testing::Test {
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer maps terabytes of its own and forbids reading them";
#endif
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
  }
  void TearDown() override {
    if (IsSkipped()) return;
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  }

  ScratchFolder folder;
  std::uint64_t entropy_seed = 77;
  SeededEntropy entropy{entropy_seed};
};

/// The hunt runs on this stack, so what dead frames of `work` hold is not overwritten before it looks.
template <class Work>
auto apart(Work work) {
  std::optional<decltype(work())> result;
  on_own_stack([&] { result.emplace(work()); });
  return std::move(*result);
}

std::vector<frost::SignerCommitment> three_times(const frost::NoncePair& pair) {
  std::vector<frost::SignerCommitment> signers;
  for (std::uint16_t i = 0; i < 3; ++i) signers.push_back({MemberIndex{i}, pair.commitment()});
  return signers;
}

TEST_F(Secrets, the_hunt_finds_raw_bytes_and_hex_of_either_case) {
  std::array<std::uint8_t, 32> secret;
  entropy.fill(secret);
  const MemoryHunt hunt(secret);
  for (const char* digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
    std::array<char, 64> text;
    EXPECT_EQ(hunt.hex(), 0U);
    volatile char* const out = text.data();  // volatile: a vectorised loop would leave a second copy on the stack
    for (std::size_t i = 0; i < secret.size(); ++i) {
      out[2 * i] = digits[secret[i] >> 4U];
      out[2 * i + 1] = digits[secret[i] & 15U];
    }
    EXPECT_GE(hunt.hex(), 2U) << "both halves";
    wipe_bytes({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  }
  EXPECT_GE(hunt.raw(), 2U) << "both halves";
  wipe_bytes(secret);
  EXPECT_EQ(hunt.raw() + hunt.hex(), 0U);
}

TEST_F(Secrets, the_hunt_finds_what_a_dead_frame_left) {
  std::array<std::uint8_t, 32> secret;
  entropy.fill(secret);
  const MemoryHunt hunt(secret);
  on_own_stack([&] {
    std::array<volatile std::uint8_t, 32> left;
    for (std::size_t i = 0; i < left.size(); ++i) left[i] = secret[i];
  });
  wipe_bytes(secret);
  EXPECT_GT(hunt.raw(), 0U);
  on_own_stack([] { sodium_stackzero(4096); });
  EXPECT_EQ(hunt.raw(), 0U);
}

TEST_F(Secrets, a_share_is_found_while_it_lives_and_nowhere_once_it_is_destroyed) {
  std::optional<frost::Dealt> dealt = apart([&] { return frost::deal(4, 3, entropy).value(); });
  const MemoryHunt hunt(dealt->shares[1].expose());
  EXPECT_GE(hunt.raw(), 2U) << "positive control";
  dealt.reset();
  EXPECT_EQ(hunt.raw() + hunt.hex(), 0U);
}

TEST_F(Secrets, a_share_that_went_through_its_file_and_signed_leaves_nothing) {
  std::optional<frost::Dealt> dealt = apart([&] { return frost::deal(4, 3, entropy).value(); });
  const MemoryHunt hunt(dealt->shares[0].expose());
  Passphrase passphrase;
  ASSERT_TRUE(passphrase.append(as_bytes("correct horse battery")));
  const auto guard = KeyGuard::of(std::move(passphrase), argon2_interactive);
  ASSERT_TRUE(apart([&] { return store_share(folder / "plain", dealt->shares[0], {}, KeyGuard(), entropy); }));
  ASSERT_TRUE(apart([&] { return store_share(folder / "sealed", dealt->shares[0], {}, guard, entropy); }));
  const auto group = dealt->group;
  dealt.reset();
  EXPECT_EQ(hunt.raw() + hunt.hex(), 0U) << "after it was written";
  for (const char* name : {"plain", "sealed"}) {
    std::optional<StoredShare> stored = apart([&] { return load_share(folder / name, guard).value(); });
    stored.reset();
    EXPECT_EQ(hunt.raw() + hunt.hex(), 0U) << name << ", after it was read";
    stored = apart([&] { return load_share(folder / name, guard).value(); });
    EXPECT_GE(hunt.raw(), 2U) << "positive control";
    ASSERT_TRUE(apart([&] {
      auto pair = frost::commit(stored->share, entropy);
      const auto session = frost::Session::make(group, as_bytes("message"), three_times(pair)).value();
      return session.sign(stored->share, std::move(pair));
    }));
    stored.reset();
    EXPECT_EQ(hunt.raw() + hunt.hex(), 0U) << name << ", after it signed";
  }
}

TEST_F(Secrets, nonces_are_nowhere_once_they_have_signed_or_were_dropped) {
  const auto dealt = frost::deal(4, 3, entropy).value();
  const auto& share = dealt.shares[0].scalar();
  for (const bool signs : {true, false}) {
    std::array<std::uint8_t, 64> randomness;
    entropy.fill(randomness);
    const auto first = std::span(randomness).first<32>();
    const auto second = std::span(randomness).last<32>();
    const auto hunt_for = [&](std::span<const std::uint8_t, 32> from) {
      const auto nonce = apart([&] { return frost::nonce_generate(share, from); });
      return MemoryHunt(nonce.expose());
    };
    const auto hiding = hunt_for(first);
    const auto binding = hunt_for(second);
    EXPECT_EQ(hiding.raw() + hiding.hex() + binding.raw() + binding.hex(), 0U) << "before";
    std::optional<frost::NoncePair> pair = apart([&] { return frost::commit(dealt.shares[0], first, second); });
    EXPECT_GE(hiding.raw(), 2U) << "positive control";
    EXPECT_GE(binding.raw(), 2U) << "positive control";
    if (signs) {
      const auto session = frost::Session::make(dealt.group, as_bytes("message"), three_times(*pair)).value();
      ASSERT_TRUE(apart([&] { return session.sign(dealt.shares[0], std::move(*pair)); }));
    } else {
      pair.reset();
    }
    EXPECT_EQ(hiding.raw() + hiding.hex() + binding.raw() + binding.hex(), 0U) << signs;
  }
}

/// Remembers, masked, what it gave last.
struct WatchedEntropy : SeededEntropy {
  using SeededEntropy::SeededEntropy;
  void fill(std::span<std::uint8_t> out) override {
    SeededEntropy::fill(out);
    given.emplace(out);
  }
  std::optional<MemoryHunt> given;
};

TEST_F(Secrets, the_randomness_of_a_nonce_pair_is_nowhere_once_the_pair_is_made) {
  const auto dealt = frost::deal(4, 3, entropy).value();
  WatchedEntropy watched(entropy_seed + 1);
  const auto pair = apart([&] { return frost::commit(dealt.shares[0], watched); });
  EXPECT_EQ(watched.given->raw() + watched.given->hex(), 0U);
}

TEST_F(Secrets, an_identity_is_nowhere_once_it_is_destroyed) {
  std::optional<IdentityKey> key = apart([&] { return IdentityKey::generate(entropy); });
  const MemoryHunt hunt(key->seed());
  EXPECT_EQ(hunt.raw(), 2U) << "both halves, in locked memory alone";
  ASSERT_TRUE(apart([&] { return store_identity(folder / "id", *key, KeyGuard(), entropy); }));
  EXPECT_GE(hunt.raw(), 2U) << "positive control";
  key.reset();
  EXPECT_EQ(hunt.raw() + hunt.hex(), 0U);
  key = apart([&] { return load_identity(folder / "id", KeyGuard()).value(); });
  EXPECT_EQ(hunt.raw(), 2U) << "in locked memory alone";
  (void)apart([&] { return key->sign(as_bytes("message")); });
  EXPECT_GE(hunt.raw(), 2U) << "positive control";
  key.reset();
  EXPECT_EQ(hunt.raw() + hunt.hex(), 0U);
}

TEST_F(Secrets, a_secret_that_another_replaces_is_nowhere) {
  std::optional<frost::SecretScalar> first = apart([&] { return frost::SecretScalar::draw(entropy); });
  const MemoryHunt hunt(first->expose());
  EXPECT_GE(hunt.raw(), 2U) << "positive control";
  *first = apart([&] { return frost::SecretScalar::draw(entropy); });
  EXPECT_EQ(hunt.raw() + hunt.hex(), 0U);
}

TEST_F(Secrets, a_sum_and_a_scalar_that_was_taken_leave_no_second_copy) {
  std::array<std::uint8_t, 32> source{};
  entropy.fill(std::span(source).first<31>());
  const MemoryHunt hunt(source);
  std::optional<frost::SecretScalar> scalar = apart([&] { return frost::SecretScalar::take(source).value(); });
  EXPECT_EQ(hunt.raw(), 2U) << "both halves, in locked memory alone";
  on_own_stack([&] { scalar->add(*scalar); });
  EXPECT_EQ(hunt.raw(), 0U) << "it is another value now";
}

TEST_F(Secrets, a_share_under_way_between_members_is_nowhere_but_where_it_belongs) {
  const auto identity = IdentityKey::generate(entropy);
  std::optional<frost::EncryptionKey> mine = apart([&] { return frost::EncryptionKey::of(identity); });
  std::optional<frost::EncryptionKey> theirs = apart([&] { return frost::EncryptionKey::generate(entropy); });
  std::optional<frost::SecretScalar> share = apart([&] { return frost::SecretScalar::draw(entropy); });
  const MemoryHunt hunt_share(share->expose());
  const MemoryHunt hunt_key(mine->scalar().expose());
  EXPECT_EQ(MemoryHunt(identity.seed()).raw(), 2U) << "in locked memory alone";
  const frost::SealContext context{{}, 0, 1, mine->point(), theirs->point()};
  std::optional<std::optional<SecretSlot>> point = apart([&] { return mine->agree(theirs->point()); });
  const MemoryHunt hunt_point(std::as_const(**point).bytes().first<32>());
  const auto sealed = apart([&] { return frost::seal_share(context, (*point)->bytes().first<32>(), *share); });
  share.reset();
  EXPECT_EQ(hunt_share.raw() + hunt_share.hex(), 0U) << "sealed";
  EXPECT_EQ(hunt_point.raw(), 2U) << "in locked memory alone";
  std::optional<std::optional<frost::SecretScalar>> opened =
      apart([&] { return frost::open_share(context, (*point)->bytes().first<32>(), sealed); });
  EXPECT_EQ(hunt_share.raw(), 2U) << "positive control: opened";
  EXPECT_EQ(hunt_point.raw(), 2U) << "positive control";
  EXPECT_EQ(hunt_key.raw(), 2U) << "positive control";
  opened.reset();
  point.reset();
  mine.reset();
  EXPECT_EQ(hunt_share.raw() + hunt_share.hex() + hunt_point.raw() + hunt_point.hex() + hunt_key.raw(), 0U);
}

/// Its callers wipe the stack too; here nobody does.
TEST_F(Secrets, the_suite_itself_keeps_no_copy_of_what_it_hashes_or_compares) {
  SecretSlot secret = SecretSlot::make();
  entropy.fill(secret.bytes());
  secret.bytes()[31] = 0;  // canonical
  const auto scalar = std::as_const(secret).bytes().first<32>();
  const MemoryHunt hunt(scalar);
  const auto wide_hunt = [&] {
    const std::string_view prefix = "FROST-ED25519-SHA512-v1nonce";
    SecretSlot wide = SecretSlot::make();
    on_own_stack([&] {
      crypto_hash_sha512_state state;
      crypto_hash_sha512_init(&state);
      crypto_hash_sha512_update(&state, as_bytes(prefix).data(), prefix.size());
      crypto_hash_sha512_update(&state, scalar.data(), scalar.size());
      crypto_hash_sha512_final(&state, wide.bytes().data());
    });
    return MemoryHunt(std::as_const(wide).bytes());
  }();
  on_own_stack([] { sodium_stackzero(4096); });
  EXPECT_EQ(hunt.raw(), 2U) << "before";
  EXPECT_EQ(wide_hunt.raw(), 0U) << "before";
  SecretSlot out = SecretSlot::make();
  on_own_stack(
      [&] { frost::Suite::hash_to_scalar(out.bytes().first<32>(), frost::ScalarHash::nonce, {ByteSpan(scalar)}); });
  EXPECT_EQ(hunt.raw(), 2U) << "hashed";
  EXPECT_EQ(wide_hunt.raw(), 0U) << "hashed";
  on_own_stack([&] { EXPECT_TRUE(frost::Suite::is_canonical(scalar)); });
  EXPECT_EQ(hunt.raw(), 2U) << "compared";
}

TEST_F(Secrets, whatever_computes_with_a_secret_leaves_zeros_on_its_stack) {
  const auto scalar = frost::SecretScalar::draw(entropy);
  const auto point = *frost::base_times(scalar);
  const auto share = frost::SecretShare::of(MemberIndex{0}, frost::SecretScalar::draw(entropy)).value();
  std::array<std::uint8_t, 64> wide{};
  entropy.fill(wide);
  Bytes32 source{7};
  SecretSlot key = SecretSlot::make();
  const auto by_key = KeyGuard::of(std::move(key));
  auto other_key = SecretSlot::make();
  other_key.bytes()[0] = 1;
  const auto by_other_key = KeyGuard::of(std::move(other_key));
  Passphrase passphrase;
  ASSERT_TRUE(passphrase.append(as_bytes("correct horse battery")));
  const auto by_passphrase = KeyGuard::of(std::move(passphrase), argon2_interactive);
  const auto sealed_file = seal(share, {}, by_key, entropy).value();
  const auto identity_file = seal(IdentityKey::generate(entropy), by_key, entropy).value();
  const frost::SealContext context{};
  const auto sealed = frost::seal_share(context, point, scalar);
  constexpr std::size_t most_of_1024 = 900;  // a few frames of destructors come after the wipe
  const auto expect_zeros = [most_of_1024](const char* what, std::function<void()> work) {
    EXPECT_GE(zeros_left_by(std::move(work)), most_of_1024) << what;
  };
  EXPECT_LT(zeros_left_by([] {}), most_of_1024) << "control";
  expect_zeros("reduced", [&] { (void)frost::SecretScalar::reduced(wide); });
  expect_zeros("hashed", [&] { (void)frost::SecretScalar::hashed(frost::ScalarHash::nonce, {{wide}}); });
  expect_zeros("take", [&] { (void)frost::SecretScalar::take(source); });
  expect_zeros("add", [&] {
    auto sum = scalar.clone();
    sum.add(scalar);
  });
  expect_zeros("add_product", [&] {
    auto sum = scalar.clone();
    sum.add_product(frost::scalar_of(3), scalar);
  });
  expect_zeros("base_times", [&] { (void)frost::base_times(scalar); });
  expect_zeros("times", [&] { (void)frost::times(scalar, point); });
  expect_zeros("secret_point", [&] { (void)frost::secret_point(scalar, point); });
  expect_zeros("seal a share", [&] { (void)frost::seal_share(context, point, scalar); });
  expect_zeros("open a share", [&] { (void)frost::open_share(context, point, sealed); });
  expect_zeros("refuse a share", [&] { EXPECT_FALSE(frost::open_share(context, point, frost::SealedShare{})); });
  EXPECT_GE(zeros_left_by([&] { (void)seal(share, {}, by_key, entropy); }), 3000U);
  expect_zeros("open an identity", [&] { (void)open_identity(identity_file, by_key); });
  Bytes32 seed{9};
  expect_zeros("make an identity", [&] { (void)IdentityKey::from_seed(seed); });
  const auto identity = IdentityKey::generate(entropy);
  expect_zeros("sign", [&] { (void)identity.sign(as_bytes("message")); });
  expect_zeros("refuse a file", [&] { EXPECT_FALSE(open_share(sealed_file, by_other_key)); });
  expect_zeros("open a file", [&] { (void)open_share(sealed_file, by_key); });
  EXPECT_GE(zeros_left_by(
                [&] { (void)by_passphrase.file_key(KeyProtection::passphrase, argon2_interactive, Argon2Salt{1}); }),
            3000U);
}

TEST_F(Secrets, a_passphrase_and_what_it_derives_are_nowhere_once_the_guard_is_gone) {
  std::array<std::uint8_t, 40> text;
  entropy.fill(text);
  for (auto& letter : text) letter = static_cast<std::uint8_t>('a' + letter % 26);
  const MemoryHunt hunt(text);
  {
    const auto file = File::open(folder / "pass", O_WRONLY | O_CREAT, 0600);
    ASSERT_TRUE(file && file->write_all(text));
  }
  wipe_bytes(text);
  EXPECT_EQ(hunt.raw(), 0U) << "before";
  std::optional<KeyGuard> guard = apart(
      [&] { return KeyGuard::of(load_passphrase(folder / "pass", Sharing::owner_only).value(), argon2_interactive); });
  EXPECT_GE(hunt.raw(), 2U) << "positive control";
  std::optional<SecretSlot> key =
      apart([&] { return guard->file_key(KeyProtection::passphrase, argon2_interactive, Argon2Salt{1}).value(); });
  const MemoryHunt derived(std::as_const(*key).bytes().first<32>());
  EXPECT_GE(derived.raw(), 2U) << "positive control";
  key.reset();
  EXPECT_EQ(derived.raw() + derived.hex(), 0U);
  guard.reset();
  EXPECT_EQ(hunt.raw() + hunt.hex(), 0U);
}

}  // namespace
}  // namespace assay::threshold
