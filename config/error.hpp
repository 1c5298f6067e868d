#pragma once
#include <string>
#include <variant>
#include <vector>

namespace assay::config {

/// One thing that is wrong with a configuration file.
struct ConfigError {
  std::string file;
  int line{};            ///< from 1; 0: the file as a whole
  int column{};          ///< from 1
  std::string key;       ///< "feeds[2].exponent"; empty for the file as a whole
  std::string expected;  ///< `expected an integer from -12 to 0, got "x"`

  friend bool operator==(const ConfigError&, const ConfigError&) = default;
};

/// `network.yaml:12:5: feeds[2].exponent: expected an integer from -12 to 0, got "x"`
std::string to_text(const ConfigError& error);

/// The settings, or everything that is wrong with the file, in order of place.
template <class T>
using Loaded = std::variant<T, std::vector<ConfigError>>;

}  // namespace assay::config
