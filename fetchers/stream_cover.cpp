#include "fetchers/stream_cover.hpp"

#include <algorithm>

namespace assay::fetchers {
namespace {

constexpr std::int64_t million = 1'000'000;

/// More than apart_max_ppm between them, whichever is above; at the finest common exponent that both fit.
bool above(const Decimal& low, const Decimal& high) {
  for (int exponent = -18; exponent <= 18; ++exponent) {
    const auto a = rescale(low, static_cast<std::int8_t>(exponent));
    const auto b = rescale(high, static_cast<std::int8_t>(exponent));
    if (!a || !b) continue;
    return static_cast<__int128>(*a) * (million + StreamCover::apart_max_ppm) < static_cast<__int128>(*b) * million;
  }
  return false;
}

}  // namespace

void StreamCover::streamed(const Quote& quote) {
  if (!quote.bid || !quote.ask) return;
  const Range one{.low = *quote.bid, .high = *quote.ask};
  const auto [place, is_new] = newest_.try_emplace(quote.symbol, Said{quote.recv_mono, quote.recv_mono, one, one});
  Said& said = place->second;
  said.at = quote.recv_mono;
  if (is_new) return;
  if (said.at - said.since >= range_min) {
    said.before = said.at - said.since >= 2 * range_min ? one : said.now;
    said.now = one;
    said.since = said.at;
  }
  if (compare(one.low, said.now.low) < 0) said.now.low = one.low;
  if (compare(one.high, said.now.high) > 0) said.now.high = one.high;
}

bool StreamCover::covers(std::span<const std::string> symbols, MonoTime now, Micros quiet_max) const {
  return !symbols.empty() && std::all_of(symbols.begin(), symbols.end(), [&](const std::string& symbol) {
    const auto said = newest_.find(symbol);
    return said != newest_.end() && said->second.apart == 0 && now - said->second.at <= quiet_max &&
           !contradicts(symbol, now);
  });
}

std::uint32_t StreamCover::disagreement(const Quote& polled) {
  if (!polled.bid || !polled.ask) return 0;
  const auto doubted = contradicted_.find(polled.symbol);
  if (doubted != contradicted_.end()) doubted->second = polled.recv_mono;
  const auto found = newest_.find(polled.symbol);
  if (found == newest_.end()) return 0;
  Said& said = found->second;
  if (polled.recv_mono - said.at > fresh_max) return 0;
  const bool over = above(said.now.high, *polled.bid) && above(said.before.high, *polled.bid);
  const bool under = above(*polled.ask, said.now.low) && above(*polled.ask, said.before.low);
  said.apart = over || under ? said.apart + 1 : 0;
  if (said.apart >= disagreements_max) contradicted_[polled.symbol] = polled.recv_mono;
  if (said.apart == 0 && doubted != contradicted_.end()) contradicted_.erase(doubted);
  return said.apart;
}

bool StreamCover::contradicts(std::string_view symbol, MonoTime now) const {
  const auto found = contradicted_.find(symbol);
  return found != contradicted_.end() && now - found->second < lapse_after;
}

std::vector<std::string> StreamCover::contradicted(MonoTime now) const {
  std::vector<std::string> symbols;
  for (const auto& [symbol, polled] : contradicted_) {
    if (now - polled < lapse_after) symbols.push_back(symbol);
  }
  return symbols;
}

}  // namespace assay::fetchers
