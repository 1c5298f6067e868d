#include "node/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <set>

namespace assay::node {
namespace {

class Process : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "assay-process-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder;
};

TEST_F(Process, a_child_is_running_until_it_is_told_to_end) {
  const auto pid = spawn({"/bin/sleep", "600"}, folder, folder / "log");
  ASSERT_TRUE(pid);
  EXPECT_TRUE(is_running(*pid));
  end_processes({*pid});
  EXPECT_FALSE(is_running(*pid));
}

TEST_F(Process, a_child_that_ignores_sigterm_is_killed) {
  const auto pid =
      spawn({"/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}, folder, folder / "log");
  ASSERT_TRUE(pid);
  while (text_of(folder / "log").empty()) {  // until the trap is set
    usleep(1000);                            // tidy: allow(sleep) polls for the first line of a child
  }
  end_processes({*pid});
  EXPECT_FALSE(is_running(*pid));
}

TEST_F(Process, a_process_of_another_program_or_folder_is_not_an_instance_of_ours) {
  const auto pid = spawn({"/bin/sleep", "600"}, folder, folder / "log");
  ASSERT_TRUE(pid);
  std::ofstream(folder / "pid") << *pid;
  EXPECT_EQ(running_instance(folder / "pid", folder), std::nullopt);
  std::ofstream(folder / "own") << getpid();
  EXPECT_EQ(running_instance(folder / "own", std::filesystem::current_path()), getpid());
  EXPECT_EQ(running_instance(folder / "own", folder), std::nullopt);
  EXPECT_EQ(running_instance(folder / "absent", folder), std::nullopt);
  end_processes({*pid});
}

TEST_F(Process, free_ports_are_distinct) {
  const auto ports = free_ports(16);
  ASSERT_TRUE(ports);
  EXPECT_EQ(std::set<std::uint16_t>(ports->begin(), ports->end()).size(), 16U);
}

}  // namespace
}  // namespace assay::node
