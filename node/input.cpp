#include "node/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace assay::node {

std::optional<std::string> read_beginning(const std::string& file, std::size_t size_max) {
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, Close> owned;
  std::FILE* in = stdin;
  if (file != "-") {
    owned.reset(std::fopen(file.c_str(), "rbe"));
    in = owned.get();
    if (in == nullptr) {
      fmt::print(stderr, "assay: cannot read {}: {}\n", file, std::strerror(errno));
      return std::nullopt;
    }
  }
  std::string text;
  char chunk[65536];
  while (const auto count = std::fread(chunk, 1, sizeof chunk, in)) {
    text.append(chunk, std::min(count, size_max - text.size()));
    if (text.size() == size_max) return text;
  }
  if (std::ferror(in) != 0) {
    fmt::print(stderr, "assay: cannot read {}: {}\n", file, std::strerror(errno));
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_input(const std::string& file, std::size_t size_max) {
  auto text = read_beginning(file, size_max + 1);
  if (text && text->size() > size_max) {
    fmt::print(stderr, "assay: {} is longer than {} bytes\n", file, size_max);
    return std::nullopt;
  }
  return text;
}

}  // namespace assay::node
