#include "publisher/audit/ledger.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "support.hpp"

namespace assay::publisher {
namespace {

using test::Chain;
using test::TempDir;

std::unique_ptr<Ledger> open_ledger(const TempDir& dir, const Header& genesis) {
  auto ledger = Ledger::open(dir.file("ledger.sqlite"), genesis);
  EXPECT_TRUE(ledger) << name(ledger.error().code) << ": " << ledger.error().detail;
  return std::move(ledger).value();
}

void expect_same(const Batch& a, const Batch& b) {
  EXPECT_EQ(a.header, b.header);
  EXPECT_EQ(a.signature, b.signature);
  EXPECT_EQ(a.leaves, b.leaves);
  EXPECT_EQ(a.observations, b.observations);
}

Errc code_of(const Done& done) {
  return done ? Errc{} : done.error().code;
}

TEST(Ledger, starts_at_genesis) {
  TempDir dir;
  Chain chain(3);
  const auto ledger = open_ledger(dir, chain.genesis());
  const auto tip = ledger->tip().value();
  EXPECT_EQ(tip.header, chain.genesis());
  EXPECT_TRUE(tip.leaves.empty());
  EXPECT_EQ(tip.history.size(), 1U);
  EXPECT_EQ(ledger->tip_height().value(), Height{0});
  EXPECT_FALSE(ledger->at(Height{0}).value().has_value());
}

TEST(Ledger, gives_back_what_was_appended_also_after_it_was_opened_again) {
  TempDir dir;
  Chain chain(3);
  const auto batches = chain.take(20);
  {
    const auto ledger = open_ledger(dir, chain.genesis());
    ASSERT_TRUE(ledger->append(batches));
    ASSERT_TRUE(ledger->append({}));
  }
  const auto ledger = open_ledger(dir, chain.genesis());
  for (const auto& batch : batches) {
    const auto found = ledger->at(batch->header.height).value();
    ASSERT_TRUE(found);
    expect_same(*found, *batch);
  }
  const auto tip = ledger->tip().value();
  EXPECT_EQ(tip.header, batches.back()->header);
  EXPECT_EQ(tip.signature, batches.back()->signature);
  EXPECT_EQ(tip.leaves, batches.back()->leaves);
  EXPECT_EQ(tip.history.size(), 21U);
  EXPECT_EQ(tip.history.root(), chain.next()->header.history_root);
  EXPECT_FALSE(ledger->at(Height{21}).value().has_value());
  EXPECT_FALSE(ledger->at(Height{UINT64_MAX}).value().has_value());
}

TEST(Ledger, reads_ranges_within_both_bounds_but_at_least_one_batch) {
  TempDir dir;
  Chain chain(3);
  const auto batches = chain.take(10);
  const auto ledger = open_ledger(dir, chain.genesis());
  ASSERT_TRUE(ledger->append(batches));
  const std::size_t one = encode(*batches[0]).size();
  EXPECT_EQ(ledger->read(Height{3}, 4, 1 << 20).value().size(), 4U);
  EXPECT_EQ(ledger->read(Height{3}, 100, 1 << 20).value().size(), 8U);
  EXPECT_EQ(ledger->read(Height{3}, 100, one * 3).value().size(), 3U);
  EXPECT_EQ(ledger->read(Height{3}, 100, one * 3 - 1).value().size(), 2U);
  EXPECT_EQ(ledger->read(Height{3}, 100, 0).value().size(), 1U);
  EXPECT_TRUE(ledger->read(Height{3}, 0, 1 << 20).value().empty());
  EXPECT_TRUE(ledger->read(Height{11}, 5, 1 << 20).value().empty());
  EXPECT_EQ(ledger->read(Height{3}, 1, 1 << 20).value()[0].header.height, Height{3});
}

TEST(Ledger, passes_over_what_it_holds_and_refuses_another_header_at_a_held_height) {
  TempDir dir;
  Chain chain(3);
  Chain twin = chain;
  const auto batches = chain.take(5);
  const auto ledger = open_ledger(dir, chain.genesis());
  ASSERT_TRUE(ledger->append(batches));
  EXPECT_TRUE(ledger->append(batches));

  auto forged = twin.take(4);
  forged.push_back(twin.next(1));
  const auto mixed = std::vector{batches[2], forged[4], batches[4]};
  EXPECT_EQ(code_of(ledger->append(mixed)), Errc::equivocation);
  expect_same(*ledger->at(Height{5}).value(), *batches[4]);
}

TEST(Ledger, writes_nothing_of_a_list_that_does_not_follow_to_its_end) {
  TempDir dir;
  Chain chain(3);
  auto batches = chain.take(6);
  const auto ledger = open_ledger(dir, chain.genesis());
  auto gap = batches;
  gap.erase(gap.begin() + 3);
  EXPECT_EQ(code_of(ledger->append(gap)), Errc::wrong_tip);
  EXPECT_EQ(ledger->tip_height().value(), Height{0});

  const auto twisted = [&](auto change) {
    auto copy = std::make_shared<Batch>(*batches[2]);
    change(*copy);
    return code_of(ledger->append(std::vector<std::shared_ptr<const Batch>>{batches[0], batches[1], copy}));
  };
  EXPECT_EQ(twisted([](Batch& b) { b.header.prev_header_hash.bytes[0] ^= 1; }), Errc::wrong_tip);
  EXPECT_EQ(twisted([](Batch& b) { b.header.history_root.bytes[0] ^= 1; }), Errc::wrong_tip);
  EXPECT_EQ(twisted([](Batch& b) { b.header.network.value.bytes[0] ^= 1; }), Errc::wrong_network);
  EXPECT_EQ(twisted([](Batch& b) { b.leaves.pop_back(); }), Errc::bad_proof);
  EXPECT_EQ(twisted([](Batch& b) { b.leaves[0].price += 1; }), Errc::bad_proof);
  EXPECT_EQ(ledger->tip_height().value(), Height{0});
  EXPECT_EQ(ledger->tip().value().header, chain.genesis());
  EXPECT_TRUE(ledger->append(batches));
  EXPECT_EQ(ledger->tip_height().value(), Height{6});
}

TEST(Ledger, refuses_to_open_for_another_network_or_genesis_or_schema) {
  TempDir dir;
  Chain chain(3);
  open_ledger(dir, chain.genesis());
  const auto path = dir.file("ledger.sqlite");
  EXPECT_EQ(Ledger::open(path, Chain(3, 9).genesis()).error().code, Errc::wrong_network);
  auto other = chain.genesis();
  other.feed_count = 4;
  EXPECT_EQ(Ledger::open(path, other).error().code, Errc::not_canonical);
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "PRAGMA user_version=7", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_EQ(Ledger::open(path, chain.genesis()).error().code, Errc::bad_version);
  EXPECT_EQ(LedgerReader::open(path).error().code, Errc::bad_version);
}

TEST(Ledger, refuses_a_path_that_cannot_be_opened_and_a_file_that_is_no_database) {
  TempDir dir;
  Chain chain(3);
  EXPECT_EQ(Ledger::open(dir.file("absent/ledger"), chain.genesis()).error().code, Errc::io_failed);
  EXPECT_EQ(LedgerReader::open(dir.file("absent")).error().code, Errc::io_failed);
  const auto path = dir.file("text");
  FILE* file = fopen(path.c_str(), "w");
  fputs(std::string(5000, 'x').c_str(), file);
  fclose(file);
  EXPECT_EQ(Ledger::open(path, chain.genesis()).error().code, Errc::log_corrupt);
}

TEST(Ledger, names_damage_of_a_row_instead_of_returning_it) {
  TempDir dir;
  Chain chain(3);
  const auto ledger = open_ledger(dir, chain.genesis());
  ASSERT_TRUE(ledger->append(chain.take(3)));
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(dir.file("ledger.sqlite").c_str(), &raw), SQLITE_OK);
  const char* damage =
      "UPDATE batches SET header = x'00' WHERE height = 1; DELETE FROM leaves WHERE height = 2;"
      "UPDATE batches SET frontier = x'00' WHERE height = 3;";
  ASSERT_EQ(sqlite3_exec(raw, damage, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_EQ(ledger->at(Height{1}).error().code, Errc::log_corrupt);
  EXPECT_EQ(ledger->at(Height{2}).error().code, Errc::log_corrupt);
  EXPECT_TRUE(ledger->at(Height{3}));
  EXPECT_EQ(ledger->tip().error().code, Errc::log_corrupt);
}

TEST(Ledger, is_readable_by_others_while_its_owner_appends) {
  TempDir dir;
  Chain chain(3);
  const auto ledger = open_ledger(dir, chain.genesis());
  const auto reader = std::move(LedgerReader::open(dir.file("ledger.sqlite"))).value();
  for (std::uint64_t height = 1; height <= 30; ++height) {
    const auto batch = chain.next();
    ASSERT_TRUE(ledger->append(std::vector{batch}));
    EXPECT_EQ(reader->tip_height().value(), Height{height});
    expect_same(*reader->at(Height{height}).value(), *batch);
    EXPECT_EQ(reader->tip().value().history.size(), height + 1);
  }
}

TEST(Ledger, refuses_to_append_after_somebody_else_did) {
  TempDir dir;
  Chain chain(3);
  const auto first = open_ledger(dir, chain.genesis());
  const auto second = open_ledger(dir, chain.genesis());
  const auto batches = chain.take(2);
  ASSERT_TRUE(first->append(batches));
  EXPECT_EQ(code_of(second->append(batches)), Errc::locked);
}

/// The child appends for as long as it lives and tells each height that it knows to be durable.
[[noreturn]] void append_until_killed(const std::string& path, int told) {
  Chain chain(3);
  auto ledger = Ledger::open(path, chain.genesis());
  if (!ledger) _exit(1);
  const auto held = (*ledger)->tip_height().value().value;
  for (std::uint64_t i = 0; i < held; ++i) (void)chain.next();
  while (true) {
    const auto batches = chain.take(1 + static_cast<std::size_t>(getpid()) % 3);
    if (!(*ledger)->append(batches)) _exit(2);
    const std::uint64_t height = batches.back()->header.height.value;
    if (write(told, &height, sizeof height) != sizeof height) _exit(3);
  }
}

TEST(Ledger, keeps_an_intact_prefix_of_everything_acknowledged_when_its_process_is_killed) {
  TempDir dir;
  const auto path = dir.file("ledger.sqlite");
  Chain genesis_of(3);
  std::mt19937 random(20261121);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) append_until_killed(path, pipe_ends[1]);
    close(pipe_ends[1]);
    // The moment of death: after some acknowledgements, and then anywhere within the next append.
    const int wanted = 1 + static_cast<int>(random() % 8);
    for (int i = 0; i < wanted; ++i) ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof acknowledged), 8);
    Digest spun;
    for (auto spins = random() % 8000; spins > 0; --spins) spun = sha256(spun.bytes);
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    while (read(pipe_ends[0], &acknowledged, sizeof acknowledged) == 8) {
    }
    close(pipe_ends[0]);

    const auto ledger = open_ledger(dir, genesis_of.genesis());
    const auto tip = ledger->tip_height().value();
    ASSERT_GE(tip.value, acknowledged);
    Chain chain(3);
    for (std::uint64_t height = 1; height <= tip.value; ++height) {
      expect_same(*ledger->at(Height{height}).value(), *chain.next());
    }
  }
}

}  // namespace
}  // namespace assay::publisher
