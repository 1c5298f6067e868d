#pragma once
#include <filesystem>
#include <optional>

#include "config/ceremony_file.hpp"
#include "config/market_scenario.hpp"
#include "config/settings.hpp"
#include "threshold/committee.hpp"
#include "threshold/succession.hpp"

namespace assay::node {

/// Each reads a file and, when it does not hold what it must, prints every error (file:line:column: key: what was
/// expected) to stderr and gives nothing.
std::optional<config::NetworkSettings> read_network(const std::filesystem::path& file);
std::optional<config::NodeSettings> read_node(const std::filesystem::path& file);
std::optional<threshold::EpochRecord> read_group(const std::filesystem::path& file);
std::optional<threshold::Succession> read_succession(const std::filesystem::path& file);
std::optional<config::MemberCard> read_card(const std::filesystem::path& file);
std::optional<config::CeremonyPlan> read_ceremony(const std::filesystem::path& file);
std::optional<fetchers::market::Scenario> read_scenario(const std::filesystem::path& file);

}  // namespace assay::node
