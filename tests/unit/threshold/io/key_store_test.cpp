#include "threshold/io/key_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "tests/unit/threshold/io/scratch_folder.hpp"

namespace assay::threshold {
namespace {

Bytes contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void write(const std::filesystem::path& path, const Bytes& bytes) {
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  ::chmod(path.c_str(), 0600);
}

struct KeyStore : testing::Test {
  ScratchFolder folder;
  SeededEntropy entropy{11};
  IdentityKey identity = IdentityKey::generate(entropy);
  frost::Dealt dealt = frost::deal(4, 3, entropy).value();
  KeyGuard plain;
  ShareOrigin origin{NetworkId{sha256(as_bytes("a network"))}, Epoch{7}, 5};

  KeyGuard with_passphrase(std::string_view text) {
    Passphrase passphrase;
    EXPECT_TRUE(passphrase.append(as_bytes(text)));
    return KeyGuard::of(std::move(passphrase), argon2_interactive);
  }
  KeyGuard with_key(std::uint8_t fill) {
    auto key = SecretSlot::make();
    std::ranges::fill(key.bytes(), fill);
    return KeyGuard::of(std::move(key));
  }
};

TEST_F(KeyStore, an_identity_comes_back) {
  ASSERT_TRUE(store_identity(folder / "id", identity, plain, entropy));
  const auto loaded = load_identity(folder / "id", plain);
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->public_key(), identity.public_key());
  EXPECT_EQ(to_hex(loaded->seed()), to_hex(identity.seed()));
  EXPECT_EQ(contents(folder / "id").size(), KeyFile::size);
}

TEST_F(KeyStore, a_share_comes_back_with_its_member_and_generation) {
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[2], origin, plain, entropy));
  const auto loaded = load_share(folder / "share", plain);
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->share.member(), MemberIndex{2});
  EXPECT_EQ(loaded->origin, origin);
  EXPECT_EQ(loaded->share.verifying_share(), dealt.group.verifying_shares[2]);
}

TEST_F(KeyStore, the_bytes_are_those_of_docs_wire_md) {
  auto seed = bytes32_from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value();
  ASSERT_TRUE(store_identity(folder / "id", IdentityKey::from_seed(seed), plain, entropy));
  EXPECT_EQ(to_hex(contents(folder / "id")),
            "61737361792f6b65792f76320000000002010000000000000000000000000000000000000000000000000000"
            "0000000000000000000000000000000000003d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd"
            "55f12af4660c0000000000000000000000000000000000000000000000000000000000000000000000000000"
            "000000000000000000004ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb0000"
            "00000000000000000000000000004c687b1286af2a35700fe19c4ccd71bb434c76c88863bd400702b64d049d"
            "3cd4");
  Bytes32 one{1};
  ASSERT_TRUE(store_share(folder / "share", frost::SecretShare::from_bytes(MemberIndex{3}, one).value(), origin, plain,
                          entropy));
  EXPECT_EQ(to_hex(contents(folder / "share")),
            "61737361792f6b65792f76320000000002020000000300000005000000072f782beca6c497e09ee1b67bd6a1"
            "202048f19e97f7e1364a58d415ce7b3ecd9e5866666666666666666666666666666666666666666666666666"
            "6666666666660000000000000000000000000000000000000000000000000000000000000000000000000000"
            "0000000000000000000001000000000000000000000000000000000000000000000000000000000000000000"
            "00000000000000000000000000003944f0667aa6935027cacd52ce0127f44acea20a1a1760d909c74bdda2b1"
            "e18a");
}

