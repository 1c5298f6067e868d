#pragma once
#include <string_view>

#include "core/result.hpp"
#include "fetchers/market/scenario.hpp"

namespace assay::fetchers::market {

/// An order as the market's control takes it, see MarketServer.   errors  malformed, with what was expected
Result<Order> read_order(std::string_view json);

}  // namespace assay::fetchers::market
