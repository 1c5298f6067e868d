#include "threshold/sim/log_file.hpp"

#include <algorithm>
#include <utility>

#include "threshold/protocol.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::size_t record_bytes_max = SafetyLogLimits{}.record_bytes_max;

}  // namespace

Result<LogFile::Opened> LogFile::open(const SafetyLogIdentity& whose) {
  whose_ = whose;
  const bool first = !std::exchange(marked_, true);
  if (first) {
    image_ = safety_header(whose_, next_sequence_);
  } else if (image_.empty()) {
    return Error{Errc::log_corrupt, "the safety log is gone"};
  }
  auto contents = read_safety_log(image_, whose_, record_bytes_max);
  if (!contents) return contents.error();
  image_.resize(contents->good_bytes);
  next_sequence_ = contents->next_sequence;
  compacted_ = 0;
  due_ = false;
  needed_.clear();
  for (const Bytes& record : contents->records) needed_.push_back({record, record_height(record)});
  return Opened{std::move(contents->records), first};
}

void LogFile::append(Bytes record, Height ledger, const SafetyLogLimits& limits) {
  if (due_) rewrite();
  append_record(image_, next_sequence_++, record);
  const auto height = record_height(record);
  needed_.push_back({std::move(record), height});
  drop_unneeded(needed_, ledger);
  due_ = compaction_due({image_.size(), compacted_}, limits);
}

void LogFile::rewrite() {
  image_ = safety_header(whose_, next_sequence_);
  for (const NeededRecord& one : needed_) append_record(image_, next_sequence_++, one.record);
  compacted_ = image_.size();
  due_ = false;
}

void LogFile::compact(Height ledger) {
  needed_.clear();
  for (Bytes& record : records()) needed_.push_back({record, record_height(record)});
  drop_unneeded(needed_, ledger);
  rewrite();
}

void LogFile::tear(const Bytes& record, Chance& chance) {
  Bytes whole = image_;
  append_record(whole, next_sequence_, record);
  const std::size_t had = image_.size();
  const std::size_t reached = had + chance.below(whole.size() - had);
  image_.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(reached));
  const std::size_t next_sector = (reached + sector - 1) / sector * sector;
  if (next_sector >= whole.size() || !chance.percent(40)) return;
  image_.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(next_sector));
  image_.resize(next_sector + 1 + chance.below(whole.size() - next_sector), 0);
}

void LogFile::interrupt(Chance& chance) {
  if (due_ && chance.percent(50)) rewrite();
}

Result<std::vector<Bytes>> LogFile::read() const {
  auto contents = read_safety_log(image_, whose_, record_bytes_max);
  if (!contents) return contents.error();
  return std::move(contents->records);
}

std::vector<Bytes> LogFile::records() const {
  auto all = read();
  return all ? std::move(*all) : std::vector<Bytes>{};
}

void LogFile::roll_back(std::size_t count) {
  const auto all = read();
  if (!all) return;
  std::size_t size = safety_header_size;
  for (std::size_t i = 0; i < std::min(count, all->size()); ++i) size += safety_record_overhead + (*all)[i].size();
  image_.resize(size);
  needed_.resize(std::min(needed_.size(), count));
}

void LogFile::vanish() {
  image_.clear();
  needed_.clear();
}

}  // namespace assay::threshold::sim
