#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::fetchers {

/// `text` as a JSON string with its quotes (RFC 8259 section 7); control bytes escaped, UTF-8 as it is.
std::string json_string(std::string_view text);

/// ["a","b"] without spaces.
std::string json_list(std::span<const std::string> texts);

/// Subscribe frames that name at most `per_frame` symbols each: head, `each(symbol)` joined by commas, tail.
template <class Each>
std::vector<std::string> frames_of(std::span<const std::string> symbols, std::size_t per_frame, std::string_view head,
                                   Each each, std::string_view tail) {
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (i % per_frame == 0) {
      frames.emplace_back(head);
    }
    frames.back() += (i % per_frame == 0 ? "" : ",") + std::string(each(symbols[i]));
    if (i % per_frame == per_frame - 1 || i + 1 == symbols.size()) {
      frames.back() += tail;
    }
  }
  return frames;
}

}  // namespace assay::fetchers
