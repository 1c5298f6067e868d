#include "core/digest.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "core/bytes.hpp"
#include "vectors.hpp"

namespace assay {
namespace {

// FIPS 180-4 examples.
TEST(Digest, is_sha256_of_the_published_examples) {
  EXPECT_EQ(to_hex(sha256(as_bytes("")).bytes), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc")).bytes), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).bytes),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(to_hex(sha256(as_bytes(std::string(1'000'000, 'a'))).bytes),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, of_parts_is_that_of_their_concatenation) {
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}), sha256(as_bytes("abc")));
  EXPECT_EQ(sha256({}), sha256(as_bytes("")));
}

TEST(Digest, with_a_tag_equals_the_independent_vectors) {
  const auto file = vectors::load("header.json");
  ASSERT_EQ(file.at("tagged").as_array().size(), 5U);
  for (const auto& item : file.at("tagged").as_array()) {
    Bytes joined;
    for (const auto& part : item.at("parts").as_array()) {
      const Bytes more = vectors::bytes(part);
      joined.insert(joined.end(), more.begin(), more.end());
    }
    const std::string tag = vectors::text(item.at("tag"));
    EXPECT_EQ(tagged_sha256(tag, {joined}), vectors::digest(item.at("digest"))) << tag;
    EXPECT_EQ(tagged_sha256(tag, {ByteSpan(joined).first(0), joined}), vectors::digest(item.at("digest"))) << tag;
  }
}

TEST(Digest, is_computed_on_two_threads_at_once_without_mixing) {
  const auto chain = [](Digest start) {
    for (int i = 0; i < 2000; ++i) {
      start = sha256(start.bytes);
    }
    return start;
  };
  const Digest one = sha256(as_bytes("one"));
  const Digest two = sha256(as_bytes("two"));
  Digest parallel;
  std::thread other([&] { parallel = chain(two); });
  const Digest mine = chain(one);
  other.join();
  EXPECT_EQ(mine, chain(one));
  EXPECT_EQ(parallel, chain(two));
}

TEST(Digest, is_ordered_byte_wise) {
  Digest low;
  Digest high;
  low.bytes[31] = 0xff;
  high.bytes[0] = 0x01;
  EXPECT_LT(low, high);
  EXPECT_TRUE(Digest{}.is_zero());
  EXPECT_FALSE(low.is_zero());
}

}  // namespace
}  // namespace assay
