#include "fetchers/market/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::fetchers::market {
namespace {

constexpr std::int64_t one_e6 = 1'000'000;
constexpr std::int64_t factor_max_e6 = 1'000'000'000'000;
constexpr std::int64_t price_max_e8 = std::int64_t{1} << 56;
constexpr std::uint64_t wick_period = 10;

constexpr std::array<std::pair<std::string_view, FaultKind>, 18> words{{{"none", FaultKind::none},
                                                                        {"outage", FaultKind::outage},
                                                                        {"lie", FaultKind::lie},
                                                                        {"stuck", FaultKind::stuck},
                                                                        {"wick", FaultKind::wick},
                                                                        {"malformed", FaultKind::malformed},
                                                                        {"crossed", FaultKind::crossed},
                                                                        {"wash", FaultKind::wash},
                                                                        {"silent", FaultKind::silent},
                                                                        {"late", FaultKind::late},
                                                                        {"rate_limited", FaultKind::rate_limited},
                                                                        {"banned", FaultKind::banned},
                                                                        {"slow", FaultKind::slow},
                                                                        {"drip", FaultKind::drip},
                                                                        {"gap", FaultKind::gap},
                                                                        {"bad_checksum", FaultKind::bad_checksum},
                                                                        {"halt", FaultKind::halt},
                                                                        {"delisted", FaultKind::delisted}}};

std::int64_t times(std::int64_t price_e8, std::int64_t factor) {
  const __int128 product = static_cast<__int128>(price_e8) * factor / one_e6;
  return static_cast<std::int64_t>(std::min<__int128>(product, price_max_e8));
}

}  // namespace

std::optional<FaultKind> fault_kind(std::string_view word) {
  for (const auto& [text, kind] : words) {
    if (text == word) return kind;
  }
  return std::nullopt;
}

std::string_view name(FaultKind kind) noexcept {
  for (const auto& [text, known] : words) {
    if (known == kind) return text;
  }
  return "none";
}

std::string fault_words() {
  std::string out;
  for (const auto& [text, kind] : words) out += (out.empty() ? "" : ", ") + std::string(text);
  return out;
}

bool concerns_instruments(FaultKind kind) noexcept {
  return kind == FaultKind::halt || kind == FaultKind::delisted;
}

Fault fault_of(FaultKind kind) {
  Fault fault;
  fault.kind = kind;
  if (kind == FaultKind::wick) fault.factor_e6 = one_e6 / 2;
  if (kind == FaultKind::wash) fault.factor_e6 = 1000 * one_e6;
  return fault;
}

std::optional<std::int64_t> factor_e6(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string_view places = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || whole.size() > 6 || places.size() > 6) return std::nullopt;
  if (point != std::string_view::npos && places.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : std::string(whole) + std::string(places) + std::string(6 - places.size(), '0')) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  if (value < 1 || value > factor_max_e6) return std::nullopt;
  return value;
}

std::int64_t faulty_price(std::int64_t price_e8, const Fault& fault, std::uint64_t step) {
  switch (fault.kind) {
    case FaultKind::lie:
      return times(price_e8, fault.factor_e6);
    case FaultKind::wick:
      return step % wick_period == 0 ? times(price_e8, fault.factor_e6) : price_e8;
    case FaultKind::none:
    case FaultKind::outage:
    case FaultKind::stuck:
    case FaultKind::malformed:
    case FaultKind::crossed:
    case FaultKind::wash:
    case FaultKind::silent:
    case FaultKind::late:
    case FaultKind::rate_limited:
    case FaultKind::banned:
    case FaultKind::slow:
    case FaultKind::drip:
    case FaultKind::gap:
    case FaultKind::bad_checksum:
    case FaultKind::halt:
    case FaultKind::delisted:
      return price_e8;
  }
  return price_e8;
}

std::string faulty_message(std::string message, const Fault& fault) {
  if (fault.kind == FaultKind::malformed) message.resize(message.size() / 2);
  constexpr std::string_view checksum = "\"checksum\":";
  const std::size_t at = fault.kind == FaultKind::bad_checksum ? message.find(checksum) : std::string::npos;
  if (at == std::string::npos) return message;
  const std::size_t end = message.find_first_not_of("0123456789", at + checksum.size());
  char& digit = message[std::min(end, message.size()) - 1];
  digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
  return message;
}

}  // namespace assay::fetchers::market
