#include "threshold/crypto/vector_fields.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "threshold/crypto/scalar.hpp"

namespace assay::threshold {
namespace {

constexpr std::size_t failures_max = 1000;
constexpr std::size_t shown_max = 400;

std::string shown(const boost::json::value& value) {
  auto text = boost::json::serialize(value);
  if (text.size() > shown_max) text = text.substr(0, shown_max) + "...";
  return text;
}

}  // namespace

void VectorChecker::fail(const VectorField& field, std::string_view expected, std::string_view got) {
  ++report_.failed;
  if (report_.failures.size() >= failures_max) return;
  report_.failures.push_back(field.path + ": expected " + std::string(expected) + ", got " + std::string(got));
}

VectorField VectorChecker::find(const VectorField& parent, std::string_view key) {
  VectorField field{nullptr, parent.path + "." + std::string(key)};
  const auto* object = parent.value != nullptr ? parent.value->if_object() : nullptr;
  if (object != nullptr) field.value = object->if_contains(key);
  return field;
}

VectorField VectorChecker::child(const VectorField& parent, std::string_view key) {
  auto field = find(parent, key);
  if (field.value == nullptr && parent.value != nullptr) {
    ++report_.checks;
    fail(field, "a field", "nothing");
  }
  return field;
}

VectorField VectorChecker::item(const VectorField& parent, std::size_t index) {
  VectorField field{nullptr, parent.path + "[" + std::to_string(index) + "]"};
  const auto* array = parent.value != nullptr ? parent.value->if_array() : nullptr;
  if (array != nullptr && index < array->size()) field.value = &(*array)[index];
  if (field.value == nullptr && parent.value != nullptr) {
    ++report_.checks;
    fail(field, "an item", "nothing");
  }
  return field;
}

std::size_t VectorChecker::size(const VectorField& list) {
  if (list.value == nullptr) return 0;
  if (const auto* array = list.value->if_array()) return array->size();
  ++report_.checks;
  fail(list, "a list", shown(*list.value));
  return 0;
}

std::optional<std::uint16_t> VectorChecker::number(const VectorField& field, std::uint16_t low, std::uint16_t high) {
  if (field.value == nullptr) return std::nullopt;
  if (const auto* number = field.value->if_int64(); number != nullptr && *number >= low && *number <= high) {
    return static_cast<std::uint16_t>(*number);
  }
  ++report_.checks;
  fail(field, "a number from " + std::to_string(low) + " to " + std::to_string(high), shown(*field.value));
  return std::nullopt;
}

std::optional<Bytes> VectorChecker::bytes(const VectorField& field) {
  if (field.value == nullptr) return std::nullopt;
  if (const auto* text = field.value->if_string()) {
    if (auto decoded = from_hex(std::string_view(text->data(), text->size()))) return std::move(decoded).value();
  }
  ++report_.checks;
  fail(field, "lower-case hex", shown(*field.value));
  return std::nullopt;
}

std::optional<Bytes32> VectorChecker::bytes32(const VectorField& field) {
  const auto decoded = bytes(field);
  if (!decoded) return std::nullopt;
  Bytes32 out{};
  if (!expect_true(field, decoded->size() == out.size(), "32 bytes")) return std::nullopt;
  std::ranges::copy(*decoded, out.begin());
  return out;
}

std::optional<SecretSlot> VectorChecker::scalar(const VectorField& field) {
  const auto decoded = bytes32(field);
  if (!decoded || !expect_true(field, frost::is_canonical_scalar(*decoded), "a canonical scalar")) return std::nullopt;
  auto slot = SecretSlot::make();
  std::ranges::copy(*decoded, slot.bytes().begin());
  return slot;
}

void VectorChecker::expect_text(const VectorField& field, std::string_view got) {
  if (field.value == nullptr) return;
  ++report_.checks;
  const auto* text = field.value->if_string();
  if (text == nullptr || std::string_view(text->data(), text->size()) != got) fail(field, shown(*field.value), got);
}

void VectorChecker::expect(const VectorField& field, ByteSpan got) {
  expect_text(field, to_hex(got));
}

void VectorChecker::expect_number(const VectorField& field, std::uint64_t got) {
  if (field.value == nullptr) return;
  ++report_.checks;
  const auto* number = field.value->if_int64();
  if (number == nullptr || *number < 0 || static_cast<std::uint64_t>(*number) != got) {
    fail(field, shown(*field.value), std::to_string(got));
  }
}

bool VectorChecker::expect_true(const VectorField& field, bool holds, std::string_view what) {
  ++report_.checks;
  if (!holds) fail(field, what, field.value != nullptr ? shown(*field.value) : "nothing");
  return holds;
}

}  // namespace assay::threshold
