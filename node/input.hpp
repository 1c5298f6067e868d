#pragma once
#include <cstddef>
#include <optional>
#include <string>

namespace assay::node {

/// The whole of a file, or of stdin for "-"; nullopt when it cannot be read or is longer than `size_max`.
/// The reason has been printed to stderr.
std::optional<std::string> read_input(const std::string& file, std::size_t size_max);

/// The same, but of what is longer only the first `size_max` bytes, without a complaint.
std::optional<std::string> read_beginning(const std::string& file, std::size_t size_max);

}  // namespace assay::node
