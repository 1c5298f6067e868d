#include "fetchers/market/render.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::int64_t one_e8 = 100'000'000;

struct Amount {
  std::string_view word;
  std::int64_t (*value_e8)(const Ticker& ticker);
};

std::int64_t turnover_e8(const Ticker& t) {
  const __int128 product = static_cast<__int128>(t.last_e8) * t.volume_e8 / one_e8;
  return static_cast<std::int64_t>(std::min<__int128>(product, INT64_MAX));
}

std::int64_t change_part_e8(const Ticker& t) {
  const __int128 part = static_cast<__int128>(t.last_e8 - t.open_e8) * one_e8 / std::max<std::int64_t>(t.open_e8, 1);
  return static_cast<std::int64_t>(std::clamp<__int128>(part, -INT64_MAX, INT64_MAX));
}

constexpr std::array<Amount, 13> amounts{{
    {"bid", [](const Ticker& t) { return t.bid_e8; }},
    {"ask", [](const Ticker& t) { return t.ask_e8; }},
    {"last", [](const Ticker& t) { return t.last_e8; }},
    {"mid", [](const Ticker& t) { return t.bid_e8 / 2 + t.ask_e8 / 2; }},
    {"open", [](const Ticker& t) { return t.open_e8; }},
    {"high", [](const Ticker& t) { return t.high_e8; }},
    {"low", [](const Ticker& t) { return t.low_e8; }},
    {"bid_size", [](const Ticker& t) { return t.bid_size_e8; }},
    {"ask_size", [](const Ticker& t) { return t.ask_size_e8; }},
    {"last_size", [](const Ticker& t) { return t.last_size_e8; }},
    {"volume", [](const Ticker& t) { return t.volume_e8; }},
    {"turnover", turnover_e8},
    {"change_part", change_part_e8},
}};

std::optional<std::string> time_word(std::string_view word, WallTime time) {
  if (word == "s") return std::to_string(time.value / 1'000'000);
  if (word == "ms") return std::to_string(time.value / 1000);
  if (word == "us") return std::to_string(time.value);
  if (word == "ns") return std::to_string(time.value) + "000";
  if (word == "iso") return iso_time(time);
  if (word == "day") return iso_time(time).substr(0, 10);
  return std::nullopt;
}

std::optional<std::string> value_of(std::string_view word, const Said& said) {
  if (word == "symbol") return said.symbol;
  if (word == "channel") return std::to_string(said.channel);
  if (word == "id") return said.id.empty() ? "null" : said.id;
  if (said.pair != nullptr && word == "base") return said.pair->base;
  if (said.pair != nullptr && word == "quote") return said.pair->quote;
  if (said.ticker != nullptr) {
    if (word == "sequence") return std::to_string(said.ticker->sequence);
    if (word == "change") return decimal(said.ticker->last_e8 - said.ticker->open_e8, {});
    for (const Amount& amount : amounts) {
      if (amount.word == word) return decimal(amount.value_e8(*said.ticker), {});
    }
  }
  return time_word(word, said.ticker != nullptr ? said.ticker->time : said.now);
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

}  // namespace

std::string render(std::string_view form, const Said& said) {
  std::string out;
  while (!form.empty()) {
    const std::size_t mark = form.find('$');
    out += form.substr(0, mark);
    if (mark == std::string_view::npos) break;
    form.remove_prefix(mark + 1);
    const auto end = static_cast<std::size_t>(std::find_if_not(form.begin(), form.end(), is_letter) - form.begin());
    const std::string_view word = form.substr(0, end);
    form.remove_prefix(end);
    if (word == "trading" && form.starts_with('[')) {
      const std::size_t bar = form.find('|');
      const std::size_t close = form.find(']');
      out += said.traded ? form.substr(1, bar - 1) : form.substr(bar + 1, close - bar - 1);
      form.remove_prefix(close + 1);
      continue;
    }
    const auto value = value_of(word, said);
    out += value ? *value : "$" + std::string(word);
  }
  return out;
}

}  // namespace assay::fetchers::market
