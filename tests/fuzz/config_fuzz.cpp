#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "config/ceremony_file.hpp"
#include "config/digest.hpp"
#include "config/load.hpp"
#include "core/check.hpp"

/// Any bytes as each of the five files: settings or errors with a place, never a crash; and what was read is written
/// and read again with the same meaning.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto network = config::parse_network(text, "network.yaml");
  if (const auto* settings = std::get_if<config::NetworkSettings>(&network)) {
    const auto again = config::parse_network(config::emit_network(*settings), "network.yaml");
    check(again.index() == 0 && config::config_digest(std::get<0>(again)) == config::config_digest(*settings),
          "network settings survive a round trip");
  } else {
    for (const auto& error : std::get<1>(network)) check(!config::to_text(error).empty(), "an error says something");
  }
  const auto node = config::parse_node(text, "node.yaml");
  if (const auto* settings = std::get_if<config::NodeSettings>(&node)) {
    check(config::parse_node(config::emit_node(*settings), "node.yaml").index() == 0, "node settings survive");
  }
  const auto group = config::parse_group(text, "group.yaml");
  if (const auto* record = std::get_if<threshold::EpochRecord>(&group)) {
    const auto again = config::parse_group(config::emit_group(*record), "group.yaml");
    check(again.index() == 0 && std::get<0>(again) == *record, "an epoch record survives");
  }
  const auto card = config::parse_card(text, "member.card");
  if (const auto* read = std::get_if<config::MemberCard>(&card)) {
    const auto again = config::parse_card(config::emit_card(*read), "member.card");
    check(again.index() == 0 && std::get<0>(again).recipient == read->recipient, "a card survives");
  }
  const auto plan = config::parse_ceremony(text, "ceremony.yaml");
  if (const auto* read = std::get_if<config::CeremonyPlan>(&plan)) {
    const auto again = config::parse_ceremony(config::emit_ceremony(*read), "ceremony.yaml");
    check(again.index() == 0 && std::get<0>(again).terms.id == read->terms.id, "a ceremony survives");
  }
  const auto next = config::parse_succession(text, "next.yaml");
  if (const auto* succession = std::get_if<threshold::Succession>(&next)) {
    const auto again = config::parse_succession(config::emit_succession(*succession), "next.yaml");
    check(again.index() == 0 && std::get<0>(again) == *succession, "a succession survives");
    (void)threshold::check_succession(*succession);
  }
  return 0;
}
