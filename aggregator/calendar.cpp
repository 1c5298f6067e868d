#include "aggregator/calendar.hpp"

#include <algorithm>

namespace assay::aggregator {

bool is_open(const FeedPolicy& feed, WallTime at) {
  if (feed.always_open) return true;
  const auto after = std::upper_bound(feed.open.begin(), feed.open.end(), at,
                                      [](WallTime time, const OpenInterval& interval) { return time < interval.from; });
  return after != feed.open.begin() && at < std::prev(after)->to;
}

}  // namespace assay::aggregator
