#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace assay::fetchers {

/// What a field of a protocol buffer holds, as far as we read.
enum class ProtobufType : std::uint8_t { text, number, message, messages };

struct ProtobufMessage;

/// One documented field: its number on the wire and its name in JSON.
struct ProtobufField {
  std::uint32_t number = 0;
  std::string_view name;
  ProtobufType type{};
  const ProtobufMessage* message = nullptr;  ///< for message and messages
};

struct ProtobufMessage {
  std::span<const ProtobufField> fields;
};

/// A message in the JSON form of proto3, so that one reader serves both encodings: text as strings, numbers (int32,
/// int64) as strings of digits, `messages` as lists, absent fields left out, fields that the layout does not name
/// skipped. Of a field that is sent twice and is not `messages` the last counts.
///   errors  malformed: cut off, a wire type that the layout does not expect, groups, field number 0, text that JSON
///           cannot hold, nested deeper than 8;  too_large: more than payload_size_max bytes
///   cost    one pass, O(bytes) memory;  pure, any thread
Result<std::string> protobuf_to_json(ByteSpan bytes, const ProtobufMessage& layout);

}  // namespace assay::fetchers
