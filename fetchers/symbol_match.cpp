#include "fetchers/symbol_match.hpp"

#include <algorithm>

namespace assay::fetchers {

std::string plain_symbol(std::string_view symbol) {
  std::string out;
  for (const char c : symbol) {
    if (c >= 'a' && c <= 'z') {
      out += static_cast<char>(c - 'a' + 'A');
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      out += c;
    }
  }
  if (out.starts_with("XBT")) out.replace(0, 3, "BTC");
  if (out.starts_with("XDG")) out.replace(0, 3, "DOGE");
  if (out.size() > 3 && out.ends_with("XBT")) out.replace(out.size() - 3, 3, "BTC");
  return out;
}

std::optional<std::string> configured_symbol(const ParsedQuote& parsed, const std::vector<std::string>& configured) {
  if (std::find(configured.begin(), configured.end(), parsed.symbol) != configured.end()) return parsed.symbol;
  if (parsed.base.empty() || parsed.quote.empty()) return std::nullopt;
  const std::string wanted = parsed.base + parsed.quote;
  const std::string* found = nullptr;
  for (const std::string& symbol : configured) {
    if (plain_symbol(symbol) != wanted) continue;
    if (found != nullptr) return std::nullopt;
    found = &symbol;
  }
  if (found == nullptr) return std::nullopt;
  return *found;
}

const std::string& name_in(const std::map<std::string, std::string>& names, const std::string& symbol) {
  const auto named = names.find(symbol);
  return named == names.end() ? symbol : named->second;
}

}  // namespace assay::fetchers
