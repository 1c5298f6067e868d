#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/error.hpp"

namespace assay::config {

struct Entry;

/// One value of a YAML document, with its place. Scalars stay text: what they mean is the reader's decision.
struct Node {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  int line = 1;
  int column = 1;
  std::string text;            ///< of a scalar
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in file order, duplicates kept
};

struct Entry {
  Node key;
  Node value;
};

inline constexpr std::size_t file_size_max = std::size_t{1} << 20U;
inline constexpr std::size_t depth_max = 16;
inline constexpr std::size_t node_count_max = 200'000;

/// Reads exactly one document.
///   refuses  more than file_size_max bytes, nesting beyond depth_max, more than node_count_max values, a second
///            document, anchors, aliases and tags (a value stands where it is meant: nothing can expand), NUL bytes and
///            whatever is not YAML
///   cost     O(size);  never throws
Loaded<Node> parse_document(std::string_view text, const std::string& file_name);

}  // namespace assay::config
