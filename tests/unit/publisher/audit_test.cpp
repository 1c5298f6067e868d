#include <gtest/gtest.h>
#include <poll.h>

#include <functional>
#include <thread>

#include "core/bytes.hpp"
#include "publisher/audit/audit_schema.hpp"
#include "publisher/audit/evidence_folder.hpp"
#include "publisher/audit/ledger.hpp"
#include "publisher/audit/pg_connection.hpp"
#include "publisher/audit/postgres_writer.hpp"
#include "support.hpp"
#include "throwaway_postgres.hpp"

namespace assay::publisher {
namespace {

using test::Chain;
using test::TempDir;
using test::ThrowawayPostgres;

/// A writer run by a thread of the test.
class Running {
 public:
  explicit Running(AuditSettings settings) : writer_(PostgresWriter::make(std::move(settings))) {
    thread_ = std::thread([this] { writer_->run(); });
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    writer_->stop();
    thread_.join();
  }
  PostgresWriter* operator->() { return writer_.get(); }

 private:
  std::unique_ptr<PostgresWriter> writer_;
  std::thread thread_;
};

/// Waits until the condition holds, looking every other millisecond; ctest's time-out ends a wait that never does.
void wait_until(const std::function<bool()>& condition) {
  while (!condition()) ::poll(nullptr, 0, 2);
}

class AuditTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (ThrowawayPostgres::installed()) server_ = std::make_unique<ThrowawayPostgres>();
  }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    if (!server_) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15 in " << ThrowawayPostgres::programs;
    ASSERT_TRUE(server_->made()) << "initdb or pg_ctl failed";
    database_ = std::string("t") + std::to_string(++databases_);
    PgConnection admin;
    ASSERT_TRUE(admin.open(server_->url(), {10'000, 10'000}, never_));
    ASSERT_TRUE(admin.execute("CREATE DATABASE " + database_)) << admin.message();
    auto made = Ledger::open(dir_.file("ledger"), chain_.genesis());
    ASSERT_TRUE(made);
    ledger_ = std::move(made).value();
  }

  [[nodiscard]] AuditSettings settings() const {
    return {.url = server_->url(database_),
            .ledger = dir_.file("ledger"),
            .evidence = {},
            .feeds = *chain_.feeds(),
            .chunk_batches_max = 7,
            .backoff_min_ms = 5,
            .backoff_max_ms = 20,
            .poll_ms = 5};
  }
  void grow(std::size_t count) { ASSERT_TRUE(ledger_->append(chain_.take(count))); }
  std::string ask(const char* sql) {
    PgConnection connection;
    const auto opened = connection.open(server_->url(database_), {10'000, 10'000}, never_);
    if (!opened) return connection.message();
    const auto answer = connection.ask(sql);
    return answer ? answer->value_or("NULL") : connection.message();
  }
  static bool wrote(Running& writer, std::uint64_t height) { return writer->status().written.value >= height; }
  /// Everything up to `height` is there exactly once.
  void expect_complete(std::uint64_t height) {
    const auto count = std::to_string(height);
    EXPECT_EQ(ask("SELECT count(*) || ' ' || count(DISTINCT height) || ' ' || max(height) FROM assay.batches"),
              count + " " + count + " " + count);
    EXPECT_EQ(ask("SELECT count(*) FROM assay.leaves"), std::to_string(height * 3));
    EXPECT_EQ(ask("SELECT count(*) FROM assay.observations"), std::to_string(height * 3));
    EXPECT_EQ(ask("SELECT count(*) FROM assay.batches a JOIN assay.batches b ON b.height = a.height + 1 "
                  "WHERE b.prev_hash <> a.hash"),
              "0");
  }

  static inline std::unique_ptr<ThrowawayPostgres> server_;
  static inline int databases_ = 0;
  static inline const std::atomic<bool> never_{false};
  std::string database_;
  TempDir dir_;
  Chain chain_{3};
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(AuditTest, copies_evidence_once_whatever_happens_in_between) {
  const auto folder = EvidenceFolder::open(dir_.file("evidence"));
  ASSERT_TRUE(folder->keep({"bad_share", Epoch{4}, MemberIndex{2}, {}}, as_bytes("proof")));
  auto with_evidence = settings();
  with_evidence.evidence = dir_.file("evidence");
  {
    Running writer(with_evidence);
    wait_until([&] { return ask("SELECT count(*) FROM assay.evidence") == "1"; });
    ASSERT_TRUE(folder->keep({"amnesia", Epoch{4}, MemberIndex{1}, {}}, as_bytes("another")));
    writer->notify();
    wait_until([&] { return ask("SELECT count(*) FROM assay.evidence") == "2"; });
  }
  Running again(with_evidence);
  grow(1);
  wait_until([&] { return wrote(again, 1); });
  EXPECT_EQ(ask("SELECT string_agg(kind || ' ' || epoch || ' ' || member || ' ' || convert_from(body, 'UTF8'), ', ' "
                "ORDER BY kind) FROM assay.evidence"),
            "amnesia 4 1 another, bad_share 4 2 proof");
  EXPECT_NE(ask("DELETE FROM assay.evidence"), "NULL") << "append-only";
  EXPECT_EQ(ask("SELECT count(*) FROM assay.evidence"), "2");
}

