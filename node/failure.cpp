#include "node/failure.hpp"

#include <fmt/format.h>

namespace assay::node {

std::string error_text(const std::string& what, Error error) {
  return what + ": " + std::string(name(error.code)) + ": " + error.detail;
}

Failure cannot(const std::string& what, Error error, Exit code) {
  return {code, error_text(what, error)};
}

Exit complain(const Failure& failure) {
  return complain(failure.text, failure.code);
}

Exit complain(const std::string& text, Exit code) {
  fmt::print(stderr, "assay: {}\n", text);
  return code;
}

}  // namespace assay::node
