#include "node/storage.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

namespace assay::node {
namespace {

/// A ledger on disk with nothing but its genesis: reads give nothing, which is answer enough here.
class StorageTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "assay-storage-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    auto opened = publisher::Ledger::open(folder / "ledger.sqlite", Header{});
    ASSERT_TRUE(opened) << opened.error().detail;
    ledger = std::move(*opened);
  }
  void TearDown() override {
    ledger.reset();
    std::filesystem::remove_all(folder);
  }

  static threshold::ReadLedger request(std::uint16_t peer, std::uint64_t from) {
    return {.peer = MemberIndex{peer}, .from = Height{from}, .count_max = 1};
  }

  std::filesystem::path folder;
  std::unique_ptr<publisher::Ledger> ledger;
};

TEST_F(StorageTest, a_flood_of_reads_never_takes_the_place_of_a_batch) {
  Storage storage(*ledger, {});
  for (std::size_t i = 0; i < 2 * Storage::pending_max; ++i) {
    storage.read(request(1, i));
  }
  EXPECT_TRUE(storage.append(std::make_shared<Batch>()));
}

TEST_F(StorageTest, each_peer_is_answered_once_however_often_it_asked) {
  std::vector<std::uint16_t> answered;
  Storage* self = nullptr;
  Storage storage(*ledger, {.grown = {},
                            .range =
                                [&](MemberIndex peer, std::vector<Batch>) {
                                  answered.push_back(peer.value);
                                  if (answered.size() == 2) {
                                    self->stop();
                                  }
                                },
                            .accused = {},
                            .failed = {}});
  self = &storage;
  storage.read(request(2, 1));
  storage.read(request(1, 1));
  storage.read(request(2, 5));
  storage.run();
  EXPECT_EQ(answered, (std::vector<std::uint16_t>{1, 2}));
}

TEST_F(StorageTest, tells_once_that_it_cannot_write_and_ends) {
  std::vector<Errc> failures;
  Storage storage(*ledger, {.grown = {}, .range = {}, .accused = {}, .failed = [&](Error error) {
                              failures.push_back(error.code);
                            }});
  auto gap = std::make_shared<Batch>();
  gap->header.height = Height{7};
  ASSERT_TRUE(storage.append(gap));
  storage.run();  // returns by itself
  EXPECT_EQ(failures.size(), 1U);
}

TEST_F(StorageTest, hands_on_what_members_are_accused_of_and_forgets_what_is_too_much) {
  std::size_t accused = 0;
  Storage* self = nullptr;
  Storage storage(*ledger, {.grown = {},
                            .range = {},
                            .accused =
                                [&](const threshold::Accuse&) {
                                  ++accused;
                                  self->stop();
                                },
                            .failed = {}});
  self = &storage;
  for (std::size_t i = 0; i < Storage::accusations_max + 9; ++i) {
    storage.keep({});
  }
  storage.run();
  EXPECT_EQ(accused, Storage::accusations_max);
}

TEST(LedgerProblem, names_the_file_and_for_a_corrupt_one_the_way_out) {
  EXPECT_EQ(ledger_problem("/data/ledger.sqlite", {Errc::io_failed, "disk I/O error"}),
            "/data/ledger.sqlite: io_failed: disk I/O error");
  EXPECT_EQ(
      ledger_problem("/data/ledger.sqlite", {Errc::log_corrupt, "database disk image is malformed"}),
      "/data/ledger.sqlite: log_corrupt: database disk image is malformed; stop the node, move ledger.sqlite* away "
      "and start it: it catches up from its peers");
}

}  // namespace
}  // namespace assay::node
