#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace assay::fetchers::market {

/// A client's request as a JSON object; none for anything else, or nested deeper than eight.
std::optional<boost::json::object> json_object(std::string_view text);
/// object[key] as text; "" when it is not a string.
std::string text_at(const boost::json::object& object, std::string_view key);
/// The strings of the array object[key]; other elements are left out.
std::vector<std::string> texts_at(const boost::json::object& object, std::string_view key);
/// JSON text of a string, with its quotes.
std::string quoted(std::string_view text);

}  // namespace assay::fetchers::market
