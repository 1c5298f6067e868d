#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/result.hpp"

namespace assay {

using Bytes = std::vector<std::uint8_t>;

/// Appends fixed-width big-endian fields. Never fails; the caller bounds what it writes.
class ByteWriter {
 public:
  ByteWriter() = default;
  explicit ByteWriter(std::size_t reserve) { out_.reserve(reserve); }

  ByteWriter& u8(std::uint8_t v);
  ByteWriter& u16(std::uint16_t v);
  ByteWriter& u32(std::uint32_t v);
  ByteWriter& u64(std::uint64_t v);
  ByteWriter& i8(std::int8_t v);
  ByteWriter& i64(std::int64_t v);
  ByteWriter& raw(ByteSpan bytes);  ///< as they are, no length
  ByteWriter& digest(const Digest& d) { return raw(d.bytes); }
  ByteWriter& blob(ByteSpan bytes);  ///< u32 length, then the bytes

  std::size_t size() const noexcept { return out_.size(); }
  const Bytes& bytes() const& noexcept { return out_; }
  Bytes take() && { return std::move(out_); }

 private:
  Bytes out_;
};

/// Reads what ByteWriter writes, from bytes that anybody may have sent. Total.
/// The first failure latches: later reads return zeros, and done() tells. So a decoder reads all its fields
/// in order and asks once:   `auto r = ByteReader(in); Foo x{r.u8(), r.u64()}; if (auto d = r.done(); !d) return
/// d.error();`
class ByteReader {
 public:
  explicit ByteReader(ByteSpan in) : in_(in) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  std::int8_t i8();
  std::int64_t i64();
  Digest digest();
  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> out{};
    copy(out);
    return out;
  }
  ByteSpan raw(std::size_t length);       ///< borrowed from the input
  ByteSpan blob(std::size_t length_max);  ///< u32 length first; Errc::too_large above the bound
  /// A count (u32) that is at most `count_max`, else Errc::too_large and 0. Use before any reserve().
  std::uint32_t count(std::uint32_t count_max);

  std::size_t left() const noexcept { return in_.size(); }
  bool ok() const noexcept { return error_.code == Errc{}; }
  void fail(Error error) noexcept;  ///< latch a refusal of the caller's own
  Error error() const noexcept { return error_; }
  /// Ok when every read succeeded and nothing is left (Errc::trailing_bytes).
  Done done() const;

 private:
  void copy(std::span<std::uint8_t> out);

  ByteSpan in_;
  Error error_{};
};

/// Lower-case hex. from_hex refuses upper case, odd length and anything else (Errc::bad_hex).
std::string to_hex(ByteSpan bytes);
Result<Bytes> from_hex(std::string_view text);
Result<Bytes32> bytes32_from_hex(std::string_view text);  ///< exactly 64 characters

/// RFC 4648 base64 with padding. from_base64 accepts only the one canonical spelling (Errc::bad_base64).
std::string to_base64(ByteSpan bytes);
Result<Bytes> from_base64(std::string_view text, std::size_t length_max);

}  // namespace assay
