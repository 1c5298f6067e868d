#include "node/failure.hpp"

namespace assay::node {

std::string error_text(const std::string& what, Error error) {
  return what + ": " + std::string(name(error.code)) + ": " + error.detail;
}

Failure cannot(const std::string& what, Error error, Exit code) {
  return {code, error_text(what, error)};
}

}  // namespace assay::node
