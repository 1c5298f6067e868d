#include "fetchers/quote_lines.hpp"

#include <gtest/gtest.h>

namespace assay::fetchers::testing {
namespace {

/// The one line with this beside venue, symbol and the time of 5000 ms.
std::variant<QuoteLine, std::string> line(const std::string& more) {
  auto read = read_quote_lines(R"({"venue":"kraken","symbol":"BTC/USD","recv_time_ms":"5000")" + more + "}");
  if (const auto* fault = std::get_if<LineFault>(&read)) return fault->what;
  return std::get<QuoteLines>(read).lines.at(0);
}
QuoteLine read(const std::string& more) {
  auto found = line(more);
  EXPECT_EQ(found.index(), 0U) << more;
  return found.index() == 0 ? std::get<QuoteLine>(found) : QuoteLine{};
}

constexpr const char* sides = R"(,"bid":"1","ask":"2")";

TEST(QuoteLines, a_line_that_says_nothing_of_trading_says_nothing_of_it) {
  const QuoteLine found = read(sides);
  EXPECT_EQ(found.quote.trading, Trading::unsaid);
  EXPECT_EQ(found.quote.repeated, Micros{});
  EXPECT_FALSE(found.refused);
}

TEST(QuoteLines, trading_may_stand_beside_prices_or_alone) {
  EXPECT_EQ(read(std::string(sides) + R"(,"trading":false)").quote.trading, Trading::halted);
  EXPECT_EQ(read(std::string(sides) + R"(,"trading":true)").quote.trading, Trading::trading);
  const QuoteLine alone = read(R"(,"bid":null,"trading":false)");
  EXPECT_FALSE(alone.refused);
  EXPECT_EQ(alone.quote.trading, Trading::halted);
  EXPECT_EQ(alone.quote.venue, "kraken");
  EXPECT_EQ(alone.quote.recv_mono, MonoTime{5'000'000});
  EXPECT_EQ(read(R"(,"bid":null)").refused->code, Errc::missing_field);
}

TEST(QuoteLines, what_is_repeated_was_said_before) {
  const QuoteLine found = read(std::string(sides) + R"(,"repeated_ms":"1500")");
  EXPECT_EQ(told_time(found.quote), WallTime{3'500'000});
  EXPECT_EQ(told_mono(found.quote), MonoTime{3'500'000});
  EXPECT_EQ(line(std::string(sides) + R"(,"repeated_ms":"5001")").index(), 1U) << "before 1970";
  EXPECT_EQ(line(std::string(sides) + R"(,"repeated_ms":"-1")").index(), 1U);
}

}  // namespace
}  // namespace assay::fetchers::testing
