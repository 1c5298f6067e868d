#pragma once
#include <optional>
#include <string>

#include "fetchers/quote_lines.hpp"

namespace assay::node {

/// The quotes of a file as `assay explain --quotes` takes it, - for stdin; up to 2 GiB. None when it cannot be read:
/// the fault, with file and line, stands on stderr then.
std::optional<fetchers::QuoteLines> read_quotes(const std::string& file);

}  // namespace assay::node
