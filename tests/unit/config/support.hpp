#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/demo.hpp"
#include "config/load.hpp"

namespace assay::config {

inline std::vector<PublicKey> some_keys(std::size_t count) {
  std::vector<PublicKey> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i].bytes.fill(static_cast<std::uint8_t>(i + 1));
  return out;
}

/// The demo without its conversions: what one test spoils stands once.
inline NetworkSettings some_network() {
  NetworkSettings out = demo_network(some_keys(4), "demo", millis(250));
  out.policy.legs.clear();
  for (auto& feed : out.policy.feeds) {
    std::erase_if(feed.sources, [](const auto& source) { return !source.via.empty(); });
  }
  return out;
}

/// A network file without a fault, for tests that spoil one thing.
inline std::string good_network() {
  return emit_network(some_network());
}

/// `text` with the first `from` replaced; the test fails when there is none.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "nothing to spoil: " << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

/// All errors as text, one a line; "" when there are none.
template <class T>
std::string errors_of(const Loaded<T>& loaded) {
  std::string out;
  if (const auto* errors = std::get_if<std::vector<ConfigError>>(&loaded)) {
    for (const ConfigError& error : *errors) out += to_text(error) + "\n";
  }
  return out;
}

inline std::string network_errors(const std::string& text) {
  return errors_of(parse_network(text, "network.yaml"));
}

}  // namespace assay::config
