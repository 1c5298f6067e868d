#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::node {

/// Readers of what a node told us in JSON: total, what is not there or of another type is empty.

/// The document when it is an object with that key.
std::optional<boost::json::object> told_object(std::string_view document, std::string_view key);
std::string text_of(const boost::json::object& at, std::string_view key);
/// The number that a text is, 0 for none.
std::uint64_t number_of(const boost::json::object& at, std::string_view key);
/// The entries of a list, and those of them that are objects; borrowed from `at`.
std::vector<const boost::json::value*> entries(const boost::json::object& at, std::string_view key);
std::vector<const boost::json::object*> objects(const boost::json::object& at, std::string_view key);

}  // namespace assay::node
