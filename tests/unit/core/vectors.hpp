#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "core/bytes.hpp"

namespace assay::vectors {

/// tests/vectors/<name>, parsed. Written by generate.py, which shares no code with us.
inline boost::json::object load(const std::string& name) {
  std::ifstream in(std::string(ASSAY_SOURCE_DIR) + "/tests/vectors/" + name);
  EXPECT_TRUE(in) << name;
  std::ostringstream text;
  text << in.rdbuf();
  return boost::json::parse(text.str()).as_object();
}

inline std::string text(const boost::json::value& value) {
  return std::string(value.as_string());
}

inline Bytes bytes(const boost::json::value& value) {
  return from_hex(text(value)).value();
}

inline Digest digest(const boost::json::value& value) {
  return Digest{bytes32_from_hex(text(value)).value()};
}

inline std::vector<Digest> digests(const boost::json::value& value) {
  std::vector<Digest> out;
  for (const auto& item : value.as_array()) {
    out.push_back(digest(item));
  }
  return out;
}

/// Integers are decimal strings in the vectors.
template <class Integer>
Integer integer(const boost::json::value& value) {
  return static_cast<Integer>(std::is_signed_v<Integer> ? static_cast<std::uint64_t>(std::stoll(text(value)))
                                                        : std::stoull(text(value)));
}

}  // namespace assay::vectors
