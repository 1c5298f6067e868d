#include "config/error.hpp"

namespace assay::config {

std::string to_text(const ConfigError& error) {
  std::string out = error.file;
  if (error.line > 0) out += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
  out += ": ";
  if (!error.key.empty()) out += error.key + ": ";
  return out + error.expected;
}

}  // namespace assay::config
