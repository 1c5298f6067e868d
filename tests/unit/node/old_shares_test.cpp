#include "node/old_shares.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/unit/threshold/io/scratch_folder.hpp"

namespace assay::node {
namespace {

PublicKey key(std::uint8_t fill) {
  PublicKey out;
  out.bytes.fill(fill);
  return out;
}

/// From four members with shares 1..4 of generation 3 to four with shares 11..14 of generation 4, in epoch 7.
struct WhyKept : testing::Test {
  threshold::Succession succession;
  threshold::ShareLabel share;
  Header attested;

  WhyKept() {
    succession.network = NetworkId{tagged_sha256("a network", {})};
    succession.before = {.epoch = Epoch{6},
                         .share_generation = 3,
                         .threshold = 3,
                         .group_key = key(99),
                         .verifying_shares = {key(1), key(2), key(3), key(4)},
                         .identities = {}};
    succession.after = {.epoch = Epoch{7},
                        .share_generation = 4,
                        .threshold = 3,
                        .group_key = key(99),
                        .verifying_shares = {key(11), key(12), key(13), key(14)},
                        .identities = {}};
    share = {MemberIndex{1}, {succession.network, Epoch{5}, 3}, key(2)};
    attested.network = succession.network;
    attested.epoch = Epoch{7};
  }
  std::string why() const { return why_kept(share, succession, attested).value_or(""); }
};

TEST_F(WhyKept, an_old_share_goes_once_a_batch_of_the_next_epoch_or_a_later_one_is_attested) {
  EXPECT_EQ(why(), "");
  attested.epoch = Epoch{8};
  EXPECT_EQ(why(), "");
  attested.epoch = Epoch{6};
  EXPECT_EQ(why(), "no batch of epoch 7 is attested yet");
  attested.epoch = Epoch{7};
  attested.network = {};
  EXPECT_EQ(why(), "no batch of epoch 7 is attested yet") << "another network's batch shows nothing";
}

TEST_F(WhyKept, a_share_of_an_older_generation_goes_too) {
  share = {MemberIndex{9}, {succession.network, Epoch{1}, 2}, key(77)};
  EXPECT_EQ(why(), "");
}

TEST_F(WhyKept, shares_that_are_in_force_stay) {
  share.origin.generation = 4;
  EXPECT_NE(why(), "");
  share.origin.generation = 3;
  share.verifying_share = key(12);
  EXPECT_NE(why(), "") << "whatever generation its head claims";
  succession.after.share_generation = 3;
  share.verifying_share = key(2);
  EXPECT_NE(why(), "") << "an epoch that changes settings only keeps its shares";
}

TEST_F(WhyKept, what_is_not_known_to_be_of_the_epoch_before_stays) {
  share.verifying_share = key(3);
  EXPECT_NE(why(), "") << "another member's key under this member's index";
  share.verifying_share = key(2);
  share.member = MemberIndex{4};
  EXPECT_NE(why(), "") << "no such member";
  share.member = MemberIndex{1};
  share.origin.network = NetworkId{tagged_sha256("another network", {})};
  EXPECT_EQ(why(), "it is of another network");
  share.origin = {{}, {}, 3};
  EXPECT_EQ(why(), "") << "a share that names no network is known by its key";
  share.origin = {{}, {}, 2};
  EXPECT_NE(why(), "") << "and else not at all";
}

TEST(NoteOldShare, is_written_only_where_the_shares_change) {
  const threshold::ScratchFolder folder;
  EpochFiles current;
  current.settings.data_dir = folder.path();
  current.settings.share_file = folder / "old.key";
  current.record.share_generation = 1;
  EpochFiles next = current;
  next.network.epoch = Epoch{1};
  const auto note = stage_folder(folder.path(), Epoch{1}) / "old_share";
  std::filesystem::create_directories(note.parent_path());
  ASSERT_TRUE(note_old_share(current, next));
  EXPECT_FALSE(std::filesystem::exists(note)) << "the same generation";
  next.record.share_generation = 2;
  next.settings.share_file = folder / "new.key";
  ASSERT_TRUE(note_old_share(current, next));
  std::ifstream in(note);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), (folder / "old.key").string() + "\n");
  std::filesystem::remove_all(note.parent_path());
  EXPECT_FALSE(note_old_share(current, next)) << "a note that cannot be written is told";
}

}  // namespace
}  // namespace assay::node
