#include "node/epoch_files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "config/digest.hpp"
#include "config/load.hpp"
#include "node/demo.hpp"
#include "node/old_shares.hpp"
#include "tests/unit/node/step_killer.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "tests/unit/threshold/io/scratch_folder.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {
namespace {

namespace fs = std::filesystem;

/// Node 1 of four, with its files on a disk, and epochs to come.
struct Epochs : testing::Test {
  Epochs() {
    const auto dealt = deal_network(folder.path(), 4, "test", millis(100), {}, entropy).value();
    const auto home = folder / "node-1";
    std::vector<DemoNode> all;
    for (std::uint16_t i = 0; i < 4; ++i) all.push_back({MemberIndex{i}, home, "127.0.0.1:1", "127.0.0.1:2"});
    now.network = dealt.network;
    now.record = dealt.record;
    now.settings = demo_node(all[1], all, dealt.network, {"https://localhost:1", "wss://localhost:1", home / "ca"});
    now.settings.venues.clear();
    now.node_file = home / "node.yaml";
    write(now.node_file, config::emit_node(now.settings));
  }

  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }
  static std::string read(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// The epoch after `before`, endorsed by all, with this tick and other shares; this node's in `share`.
  EpochFiles after(const EpochFiles& before, Micros tick, const std::string& share) const {
    EpochFiles out = before;
    ++out.network.epoch.value;
    out.network.timing.tick = tick;
    ++out.record.epoch.value;
    ++out.record.share_generation;
    std::swap(out.record.verifying_shares[0], out.record.verifying_shares[3]);
    out.settings.share_file = folder / share.c_str();
    out.node_file = folder / (share + ".yaml").c_str();
    write(out.node_file, config::emit_node(out.settings));
    out.succession = threshold::Succession{.network = threshold::network_id(out.record.group_key, out.network.name),
                                           .genesis = {now.network.epoch, config::config_digest(now.network), 12},
                                           .before = before.record,
                                           .after = out.record,
                                           .config_digest = config::config_digest(out.network),
                                           .endorsements = {}};
    for (int i = 0; i < 4; ++i) {
      const auto key = folder / ("node-" + std::to_string(i) + "/identity.key").c_str();
      EXPECT_TRUE(threshold::endorse(*out.succession, threshold::load_identity(key, {}).value()));
    }
    return out;
  }

  std::optional<EpochFiles> staged() const {
    auto loaded = load_stage(now);
    const auto* files = std::get_if<std::optional<EpochFiles>>(&loaded);
    EXPECT_NE(files, nullptr) << std::get<Failure>(loaded).text;
    return files == nullptr ? std::nullopt : *files;
  }
  fs::path stage() const { return stage_folder(now.settings.data_dir, Epoch{1}); }

  threshold::ScratchFolder folder;
  threshold::SeededEntropy entropy{4};
  EpochFiles now;
};

TEST_F(Epochs, a_stage_that_is_killed_at_any_step_leaves_the_old_one_or_the_new_one_whole) {
  const auto first = after(now, millis(110), "one.key");
  const auto second = after(now, millis(120), "two.key");
  const auto note = now.settings.share_file.string() + "\n";
  int old_ones = 0;
  int new_ones = 0;
  for (int step = 1;; ++step) {
    fs::remove_all(stage());
    ASSERT_TRUE(write_stage(first));
    ASSERT_TRUE(note_old_share(now, first));
    const auto life = run_until_step(step, [&] { EXPECT_TRUE(write_stage(second)); });
    const auto found = staged();
    ASSERT_TRUE(found) << "killed at step " << step;
    const bool is_new = found->network.timing.tick == millis(120);
    (is_new ? new_ones : old_ones) += 1;
    EXPECT_EQ(found->settings.share_file, (is_new ? second : first).settings.share_file);
    EXPECT_EQ(read(stage() / "old_share"), note) << "killed at step " << step;
    EXPECT_TRUE(write_stage(second)) << "and it can be staged again";
    if (life == Life::ended) break;
  }
  EXPECT_GT(old_ones, 10);
  EXPECT_GT(new_ones, 3);
}

TEST_F(Epochs, the_first_stage_that_is_killed_at_any_step_is_there_or_is_not) {
  const auto first = after(now, millis(110), "one.key");
  for (int step = 1;; ++step) {
    fs::remove_all(stage().parent_path());
    const auto life = run_until_step(step, [&] { EXPECT_TRUE(write_stage(first)); });
    (void)staged();  // whole, or none
    if (life == Life::ended) break;
  }
  EXPECT_TRUE(staged());
}

TEST_F(Epochs, what_a_begun_epoch_runs_on_is_not_exchanged) {
  ASSERT_TRUE(write_stage(after(now, millis(110), "one.key")));
  write(stage() / "safety.log", "");
  EXPECT_EQ(write_stage(after(now, millis(120), "two.key")).error().code, Errc::locked);
  EXPECT_EQ(staged()->network.timing.tick, millis(110));
  // Killed between the exchange and the look at what came out.
  auto draft = stage();
  draft += ".draft";
  fs::rename(stage(), draft);
  auto other = after(now, millis(120), "two.key");
  fs::create_directories(stage());
  EXPECT_EQ(write_stage(other).error().code, Errc::locked);
  EXPECT_EQ(staged()->network.timing.tick, millis(110));
  EXPECT_TRUE(fs::exists(stage() / "safety.log"));
}

TEST_F(Epochs, of_two_safety_logs_none_is_put_in_the_place_of_the_other) {
  ASSERT_TRUE(write_stage(after(now, millis(110), "one.key")));
  write(stage() / "safety.log", "live");
  auto draft = stage();
  draft += ".draft";
  fs::create_directories(draft);
  write(draft / "safety.log", "old");
  EXPECT_EQ(write_stage(after(now, millis(120), "two.key")).error().code, Errc::locked);
  EXPECT_EQ(read(stage() / "safety.log"), "live");
  const auto given = given_files(now.network, now.settings, now.record);
  ASSERT_TRUE(std::holds_alternative<Failure>(given));
  EXPECT_NE(std::get<Failure>(given).text.find("two safety logs"), std::string::npos);
}

TEST_F(Epochs, a_node_that_starts_puts_the_begun_epoch_back_in_its_place) {
  ASSERT_TRUE(write_stage(after(now, millis(110), "one.key")));
  write(stage() / "safety.log", "live");
  auto draft = stage();
  draft += ".draft";
  fs::rename(stage(), draft);
  fs::create_directories(stage());
  EXPECT_TRUE(std::holds_alternative<EpochFiles>(given_files(now.network, now.settings, now.record)));
  EXPECT_EQ(read(stage() / "safety.log"), "live");
}

TEST_F(Epochs, a_note_of_a_share_that_the_new_stage_goes_on_using_is_not_carried) {
  const auto first = after(now, millis(110), "one.key");
  ASSERT_TRUE(write_stage(first));
  ASSERT_TRUE(note_old_share(now, first));
  auto kept = after(now, millis(120), "two.key");
  kept.settings.share_file = now.settings.share_file;
  write(kept.node_file, config::emit_node(kept.settings));
  ASSERT_TRUE(write_stage(kept));
  EXPECT_FALSE(fs::exists(stage() / "old_share"));
}

TEST_F(Epochs, without_a_ledger_a_node_starts_in_the_first_epoch_whose_share_it_has) {
  const auto epoch_of = [&] {
    const auto files = starting_files(now);
    return std::get<EpochFiles>(files).network.epoch;
  };
  const auto first = after(now, millis(110), "one.key");
  const auto second = after(first, millis(120), "two.key");
  ASSERT_TRUE(write_stage(first) && write_stage(second));
  write(first.settings.share_file, "a share");
  write(second.settings.share_file, "a share");
  EXPECT_EQ(epoch_of(), Epoch{0}) << "it votes there, if the network is still there";
  fs::remove(now.settings.share_file);
  EXPECT_EQ(epoch_of(), Epoch{1});
  EXPECT_EQ(std::get<EpochFiles>(starting_files(now)).safety_log, stage() / "safety.log");
  fs::remove(first.settings.share_file);
  EXPECT_EQ(epoch_of(), Epoch{2});
  fs::remove(second.settings.share_file);
  EXPECT_EQ(epoch_of(), Epoch{0}) << "and then it says which file is missing";
}

}  // namespace
}  // namespace assay::node