TEST_F(AuditTest, brings_a_store_of_version_one_to_the_present) {
  PgConnection connection;
  ASSERT_TRUE(connection.open(server_->url(database_), {10'000, 10'000}, never_));
  ASSERT_TRUE(connection.execute(std::string("BEGIN;") + audit_schema_sql[0] + "COMMIT;")) << connection.message();
  grow(3);
  Running writer(settings());
  wait_until([&] { return wrote(writer, 3); });
  EXPECT_EQ(ask("SELECT max(version) FROM assay.schema_version"), "2");
  EXPECT_EQ(ask("SELECT count(*) FROM assay.evidence"), "0");
}

TEST_F(AuditTest, copies_what_the_ledger_holds_and_follows_it) {
  grow(30);
  Running writer(settings());
  wait_until([&] { return wrote(writer, 30); });
  expect_complete(30);
  grow(5);
  writer->notify();
  wait_until([&] { return wrote(writer, 35); });
  expect_complete(35);
  const auto status = writer->status();
  EXPECT_EQ(status.state, AuditState::writing);
  EXPECT_EQ(status.batches, 35U);
  EXPECT_EQ(status.connections, 1U);
  EXPECT_EQ(status.failures, 0U);
}

TEST_F(AuditTest, stores_the_signed_bytes_and_the_same_values_decoded) {
  grow(3);
  Running writer(settings());
  wait_until([&] { return wrote(writer, 3); });
  const auto batch = *ledger_->at(Height{2}).value();
  EXPECT_EQ(ask("SELECT header FROM assay.batches WHERE height = 2"), to_hex(encode(batch.header)));
  EXPECT_EQ(ask("SELECT signature FROM assay.batches WHERE height = 2"), to_hex(batch.signature.bytes));
  EXPECT_EQ(ask("SELECT hash FROM assay.batches WHERE height = 2"), to_hex(header_hash(batch.header).bytes));
  const Leaf& leaf = batch.leaves[2];
  EXPECT_EQ(ask("SELECT leaf FROM assay.leaves WHERE height = 2 AND idx = 2"), to_hex(encode(leaf)));
  EXPECT_EQ(
      ask("SELECT concat_ws(' ', exponent, status, reasons, observers, sources, price, bid, ask, confidence, ema, "
          "ema_fraction, depth_usd, src_time_us, publish_time_us, prev_publish_time_us, valid_until_us, ref_price, "
          "run) FROM assay.leaves WHERE height = 2 AND idx = 2"),
      "-2 2 17 4 6 " + std::to_string(leaf.price) + " " + std::to_string(leaf.bid) + " " + std::to_string(leaf.ask) +
          " 42 " + std::to_string(leaf.ema) + " 77 1000000 " + std::to_string(leaf.src_time.value) + " " +
          std::to_string(leaf.publish_time.value) + " " + std::to_string(leaf.prev_publish_time.value) + " " +
          std::to_string(leaf.valid_until.value) + " " + std::to_string(leaf.ref_price) + " 0");
  EXPECT_EQ(ask("SELECT body FROM assay.observations WHERE height = 2 AND member_order = 1"), "0102ee");
  EXPECT_EQ(ask("SELECT count(*) FROM assay.prices WHERE height = 2 AND symbol = 'BTC/USD'"), "1");
  EXPECT_EQ(ask("SELECT trim_scale(price) FROM assay.prices WHERE height = 2 ORDER BY price LIMIT 1"), "65123.47");
}

TEST_F(AuditTest, has_every_row_exactly_once_after_the_server_was_killed_in_the_middle) {
  grow(600);
  auto tuned = settings();
  tuned.chunk_batches_max = 3;
  Running writer(tuned);
  std::uint64_t target = 600;
  for (const std::uint64_t mark : {40U, 200U, 400U}) {
    wait_until([&] { return wrote(writer, mark) && writer->status().state == AuditState::writing; });
    ASSERT_TRUE(server_->kill());
    wait_until([&] { return writer->status().state == AuditState::disconnected; });
    grow(10);
    target += 10;
    ASSERT_TRUE(server_->start());
  }
  wait_until([&] { return wrote(writer, target); });
  expect_complete(target);
  EXPECT_GE(writer->status().failures, 3U);
  EXPECT_EQ(writer->status().connections, 4U);
}

