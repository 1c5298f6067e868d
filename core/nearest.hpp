#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace assay {

/// The known word that takes the fewest single-character edits to reach, if that is at most a third of its length
/// (at least 2): what the writer probably meant.   cost  O(words * length^2); `word` is cut at 64 bytes
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace assay
