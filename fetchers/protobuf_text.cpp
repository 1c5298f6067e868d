#include "fetchers/protobuf_text.hpp"

#include <optional>
#include <vector>

#include "fetchers/json_text.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

namespace {

constexpr Error damaged{Errc::malformed, "not the protocol buffer that the venue documents"};
constexpr std::size_t depth_max = 8;

/// Wire types of the encoding; 3 and 4 are groups, long out of use.
enum class Wire : std::uint8_t { varint = 0, eight_bytes = 1, length = 2, four_bytes = 5 };

/// Takes values off the front; every answer is none once something was cut off.
class Reader {
 public:
  explicit Reader(ByteSpan rest) : rest_(rest) {}

  bool at_end() const { return rest_.empty(); }

  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) {
        return std::nullopt;
      }
      const std::uint8_t byte = rest_.front();
      rest_ = rest_.subspan(1);
      if (shift == 63 && byte > 1) {
        return std::nullopt;
      }
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    return std::nullopt;
  }

  std::optional<ByteSpan> take(std::uint64_t count) {
    if (count > rest_.size()) {
      return std::nullopt;
    }
    const ByteSpan taken = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

 private:
  ByteSpan rest_;
};

/// One field as it lies on the wire.
struct Value {
  std::uint32_t number = 0;
  Wire wire{};
  std::uint64_t varint = 0;
  ByteSpan bytes;
};

std::optional<Value> next(Reader& reader) {
  const auto key = reader.varint();
  if (!key || *key > 0xffff'ffffU || *key >> 3U == 0) {
    return std::nullopt;
  }
  Value value{.number = static_cast<std::uint32_t>(*key >> 3U), .wire = Wire{}, .varint = 0, .bytes = {}};
  std::optional<std::uint64_t> size;
  switch (*key & 7U) {
    case 0: {
      const auto number = reader.varint();
      value.varint = number.value_or(0);
      return number ? std::optional(value) : std::nullopt;
    }
    case 1:
      value.wire = Wire::eight_bytes;
      size = 8;
      break;
    case 2:
      value.wire = Wire::length;
      size = reader.varint();
      break;
    case 5:
      value.wire = Wire::four_bytes;
      size = 4;
      break;
    default:
      return std::nullopt;
  }
  const auto bytes = size ? reader.take(*size) : std::nullopt;
  if (!bytes) {
    return std::nullopt;
  }
  value.bytes = *bytes;
  return value;
}

const ProtobufField* field_of(const ProtobufMessage& layout, std::uint32_t number) {
  for (const ProtobufField& field : layout.fields) {
    if (field.number == number) {
      return &field;
    }
  }
  return nullptr;
}

Result<std::string> message_text(ByteSpan bytes, const ProtobufMessage& layout, std::size_t depth);

Result<std::string> value_text(const Value& value, const ProtobufField& field, std::size_t depth) {
  if (value.wire != (field.type == ProtobufType::number ? Wire::varint : Wire::length)) {
    return damaged;
  }
  switch (field.type) {
    case ProtobufType::number:
      return "\"" + std::to_string(static_cast<std::int64_t>(value.varint)) + "\"";
    case ProtobufType::text:
      return json_string({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
    case ProtobufType::message:
    case ProtobufType::messages:
      break;
  }
  return message_text(value.bytes, *field.message, depth + 1);
}

Result<std::string> message_text(ByteSpan bytes, const ProtobufMessage& layout, std::size_t depth) {
  if (depth > depth_max) {
    return damaged;
  }
  std::vector<std::string> texts(layout.fields.size());
  Reader reader(bytes);
  while (!reader.at_end()) {
    const auto value = next(reader);
    if (!value) {
      return damaged;
    }
    const ProtobufField* field = field_of(layout, value->number);
    if (field == nullptr) {
      continue;
    }
    auto text = value_text(*value, *field, depth);
    if (!text) {
      return text.error();
    }
    std::string& place = texts[static_cast<std::size_t>(field - layout.fields.data())];
    if (field->type == ProtobufType::messages) {
      place += place.empty() ? *text : "," + *text;
    } else {
      place = *std::move(text);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const ProtobufField& field = layout.fields[i];
    if (!texts[i].empty()) {
      out += (out.empty() ? "\"" : ",\"") + std::string(field.name) + "\":";
      out += field.type == ProtobufType::messages ? "[" + texts[i] + "]" : texts[i];
    }
  }
  return "{" + out + "}";
}

}  // namespace

Result<std::string> protobuf_to_json(ByteSpan bytes, const ProtobufMessage& layout) {
  if (bytes.size() > payload_size_max) {
    return Error{Errc::too_large, "a longer message than is read"};
  }
  return message_text(bytes, layout, 0);
}

}  // namespace assay::fetchers
