#include "threshold/io/key_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

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
};

TEST_F(KeyStore, an_identity_comes_back) {
  ASSERT_TRUE(store_identity(folder / "id", identity));
  const auto loaded = load_identity(folder / "id");
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->public_key(), identity.public_key());
  EXPECT_EQ(to_hex(loaded->seed()), to_hex(identity.seed()));
  EXPECT_EQ(contents(folder / "id").size(), key_file_size);
}

TEST_F(KeyStore, a_share_comes_back_with_its_member_and_generation) {
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[2], 5));
  const auto loaded = load_stored_share(folder / "share");
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->share.member(), MemberIndex{2});
  EXPECT_EQ(loaded->generation, 5U);
  EXPECT_EQ(loaded->share.verifying_share(), dealt.group.verifying_shares[2]);
}

TEST_F(KeyStore, the_bytes_are_those_of_docs_wire_md) {
  auto seed = bytes32_from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value();
  ASSERT_TRUE(store_identity(folder / "id", IdentityKey::from_seed(seed)));
  EXPECT_EQ(to_hex(contents(folder / "id")),
            "61737361792f6b65792f763100000000010100000000000000003d4017c3e843895a92b70aa74d1b7ebc9c98"
            "2ccf2ec4968cc0cd55f12af4660c4f9b73ad7e628c3246b1d26d8fd634553910ce28799bb2a1b57b943d606a"
            "f2144ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  Bytes32 one{1};
  ASSERT_TRUE(store_share(folder / "share", frost::SecretShare::from_bytes(MemberIndex{3}, one).value(), 5));
  EXPECT_EQ(to_hex(contents(folder / "share")),
            "61737361792f6b65792f76310000000001020000000300000005586666666666666666666666666666666666"
            "6666666666666666666666666666abff4e56e240b9f13cd9e0644291a951e25944c0dc769f024bdb7727b066"
            "1c120100000000000000000000000000000000000000000000000000000000000000");
}

TEST_F(KeyStore, files_belong_to_their_owner_alone_and_leave_no_temporary) {
  ASSERT_TRUE(store_identity(folder / "id", identity));
  struct stat facts {};
  ASSERT_EQ(::stat((folder / "id").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(KeyStore, a_key_file_is_never_overwritten) {
  ASSERT_TRUE(store_identity(folder / "id", identity));
  const auto before = contents(folder / "id");
  const auto other = IdentityKey::generate(entropy);
  EXPECT_EQ(store_identity(folder / "id", other).error().code, Errc::io_failed);
  EXPECT_EQ(store_share(folder / "id", dealt.shares[0], 0).error().code, Errc::io_failed);
  EXPECT_EQ(contents(folder / "id"), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(KeyStore, a_file_that_others_may_use_is_refused_with_the_remedy) {
  ASSERT_TRUE(store_identity(folder / "id", identity));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
    ::chmod((folder / "id").c_str(), mode);
    const auto loaded = load_identity(folder / "id");
    ASSERT_FALSE(loaded);
    EXPECT_NE(std::string_view(loaded.error().detail).find("chmod 600"), std::string_view::npos);
  }
  ::chmod((folder / "id").c_str(), 0400);
  EXPECT_TRUE(load_identity(folder / "id"));
}

TEST_F(KeyStore, one_kind_does_not_pass_for_the_other) {
  ASSERT_TRUE(store_identity(folder / "id", identity));
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[0], 0));
  EXPECT_EQ(load_share(folder / "id").error().code, Errc::malformed);
  EXPECT_EQ(load_identity(folder / "share").error().code, Errc::malformed);
}

TEST_F(KeyStore, every_flipped_bit_and_every_other_length_is_refused) {
  ASSERT_TRUE(store_identity(folder / "id", identity));
  ASSERT_TRUE(store_share(folder / "share", dealt.shares[1], 3));
  for (const char* name : {"id", "share"}) {
    const Bytes good = contents(folder / name);
    const auto loads = [&](const Bytes& bytes) {
      write(folder / "bad", bytes);
      return static_cast<bool>(load_identity(folder / "bad")) || static_cast<bool>(load_share(folder / "bad"));
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
  EXPECT_EQ(load_identity(folder / "absent").error().code, Errc::io_failed);
  EXPECT_EQ(load_identity(folder.path()).error().code, Errc::io_failed);
  EXPECT_EQ(store_identity(folder / "no/such", identity).error().code, Errc::io_failed);
}

}  // namespace
}  // namespace assay::threshold
