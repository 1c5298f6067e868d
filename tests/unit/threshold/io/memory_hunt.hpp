#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace assay::threshold {

/// Looks for a secret in everything that this process may read: heap, stacks, arenas, data. It is kept masked, and is
/// unmasked a byte at a time, or the hunt would find itself. Either half counts, raw and as hex of both cases.
class MemoryHunt {
 public:
  explicit MemoryHunt(std::span<const std::uint8_t> secret) {
    const std::size_t half = secret.size() / 2;
    for (const auto part : {secret.first(half), secret.last(half)}) {
      needles_.push_back(masked(part));
      for (const char* digits : {"0123456789abcdef", "0123456789ABCDEF"}) hex_.push_back(masked_hex(part, digits));
    }
  }

  std::size_t raw() const { return count(needles_); }
  std::size_t hex() const { return count(hex_); }

 private:
  using Masked = std::vector<std::uint8_t>;

  static std::uint8_t mask() {
    static volatile std::uint8_t value = 0x5a;  // volatile: the compiler may not undo the masking ahead of time
    return value;
  }
  static Masked masked(std::span<const std::uint8_t> part) {
    Masked out;
    out.reserve(part.size());
    for (const auto byte : part) out.push_back(static_cast<std::uint8_t>(byte ^ mask()));
    return out;
  }
  static Masked masked_hex(std::span<const std::uint8_t> part, const char* digits) {
    Masked out;
    out.reserve(2 * part.size());
    for (const auto byte : part) {
      out.push_back(static_cast<std::uint8_t>(static_cast<std::uint8_t>(digits[byte >> 4U]) ^ mask()));
      out.push_back(static_cast<std::uint8_t>(static_cast<std::uint8_t>(digits[byte & 15U]) ^ mask()));
    }
    return out;
  }

  static bool is_at(const std::uint8_t* at, const Masked& needle) {
    for (std::size_t i = 0; i < needle.size(); ++i) {
      if ((at[i] ^ mask()) != needle[i]) return false;
    }
    return true;
  }

  static std::vector<std::span<const std::uint8_t>> regions() {
    std::vector<std::span<const std::uint8_t>> out;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      unsigned long first = 0;
      unsigned long end = 0;
      char mode[5] = {};
      if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &end, mode) != 3 || mode[0] != 'r') continue;
      // The kernel's own pages: not all of them can be read.
      if (line.find("[v") != std::string::npos) continue;
      out.emplace_back(reinterpret_cast<const std::uint8_t*>(first), end - first);
    }
    return out;
  }

  static std::size_t count(const std::vector<Masked>& needles) {
    std::size_t found = 0;
    const auto all = regions();
    for (const auto& needle : needles) {
      for (const auto& region : all) {
        const auto* at = region.data();
        const auto* const end = region.data() + region.size();
        while (static_cast<std::size_t>(end - at) >= needle.size()) {
          const auto room = static_cast<std::size_t>(end - at) - needle.size() + 1;
          at = static_cast<const std::uint8_t*>(std::memchr(at, needle[0] ^ mask(), room));
          if (at == nullptr) break;
          if (is_at(at, needle)) ++found;
          ++at;
        }
      }
    }
    return found;
  }

  std::vector<Masked> needles_;
  std::vector<Masked> hex_;
};

}  // namespace assay::threshold
