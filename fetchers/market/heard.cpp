#include "fetchers/market/heard.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace assay::fetchers::market {
namespace {

namespace json = boost::json;

constexpr std::size_t digits_max = 4;

const json::value* child_of(const json::value& value, std::string_view name) {
  if (const auto* object = value.if_object()) return object->if_contains({name.data(), name.size()});
  const auto* array = value.if_array();
  if (array == nullptr || name.empty() || name.size() > digits_max) return nullptr;
  std::size_t index = 0;
  for (const char c : name) {
    if (c < '0' || c > '9') return nullptr;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index < array->size() ? &(*array)[index] : nullptr;
}

void collect(const json::value& value, std::string_view place, std::vector<const json::value*>& out) {
  if (out.size() >= heard_names_max) return;
  if (place.empty()) {
    out.push_back(&value);
    return;
  }
  place.remove_prefix(1);  // '/'
  const std::string_view name = place.substr(0, place.find('/'));
  place.remove_prefix(name.size());
  if (name != "*") {
    if (const auto* child = child_of(value, name)) collect(*child, place, out);
    return;
  }
  if (const auto* array = value.if_array()) {
    for (const json::value& element : *array) collect(element, place, out);
  }
}

json::value parsed(std::string_view text) {
  json::error_code code;
  json::parse_options options;
  options.max_depth = 8;
  json::value value = json::parse({text.data(), text.size()}, code, {}, options);
  return code ? json::value{} : value;
}

}  // namespace

struct Heard::Value {
  json::value root;
};

Heard::Heard(std::string_view text) : text_(text), value_(std::make_unique<Value>(Value{parsed(text)})) {}
Heard::~Heard() = default;

std::string Heard::at(std::string_view place) const {
  const auto found = all(place);
  return found.empty() ? std::string{} : found.front();
}

std::string Heard::json(std::string_view place) const {
  std::vector<const json::value*> found;
  collect(value_->root, place, found);
  return found.empty() ? std::string{} : json::serialize(*found.front());
}

std::vector<std::string> Heard::all(std::string_view place) const {
  std::vector<const json::value*> found;
  collect(value_->root, place, found);
  std::vector<std::string> out;
  for (const auto* value : found) {
    out.push_back(value->is_string() ? std::string(value->get_string()) : json::serialize(*value));
  }
  return out;
}

}  // namespace assay::fetchers::market
