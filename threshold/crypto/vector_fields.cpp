#include "threshold/crypto/vector_fields.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "threshold/crypto/scalar.hpp"

namespace assay::threshold {
namespace {

constexpr std::size_t failures_max = 1000;
constexpr std::size_t shown_max = 400;

/// The values of the published Ed25519 file that follow from nothing: `secret` of its `dkg`, and `invalid_element`.
constexpr std::array<std::string_view, 5> published{"8a1b0a95ea88ab6d615060fe392709e857edb4fc35b60f24bf7c085653c4b00e",
                                                    "6cf4cfbbad5e277a46bb621bfdf1b0a39e2ea1d4f927ddea58db7368e36b9108",
                                                    "b4570377a521cfe31fe2d6d7d6f70c8e1d9bca6222a4863953a2888bcccc860a",
                                                    "8d6468a928bc9b0610f2bf879a0f1738f86615460ac72314d49caf9a56452e05",
                                                    "123456f9e9d319cad973b84cc4c835c8ee73281f5e2638d2d2b352c09edccbfb"};
/// A value that agrees with a published one in this many of 32 bytes is no other value by chance.
constexpr int alike_min = 20;

std::optional<std::uint64_t> number_of(const boost::json::value& value) {
  if (const auto* number = value.if_int64(); number != nullptr && *number >= 0) {
    return static_cast<std::uint64_t>(*number);
  }
  const auto* text = value.if_string();
  std::uint64_t number = 0;
  if (text == nullptr || text->empty() || (text->front() == '0' && text->size() > 1)) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

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

VectorField VectorChecker::entry_of(const VectorField& list, std::uint16_t identifier, std::size_t index) {
  const auto* array = list.value != nullptr ? list.value->if_array() : nullptr;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto* entry = (*array)[i].if_object();
    const auto* found = entry != nullptr ? entry->if_contains("identifier") : nullptr;
    if (found != nullptr && number_of(*found) == identifier) return item(list, i);
  }
  return item(list, index);
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
  if (const auto number = number_of(*field.value); number && *number >= low && *number <= high) {
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

std::optional<frost::SecretScalar> VectorChecker::scalar(const VectorField& field) {
  auto decoded = bytes32(field);
  if (!decoded) return std::nullopt;
  auto scalar = frost::SecretScalar::take(*decoded);
  if (!expect_true(field, static_cast<bool>(scalar), "a canonical scalar")) return std::nullopt;
  return std::move(*scalar);
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
  if (number_of(*field.value) != got) {
    fail(field, shown(*field.value), std::to_string(got));
  }
}

void VectorChecker::expect_undamaged(const VectorField& field, const Bytes32& value) {
  for (const auto original : published) {
    const Bytes32 bytes = bytes32_from_hex(original).value();
    int alike = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) alike += bytes[i] == value[i] ? 1 : 0;
    if (alike >= alike_min) expect(field, bytes);
  }
}

bool VectorChecker::expect_true(const VectorField& field, bool holds, std::string_view what) {
  ++report_.checks;
  if (!holds) fail(field, what, field.value != nullptr ? shown(*field.value) : "nothing");
  return holds;
}

}  // namespace assay::threshold
