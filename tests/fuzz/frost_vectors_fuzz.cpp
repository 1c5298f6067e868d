// `assay selftest` reads any file: check_vectors is total and never says yes to nothing.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.hpp"
#include "threshold/crypto/vectors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto report = assay::threshold::check_vectors({reinterpret_cast<const char*>(data), size});
  assay::check(report.suite_unknown || report.checks > 0, "an empty file is no success");
  assay::check(report.failed <= report.checks, "failures are checks");
  return 0;
}
