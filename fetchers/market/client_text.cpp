#include "fetchers/market/client_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace assay::fetchers::market {

std::optional<boost::json::object> json_object(std::string_view text) {
  boost::json::error_code code;
  boost::json::parse_options options;
  options.max_depth = 8;
  boost::json::value value = boost::json::parse({text.data(), text.size()}, code, {}, options);
  if (code || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains({key.data(), key.size()});
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::vector<std::string> texts_at(const boost::json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const auto* value = object.if_contains({key.data(), key.size()});
  if (value == nullptr || !value->is_array()) return texts;
  for (const auto& element : value->get_array()) {
    if (element.is_string()) texts.emplace_back(element.get_string());
  }
  return texts;
}

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

}  // namespace assay::fetchers::market