TEST_F(KeyStore, files_belong_to_their_owner_alone_and_leave_no_temporary) {
  ASSERT_TRUE(store_identity(folder / "id", identity, plain, entropy));
  struct stat facts {};
  ASSERT_EQ(::stat((folder / "id").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(KeyStore, a_key_file_is_never_overwritten) {
  ASSERT_TRUE(store_identity(folder / "id", identity, plain, entropy));
  const auto before = contents(folder / "id");
  const auto other = IdentityKey::generate(entropy);
  EXPECT_EQ(store_identity(folder / "id", other, plain, entropy).error().code, Errc::key_exists);
  EXPECT_EQ(store_share(folder / "id", dealt.shares[0], origin, plain, entropy).error().code, Errc::key_exists);
  EXPECT_EQ(contents(folder / "id"), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(KeyStore, a_file_that_others_may_use_is_refused_with_the_remedy) {
  ASSERT_TRUE(store_identity(folder / "id", identity, plain, entropy));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
    ::chmod((folder / "id").c_str(), mode);
    const auto loaded = load_identity(folder / "id", plain);
    ASSERT_FALSE(loaded);
    EXPECT_NE(std::string_view(loaded.error().detail).find("chmod 600"), std::string_view::npos);
  }
  ::chmod((folder / "id").c_str(), 0400);
  EXPECT_TRUE(load_identity(folder / "id", plain));
}

TEST_F(KeyStore, one_kind_does_not_pass_for_the_other) {
  ASSERT_TRUE(store_identity(folder / "id", identity, plain, entropy));
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[0], origin, plain, entropy));
  EXPECT_EQ(load_share(folder / "id", plain).error().code, Errc::key_wrong_kind);
  EXPECT_EQ(load_identity(folder / "share", plain).error().code, Errc::key_wrong_kind);
}

TEST_F(KeyStore, every_flipped_bit_and_every_other_length_is_refused) {
  ASSERT_TRUE(store_identity(folder / "id", identity, plain, entropy));
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[1], origin, plain, entropy));
  for (const char* name : {"id", "share"}) {
    const Bytes good = contents(folder / name);
    const auto loads = [&](const Bytes& bytes) {
      write(folder / "bad", bytes);
      return static_cast<bool>(load_identity(folder / "bad", plain)) ||
             static_cast<bool>(load_share(folder / "bad", plain));
    };
    ASSERT_TRUE(loads(good));
    for (std::size_t i = 0; i < good.size(); ++i) {
      auto bad = good;
      bad[i] ^= static_cast<std::uint8_t>(1U << i % 8);
      EXPECT_FALSE(loads(bad)) << name << " byte " << i;
      EXPECT_FALSE(loads(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i)))) << name << " cut " << i;
    }
    auto longer = good;
    longer.push_back(0);
    EXPECT_FALSE(loads(longer));
  }
}

TEST_F(KeyStore, a_missing_file_and_a_folder_are_refused) {
  EXPECT_EQ(load_identity(folder / "absent", plain).error().code, Errc::io_failed);
  EXPECT_EQ(load_identity(folder.path(), plain).error().code, Errc::io_failed);
  EXPECT_EQ(store_identity(folder / "no/such", identity, plain, entropy).error().code, Errc::io_failed);
}

TEST_F(KeyStore, a_protected_file_opens_with_its_passphrase_alone) {
  const auto guard = with_passphrase("correct horse");
  ASSERT_TRUE(store_identity(folder / "id", identity, guard, entropy));
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[2], origin, guard, entropy));
  EXPECT_EQ(protection_of(folder / "id").value(), KeyProtection::passphrase);
  EXPECT_EQ(load_identity(folder / "id", guard)->public_key(), identity.public_key());
  const auto loaded = load_share(folder / "share", guard);
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->origin, origin);
  EXPECT_EQ(to_hex(loaded->share.expose()), to_hex(dealt.shares[2].expose()));

  const auto wrong = load_identity(folder / "id", with_passphrase("incorrect horse"));
  EXPECT_EQ(wrong.error().code, Errc::key_wrong_secret);
  EXPECT_THAT(wrong.error().detail, testing::HasSubstr("passphrase"));
  EXPECT_EQ(load_identity(folder / "id", plain).error().code, Errc::key_other_guard);
  EXPECT_EQ(load_identity(folder / "id", with_key(1)).error().code, Errc::key_other_guard);
}

