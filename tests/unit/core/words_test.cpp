// The small words: errors, results, times.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/errc.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace assay {
namespace {

TEST(Errc, has_one_name_for_each_code) {
  std::set<std::string_view> names;
  std::size_t named = 0;
  for (unsigned code = 0; code < 1000; ++code) {
    const std::string_view text = name(static_cast<Errc>(code));
    ASSERT_FALSE(text.empty());
    if (text != "unknown") {
      ++named;
      names.insert(text);
    }
  }
  EXPECT_EQ(names.size(), named);
  EXPECT_GE(named, 60U);
  EXPECT_EQ(name(Errc::bad_signature), "bad_signature");
}

TEST(Result, holds_a_value_or_an_error) {
  const Result<std::string> good(std::string("x"));
  const Result<std::string> bad(Error{Errc::locked, "free"});
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, "x");
  EXPECT_EQ(good->size(), 1U);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::locked);
  EXPECT_EQ(bad.error(), (Error{Errc::locked, "another wording"}));
}

TEST(ResultDeathTest, aborts_when_the_value_of_an_error_is_taken) {
  const Result<int> bad(Error{Errc::locked, ""});
  EXPECT_DEATH(static_cast<void>(bad.value()), "Result holds a value");
  const Result<int> good(1);
  EXPECT_DEATH(static_cast<void>(good.error()), "Result holds an error");
}

TEST(Time, differences_and_sums_saturate) {
  constexpr WallTime zero{0};
  constexpr WallTime last{UINT64_MAX};
  static_assert((WallTime{5} - WallTime{8}).value == -3);
  static_assert((last - zero).value == INT64_MAX);
  static_assert((zero - last).value == INT64_MIN);
  static_assert((zero + micros(-1)).value == 0);
  static_assert((last + micros(1)) == last);
  static_assert((WallTime{10} + micros(-3)).value == 7);
  static_assert((MonoTime{10} + millis(2)).value == 2010);
  static_assert((MonoTime{10} - MonoTime{12}).value == -2);
  static_assert((3 * millis(2)).value == 6000);
  static_assert(next(Height{6}) == Height{7});
  SUCCEED();
}

}  // namespace
}  // namespace assay
