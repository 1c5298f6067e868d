#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/time.hpp"

namespace assay::node {

/// Values of the documents that we make: what is not there is null.

inline boost::json::value text_or_null(std::string text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(std::move(text));
}

/// As text, cut.
inline boost::json::value millis_or_null(const std::optional<Micros>& time) {
  return time ? boost::json::value(std::to_string(time->value / 1000)) : boost::json::value(nullptr);
}

}  // namespace assay::node
