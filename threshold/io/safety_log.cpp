#include "threshold/io/safety_log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <utility>

#include "threshold/io/file.hpp"
#include "threshold/safety_format.hpp"

namespace assay::threshold {
namespace {

constexpr unsigned owner_only = 0600;
/// Far beyond what a writer leaves: twice what has to stay, which Limits::unsaved_bytes bounds, and one queue.
constexpr std::size_t file_bytes_max = std::size_t{1} << 30;

std::filesystem::path beside(const std::filesystem::path& path, const char* suffix) {
  auto other = path;
  other += suffix;
  return other;
}

/// The lock has a file of its own, since a rewrite replaces the log's. It also remembers, in one byte, that a log
/// exists.
Result<File> take_lock(const std::filesystem::path& path) {
  auto file = File::open(beside(path, ".lock"), O_RDWR | O_CREAT, owner_only);
  if (!file) return file.error();
  if (::flock(file->descriptor(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno == EWOULDBLOCK) return Error{Errc::locked, "another process has this safety log open"};
  return Error{Errc::io_failed, "the safety log cannot be locked"};
}

Done remember_existence(const File& lock, const std::filesystem::path& path) {
  const auto size = lock.size();
  if (!size) return size.error();
  if (*size > 0) return Ok{};
  const std::uint8_t mark = '1';
  if (auto done = lock.write_all({&mark, 1}); !done) return done;
  if (auto done = lock.sync(); !done) return done;
  return sync_folder(folder_of(path));
}

Result<Bytes> read_all(const File& file) {
  const auto size = file.size();
  if (!size) return size.error();
  if (*size > file_bytes_max) return Error{Errc::too_large, "a safety log is below 1 GiB"};
  Bytes bytes(*size);
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = file.read_some(std::span(bytes).subspan(have));
    if (!got) return got.error();
    if (*got == 0) return Error{Errc::io_failed, "the safety log shrank while it was read"};
    have += *got;
  }
  return bytes;
}

struct Queued {
  std::uint64_t id{};
  Bytes record;
};

}  // namespace

struct SafetyLog::Parts {
  // configuration
  std::filesystem::path path;
  SafetyLogIdentity identity;
  RecordHeight height_of;
  SafetyLogLimits limits;
  // durable
  File lock;
  File file;
  // the writer's own
  std::uint64_t next_sequence = 0;
  SafetyFileSize size;
  std::vector<NeededRecord> needed;  ///< what a compaction would keep
  std::atomic<std::uint64_t> ledger{0};
  // shared, under the mutex
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<Queued> queue;
  std::size_t queued_bytes = 0;
  bool stopping = false;
  bool failed = false;

