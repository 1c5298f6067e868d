#include "threshold/io/share_eraser.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "tests/unit/threshold/io/scratch_folder.hpp"
#include "threshold/io/key_store.hpp"
#include "threshold/safety_format.hpp"

namespace assay::threshold {
namespace {

namespace fs = std::filesystem;

Bytes contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

bool holds(const Bytes& bytes, ByteSpan wanted) {
  return !std::ranges::search(bytes, wanted).empty();
}

struct ShareEraser : testing::Test {
  ScratchFolder folder;
  SeededEntropy entropy{12};
  frost::Dealt dealt = frost::deal(4, 3, entropy).value();
  ShareOrigin origin{NetworkId{sha256(as_bytes("a network"))}, Epoch{7}, 5};
  fs::path share = folder / "share-5.key";

  ShareEraser() { EXPECT_TRUE(store_share(share, dealt.shares[2], origin, KeyGuard(), entropy)); }

  /// What a ceremony for `epoch` leaves behind, naming the member's verifying share.
  fs::path log(const char* name, Epoch epoch) {
    auto bytes = safety_header({NetworkId{sha256(as_bytes("a ceremony"))}, MemberIndex{2}, epoch}, 1);
    append_record(bytes, 1, dealt.group.verifying_shares[2].bytes);
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return folder / name;
  }
  Result<std::size_t> erase() { return erase_share(share, load_share_label(share).value()); }
};

TEST_F(ShareEraser, a_label_says_whose_share_it_is_without_a_passphrase) {
  const auto label = load_share_label(share);
  ASSERT_TRUE(label) << label.error().detail;
  EXPECT_EQ(label->member, MemberIndex{2});
  EXPECT_EQ(label->origin, origin);
  EXPECT_EQ(label->verifying_share, dealt.group.verifying_shares[2]);
  ASSERT_TRUE(store_identity(folder / "id", IdentityKey::generate(entropy), KeyGuard(), entropy));
  EXPECT_EQ(load_share_label(folder / "id").error().code, Errc::key_wrong_kind);
  EXPECT_EQ(load_share_label(folder / "absent").error().code, Errc::io_failed);
  std::ofstream(folder / "short") << "assay/key/v2";
  EXPECT_EQ(load_share_label(folder / "short").error().code, Errc::truncated);
  std::ofstream(folder / "strange") << std::string(222, 'x');
  EXPECT_EQ(load_share_label(folder / "strange").error().code, Errc::bad_domain);
}

TEST_F(ShareEraser, the_secret_is_overwritten_before_the_name_goes) {
  const auto secret = Bytes(dealt.shares[2].expose().begin(), dealt.shares[2].expose().end());
  fs::create_hard_link(share, folder / "witness");
  ASSERT_TRUE(holds(contents(folder / "witness"), secret)) << "positive control";
  const auto erased = erase();
  ASSERT_TRUE(erased) << erased.error().detail;
  EXPECT_FALSE(fs::exists(share));
  const auto left = contents(folder / "witness");
  EXPECT_EQ(left.size(), KeyFile::size);
  EXPECT_TRUE(std::all_of(left.begin() + KeyFile::head_size, left.end(), [](auto byte) { return byte == 0; }));
}

TEST_F(ShareEraser, who_was_interrupted_finds_the_rest_and_goes_on) {
  fs::create_hard_link(share, folder / "witness");
  ASSERT_TRUE(erase());
  fs::rename(folder / "witness", share);  // as after a crash between the overwriting and the removal
  EXPECT_FALSE(load_share(share, KeyGuard())) << "it serves nobody any more";
  EXPECT_EQ(load_share_label(share).value().verifying_share, dealt.group.verifying_shares[2]);
  ASSERT_TRUE(erase());
  EXPECT_FALSE(fs::exists(share));
}

TEST_F(ShareEraser, the_log_of_its_ceremony_goes_too_and_no_other) {
  const auto made_it = log("ceremony-0a.log", origin.epoch);
  const auto follows = log("ceremony-0b.log", Epoch{8});
  const auto other_name = log("safety.log", origin.epoch);
  std::ofstream(folder / "ceremony-0c.log") << "short";
  fs::create_hard_link(made_it, folder / "witness");
  EXPECT_EQ(erase().value(), 1U);
  EXPECT_FALSE(fs::exists(made_it));
  EXPECT_FALSE(holds(contents(folder / "witness"), dealt.group.verifying_shares[2].bytes)) << "overwritten";
  EXPECT_TRUE(fs::exists(follows));
  EXPECT_TRUE(fs::exists(other_name));
  EXPECT_TRUE(fs::exists(folder / "ceremony-0c.log"));
}

TEST_F(ShareEraser, a_log_whose_erasure_was_interrupted_goes_with_the_next_try) {
  const auto half = log("ceremony-0a.log.erasing", origin.epoch);
  fs::resize_file(half, safety_header_size + 10);  // its record is not readable any more
  const auto of_another = log("ceremony-0b.log.erasing", Epoch{8});
  EXPECT_EQ(erase().value(), 1U);
  EXPECT_FALSE(fs::exists(half));
  EXPECT_TRUE(fs::exists(of_another));
}

TEST_F(ShareEraser, a_share_in_use_stays) {
  const auto label = load_share_label(share).value();
  {
    const auto lock = ShareLock::take(share);
    ASSERT_TRUE(lock);
    EXPECT_EQ(erase_share(share, label).error().code, Errc::key_in_use);
  }
  EXPECT_TRUE(load_share(share, KeyGuard()));
}

TEST_F(ShareEraser, behind_a_link_the_target_goes) {
  const auto place = folder / "elsewhere.key";
  fs::rename(share, place);
  fs::create_symlink(place, share);
  ASSERT_TRUE(erase());
  EXPECT_FALSE(fs::exists(place));
}

}  // namespace
}  // namespace assay::threshold
