#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

namespace assay::publisher {

/// What a piece of evidence is filed under. Its bytes are opaque here: whoever wrote them has judged them.
struct EvidenceLabel {
  std::string kind;  ///< 1..32 of a-z and _
  Epoch epoch;
  MemberIndex member;
  std::string digest;  ///< first 16 hex digits of the SHA-256 of the bytes

  friend bool operator==(const EvidenceLabel&, const EvidenceLabel&) = default;
};

/// `KIND-eEPOCH-mMEMBER-DIGEST.evidence`, and back. Total.
std::string file_name(const EvidenceLabel& label);
std::optional<EvidenceLabel> parse_evidence_name(std::string_view file);

/// A node's evidence, one file an object, written once: temp, fsync, rename. Bounded: of one kind, member and epoch the
/// first of_a_kind_max stay, since more would prove nothing new. Any number of readers, one writer.
class EvidenceFolder {
 public:
  static constexpr std::size_t of_a_kind_max = 4;
  static constexpr std::size_t bytes_max = std::size_t{64} << 20U;  ///< twice the longest frame of any committee

  /// Creates the folder where it is absent.   errors  io_failed
  static Result<EvidenceFolder> open(std::filesystem::path folder);

  enum class Kept : std::uint8_t { added, known, full };
  /// The label's digest is that of the bytes.   errors  io_failed.   cost  two fsyncs when added
  Result<Kept> keep(EvidenceLabel label, ByteSpan bytes) const;
  /// What is there, by file name; other files are passed over.
  Result<std::vector<EvidenceLabel>> list() const;
  /// errors  io_failed; too_large; bad_proof: not the bytes that the name says
  Result<Bytes> read(const EvidenceLabel& label) const;

 private:
  explicit EvidenceFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

}  // namespace assay::publisher
