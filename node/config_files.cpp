#include "node/config_files.hpp"

#include <fmt/format.h>

#include "config/load.hpp"

namespace assay::node {

namespace {

template <class T>
std::optional<T> told(std::variant<T, std::vector<config::ConfigError>> loaded) {
  if (auto* value = std::get_if<T>(&loaded)) {
    return std::move(*value);
  }
  for (const auto& error : std::get<std::vector<config::ConfigError>>(loaded)) {
    fmt::print(stderr, "{}\n", config::to_text(error));
  }
  return std::nullopt;
}

}  // namespace

std::optional<config::NetworkSettings> read_network(const std::filesystem::path& file) {
  return told(config::load_network(file));
}
std::optional<config::NodeSettings> read_node(const std::filesystem::path& file) {
  return told(config::load_node(file));
}
std::optional<threshold::EpochRecord> read_group(const std::filesystem::path& file) {
  return told(config::load_group(file));
}
std::optional<threshold::Succession> read_succession(const std::filesystem::path& file) {
  return told(config::load_succession(file));
}
std::optional<config::MemberCard> read_card(const std::filesystem::path& file) {
  return told(config::load_card(file));
}
std::optional<config::CeremonyPlan> read_ceremony(const std::filesystem::path& file) {
  return told(config::load_ceremony(file));
}
std::optional<fetchers::market::Scenario> read_scenario(const std::filesystem::path& file) {
  return told(config::load_scenario(file));
}

}  // namespace assay::node
