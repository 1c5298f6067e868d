#pragma once
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace assay::config {

/// What one network file changes in another, as people say it.
struct Change {
  std::vector<std::string> refused;  ///< what no epoch can change, each with the remedy
  std::vector<std::string> news;     ///< "feed SOL/USD is new", "2 of 4 members go, 5 come", "timing changes"
};

/// The rules of a change of epochs: one epoch more, the same name; a feed's exponent, base and quote never change, for
/// what was signed under its name would mean something else. Members that stay keep their order, and those that join
/// stand after them (threshold/succession.hpp). Feeds come and go; everything else may change.
Change compare(const NetworkSettings& before, const NetworkSettings& after);

}  // namespace assay::config
