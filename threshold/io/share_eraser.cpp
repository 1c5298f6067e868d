#include "threshold/io/share_eraser.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "threshold/io/file.hpp"
#include "threshold/io/key_store.hpp"
#include "threshold/safety_format.hpp"

namespace assay::threshold {
namespace {

namespace fs = std::filesystem;

/// A ceremony of 31 members logs about 200 KB.
constexpr std::size_t log_bytes_max = std::size_t{16} << 20;

Result<Bytes> read_up_to(const fs::path& path, std::size_t most) {
  const auto file = File::open(path, O_RDONLY | O_NONBLOCK);
  if (!file) return file.error();
  Bytes out(most);
  std::size_t size = 0;
  while (size < most) {
    const auto got = file->read_some(std::span(out).subspan(size));
    if (!got) return got.error();
    if (*got == 0) break;
    size += *got;
  }
  out.resize(size);
  return out;
}

/// Zeros from `head` on, on the disk; then the name goes.
Done overwrite_and_unlink(const fs::path& path, std::size_t head) {
  const auto file = File::open(path, O_WRONLY);
  if (!file) return file.error();
  const auto size = file->size();
  if (!size) return size.error();
  if (*size > head) {
    if (::lseek(file->descriptor(), static_cast<off_t>(head), SEEK_SET) < 0) {
      return Error{Errc::io_failed, "the file can be written at any place"};
    }
    if (auto done = file->write_all(Bytes(*size - head)); !done) return done;
    if (auto done = file->sync(); !done) return done;
  }
  if (::unlink(path.c_str()) != 0) return Error{Errc::io_failed, "the file cannot be removed from its folder"};
  return sync_folder(folder_of(path));
}

/// A log under this name is being erased: what it says does not tell any more whose it was.
constexpr auto erasing = ".erasing";

/// The log of a ceremony for the share's first epoch, with a record in which its verifying share stands. The ceremony
/// after that one names it too, as what a dealer brings.
bool made(const fs::path& log, const ShareLabel& label) {
  constexpr std::size_t epoch_at = 16 + 32 + 2;
  if (!log.filename().string().starts_with("ceremony-")) return false;
  if (log.extension() != ".log" && log.extension() != erasing) return false;
  const auto bytes = read_up_to(log, log_bytes_max);
  if (!bytes || bytes->size() < safety_header_size) return false;
  const Epoch epoch{ByteReader(ByteSpan(*bytes).subspan(epoch_at)).u32()};
  if (epoch != label.origin.epoch) return false;
  return log.extension() == erasing || !std::ranges::search(*bytes, label.verifying_share.bytes).empty();
}

Done erase_log(fs::path log) {
  if (log.extension() != erasing) {
    auto marked = log;
    marked += erasing;
    std::error_code failed;
    fs::rename(log, marked, failed);
    if (failed) return Error{Errc::io_failed, "the log of the share's ceremony cannot be renamed"};
    if (auto done = sync_folder(folder_of(log)); !done) return done;
    log = marked;
  }
  return overwrite_and_unlink(log, safety_header_size);
}

Result<std::size_t> erase_logs(const fs::path& folder, const ShareLabel& label) {
  std::vector<fs::path> logs;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    std::error_code unknown;
    if (entry.is_regular_file(unknown) && made(entry.path(), label)) logs.push_back(entry.path());
  }
  if (failed) return Error{Errc::io_failed, "the share's folder cannot be read"};
  for (const auto& log : logs) {
    if (auto done = erase_log(log); !done) return done.error();
  }
  return logs.size();
}

}  // namespace

Result<ShareLabel> load_share_label(const fs::path& path) {
  const auto bytes = read_up_to(path, KeyFile::head_size);
  if (!bytes) return bytes.error();
  if (bytes->size() < KeyFile::head_size) return Error{Errc::truncated, "a key file of 222 bytes"};
  return label_of(std::span(*bytes).first<KeyFile::head_size>());
}

Result<std::size_t> erase_share(const fs::path& path, const ShareLabel& label) {
  const auto lock = ShareLock::take(path);
  if (!lock) return lock.error();
  std::error_code failed;
  const auto target = fs::canonical(path, failed);
  if (failed) return Error{Errc::io_failed, "the share file's place cannot be found"};
  const auto logs = erase_logs(target.parent_path(), label);
  if (!logs) return logs.error();
  if (auto done = overwrite_and_unlink(target, KeyFile::head_size); !done) return done.error();
  return *logs;
}

}  // namespace assay::threshold