  Done replace(const std::vector<Bytes>& records);
  Done write(std::vector<Queued>& batch);
  Done compact();
  void remember(Bytes record);
  std::vector<Queued> take_all();
};

Done SafetyLog::Parts::replace(const std::vector<Bytes>& records) {
  Bytes bytes = safety_header(identity, next_sequence);
  for (const auto& record : records) append_record(bytes, next_sequence++, record);
  auto fresh = replace_file(path, bytes, owner_only);
  if (!fresh) return fresh.error();
  file = std::move(*fresh);
  size.bytes = bytes.size();
  needed.clear();
  for (const auto& record : records) remember(record);
  return Ok{};
}

void SafetyLog::Parts::remember(Bytes record) {
  const auto height = height_of(record);
  needed.push_back({std::move(record), height});
}

Done SafetyLog::Parts::write(std::vector<Queued>& batch) {
  Bytes bytes;
  for (const auto& item : batch) append_record(bytes, next_sequence++, item.record);
  if (auto done = file.write_all(bytes); !done) return done;
  if (auto done = file.sync_data(); !done) return done;
  size.bytes += bytes.size();
  for (auto& item : batch) remember(std::move(item.record));
  drop_unneeded(needed, Height{ledger.load()});
  return Ok{};
}

Done SafetyLog::Parts::compact() {
  if (!compaction_due(size, limits)) return Ok{};
  std::vector<Bytes> records;
  for (auto& one : std::exchange(needed, {})) records.push_back(std::move(one.record));
  auto done = replace(records);
  size.compacted = size.bytes;
  return done;
}

std::vector<Queued> SafetyLog::Parts::take_all() {
  std::unique_lock guard(mutex);
  arrived.wait(guard, [this] { return stopping || !queue.empty(); });
  queued_bytes = 0;
  return std::exchange(queue, {});
}

SafetyLog::SafetyLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SafetyLog::~SafetyLog() = default;

Result<SafetyLog::Opened> SafetyLog::open(const std::filesystem::path& path, const SafetyLogIdentity& identity,
                                          RecordHeight height_of, const SafetyLogLimits& limits) {
  auto parts = std::make_unique<Parts>();
  parts->path = path;
  parts->identity = identity;
  parts->height_of = std::move(height_of);
  parts->limits = limits;
  auto lock = take_lock(path);
  if (!lock) return lock.error();
  parts->lock = std::move(*lock);

  std::error_code unknown;
  const bool exists = std::filesystem::exists(path, unknown);
  if (unknown) return Error{Errc::io_failed, "the folder of the safety log cannot be read"};
  Opened opened;
  if (!exists) {
    const auto mark = parts->lock.size();
    if (!mark) return mark.error();
    if (*mark > 0)
      return Error{Errc::log_corrupt, "the safety log is gone: this node must not vote again in this epoch"};
    opened.first_start = true;
    if (auto done = parts->replace({}); !done) return done.error();
  } else {
    const auto file = File::open(path, O_RDONLY);
    if (!file) return file.error();
    const auto bytes = read_all(*file);
    if (!bytes) return bytes.error();
    auto contents = read_safety_log(*bytes, identity, limits.record_bytes_max);
    if (!contents) return contents.error();
    parts->next_sequence = contents->next_sequence;
    // What was read may never have reached the disk: after a failed fsync the kernel takes its pages for clean, and
    // syncing that file again writes nothing.
    if (auto done = parts->replace(contents->records); !done) return done.error();
    opened.records = std::move(contents->records);
  }
  if (auto done = remember_existence(parts->lock, path); !done) return done.error();
  opened.log.reset(new SafetyLog(std::move(parts)));
  return opened;
}

Done SafetyLog::rewrite(const std::vector<Bytes>& records) {
  for (const auto& record : records) {
    if (record.empty()) return Error{Errc::out_of_range, "a record has at least its kind"};
    if (record.size() > parts_->limits.record_bytes_max) return Error{Errc::too_large, "a record within its bound"};
  }
  return parts_->replace(records);
}

void SafetyLog::keep_above(Height ledger) {
  std::uint64_t known = parts_->ledger.load();
  while (known < ledger.value && !parts_->ledger.compare_exchange_weak(known, ledger.value)) {
  }
}

Done SafetyLog::append(std::uint64_t id, Bytes record) {
  if (record.empty()) return Error{Errc::out_of_range, "a record has at least its kind"};
  if (record.size() > parts_->limits.record_bytes_max) return Error{Errc::too_large, "a record within its bound"};
  {
    const std::lock_guard guard(parts_->mutex);
    if (parts_->failed || parts_->stopping) return Error{Errc::mailbox_full, "the safety log has ended"};
    if (parts_->queue.size() >= parts_->limits.queue_records_max ||
        parts_->queued_bytes + record.size() > parts_->limits.queue_bytes_max) {
      return Error{Errc::mailbox_full, "the disk of the safety log is too late"};
    }
    parts_->queued_bytes += record.size();
    parts_->queue.push_back({id, std::move(record)});
  }
  parts_->arrived.notify_one();
  return Ok{};
}

void SafetyLog::run(const std::function<void(std::uint64_t id)>& on_durable,
                    const std::function<void(Error)>& on_failed) {
  while (true) {
    auto batch = parts_->take_all();
    if (batch.empty()) return;  // stopping, and drained
    auto done = parts_->write(batch);
    if (done) {
      for (const auto& item : batch) on_durable(item.id);
      done = parts_->compact();
    }
    if (!done) {
      {
        const std::lock_guard guard(parts_->mutex);
        parts_->failed = true;
        parts_->queue.clear();
      }
      on_failed(done.error());
      return;
    }
  }
}

void SafetyLog::stop() {
  {
    const std::lock_guard guard(parts_->mutex);
    parts_->stopping = true;
  }
  parts_->arrived.notify_all();
}

}  // namespace assay::threshold
