#include "node/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "node/pid_file.hpp"
#include "node/up.hpp"

namespace assay::node {
namespace {

class InFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "assay-process-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  static std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder;
};

using Process = InFolder;

TEST_F(Process, a_child_is_running_until_it_is_told_to_end) {
  auto child = Child::start({"/bin/sleep", "600"}, folder, folder / "log");
  ASSERT_TRUE(child);
  EXPECT_TRUE(child->is_running());
  end_processes({child->pid()});
  EXPECT_FALSE(child->is_running());
  EXPECT_FALSE(child->is_running());  // also once it was reaped and its number is free again
}

TEST_F(Process, a_child_that_ignores_sigterm_is_killed) {
  auto child =
      Child::start({"/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}, folder, folder / "log");
  ASSERT_TRUE(child);
  while (text_of(folder / "log").empty()) {  // until the trap is set
    usleep(1000);                            // tidy: allow(sleep) polls for the first line of a child
  }
  end_processes({child->pid()});
  EXPECT_FALSE(child->is_running());
}

TEST_F(Process, a_process_that_is_gone_is_not_waited_for) {
  auto child = Child::start({"/bin/true"}, folder, folder / "log");
  ASSERT_TRUE(child);
  while (child->is_running()) {
    usleep(1000);  // tidy: allow(sleep) polls for the end of a child
  }
  end_processes({child->pid()});
}

TEST_F(Process, free_ports_are_distinct) {
  const auto ports = free_ports(16);
  ASSERT_TRUE(ports);
  EXPECT_EQ(std::set<std::uint16_t>(ports->begin(), ports->end()).size(), 16U);
}

using PidFiles = InFolder;

TEST_F(PidFiles, names_its_holder_while_it_is_held_and_nobody_afterwards) {
  {
    const auto held = PidFile::claim(folder / "pid");
    ASSERT_TRUE(held);
    EXPECT_EQ(PidFile::holder(folder / "pid"), getpid());
  }
  EXPECT_EQ(PidFile::holder(folder / "pid"), std::nullopt);
}

TEST_F(PidFiles, a_number_that_nobody_holds_is_not_believed) {
  std::ofstream(folder / "pid") << getpid();
  EXPECT_EQ(PidFile::holder(folder / "pid"), std::nullopt);
}

TEST_F(PidFiles, a_second_claim_is_refused_and_leaves_the_first_alone) {
  const auto first = PidFile::claim(folder / "pid");
  ASSERT_TRUE(first);
  const auto second = PidFile::claim(folder / "pid");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::locked);
  EXPECT_EQ(PidFile::holder(folder / "pid"), getpid());
}

using UpFolder = InFolder;

TEST_F(UpFolder, files_of_somebody_else_are_refused_and_not_touched) {
  std::filesystem::create_directories(folder / "node-0");
  std::ofstream(folder / "node-0" / "share.key") << "irreplaceable";
  UpOptions options;
  options.folder = folder.string();
  const auto started = UpCommittee::start(options);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::locked);
  EXPECT_EQ(text_of(folder / "node-0" / "share.key"), "irreplaceable");
}

TEST_F(UpFolder, a_committee_size_that_does_not_exist_touches_nothing) {
  UpOptions options;
  options.folder = (folder / "new").string();
  options.nodes = 5;
  const auto started = UpCommittee::start(options);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::out_of_range);
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
}

}  // namespace
}  // namespace assay::node
