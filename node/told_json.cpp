#include "node/told_json.hpp"

#include <charconv>

namespace assay::node {

namespace json = boost::json;

std::optional<json::object> told_object(std::string_view document, std::string_view key) {
  boost::system::error_code failed;
  auto value = json::parse({document.data(), document.size()}, failed);
  if (failed || !value.is_object() || !value.as_object().contains(key)) return std::nullopt;
  return std::move(value).as_object();
}

std::string text_of(const json::object& at, std::string_view key) {
  const auto* found = at.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string{};
}

std::uint64_t number_of(const json::object& at, std::string_view key) {
  const auto text = text_of(at, key);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<const json::value*> entries(const json::object& at, std::string_view key) {
  std::vector<const json::value*> out;
  const auto* found = at.if_contains(key);
  if (found == nullptr || !found->is_array()) return out;
  for (const auto& each : found->as_array()) out.push_back(&each);
  return out;
}

std::vector<const json::object*> objects(const json::object& at, std::string_view key) {
  std::vector<const json::object*> out;
  for (const json::value* each : entries(at, key)) {
    if (each->is_object()) out.push_back(&each->as_object());
  }
  return out;
}

}  // namespace assay::node
