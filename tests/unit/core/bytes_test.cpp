#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <random>

namespace assay {
namespace {

TEST(ByteWriter, writes_fixed_width_big_endian_fields) {
  ByteWriter out;
  out.u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0f).i8(-1).i64(-2);
  EXPECT_EQ(to_hex(out.bytes()), "0102030405060708090a0b0c0d0e0ffffffffffffffffffe");
  ByteWriter blobs;
  blobs.blob(Bytes{7, 8}).blob({}).raw(Bytes{9}).digest(Digest{});
  EXPECT_EQ(to_hex(blobs.bytes()),
            "000000020708"
            "00000000"
            "09" +
                std::string(64, '0'));
}

TEST(ByteReader, reads_back_what_was_written) {
  ByteWriter out;
  const Digest digest = sha256(as_bytes("x"));
  out.u8(200).u16(60000).u32(4'000'000'000).u64(~0ULL).i8(-128).i64(INT64_MIN).digest(digest).blob(Bytes{1, 2}).u32(3);
  ByteReader in(out.bytes());
  EXPECT_EQ(in.u8(), 200);
  EXPECT_EQ(in.u16(), 60000);
  EXPECT_EQ(in.u32(), 4'000'000'000);
  EXPECT_EQ(in.u64(), ~0ULL);
  EXPECT_EQ(in.i8(), -128);
  EXPECT_EQ(in.i64(), INT64_MIN);
  EXPECT_EQ(in.digest(), digest);
  const ByteSpan blob = in.blob(2);
  EXPECT_EQ(Bytes(blob.begin(), blob.end()), (Bytes{1, 2}));
  EXPECT_EQ(in.count(3), 3U);
  EXPECT_TRUE(in.done());
}

TEST(ByteReader, refuses_each_truncation_and_each_extension) {
  ByteWriter out;
  out.u8(1).u16(2).u32(3).u64(4).digest(Digest{}).blob(Bytes{1, 2, 3});
  const auto read = [](ByteSpan bytes) {
    ByteReader in(bytes);
    in.u8();
    in.u16();
    in.u32();
    in.u64();
    in.digest();
    in.blob(100);
    return in.done();
  };
  EXPECT_TRUE(read(out.bytes()));
  for (std::size_t length = 0; length < out.size(); ++length) {
    const Bytes cut(out.bytes().begin(), out.bytes().begin() + static_cast<std::ptrdiff_t>(length));
    ASSERT_FALSE(read(cut)) << length;
    EXPECT_EQ(read(cut).error().code, Errc::truncated) << length;
  }
  Bytes longer = out.bytes();
  longer.push_back(0);
  EXPECT_EQ(read(longer).error().code, Errc::trailing_bytes);
}

TEST(ByteReader, answers_zeros_after_its_first_failure_and_keeps_that_error) {
  const Bytes bytes{1, 2, 3, 4, 5, 6};
  ByteReader in(bytes);
  in.fail({Errc::bad_version, ""});
  in.fail({Errc::bad_status, ""});
  EXPECT_EQ(in.u8(), 0);
  EXPECT_EQ(in.u32(), 0U);
  EXPECT_TRUE(in.raw(1).empty());
  EXPECT_TRUE(in.blob(10).empty());
  EXPECT_EQ(in.count(100), 0U);
  EXPECT_EQ(in.error().code, Errc::bad_version);
  EXPECT_EQ(in.done().error().code, Errc::bad_version);
  EXPECT_EQ(in.left(), bytes.size());
}

TEST(ByteReader, bounds_blobs_and_counts_before_anything_is_allocated) {
  const Bytes huge{0xff, 0xff, 0xff, 0xff, 0, 0};
  ByteReader blob(huge);
  EXPECT_TRUE(blob.blob(2).empty());
  EXPECT_EQ(blob.error().code, Errc::too_large);
  ByteReader lying(huge);
  EXPECT_TRUE(lying.blob(SIZE_MAX).empty());
  EXPECT_EQ(lying.error().code, Errc::truncated);
  ByteReader count(huge);
  EXPECT_EQ(count.count(4096), 0U);
  EXPECT_EQ(count.error().code, Errc::too_large);
  ByteReader raw(huge);
  EXPECT_TRUE(raw.raw(SIZE_MAX).empty());
  EXPECT_EQ(raw.error().code, Errc::truncated);
}

TEST(Hex, is_lower_case_and_exact) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x9a, 0xff}), "009aff");
  EXPECT_EQ(from_hex("009aff").value(), (Bytes{0x00, 0x9a, 0xff}));
  EXPECT_TRUE(from_hex("").value().empty());
  for (const char* text : {"0", "0g", "AA", "aA", " 00", "0x00", "00 ", "/0", ":0", "`0"}) {
    ASSERT_FALSE(from_hex(text)) << text;
    EXPECT_EQ(from_hex(text).error().code, Errc::bad_hex) << text;
  }
  EXPECT_TRUE(bytes32_from_hex(std::string(64, 'a')));
  EXPECT_FALSE(bytes32_from_hex(std::string(62, 'a')));
  EXPECT_FALSE(bytes32_from_hex(std::string(66, 'a')));
  EXPECT_FALSE(bytes32_from_hex(std::string(64, 'A')));
}

// RFC 4648 section 10.
TEST(Base64, spells_the_vectors_of_its_rfc) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    const ByteSpan bytes = as_bytes(plain);
    EXPECT_EQ(to_base64(bytes), coded);
    EXPECT_EQ(from_base64(coded, 6).value(), Bytes(bytes.begin(), bytes.end()));
  }
}

TEST(Base64, refuses_every_other_spelling) {
  for (const char* text : {"Zg", "Zg=", "Z===", "====", "=", "Zh==", "Zm9=", "Zm8", "Zm8=Zm8=", "Zg==\n",
                           "Z g=", "Zm-v", "Zm_v", "Zg==Zg==", "=m9v", "Z=9v", "A=B=", "Zm9v===="}) {
    const auto decoded = from_base64(text, 100);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code, Errc::bad_base64) << text;
  }
  EXPECT_EQ(from_base64("Zm9v", 2).error().code, Errc::too_large);
  EXPECT_TRUE(from_base64("Zm8=", 2));
}

TEST(Base64, has_one_text_for_each_value_and_one_value_for_each_text) {
  std::mt19937_64 random(1);
  constexpr std::string_view letters = "AZaz09+/=-_ Bg8w";
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(random() % 40);
    for (auto& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    ASSERT_EQ(from_base64(to_base64(bytes), 40).value(), bytes);
    ASSERT_EQ(from_hex(to_hex(bytes)).value(), bytes);
    std::string text(random() % 13, ' ');
    for (auto& c : text) {
      c = letters[random() % letters.size()];
    }
    if (const auto decoded = from_base64(text, 40)) {
      ASSERT_EQ(to_base64(*decoded), text);
    }
  }
}

}  // namespace
}  // namespace assay