TEST_F(KeyStore, a_protected_file_holds_no_secret_in_the_clear_and_never_the_same_bytes_twice) {
  const auto guard = with_key(9);
  ASSERT_TRUE(store_share(folder / "one", dealt.shares[1], origin, guard, entropy));
  ASSERT_TRUE(store_share(folder / "two", dealt.shares[1], origin, guard, entropy));
  EXPECT_EQ(to_hex(contents(folder / "one")).find(to_hex(dealt.shares[1].expose())), std::string::npos);
  EXPECT_NE(contents(folder / "one"), contents(folder / "two"));
  EXPECT_TRUE(load_share(folder / "one", guard));
  EXPECT_EQ(load_share(folder / "one", with_key(8)).error().code, Errc::key_wrong_secret);
  EXPECT_EQ(load_share(folder / "one", with_passphrase("correct horse")).error().code, Errc::key_other_guard);
}

TEST_F(KeyStore, damage_is_told_from_a_wrong_key) {
  const auto guard = with_key(9);
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[1], origin, guard, entropy));
  const Bytes good = contents(folder / "share");
  for (std::size_t i = 17; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= static_cast<std::uint8_t>(1U << i % 8);
    write(folder / "bad", bad);
    EXPECT_EQ(load_share(folder / "bad", guard).error().code, Errc::key_damaged) << "byte " << i;
  }
}

/// What somebody who writes to the disk can do: change a byte and mend the check.
Bytes mended(Bytes file, std::size_t at, std::uint8_t value) {
  file[at] = value;
  const auto check = tagged_sha256("assay/key-check/v2", {ByteSpan(file).first(190)});
  std::ranges::copy(check.bytes, file.begin() + 190);
  return file;
}

TEST_F(KeyStore, the_head_is_bound_to_the_secret) {
  const auto guard = with_key(9);
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[1], origin, guard, entropy));
  const Bytes good = contents(folder / "share");
  for (const std::size_t at : {21, 25, 29, 40, 70}) {  // member, generation, epoch, network, public key
    write(folder / "bad", mended(good, at, static_cast<std::uint8_t>(good[at] ^ 1U)));
    EXPECT_EQ(load_share(folder / "bad", guard).error().code, Errc::key_wrong_secret) << "byte " << at;
  }
}

TEST_F(KeyStore, a_file_cannot_ask_argon2_for_all_memory_or_for_none) {
  const auto guard = with_passphrase("correct horse");
  ASSERT_TRUE(store_identity(folder / "id", identity, guard, entropy));
  const Bytes good = contents(folder / "id");
  // operations u32 at 94, memory u32 at 98, big-endian
  for (const auto& [at, value] :
       std::vector<std::pair<std::size_t, std::uint8_t>>{{94, 1}, {97, 1}, {97, 9}, {98, 0x80}, {99, 0x11}, {99, 0}}) {
    write(folder / "bad", mended(good, at, value));
    EXPECT_EQ(load_identity(folder / "bad", guard).error().code, Errc::out_of_range) << at << " " << +value;
  }
  Passphrase again;
  ASSERT_TRUE(again.append(as_bytes("correct horse")));
  const auto greedy = KeyGuard::of(std::move(again), Argon2Cost{9, 64 * 1024});
  EXPECT_EQ(store_identity(folder / "new", identity, greedy, entropy).error().code, Errc::out_of_range);
}

