#pragma once
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"

namespace assay::fetchers {

class JsonDocument;

/// One value of a document: two words, copied freely; valid while its document lives.
/// Every question is total: what is absent or of another type answers with an absent value or empty text.
class JsonValue {
 public:
  JsonValue() = default;

  bool exists() const noexcept { return document_ != nullptr; }
  bool is_object() const noexcept;
  bool is_array() const noexcept;
  bool is_string() const noexcept;
  bool is_number() const noexcept;
  bool is_null() const noexcept;  ///< the literal null; false when absent
  bool is_true() const noexcept;
  bool is_false() const noexcept;

  /// Contents of a string, unescaped, or the digits of a number exactly as sent; else empty.
  std::string_view text() const noexcept;
  /// Name under which the parent object holds this value, unescaped; empty in arrays.
  std::string_view key() const noexcept;
  /// Children of an object or array; 0 for the rest.
  std::size_t size() const noexcept;
  /// The first member of that name.   cost  O(children)
  JsonValue operator[](std::string_view name) const noexcept;
  /// Child by position.   cost  O(position)
  JsonValue at(std::size_t position) const noexcept;

  class Iterator;
  Iterator begin() const noexcept;
  Iterator end() const noexcept;

 private:
  friend class JsonDocument;
  JsonValue(const JsonDocument* document, std::uint32_t index) : document_(document), index_(index) {}

  const JsonDocument* document_ = nullptr;
  std::uint32_t index_ = 0;
};

/// A parsed text, immutable and self-contained: it owns its bytes and never refers to the caller's.
/// Numbers stay text, so no price ever passes through floating point.
class JsonDocument {
 public:
  /// Reads one complete JSON text.
  ///   errors  malformed: empty, not JSON, not UTF-8, cut off, trailing bytes, a number that JSON does not know,
  ///           nested deeper than depth_max;  html_page: starts with '<' after white space;
  ///           too_large: more than payload_size_max bytes or node_count_max values
  ///   cost    one pass, O(bytes) memory;  pure, any thread (buffers are kept per thread, at most 6 bytes per byte
  ///           of the largest payload seen)
  static Result<JsonDocument> parse(ByteSpan text);

  JsonValue root() const noexcept { return {this, 0}; }

  static constexpr std::size_t depth_max = 32;
  static constexpr std::size_t node_count_max = std::size_t{1} << 20;

  JsonDocument(JsonDocument&&) = default;
  JsonDocument& operator=(JsonDocument&&) = default;
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;
  ~JsonDocument() = default;

 private:
  friend class JsonValue;
  friend class JsonBuilder;

  enum class Type : std::uint8_t { object, array, string, number, literal_true, literal_false, literal_null };
  struct Node {
    std::string_view key;
    std::string_view text;
    std::uint32_t end = 0;    ///< index after the last descendant: the next sibling
    std::uint32_t count = 0;  ///< children
    Type type{};
  };

  JsonDocument() = default;

  std::unique_ptr<char[]> bytes_;  ///< the text, padded for simdjson
  std::unique_ptr<char[]>
      unescaped_;            ///< contents of strings with escapes, one after the other; never longer than the text
  std::vector<Node> nodes_;  ///< preorder
};

/// Walks the children of an object or array in the order sent.
class JsonValue::Iterator {
 public:
  using value_type = JsonValue;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::input_iterator_tag;
  using pointer = void;
  using reference = JsonValue;

  Iterator() = default;
  Iterator(const JsonDocument* document, std::uint32_t index) : document_(document), index_(index) {}
  JsonValue operator*() const noexcept { return {document_, index_}; }
  Iterator& operator++() noexcept;
  Iterator operator++(int) noexcept;
  friend bool operator==(const Iterator&, const Iterator&) = default;

 private:
  const JsonDocument* document_ = nullptr;
  std::uint32_t index_ = 0;
};

}  // namespace assay::fetchers
