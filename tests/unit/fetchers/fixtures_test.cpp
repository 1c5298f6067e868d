// What venues really sent, read in place from the folder of recordings beside the project (ASSAY_SHARED). Nothing of it
// is part of the project, so each test says when it skips.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "core/bytes.hpp"
#include "core/decimal.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/symbols.hpp"
#include "fetchers/venue_time.hpp"
#include "tests/unit/fetchers/fixture_text.hpp"
#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

const std::filesystem::path fixtures = fixtures_folder();

bool same_number(const std::optional<std::string>& ours, JsonValue expected) {
  const auto a = parse_decimal(ours.value_or("none"));
  const auto b = parse_decimal(expected.text());
  return a && b && compare(*a, *b) == 0;
}

/// Without point, exponent and leading zeros.
std::string digits(std::string_view number) {
  std::string out;
  for (const char c : number.substr(0, number.find('e'))) {
    out += c == '.' || (out.empty() && c == '0') ? "" : std::string(1, c);
  }
  return out;
}

/// Compares one parsed quote with what the source of a fixture expected of it; counts what it could compare.
class Comparison {
 public:
  Comparison(std::string where, const ParsedQuote& quote) : where_(std::move(where)), quote_(quote) {}

  void with(JsonValue expected) {
    number(expected["bid"], quote_.bid, "bid");
    number(expected["ask"], quote_.ask, "ask");
    number(expected["last"], quote_.last, "last");
    number(expected["price"], quote_.last, "price");
    number(expected["base_volume"], quote_.base_volume, "base_volume");
    number(expected["bids[0].price"], quote_.bid, "best bid");
    if (!same_number("0", expected["asks[0].quantity_base"])) {  // a level that is gone is no best level
      number(expected["asks[0].price"], quote_.ask, "best ask");
    }
    number(expected["trades[0].price"], quote_.last, "price");
    number(expected["bids_first5"].at(0).at(0), quote_.bid, "best bid");
    number(expected["asks_first5"].at(0).at(0), quote_.ask, "best ask");
    number(expected["ohlcv"].at(4), quote_.last, "close");
    number(expected["ohlcv"].at(5), quote_.base_volume, "volume");
    millis(expected["timestamp_ms"]);
    millis(expected["timestamp"]);
    millis(expected["ohlcv"].at(0));
    symbol(expected["symbol"]);
    symbol(expected["pair"]);
    // Of several trades the source may begin with the other end: any that is of our time will do.
    for (const JsonValue normal : expected["tardis_normalized"]) {
      const auto time = time_from_iso(normal["timestamp"].text());
      if (normal["type"].text() != "trade" || !quote_.venue_time || !time ||
          time->value / 1000 == quote_.venue_time->value / 1000) {
        return with_normalised(normal);
      }
    }
  }

  int compared() const { return compared_; }

 private:
  void with_normalised(JsonValue normal) {
    number(normal["bidPrice"], quote_.bid, "bid");
    number(normal["askPrice"], quote_.ask, "ask");
    number(normal["price"], quote_.last, "price");
    number(normal["bids"].at(0)["price"], quote_.bid, "best bid");
    number(normal["asks"].at(0)["price"], quote_.ask, "best ask");
    symbol(normal["symbol"]);
    // Where the venue sends no time, the source repeats its own receive time.
    if (quote_.venue_time && normal["timestamp"].text() != normal["localTimestamp"].text()) {
      const auto time = time_from_iso(normal["timestamp"].text());
      ++compared_;
      EXPECT_EQ(quote_.venue_time->value / 1000, time.value_or(WallTime{}).value / 1000) << where_;
    }
  }

  void number(JsonValue expected, const std::optional<std::string>& ours, const char* what) {
    if (expected.is_number() && quote_.kind == QuoteKind::pool) {  // theirs went through floating point
      ++compared_;
      EXPECT_EQ(digits(ours.value_or("")).substr(0, 12), digits(expected.text()).substr(0, 12)) << where_;
    } else if (expected.is_number()) {
      ++compared_;
      EXPECT_TRUE(same_number(ours, expected))
          << where_ << " " << what << ": " << ours.value_or("null") << ", expected " << expected.text();
    }
  }

  void millis(JsonValue expected) {
    if (expected.is_number()) {
      ++compared_;
      const std::uint64_t ours = quote_.venue_time.value_or(WallTime{}).value / 1000;
      const std::uint64_t theirs = std::stoull(std::string(expected.text()));
      // Some sources take the message's time, which is a little later than its trade's.
      EXPECT_TRUE(ours == theirs || (quote_.kind == QuoteKind::trade && ours < theirs && theirs - ours < 10))
          << where_ << ": " << ours << ", expected " << theirs;
    }
  }

