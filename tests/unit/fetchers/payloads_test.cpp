// The tables in payloads/: messages after the shapes that the venues document, with invented numbers, and what is read
// of each.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

/// One block of a table: "@ VENUE ws [PATH]", "@ VENUE rest ENDPOINT" or "@ VENUE symbols", then a payload, then a line
/// "= ..." for each item.
struct Sample {
  std::string venue;
  std::string how;
  std::string where;
  std::string payload;
  Lines expected;
  std::string at;  ///< "binance.txt:12"
};

std::vector<Sample> read_table(const std::filesystem::path& path) {
  std::vector<Sample> samples;
  std::ifstream file(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("@ ")) {
      Sample& sample = samples.emplace_back();
      std::istringstream words(line.substr(2));
      words >> sample.venue >> sample.how >> std::ws;
      std::getline(words, sample.where);
      sample.at = path.filename().string() + ":" + std::to_string(number);
    } else if (line.starts_with("= ") && !samples.empty()) {
      samples.back().expected.push_back(line.substr(2));
    } else if (!line.empty() && !line.starts_with('#') && !samples.empty()) {
      samples.back().payload += (samples.back().payload.empty() ? "" : "\n") + line;
    }
  }
  return samples;
}

std::vector<std::filesystem::path> tables() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(ASSAY_SOURCE_DIR) + "/tests/unit/fetchers/payloads")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Lines read_sample(const Sample& sample) {
  return sample.how == "ws" ? ws_brief(sample.venue, sample.payload, sample.where)
                            : rest_brief(sample.venue, sample.where, sample.payload);
}

/// Each line "SYMBOL BASE/QUOTE": the payload with the symbol in place of '$' is of that pair.
void expect_symbols(const Sample& sample) {
  for (const std::string& line : sample.expected) {
    const std::string symbol = line.substr(0, line.find(' '));
    std::string payload = sample.payload;
    for (std::size_t place = payload.find('$'); place != std::string::npos; place = payload.find('$')) {
      payload.replace(place, 1, symbol);
    }
    const Lines said = ws_brief(sample.venue, payload, {});
    ASSERT_EQ(said.size(), 1U) << sample.at << " " << symbol;
    EXPECT_EQ(said.front().substr(0, line.size() + 1), line + " ") << sample.at;
  }
}

TEST(Payloads, every_message_of_the_tables_reads_as_stated) {
  std::size_t count = 0;
  for (const auto& path : tables()) {
    for (const Sample& sample : read_table(path)) {
      ASSERT_NE(find_adapter(sample.venue), nullptr) << sample.at;
      ++count;
      if (sample.how == "symbols") {
        expect_symbols(sample);
      } else {
        EXPECT_EQ(read_sample(sample), sample.expected) << sample.at << "\n" << sample.payload;
      }
    }
  }
  EXPECT_GT(count, 200U);
}

}  // namespace
}  // namespace assay::fetchers::testing
