#include "publisher/audit/evidence_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace assay::publisher {
namespace {

struct EvidenceFolderTest : testing::Test {
  EvidenceFolderTest() {
    std::string name = testing::TempDir() + "evidence-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~EvidenceFolderTest() override { std::filesystem::remove_all(path); }

  EvidenceFolder folder() const { return *EvidenceFolder::open(path / "evidence"); }
  EvidenceFolder::Kept keep(const char* text, const char* kind = "equivocation", std::uint16_t member = 2) const {
    return *folder().keep({kind, Epoch{3}, MemberIndex{member}, {}}, as_bytes(text));
  }

  std::filesystem::path path;
};

TEST_F(EvidenceFolderTest, what_is_kept_is_listed_and_read_back) {
  EXPECT_EQ(keep("proof"), EvidenceFolder::Kept::added);
  const auto labels = *folder().list();
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels[0].kind, "equivocation");
  EXPECT_EQ(labels[0].epoch, Epoch{3});
  EXPECT_EQ(labels[0].member, MemberIndex{2});
  const Bytes expected{'p', 'r', 'o', 'o', 'f'};
  EXPECT_EQ(*folder().read(labels[0]), expected);
}

TEST_F(EvidenceFolderTest, the_same_again_is_known) {
  EXPECT_EQ(keep("proof"), EvidenceFolder::Kept::added);
  EXPECT_EQ(keep("proof"), EvidenceFolder::Kept::known);
  EXPECT_EQ(folder().list()->size(), 1U);
}

TEST_F(EvidenceFolderTest, a_few_of_a_kind_member_and_epoch_are_enough) {
  for (const char* text : {"a", "b", "c", "d"}) EXPECT_EQ(keep(text), EvidenceFolder::Kept::added);
  EXPECT_EQ(keep("e"), EvidenceFolder::Kept::full);
  EXPECT_EQ(keep("e", "bad_share"), EvidenceFolder::Kept::added);
  EXPECT_EQ(keep("e", "equivocation", 1), EvidenceFolder::Kept::added);
}

TEST_F(EvidenceFolderTest, a_file_that_somebody_changed_is_not_read) {
  keep("proof");
  const auto label = folder().list()->front();
  std::ofstream(path / "evidence" / file_name(label)) << "proofs";
  EXPECT_EQ(folder().read(label).error().code, Errc::bad_proof);
}

TEST_F(EvidenceFolderTest, other_files_are_passed_over) {
  keep("proof");
  for (const char* name : {"notes.txt", "x.evidence", "a-e1-m1-0123456789abcdef.evidence.new"}) {
    std::ofstream(path / "evidence" / name) << "x";
  }
  EXPECT_EQ(folder().list()->size(), 1U);
}

TEST_F(EvidenceFolderTest, a_folder_that_cannot_be_is_an_error) {
  std::ofstream(path / "file") << "x";
  EXPECT_EQ(EvidenceFolder::open(path / "file" / "evidence").error().code, Errc::io_failed);
}

TEST(EvidenceName, has_one_spelling) {
  const EvidenceLabel label{"bad_share", Epoch{12}, MemberIndex{30}, "0123456789abcdef"};
  EXPECT_EQ(file_name(label), "bad_share-e12-m30-0123456789abcdef.evidence");
  EXPECT_EQ(parse_evidence_name(file_name(label)), label);
  for (const char* other :
       {"", ".evidence", "bad_share-e12-m30-0123456789abcdef", "bad_share-e012-m30-0123456789abcdef.evidence",
        "bad_share-e12-m+3-0123456789abcdef.evidence", "bad_share-e12-m30-0123456789ABCDEF.evidence",
        "bad_share-e12-m30-0123456789abcde.evidence", "bad';share-e12-m30-0123456789abcdef.evidence",
        "-e12-m30-0123456789abcdef.evidence", "bad_share-12-m30-0123456789abcdef.evidence",
        "bad_share-e4294967296-m30-0123456789abcdef.evidence", "bad_share-e12-m70000-0123456789abcdef.evidence",
        "bad_share-e12-m30-0123456789abcdef-x.evidence"}) {
    EXPECT_FALSE(parse_evidence_name(other)) << other;
  }
}

}  // namespace
}  // namespace assay::publisher