  void symbol(JsonValue expected) {
    if (expected.is_string()) {
      ++compared_;
      const std::string theirs = letters(expected.text());
      EXPECT_TRUE(letters(quote_.base + quote_.quote) == theirs || letters(upper_case(quote_.symbol)) == theirs)
          << where_ << ": " << quote_.symbol << " is " << quote_.base << " and " << quote_.quote;
    }
  }

  std::string where_;
  const ParsedQuote& quote_;
  int compared_ = 0;
};

/// Trades come newest or oldest first; the expectation is of the oldest. Whether one of the items is it.
bool holds_trade(const Parsed& parsed, JsonValue expected) {
  return std::any_of(parsed.items.begin(), parsed.items.end(), [&](const ParsedItem& item) {
    const auto* quote = std::get_if<ParsedQuote>(&item);
    return quote != nullptr && same_number(quote->last, expected["price"]) &&
           std::to_string(quote->venue_time.value_or(WallTime{}).value / 1000) == expected["timestamp"].text();
  });
}

/// Why a message may rightly be refused: it is the venue's own error, its recording dropped what names the instrument,
/// or somebody made up a book and left the checksum of another.
bool is_explained(const Refusal& refusal, JsonValue entry) {
  const std::string endpoint(entry["endpoint"].text());
  if (std::string_view(refusal.error.detail) == "a book that its checksum confirms") {
    return entry["provenance"].text() == "fixture";
  }
  if (refusal.error.code == Errc::venue_error || refusal.error.code == Errc::rate_limited) {
    return true;
  }
  if (refusal.error.code != Errc::symbol_unknown) {
    return false;
  }
  return endpoint.find("symbol=") == std::string::npos && endpoint.find("pair=") == std::string::npos &&
         (endpoint.find("/products/") == std::string::npos || endpoint.find('<') != std::string::npos);
}

class VenueFixtures : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(fixtures)) {
      GTEST_SKIP() << "no recordings at " << fixtures << "; set ASSAY_SHARED to compare with them";
    }
  }

  const Adapter& adapter() const { return *find_adapter(GetParam()); }

  /// Prices and volumes stand in the text exactly as they come out; how many were looked for.
  static int sent_digit_for_digit(const Parsed& parsed, const std::string& text) {
    int found = 0;
    for (const ParsedItem& item : parsed.items) {
      const auto* quote = std::get_if<ParsedQuote>(&item);
      if (quote == nullptr || quote->kind == QuoteKind::pool) {
        continue;
      }
      for (const auto& value : {quote->bid, quote->ask, quote->last, quote->base_volume}) {
        const std::string sent = value.value_or("");  // "e4" in a field's name is our exponent
        EXPECT_TRUE(text.find(sent) != std::string::npos ||
                    text.find(sent.substr(0, sent.find("e-"))) != std::string::npos)
            << sent << " in " << text;
        found += value ? 1 : 0;
      }
    }
    return found;
  }

  /// The quote that the source speaks of: the one of its time, else the first.
  static const ParsedQuote* stated(const Parsed& parsed, JsonValue expected) {
    for (const ParsedItem& item : parsed.items) {
      const auto* quote = std::get_if<ParsedQuote>(&item);
      if (quote != nullptr && quote->venue_time &&
          std::to_string(quote->venue_time->value / 1000) == expected["timestamp_ms"].text()) {
        return quote;
      }
    }
    return std::get_if<ParsedQuote>(&parsed.items.front());
  }

  int check(const std::string& where, const Parsed& parsed, JsonValue entry) {
    EXPECT_FALSE(parsed.items.empty()) << where;
    for (const ParsedItem& item : parsed.items) {
      if (const auto* refusal = std::get_if<Refusal>(&item)) {
        const bool is_error = entry["kind"].text() == "error";
        EXPECT_TRUE(is_error || is_explained(*refusal, entry))
            << where << ": " << to_json_lines(GetParam(), parsed).front();
      }
    }
    if (entry["expected"].exists() && !parsed.items.empty()) {
      const bool of_another = entry["note"].text().find("price expectation is of another") != std::string_view::npos;
      if (const auto* quote = stated(parsed, entry["expected"]); quote != nullptr && !of_another) {
        Comparison comparison(where, *quote);
        comparison.with(entry["expected"]);
        return comparison.compared() + check_many(where, parsed, entry["expected"]);
      }
    }
    return 0;
  }

  /// Expectations of the oldest of several trades, and of instruments by name.
  int check_many(const std::string& where, const Parsed& parsed, JsonValue expected) {
    int compared = 0;
    if (expected["first"].exists()) {
      EXPECT_TRUE(holds_trade(parsed, expected["first"])) << where;
      compared += 2;
    }
    for (const JsonValue named : expected) {
      if (!named["symbol"].is_string()) {
        continue;
      }
      const auto found = std::find_if(parsed.items.begin(), parsed.items.end(), [&](const ParsedItem& item) {
        const auto* quote = std::get_if<ParsedQuote>(&item);
        return quote != nullptr && quote->base + "/" + quote->quote == named.key();
      });
      EXPECT_NE(found, parsed.items.end()) << where << ": " << named.key();
      if (found != parsed.items.end()) {
        Comparison comparison(where, std::get<ParsedQuote>(*found));
        comparison.with(named);
        compared += comparison.compared();
      }
    }
    return compared;
  }
};

