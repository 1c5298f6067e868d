#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/crypto/vectors.hpp"

namespace assay::threshold {

/// A place in a vector file, perhaps missing; `$.vectors[0].inputs.message`.
struct VectorField {
  const boost::json::value* value = nullptr;  ///< null: missing, and reported already
  std::string path;
};

/// Reads fields and keeps the score. Every read that fails is a failed check; comparisons are checks.
class VectorChecker {
 public:
  /// Not `missing` but `absent is fine`: null without a failure.
  VectorField find(const VectorField& parent, std::string_view key);
  VectorField child(const VectorField& parent, std::string_view key);
  VectorField item(const VectorField& parent, std::size_t index);
  /// Of a list whose order is the file's: the entry with this `identifier`, or the one at `index` where none has it.
  VectorField entry_of(const VectorField& list, std::uint16_t identifier, std::size_t index);
  std::size_t size(const VectorField& list);  ///< of an array; 0 and a failure when it is none

  /// As a JSON number, or as decimal text.
  std::optional<std::uint16_t> number(const VectorField& field, std::uint16_t low, std::uint16_t high);
  std::optional<Bytes> bytes(const VectorField& field);
  std::optional<Bytes32> bytes32(const VectorField& field);
  std::optional<frost::SecretScalar> scalar(const VectorField& field);  ///< canonical

  void expect_text(const VectorField& field, std::string_view got);
  void expect(const VectorField& field, ByteSpan got);
  void expect_number(const VectorField& field, std::uint64_t got);
  /// A check that has no value to compare: `what` was expected at this place.
  bool expect_true(const VectorField& field, bool holds, std::string_view what);

  /// For what belongs to no computation: a failure when it is a published value with a few bytes changed.
  void expect_undamaged(const VectorField& field, const Bytes32& value);

  VectorReport& report() { return report_; }

 private:
  void fail(const VectorField& field, std::string_view expected, std::string_view got);
  VectorReport report_;
};

}  // namespace assay::threshold
