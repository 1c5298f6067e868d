#include "core/bytes.hpp"

#include <algorithm>
#include <limits>

#include "core/check.hpp"

namespace assay {
namespace {

template <class Unsigned>
void append(Bytes& out, Unsigned v) {
  for (std::size_t i = sizeof(Unsigned); i > 0; --i) {
    out.push_back(static_cast<std::uint8_t>(v >> (8 * (i - 1))));
  }
}

template <class Unsigned>
Unsigned join(std::span<const std::uint8_t, sizeof(Unsigned)> bytes) {
  Unsigned v = 0;
  for (const std::uint8_t byte : bytes) {
    v = static_cast<Unsigned>(static_cast<Unsigned>(v << 4U << 4U) | byte);
  }
  return v;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return -1;
}

bool hex_into(std::string_view text, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) {
      return false;
    }
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint32_t not_base64 = 64;

constexpr std::array<std::uint8_t, 256> base64_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(not_base64);
  for (std::size_t i = 0; i < base64_alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(base64_alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

}  // namespace

ByteWriter& ByteWriter::u8(std::uint8_t v) {
  out_.push_back(v);
  return *this;
}

ByteWriter& ByteWriter::u16(std::uint16_t v) {
  append(out_, v);
  return *this;
}

ByteWriter& ByteWriter::u32(std::uint32_t v) {
  append(out_, v);
  return *this;
}

ByteWriter& ByteWriter::u64(std::uint64_t v) {
  append(out_, v);
  return *this;
}

ByteWriter& ByteWriter::i8(std::int8_t v) {
  return u8(static_cast<std::uint8_t>(v));
}

ByteWriter& ByteWriter::i64(std::int64_t v) {
  return u64(static_cast<std::uint64_t>(v));
}

ByteWriter& ByteWriter::raw(ByteSpan bytes) {
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  return *this;
}

ByteWriter& ByteWriter::blob(ByteSpan bytes) {
  check(bytes.size() <= std::numeric_limits<std::uint32_t>::max(), "a blob we write is below 4 GiB");
  return u32(static_cast<std::uint32_t>(bytes.size())).raw(bytes);
}

void ByteReader::fail(Error error) noexcept {
  if (ok()) {
    error_ = error;
  }
}

Done ByteReader::done() const {
  if (!ok()) {
    return error_;
  }
  if (!in_.empty()) {
    return Error{Errc::trailing_bytes, "nothing after the value"};
  }
  return Ok{};
}

ByteSpan ByteReader::raw(std::size_t length) {
  if (length > in_.size()) {
    fail({Errc::truncated, "more bytes"});
  }
  if (!ok()) {
    return {};
  }
  const ByteSpan out = in_.first(length);
  in_ = in_.subspan(length);
  return out;
}

void ByteReader::copy(std::span<std::uint8_t> out) {
  const ByteSpan from = raw(out.size());
  if (ok()) {
    std::copy(from.begin(), from.end(), out.begin());
  }
}

std::uint8_t ByteReader::u8() {
  return array<1>()[0];
}

std::uint16_t ByteReader::u16() {
  return join<std::uint16_t>(array<2>());
}

std::uint32_t ByteReader::u32() {
  return join<std::uint32_t>(array<4>());
}

std::uint64_t ByteReader::u64() {
  return join<std::uint64_t>(array<8>());
}

std::int8_t ByteReader::i8() {
  return static_cast<std::int8_t>(u8());
}

std::int64_t ByteReader::i64() {
  return static_cast<std::int64_t>(u64());
}

Digest ByteReader::digest() {
  return Digest{array<32>()};
}

ByteSpan ByteReader::blob(std::size_t length_max) {
  const std::uint32_t length = u32();
  if (length > length_max) {
    fail({Errc::too_large, "a blob within its limit"});
  }
  return raw(length);
}

std::uint32_t ByteReader::count(std::uint32_t count_max) {
  const std::uint32_t read = u32();
  if (read > count_max) {
    fail({Errc::too_large, "a count within its limit"});
  }
  return ok() ? read : 0;
}

std::string to_hex(ByteSpan bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  Bytes out(text.size() / 2);
  if (text.size() % 2 != 0 || !hex_into(text, out)) {
    return Error{Errc::bad_hex, "pairs of lower-case hex digits"};
  }
  return out;
}

Result<Bytes32> bytes32_from_hex(std::string_view text) {
  Bytes32 out{};
  if (text.size() != 64 || !hex_into(text, out)) {
    return Error{Errc::bad_hex, "64 lower-case hex digits"};
  }
  return out;
}

std::string to_base64(ByteSpan bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (k < have ? bytes[i + k] : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= have ? base64_alphabet[group >> (18U - 6U * k) & 63U] : '=';
    }
  }
  return out;
}

Result<Bytes> from_base64(std::string_view text, std::size_t length_max) {
  static constexpr auto values = base64_values();
  constexpr Error refused{Errc::bad_base64, "canonical base64 with padding"};
  if (text.size() % 4 != 0) {
    return refused;
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::size_t length = text.size() / 4 * 3 - padding;
  if (length > length_max) {
    return Error{Errc::too_large, "base64 within its limit"};
  }
  Bytes out;
  out.reserve(length);
  std::uint32_t bits = 0;
  std::uint32_t held = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::uint32_t value = values[static_cast<std::uint8_t>(c)];
    if (value == not_base64) {
      return refused;
    }
    bits = (bits << 6U | value) & 0xfffU;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  // The bits that padding leaves over have one canonical value.
  if ((bits & ((1U << held) - 1U)) != 0) {
    return refused;
  }
  return out;
}

}  // namespace assay
