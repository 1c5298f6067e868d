#include "tests/unit/fetchers/io/recorded_frames.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <regex>

#include "core/bytes.hpp"

namespace assay::fetchers::testing {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

/// "1618678142.557535" in microseconds.
std::uint64_t seconds_to_us(const std::string& text) {
  std::string digits = text;
  std::erase(digits, '.');
  return std::stoull(digits);
}

std::string padded(std::uint64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::string us_to_iso(std::uint64_t us) {
  const auto seconds = static_cast<std::time_t>(us / 1'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return std::string(text.data(), size) + "." + padded(us % 1'000'000, 6) + "Z";
}

template <class Replace>
std::string replaced(const std::string& text, const std::regex& pattern, Replace replace) {
  std::string out;
  std::size_t end = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), none; match != none; ++match) {
    out.append(text, end, static_cast<std::size_t>(match->position(1)) - end);
    out += replace((*match)[1].str());
    end = static_cast<std::size_t>(match->position(1) + match->length(1));
  }
  return out + text.substr(end);
}

std::uint64_t moved(std::uint64_t time, std::int64_t by) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(time) + by);
}

/// The best level of [[price, ...], ...]: the highest bid, the lowest ask; all prices of one book have one form.
std::optional<std::string> best(const json::array& levels, bool (*better)(const std::string&, const std::string&)) {
  std::optional<std::string> found;
  for (const json::value& level : levels) {
    const std::string price = text_of(level.as_array()[0]);
    if (!found || better(price, *found)) found = price;
  }
  return found;
}

bool below(const std::string& a, const std::string& b) {
  return std::strtold(a.c_str(), nullptr) < std::strtold(b.c_str(), nullptr);
}
bool above(const std::string& a, const std::string& b) {
  return below(b, a);
}

}  // namespace

std::vector<RecordedFrame> recorded_frames(const std::filesystem::path& log) {
  std::vector<RecordedFrame> frames;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) {
    const json::object entry = json::parse(line).as_object();
    if (entry.at("dir").as_string() != "in") continue;
    const double seconds = entry.at("t").as_double();
    RecordedFrame frame{static_cast<std::uint64_t>(std::llround(seconds * 1e6)), {}};
    if (const auto* packed = entry.if_contains("b64gzip")) {
      const Bytes bytes = from_base64(text_of(*packed), 1U << 20U).value();
      frame.text.assign(bytes.begin(), bytes.end());
      frame.opcode = market::Opcode::binary;
    } else {
      frame.text = text_of(entry.at("raw"));
    }
    frames.push_back(std::move(frame));
  }
  return frames;
}

std::uint64_t iso_to_us(const std::string& text) {
  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return 0;
  const std::string fraction = *rest == '.' ? std::string(rest + 1, text.c_str() + text.size() - 1) : "";
  return static_cast<std::uint64_t>(timegm(&parts)) * 1'000'000 +
         (fraction.empty() ? 0 : std::stoull((fraction + "000000").substr(0, 6)));
}

std::string with_times_moved(const std::string& frame, std::int64_t by_ms) {
  static const std::regex milliseconds(R"re("[ETt]":(\d{13})[,}])re");
  static const std::regex iso(R"re("time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)")re");
  static const std::regex seconds(R"re("(\d{10}\.\d{6})")re");
  const auto by_us = by_ms * 1000;
  std::string text = replaced(frame, milliseconds,
                              [&](const std::string& ms) { return std::to_string(moved(std::stoull(ms), by_ms)); });
  text = replaced(text, iso, [&](const std::string& time) { return us_to_iso(moved(iso_to_us(time), by_us)); });
  return replaced(text, seconds, [&](const std::string& time) {
    const std::uint64_t us = moved(seconds_to_us(time), by_us);
    return std::to_string(us / 1'000'000) + "." + padded(us % 1'000'000, 6);
  });
}

std::vector<Stated> stated_by_binance(const std::string& frame) {
  const json::object data = json::parse(frame).as_object().at("data").as_object();
  const std::string symbol = text_of(data.at("s"));
  if (!data.contains("e")) return {{symbol, text_of(data.at("b")), text_of(data.at("a")), {}, {}}};
  if (data.at("e").as_string() != "aggTrade") return {};
  return {{symbol, {}, {}, text_of(data.at("p")), static_cast<std::uint64_t>(data.at("T").as_int64()) * 1000}};
}

std::vector<Stated> stated_by_coinbase(const std::string& frame) {
  const json::object message = json::parse(frame).as_object();
  const std::string type = text_of(message.at("type"));
  if (type == "snapshot") {
    return {{text_of(message.at("product_id")),
             best(message.at("bids").as_array(), above),
             best(message.at("asks").as_array(), below),
             {},
             {}}};
  }
  if (type != "ticker" && type != "match" && type != "last_match") return {};
  Stated stated{
      text_of(message.at("product_id")), {}, {}, text_of(message.at("price")), iso_to_us(text_of(message.at("time")))};
  if (type == "ticker") {
    stated.bid = text_of(message.at("best_bid"));
    stated.ask = text_of(message.at("best_ask"));
    stated.time_us.reset();  // that of the last trade, which dates no bid and no ask
  }
  return {stated};
}

std::vector<Stated> stated_by_kraken_v1(const std::string& frame) {
  const json::value message = json::parse(frame);
  if (!message.is_array()) return {};
  const json::array& parts = message.as_array();
  const std::string symbol = text_of(parts.back());
  const std::string channel = text_of(parts[parts.size() - 2]);
  std::vector<Stated> stated;
  if (channel == "trade") {
    for (const json::value& trade : parts[1].as_array()) {
      const json::array& fields = trade.as_array();
      stated.push_back({symbol, {}, {}, text_of(fields[0]), seconds_to_us(text_of(fields[2]))});
    }
  }
  const json::object* book = parts[1].if_object();
  if (book == nullptr || !book->contains("as")) return stated;
  std::uint64_t newest = 0;
  for (const char* side : {"as", "bs"}) {
    for (const json::value& level : book->at(side).as_array()) {
      newest = std::max(newest, seconds_to_us(text_of(level.as_array()[2])));
    }
  }
  stated.push_back(
      {symbol, best(book->at("bs").as_array(), above), best(book->at("as").as_array(), below), {}, newest});
  return stated;
}

}  // namespace assay::fetchers::testing
