#include "fetchers/kept_book.hpp"

#include <algorithm>

#include "core/decimal.hpp"

namespace assay::fetchers {

Done KeptSide::set(std::string_view price, std::string_view size) {
  const auto exact = parse_price(price);
  if (!exact) return exact.error();
  const auto amount = parse_decimal(size);
  if (!amount) return amount.error();
  const int before = best_ == Best::lowest ? -1 : 1;
  const auto place = std::partition_point(
      levels_.begin(), levels_.end(), [&](const Level& level) { return compare(level.exact.price, *exact) == before; });
  const bool known = place != levels_.end() && compare(place->exact.price, *exact) == 0;
  if (amount->mantissa == 0) {
    if (known) levels_.erase(place);
  } else if (known) {
    *place = {{*exact, *amount}, std::string(price)};
  } else {
    levels_.insert(place, {{*exact, *amount}, std::string(price)});
  }
  return Ok{};
}

void KeptSide::cut(std::size_t depth) {
  if (levels_.size() > depth) levels_.erase(levels_.begin() + static_cast<std::ptrdiff_t>(depth), levels_.end());
}

std::vector<PriceLevel> KeptSide::best(std::size_t count) const {
  std::vector<PriceLevel> out;
  out.reserve(std::min(count, levels_.size()));
  for (std::size_t i = 0; i < levels_.size() && i < count; ++i) out.push_back(levels_[i].exact);
  return out;
}

}  // namespace assay::fetchers
