#include "publisher/audit/evidence_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace assay::publisher {
namespace {

constexpr std::string_view suffix = ".evidence";
constexpr std::size_t digest_digits = 16;

std::string short_digest(ByteSpan bytes) {
  return to_hex(sha256(bytes).bytes).substr(0, digest_digits);
}

bool is_kind(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

/// A number in its one spelling, after its letter.
template <class T>
std::optional<T> number(std::string_view text, char letter) {
  if (text.size() < 2 || text.front() != letter) return std::nullopt;
  const std::string_view digits = text.substr(1);
  T value{};
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{} || end != digits.data() + digits.size() || digits != std::to_string(value)) {
    return std::nullopt;
  }
  return value;
}

/// Writes, flushes and closes.
bool write_file(const std::filesystem::path& path, ByteSpan bytes) {
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) return false;
  bool good = true;
  while (good && !bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    good = written > 0;
    if (good) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  good = ::fsync(file) == 0 && good;
  return ::close(file) == 0 && good;
}

bool sync_folder(const std::filesystem::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool good = ::fsync(file) == 0;
  ::close(file);
  return good;
}

}  // namespace

std::string file_name(const EvidenceLabel& label) {
  return label.kind + "-e" + std::to_string(label.epoch.value) + "-m" + std::to_string(label.member.value) + "-" +
         label.digest + std::string(suffix);
}

std::optional<EvidenceLabel> parse_evidence_name(std::string_view file) {
  if (!file.ends_with(suffix)) return std::nullopt;
  file.remove_suffix(suffix.size());
  std::vector<std::string_view> parts;
  for (auto at = file.find('-'); at != std::string_view::npos; at = file.find('-')) {
    parts.push_back(file.substr(0, at));
    file.remove_prefix(at + 1);
  }
  parts.push_back(file);
  if (parts.size() != 4 || !is_kind(parts[0]) || parts[3].size() != digest_digits || !from_hex(parts[3])) {
    return std::nullopt;
  }
  const auto epoch = number<std::uint32_t>(parts[1], 'e');
  const auto member = number<std::uint16_t>(parts[2], 'm');
  if (!epoch || !member) return std::nullopt;
  return EvidenceLabel{std::string(parts[0]), Epoch{*epoch}, MemberIndex{*member}, std::string(parts[3])};
}

Result<EvidenceFolder> EvidenceFolder::open(std::filesystem::path folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return Error{Errc::io_failed, "the folder of evidence"};
  return EvidenceFolder(std::move(folder));
}

Result<EvidenceFolder::Kept> EvidenceFolder::keep(EvidenceLabel label, ByteSpan bytes) const {
  label.digest = short_digest(bytes);
  const auto there = list();
  if (!there) return there.error();
  if (std::ranges::find(*there, label) != there->end()) return Kept::known;
  const auto alike = std::ranges::count_if(*there, [&](const EvidenceLabel& one) {
    return one.kind == label.kind && one.epoch == label.epoch && one.member == label.member;
  });
  if (static_cast<std::size_t>(alike) >= of_a_kind_max) return Kept::full;
  const auto path = folder_ / file_name(label);
  const auto draft = folder_ / (file_name(label) + ".new");
  std::error_code failed;
  if (!write_file(draft, bytes)) return Error{Errc::io_failed, "a file of evidence"};
  std::filesystem::rename(draft, path, failed);
  if (failed || !sync_folder(folder_)) return Error{Errc::io_failed, "a file of evidence"};
  return Kept::added;
}

Result<std::vector<EvidenceLabel>> EvidenceFolder::list() const {
  std::error_code failed;
  std::vector<EvidenceLabel> labels;
  for (std::filesystem::directory_iterator it(folder_, failed), end; !failed && it != end; it.increment(failed)) {
    if (auto label = parse_evidence_name(it->path().filename().string())) labels.push_back(std::move(*label));
  }
  if (failed) return Error{Errc::io_failed, "the folder of evidence"};
  std::ranges::sort(labels, {}, file_name);
  return labels;
}

Result<Bytes> EvidenceFolder::read(const EvidenceLabel& label) const {
  std::ifstream file(folder_ / file_name(label), std::ios::binary | std::ios::ate);
  const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  if (size < 0) return Error{Errc::io_failed, "a file of evidence"};
  if (static_cast<std::size_t>(size) > bytes_max) return Error{Errc::too_large, "longer than any evidence"};
  Bytes bytes(static_cast<std::size_t>(size));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), size);
  if (!file) return Error{Errc::io_failed, "a file of evidence"};
  if (short_digest(bytes) != label.digest) return Error{Errc::bad_proof, "not the bytes that the name says"};
  return bytes;
}

}  // namespace assay::publisher