TEST_P(VenueFixtures, agree_with_what_their_sources_expected) {
  auto document = JsonDocument::parse(as_bytes(file_text(fixtures / (std::string(GetParam()) + ".json"))));
  ASSERT_TRUE(document);
  int messages = 0;
  int compared = 0;
  int sent = 0;
  for (const JsonValue entry : document->root()["rest"]) {
    const std::string endpoint(entry["endpoint"].text());
    const std::string raw = file_text(fixtures / entry["raw_file"].text());
    const std::string symbol = noted_symbol(entry);
    const std::string text =
        entry["response"].is_string() ? std::string(entry["response"].text()) : json_of(entry["response"]);
    for (const std::string& body : {text, raw}) {
      const Parsed parsed = adapter().parse_rest(endpoint, as_bytes(body), symbol);
      compared += check(endpoint, parsed, entry);
      sent += sent_digit_for_digit(parsed, body);
      ++messages;
    }
  }
  StreamMemory memory;
  for (const JsonValue entry : document->root()["ws"]) {
    if (entry["dir"].text() != "out") {
      const std::string frame =
          entry["message"].is_string() ? std::string(entry["message"].text()) : json_of(entry["message"]);
      const Parsed parsed = adapter().parse_stream(as_bytes(frame), entry["url"].text(), memory);
      compared += check(frame.substr(0, 160), parsed, entry);
      sent += sent_digit_for_digit(parsed, frame);
      if (entry["frame_b64"].is_string()) {  // the same as it came: packed
        const Bytes packed = from_base64(entry["frame_b64"].text(), payload_size_max).value();
        compared += check(frame.substr(0, 160), adapter().parse_stream(packed, entry["url"].text(), memory), entry);
      }
      ++messages;
    }
  }
  std::cout << GetParam() << ": " << messages << " messages, " << compared << " fields compared, " << sent
            << " digit for digit as sent\n";
  EXPECT_GT(messages, 0);
  EXPECT_GT(compared + sent, 0) << "nothing was compared";
}

TEST_P(VenueFixtures, recorded_sessions_hold_nothing_that_is_refused) {
  int frames = 0;
  int quotes = 0;
  std::string target;
  StreamMemory memory;
  for (const auto& file : std::filesystem::directory_iterator(fixtures / "recordings")) {
    if (!file.path().filename().string().starts_with(std::string(GetParam()) + ".")) {
      continue;
    }
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) {
      auto record = JsonDocument::parse(as_bytes(line));
      ASSERT_TRUE(record);
      if (record->root()["dir"].text() == "open") {
        target = record->root()["url"].text();
        memory = {};
      }
      if (record->root()["dir"].text() != "in") {
        continue;
      }
      const JsonValue packed = record->root()["b64gzip"];
      const std::string_view raw = packed.exists() ? packed.text() : record->root()["raw"].text();
      const Bytes frame = packed.exists() ? from_base64(raw, payload_size_max).value()
                                          : Bytes(as_bytes(raw).begin(), as_bytes(raw).end());
      const Parsed parsed = adapter().parse_stream(frame, target, memory);
      ++frames;
      EXPECT_FALSE(any_refused(parsed)) << raw.substr(0, 200) << "\n" << to_json_lines(GetParam(), parsed).front();
      for (const ParsedItem& item : parsed.items) {
        quotes += std::holds_alternative<ParsedQuote>(item) ? 1 : 0;
      }
    }
  }
  if (frames == 0) {
    GTEST_SKIP() << "no recorded session of " << GetParam();
  }
  std::cout << GetParam() << ": " << frames << " frames, " << quotes << " quotes\n";
  EXPECT_GT(quotes, 0);
}

INSTANTIATE_TEST_SUITE_P(Each, VenueFixtures, recorded_venues(),
                         [](const auto& venue) { return std::string(venue.param); });

}  // namespace
}  // namespace assay::fetchers::testing