TEST_F(KeyStore, a_share_of_another_member_network_generation_or_epoch_is_named) {
  const auto stored = [&](const ShareOrigin& from) {
    Bytes32 scalar;
    std::ranges::copy(dealt.shares[2].expose(), scalar.begin());
    return StoredShare{frost::SecretShare::from_bytes(MemberIndex{2}, scalar).value(), from};
  };
  const auto& expected = dealt.group.verifying_shares;
  const auto verdict = [&](const ShareOrigin& from, const ShareOrigin& current) {
    const auto done = check_share(stored(from), MemberIndex{2}, current, expected[2]);
    return done ? Errc{} : done.error().code;
  };
  EXPECT_EQ(verdict(origin, origin), Errc{});
  EXPECT_EQ(verdict(origin, {origin.network, Epoch{8}, 5}), Errc{}) << "the same shares serve a later epoch";
  EXPECT_EQ(verdict({{}, {}, 5}, origin), Errc{}) << "what is not known is not compared";
  EXPECT_EQ(verdict(origin, {origin.network, Epoch{6}, 5}), Errc::key_wrong_generation);
  EXPECT_EQ(verdict(origin, {origin.network, Epoch{7}, 6}), Errc::key_wrong_generation);
  EXPECT_EQ(verdict(origin, {NetworkId{sha256(as_bytes("other"))}, Epoch{7}, 5}), Errc::wrong_network);
  EXPECT_EQ(check_share(stored(origin), MemberIndex{1}, origin, expected[1]).error().code, Errc::key_wrong_member);
  EXPECT_EQ(check_share(stored(origin), MemberIndex{2}, origin, expected[1]).error().code, Errc::key_wrong_group);
}

TEST_F(KeyStore, one_share_serves_one_process) {
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[0], origin, plain, entropy));
  {
    const auto held = ShareLock::take(folder / "share");
    ASSERT_TRUE(held) << held.error().detail;
    EXPECT_EQ(ShareLock::take(folder / "share").error().code, Errc::key_in_use);
    std::filesystem::create_hard_link(folder / "share", folder / "another name");
    EXPECT_EQ(ShareLock::take(folder / "another name").error().code, Errc::key_in_use);
    EXPECT_TRUE(load_share(folder / "share", plain)) << "reading it needs no lock";
  }
  EXPECT_TRUE(ShareLock::take(folder / "share"));
}

TEST_F(KeyStore, a_passphrase_file_is_private_and_of_a_sane_length) {
  const auto text = [&](std::string_view content) {
    write(folder / "pass", Bytes(content.begin(), content.end()));
    return load_passphrase(folder / "pass", Sharing::owner_only);
  };
  for (const auto* same : {"correct horse", "correct horse\n", "correct horse\r\n"}) {
    EXPECT_EQ(to_hex(text(same)->bytes()), to_hex(as_bytes("correct horse")));
  }
  EXPECT_EQ(text("").error().code, Errc::out_of_range);
  EXPECT_EQ(text("seven77\n").error().code, Errc::out_of_range);
  for (const auto* end : {"", "\n", "\r\n"}) {
    EXPECT_TRUE(text(std::string(1024, 'x') + end));
    EXPECT_EQ(text(std::string(1025, 'x') + end).error().code, Errc::too_large);
  }
  ::chmod((folder / "pass").c_str(), 0644);
  EXPECT_EQ(load_passphrase(folder / "pass", Sharing::owner_only).error().code, Errc::key_exposed);
}

TEST_F(KeyStore, a_guard_key_is_32_bytes_and_private_unless_systemd_delivers_it) {
  write(folder / "key", Bytes(32, 9));
  const auto guard = load_guard_key(folder / "key", Sharing::owner_only);
  ASSERT_TRUE(guard) << guard.error().detail;
  ASSERT_TRUE(store_identity(folder / "id", identity, with_key(9), entropy));
  EXPECT_TRUE(load_identity(folder / "id", *guard));
  ::chmod((folder / "key").c_str(), 0440);
  EXPECT_EQ(load_guard_key(folder / "key", Sharing::owner_only).error().code, Errc::key_exposed);
  EXPECT_TRUE(load_guard_key(folder / "key", Sharing::as_delivered));
  write(folder / "short", Bytes(31, 9));
  EXPECT_EQ(load_guard_key(folder / "short", Sharing::owner_only).error().code, Errc::truncated);
  write(folder / "long", Bytes(33, 9));
  EXPECT_EQ(load_guard_key(folder / "long", Sharing::owner_only).error().code, Errc::trailing_bytes);
}

}  // namespace
}  // namespace assay::threshold
