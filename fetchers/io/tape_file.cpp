#include "fetchers/io/tape_file.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <ctime>
#include <vector>

namespace assay::fetchers {

namespace {

constexpr std::size_t line_length_max = 2 * payload_size_max;
constexpr unsigned chunk_size = 64U << 10U;
constexpr unsigned files_max = 9999;

/// "20260131T143000Z"
std::string stamp(WallTime time) {
  const std::time_t seconds = time.value / 1'000'000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc)};
}

struct CloseGzip {
  void operator()(gzFile file) const { ::gzclose(file); }
};
using Gzip = std::unique_ptr<gzFile_s, CloseGzip>;

Error cannot_write() {
  return {Errc::io_failed, "room for the tape"};
}

class Writer final : public TapeWriter {
 public:
  Writer(TapeSettings settings, std::string stamped) : settings_(std::move(settings)), stamp_(std::move(stamped)) {}

  Done begin() {
    for (; number_ <= files_max; ++number_) {
      const std::string digits = std::to_string(number_);
      const auto path =
          settings_.folder / ("tape-" + stamp_ + "-" + std::string(4 - digits.size(), '0') + digits + ".jsonl.gz");
      const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
      if (descriptor < 0 && errno == EEXIST) continue;
      if (descriptor < 0) break;
      file_.reset(::gzdopen(descriptor, "wb6"));
      if (!file_) {
        ::close(descriptor);
        break;
      }
      ++files_;
      ++number_;
      return Ok{};
    }
    file_.reset();
    return cannot_write();
  }

  Done write(const TapeEvent& event) override {
    if (!file_) return cannot_write();
    const std::string line = to_tape_line(event) + "\n";
    if (::gzwrite(file_.get(), line.data(), static_cast<unsigned>(line.size())) != static_cast<int>(line.size())) {
      return give_up();
    }
    if (event.at.mono - synced_ < settings_.sync_interval && line.size() < chunk_size) return Ok{};
    synced_ = event.at.mono;
    if (::gzflush(file_.get(), Z_SYNC_FLUSH) != Z_OK) return give_up();
    in_file_ = static_cast<std::uint64_t>(std::max<z_off_t>(0, ::gzoffset(file_.get())));
    if (in_file_ < settings_.file_size_max) return Ok{};
    before_ += std::exchange(in_file_, 0);
    if (::gzclose(file_.release()) != Z_OK) return give_up();
    return begin();
  }

  std::uint64_t bytes() const override { return before_ + in_file_; }
  std::uint64_t files() const override { return files_; }

 private:
  Done give_up() {
    file_.reset();
    return cannot_write();
  }

  const TapeSettings settings_;
  const std::string stamp_;
  Gzip file_;  ///< none after a failure
  unsigned number_ = 1;
  std::uint64_t files_ = 0;
  std::uint64_t before_ = 0;  ///< bytes of the files that are full
  std::uint64_t in_file_ = 0;
  MonoTime synced_{};
};

class Reader final : public TapeReader {
 public:
  explicit Reader(std::vector<std::filesystem::path> paths) : paths_(std::move(paths)) {}

  Result<std::optional<TapeEvent>> next() override {
    for (;;) {
      if (!file_) {
        if (place_ == paths_.size()) return std::optional<TapeEvent>{};
        file_.reset(::gzopen(paths_[place_].c_str(), "rb"));
        if (!file_) return Error{Errc::io_failed, "a tape that can be read"};
        line_ = 0;
      }
      auto line = read_line();
      if (!line) return line.error();
      if (*line) {
        ++line_;
        auto event = from_tape_line(**line);
        if (!event) return event.error();
        return std::optional<TapeEvent>(*std::move(event));
      }
      file_.reset();
      pending_.clear();
      ++place_;
    }
  }

  std::string where() const override {
    return paths_[std::min(place_, paths_.size() - 1)].string() + ":" + std::to_string(line_);
  }

 private:
  /// The next whole line; none at the end of this file, wherever that is.
  Result<std::optional<std::string>> read_line() {
    for (;;) {
      const std::size_t feed = pending_.find('\n', seen_);
      if (feed != std::string::npos) {
        std::string line = pending_.substr(0, feed);
        pending_.erase(0, feed + 1);
        seen_ = 0;
        return std::optional<std::string>(std::move(line));
      }
      seen_ = pending_.size();
      if (seen_ > line_length_max) return Error{Errc::too_large, "a line of a tape"};
      pending_.resize(seen_ + chunk_size);
      const int got = ::gzread(file_.get(), pending_.data() + seen_, chunk_size);
      pending_.resize(seen_ + static_cast<std::size_t>(std::max(got, 0)));
      if (got > 0) continue;
      int cause = Z_OK;
      ::gzerror(file_.get(), &cause);
      seen_ = 0;
      if (cause != Z_OK && cause != Z_BUF_ERROR && cause != Z_STREAM_END) {
        return Error{Errc::malformed, "a tape's file is not damaged"};
      }
      return std::optional<std::string>{};
    }
  }

  const std::vector<std::filesystem::path> paths_;
  std::size_t place_ = 0;
  std::size_t line_ = 0;
  Gzip file_;
  std::string pending_;
  std::size_t seen_ = 0;  ///< bytes of pending_ without a line feed
};

bool is_tape(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("tape-") && name.ends_with(".jsonl.gz");
}

}  // namespace

Result<std::unique_ptr<TapeWriter>> TapeWriter::open(TapeSettings settings, WallTime start) {
  std::error_code failed;
  std::filesystem::create_directories(settings.folder, failed);
  if (failed) return Error{Errc::io_failed, "a folder for the tape"};
  auto writer = std::make_unique<Writer>(std::move(settings), stamp(start));
  if (const auto begun = writer->begin(); !begun) return begun.error();
  return std::unique_ptr<TapeWriter>(std::move(writer));
}

Result<std::unique_ptr<TapeReader>> TapeReader::open(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> paths;
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    for (const auto& entry : std::filesystem::directory_iterator(path, failed)) {
      if (is_tape(entry.path())) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
  } else if (std::filesystem::is_regular_file(path, failed)) {
    paths.push_back(path);
  }
  if (paths.empty()) return Error{Errc::io_failed, "a tape, or a folder of tape-*.jsonl.gz"};
  return std::unique_ptr<TapeReader>(std::make_unique<Reader>(std::move(paths)));
}

}  // namespace assay::fetchers
