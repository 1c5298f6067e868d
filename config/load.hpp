#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "config/error.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"
#include "threshold/committee.hpp"
#include "threshold/succession.hpp"

namespace assay::config {

/// Readers of the three YAML files. Each tells everything that is wrong with a file at once, with line, column and key;
/// unknown and duplicate keys are wrong, too. They never throw, and no file can make them grow (document.hpp).
/// The parse_ forms take the text; `file_name` is what errors show and what relative paths are resolved against.

/// Public settings, with every cross-field rule of network_file.cpp and feed_section.cpp checked.
Loaded<NetworkSettings> load_network(const std::filesystem::path& file);
Loaded<NetworkSettings> parse_network(std::string_view text, const std::string& file_name);

/// Private settings; defaults as in settings.hpp.
Loaded<NodeSettings> load_node(const std::filesystem::path& file);
Loaded<NodeSettings> parse_node(std::string_view text, const std::string& file_name);

/// The epoch record that the group file holds.
Loaded<threshold::EpochRecord> load_group(const std::filesystem::path& file);
Loaded<threshold::EpochRecord> parse_group(std::string_view text, const std::string& file_name);

/// What members endorse before a network changes its settings: both epoch records, the new config digest, signatures.
/// Structure, and the order of the members, whose place can be named; threshold/succession.hpp judges the rest.
Loaded<threshold::Succession> load_succession(const std::filesystem::path& file);
Loaded<threshold::Succession> parse_succession(std::string_view text, const std::string& file_name);

/// YAML that parses to the same settings.   paths are written as they are
std::string emit_network(const NetworkSettings& settings);
/// The same for a node file, without http_json and ws_json: described sources are an operator's own writing.
std::string emit_node(const NodeSettings& settings);
std::string emit_group(const threshold::EpochRecord& record);
std::string emit_succession(const threshold::Succession& succession);

/// Writes beside the file, then renames over it: a reader sees the old or the new one.   errors  io_failed
Done write_text(const std::filesystem::path& file, std::string_view text);
Done write_group(const std::filesystem::path& file, const threshold::EpochRecord& record);

}  // namespace assay::config
