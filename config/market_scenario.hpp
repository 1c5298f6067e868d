#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "config/error.hpp"
#include "fetchers/market/scenario.hpp"

namespace assay::config {

/// Reader of a scenario file for the synthetic market, see docs/scenarios.md. Tells everything that is wrong at once,
/// as the readers of load.hpp do. What is absent has the market's own value.
Loaded<fetchers::market::Scenario> load_scenario(const std::filesystem::path& file);
Loaded<fetchers::market::Scenario> parse_scenario(std::string_view text, const std::string& file_name);

}  // namespace assay::config
