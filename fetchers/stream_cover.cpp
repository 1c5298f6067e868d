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
  Said& said = newest_[quote.symbol];
  said.bid = *quote.bid;
  said.ask = *quote.ask;
  said.at = quote.recv_mono;
}

bool StreamCover::covers(std::span<const std::string> symbols, MonoTime now, Micros quiet_max) const {
  return !symbols.empty() && std::all_of(symbols.begin(), symbols.end(), [&](const std::string& symbol) {
    const auto said = newest_.find(symbol);
    return said != newest_.end() && said->second.apart == 0 && now - said->second.at <= quiet_max;
  });
}

std::uint32_t StreamCover::disagreement(const Quote& polled) {
  const auto found = newest_.find(polled.symbol);
  if (found == newest_.end() || !polled.bid || !polled.ask) return 0;
  Said& said = found->second;
  if (polled.recv_mono - said.at > fresh_max) return 0;
  const bool apart = above(said.ask, *polled.bid) || above(*polled.ask, said.bid);
  said.apart = apart ? said.apart + 1 : 0;
  return said.apart;
}

}  // namespace assay::fetchers
