#include "node/quotes_file.hpp"

#include <fmt/format.h>

#include "node/input.hpp"

namespace assay::node {

std::optional<fetchers::QuoteLines> read_quotes(const std::string& file) {
  constexpr std::size_t quotes_size_max = std::size_t{2} << 30U;
  const auto text = read_input(file, quotes_size_max);
  if (!text) {
    return std::nullopt;
  }
  auto read = fetchers::read_quote_lines(*text);
  if (const auto* fault = std::get_if<fetchers::LineFault>(&read)) {
    fmt::print(stderr, "{}:{}: {}\n", file, fault->line, fault->what);
    return std::nullopt;
  }
  return std::get<fetchers::QuoteLines>(std::move(read));
}

}  // namespace assay::node
