#pragma once
#include <gtest/gtest.h>

#include <unistd.h>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "fetchers/market/io/demo_pki.hpp"
#include "tests/unit/fetchers/seeded_entropy.hpp"

/// Words for tests over real sockets: threads that end, conditions in place of sleeps.
namespace assay::fetchers::testing {

/// No test waits longer for a condition; none is expected to come near it.
inline constexpr std::chrono::seconds patience{60};

/// A name that no resolver has: its label is too long, so none is asked either.
inline const std::string unresolvable = std::string(64, 'x') + ".invalid";

inline MonoTime mono_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return MonoTime{std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

inline WallTime wall_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return WallTime{static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count())};
}

/// What happened, in order, written by any thread; a test waits for what it expects.
template <class Item>
class Diary {
 public:
  void add(Item item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    changed_.notify_all();
  }
  std::vector<Item> items() const {
    const std::lock_guard lock(mutex_);
    return items_;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    items_.clear();
  }
  /// True as soon as `holds(items)`; false when patience ends.
  bool eventually(const std::function<bool(const std::vector<Item>&)>& holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return holds(items_); });
  }
  bool reaches(std::size_t count) {
    return eventually([count](const auto& items) { return items.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Item> items_;
};

/// Runs something with run() and stop() on a thread of its own for the life of this object.
class Lent {
 public:
  template <class Runner>
  explicit Lent(Runner& runner) : Lent([&runner] { runner.run(); }, [&runner] { runner.stop(); }) {}
  Lent(std::function<void()> run, std::function<void()> stop) : stop_(std::move(stop)), thread_(std::move(run)) {}
  ~Lent() {
    stop_();
    thread_.join();
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

 private:
  std::function<void()> stop_;
  std::thread thread_;
};

/// A folder of the test's own, removed at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline market::PkiFiles pki_in(const Folder& folder, market::PkiSettings settings = {}) {
  if (settings.folder.empty()) settings.folder = folder.path("pki");
  auto files = market::make_demo_pki(settings);
  EXPECT_TRUE(files) << "demo certificates";
  return files ? *files : market::PkiFiles{};
}

}  // namespace assay::fetchers::testing