TEST_F(AuditTest, waits_for_a_database_that_is_not_there_yet) {
  grow(4);
  ASSERT_TRUE(server_->kill());
  Running writer(settings());
  wait_until([&] { return writer->status().failures >= 3; });
  EXPECT_EQ(writer->status().state, AuditState::disconnected);
  EXPECT_EQ(writer->status().tip, Height{4});
  EXPECT_EQ(writer->status().last_error.code, Errc::connect_failed);
  ASSERT_TRUE(server_->start());
  wait_until([&] { return wrote(writer, 4); });
  expect_complete(4);
}

TEST_F(AuditTest, goes_on_after_its_own_restart_where_the_database_ends) {
  grow(9);
  {
    Running first(settings());
    wait_until([&] { return wrote(first, 9); });
  }
  grow(3);
  Running second(settings());
  wait_until([&] { return wrote(second, 12); });
  EXPECT_EQ(second->status().batches, 3U);
  expect_complete(12);
}

TEST_F(AuditTest, lets_one_writer_at_a_time_write_and_another_take_over) {
  grow(5);
  Running first(settings());
  wait_until([&] { return wrote(first, 5); });
  Running second(settings());
  wait_until([&] { return second->status().state == AuditState::waiting; });
  first.stop();
  grow(5);
  wait_until([&] { return wrote(second, 10); });
  expect_complete(10);
}

TEST_F(AuditTest, raises_an_alarm_and_writes_nothing_on_a_database_that_holds_another_chain) {
  Chain twin = chain_;
  grow(4);
  {
    Running writer(settings());
    wait_until([&] { return wrote(writer, 4); });
  }
  auto other = Ledger::open(dir_.file("other"), twin.genesis());
  ASSERT_TRUE(other);
  auto batches = twin.take(3);
  batches.push_back(twin.next(1));
  batches.push_back(twin.next());
  ASSERT_TRUE((*other)->append(batches));
  auto forked = settings();
  forked.ledger = dir_.file("other");
  Running writer(forked);
  wait_until([&] { return writer->status().state == AuditState::conflict; });
  EXPECT_EQ(writer->status().last_error.code, Errc::equivocation);
  expect_complete(4);

  Chain stranger(3, 99);
  ASSERT_TRUE(Ledger::open(dir_.file("stranger"), stranger.genesis()));
  forked.ledger = dir_.file("stranger");
  Running wrong(forked);
  wait_until([&] { return wrong->status().state == AuditState::conflict; });
  EXPECT_EQ(wrong->status().last_error.code, Errc::wrong_network);
}

TEST_F(AuditTest, refuses_changes_of_what_is_recorded) {
  grow(2);
  Running writer(settings());
  wait_until([&] { return wrote(writer, 2); });
  for (const char* sql : {"UPDATE assay.batches SET epoch = 9", "DELETE FROM assay.leaves",
                          "TRUNCATE assay.observations", "DELETE FROM assay.network"}) {
    EXPECT_NE(ask(sql).find("append-only"), std::string::npos) << sql;
  }
  expect_complete(2);
}

TEST_F(AuditTest, gives_up_a_connection_that_was_stopped_before_anybody_could_interrupt_it) {
  PgConnection connection;
  const std::atomic<bool> stopped{true};
  const auto opened = connection.open(server_->url(), {10'000, 10'000}, stopped);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::timed_out);
}

TEST_F(AuditTest, stops_at_once_out_of_a_query_that_is_blocked) {
  grow(2);
  Running writer(settings());
  wait_until([&] { return wrote(writer, 2); });
  PgConnection other;
  ASSERT_TRUE(other.open(server_->url(database_), {10'000, 60'000}, never_));
  ASSERT_TRUE(other.execute("BEGIN; LOCK TABLE assay.batches IN ACCESS EXCLUSIVE MODE"));
  grow(1);
  writer->notify();
  wait_until([&] { return ask("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1"; });
  writer.stop();
  EXPECT_EQ(writer->status().written, Height{2});
}

TEST_F(AuditTest, survives_a_url_that_makes_no_sense_and_a_ledger_that_is_absent) {
  auto bad = settings();
  bad.url = "postgresql://[broken";
  Running nowhere(bad);
  wait_until([&] { return nowhere->status().failures >= 2; });
  bad = settings();
  bad.ledger = dir_.file("absent");
  Running empty(bad);
  wait_until([&] { return empty->status().failures >= 2; });
  EXPECT_EQ(empty->status().last_error.code, Errc::io_failed);
}

}  // namespace
}  // namespace assay::publisher
