#include "fetchers/standing.hpp"

namespace assay::fetchers {

void Standing::said(std::uint64_t connection, const Quote& quote) {
  if (!quote.bid || !quote.ask) return doubt(connection, quote.symbol);
  const auto open = said_.find(connection);
  if (open != said_.end()) open->second.quotes.insert_or_assign(quote.symbol, quote);
}

void Standing::doubt(std::uint64_t connection, std::string_view symbol) {
  const auto open = said_.find(connection);
  if (open == said_.end()) return;
  const auto known = open->second.quotes.find(symbol);
  if (known != open->second.quotes.end()) open->second.quotes.erase(known);
}

void Standing::doubt(std::uint64_t connection) {
  const auto open = said_.find(connection);
  if (open != said_.end()) open->second.quotes.clear();
}

void Standing::forget(std::string_view symbol) {
  for (const auto& [connection, said] : said_) doubt(connection, symbol);
}

void Standing::forget() {
  for (const auto& [connection, said] : said_) doubt(connection);
}

std::vector<Quote> Standing::due(std::uint64_t connection, WallTime wall, MonoTime mono) {
  const auto open = said_.find(connection);
  if (open == said_.end() || mono - open->second.looked < repeat_after) return {};
  open->second.looked = mono;
  std::vector<Quote> repeated;
  for (const auto& [symbol, quote] : open->second.quotes) {
    const Micros silence = mono - quote.recv_mono;
    if (silence < repeat_after) continue;
    repeated.push_back(quote);
    repeated.back().recv_time = wall;
    repeated.back().recv_mono = mono;
    repeated.back().repeated = silence;
  }
  return repeated;
}

}  // namespace assay::fetchers
